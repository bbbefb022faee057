//! Edits, deletions, reactions: what pages and the log show of them, wherever the row lies.

use crate::fixture::{Fixture, assert_contiguous, fixture, later, now, text_of};
use parlor_core::{Account, AccountId, Emoji, EventBody, GroupId, Message, MessageText, Seq};
use parlor_store::{changes, heads, pages};

fn edit(fixture: &Fixture, group: GroupId, by: &Account, message: Seq, text: &str, millis: i64) -> Seq {
    let (by, text) = (by.author(), MessageText::parse(text).unwrap());
    fixture.write(move |write| changes::edit(write, group, &by, later(millis), message, &text)).seq
}

fn delete(fixture: &Fixture, group: GroupId, by: &Account, message: Seq) -> Seq {
    let by = by.author();
    fixture.write(move |write| changes::delete(write, group, &by, now(), message)).seq
}

fn react(fixture: &Fixture, group: GroupId, by: &Account, message: Seq, emoji: &str) {
    let (by, emoji) = (by.author(), Emoji::parse(emoji).unwrap());
    fixture.write(move |write| changes::add_reaction(write, group, &by, now(), message, &emoji));
}

fn page(
    fixture: &Fixture,
    group: GroupId,
    before: Option<Seq>,
    limit: usize,
    reader: AccountId,
) -> pages::MessagePage {
    fixture.read(move |tx| {
        let head = heads::load(tx, group)?.unwrap();
        pages::messages_before(tx, group, &head, before, limit, reader)
    })
}

/// Every message, by pages of `limit`, oldest first.
fn all(fixture: &Fixture, group: GroupId, limit: usize, reader: AccountId) -> Vec<Message> {
    let mut all = Vec::new();
    let mut before = None;
    loop {
        let page = page(fixture, group, before, limit, reader);
        assert!(page.messages.len() <= limit);
        assert!(page.next.is_none() || page.messages.len() == limit, "a page is full while there are more");
        all.extend(page.messages);
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    all.reverse();
    all
}

#[test]
fn an_edit_shows_in_pages_and_the_log_keeps_both_texts() {
    let mut fixture = fixture();
    let ada = fixture.account("ada");
    let group = fixture.group(&[&ada]);
    let seq = fixture.send(group, &ada, "c", "one");
    edit(&fixture, group, &ada, seq, "two", 1);
    edit(&fixture, group, &ada, seq, "three", 2);
    for _ in 0..2 {
        let message = &all(&fixture, group, 50, ada.id)[0];
        assert_eq!(message.text.as_ref().unwrap().as_str(), "three");
        assert_eq!(message.edited_at, Some(later(2)));
        let log = fixture.log(group);
        assert_eq!(
            log.iter().filter_map(|event| text_of(event)).collect::<Vec<_>>(),
            ["one", "two", "three"]
        );
        let versions = fixture.read(move |tx| {
            let head = heads::load(tx, group)?.unwrap();
            changes::versions(tx, group, &head, seq)
        });
        let texts: Vec<&str> = versions.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(texts, ["one", "two", "three"]);
        fixture.reopen();
    }
}

#[test]
fn deleting_leaves_a_place_and_no_text_anywhere() {
    // Rows that are still in the tail, that have moved with a copy left behind, and that were there before a restart.
    for settle in ["fresh", "moved", "restarted"] {
        let mut fixture = fixture();
        let (ada, bob) = (fixture.account("ada"), fixture.account("bob"));
        let group = fixture.group(&[&ada, &bob]);
        let seq = fixture.send(group, &ada, "c", "SECRET-FIRST");
        edit(&fixture, group, &ada, seq, "SECRET-SECOND", 1);
        react(&fixture, group, &bob, seq, "👍");
        if settle == "moved" {
            for n in 0..100 {
                fixture.send(group, &bob, &format!("b{n}"), "filler");
            }
        } else if settle == "restarted" {
            fixture.reopen();
        }
        let length = fixture.log(group).len();
        delete(&fixture, group, &ada, seq);
        let log = fixture.log(group);
        assert_contiguous(&log);
        assert_eq!(log.len(), length + 1);
        let message = all(&fixture, group, 50, ada.id).remove(0);
        assert!(message.deleted && message.text.is_none() && message.edited_at.is_none());
        assert!(message.reactions.is_empty());
        assert_eq!(message.client_id.as_str(), "c");
        // In no table, not even in the copies of the tail.
        let found = fixture.read(|tx| {
            let mut found = 0;
            for table in ["log", "log_tail"] {
                let sql = format!(
                    "SELECT COUNT(*) FROM {table} WHERE text LIKE '%SECRET%' OR edited_text LIKE '%SECRET%'"
                );
                tx.query(&sql, &[], &mut |row| {
                    found += row.int(0)?;
                    Ok(())
                })?;
            }
            Ok(found)
        });
        assert_eq!(found, 0, "{settle}");
    }
}

#[test]
fn reactions_are_counted_per_emoji_in_the_order_of_their_first() {
    let fixture = fixture();
    let (ada, bob, eve) = (fixture.account("ada"), fixture.account("bob"), fixture.account("eve"));
    let group = fixture.group(&[&ada, &bob, &eve]);
    let first = fixture.send(group, &ada, "1", "one");
    let second = fixture.send(group, &ada, "2", "two");
    react(&fixture, group, &bob, first, "🎉");
    react(&fixture, group, &bob, first, "👍");
    react(&fixture, group, &eve, first, "👍");
    react(&fixture, group, &eve, second, "❤️");
    let messages = all(&fixture, group, 50, eve.id);
    let counts = |message: &Message| -> Vec<(String, u32, bool)> {
        message.reactions.iter().map(|r| (r.emoji.as_str().to_owned(), r.count, r.me)).collect()
    };
    assert_eq!(counts(&messages[0]), [("🎉".to_owned(), 1, false), ("👍".to_owned(), 2, true)]);
    assert_eq!(counts(&messages[1]), [("❤️".to_owned(), 1, true)]);
    let (by, emoji) = (bob.author(), Emoji::parse("👍").unwrap());
    fixture.write(move |write| changes::remove_reaction(write, group, &by, now(), first, &emoji));
    let messages = all(&fixture, group, 50, eve.id);
    assert_eq!(counts(&messages[0]), [("🎉".to_owned(), 1, false), ("👍".to_owned(), 1, true)]);
    let log = fixture.log(group);
    assert!(matches!(&log.last().unwrap().body, EventBody::Reaction { on: false, seq, .. } if *seq == first));
}

#[test]
fn pages_hold_messages_only_however_much_lies_between() {
    let mut fixture = fixture();
    let ada = fixture.account("ada");
    let group = fixture.group(&[&ada]);
    let mut sent = Vec::new();
    for n in 0..150 {
        let seq = fixture.send(group, &ada, &format!("c{n}"), &format!("m{n}"));
        sent.push(seq);
        for round in 0..(n % 5) * 3 {
            edit(&fixture, group, &ada, seq, &format!("m{n} {round}"), round);
        }
    }
    for limit in [1, 2, 7, 50, 200] {
        let seqs: Vec<Seq> = all(&fixture, group, limit, ada.id).iter().map(|message| message.seq).collect();
        assert_eq!(seqs, sent, "limit {limit}");
        if limit == 7 {
            fixture.reopen();
        }
    }
    // From every place, also ones that are no message, before the first, and past the head.
    let head = fixture.head(group).position.seq.get();
    for before in [0, 1, 2, 3, 10, head / 2, head - 1, head, head + 1, head + 100] {
        let found = page(&fixture, group, Seq::new(before), 5, ada.id);
        let expected: Vec<Seq> =
            sent.iter().rev().copied().filter(|seq| seq.get() < before).take(5).collect();
        assert_eq!(
            found.messages.iter().map(|message| message.seq).collect::<Vec<_>>(),
            expected,
            "before {before}"
        );
    }
}

#[test]
fn a_long_run_of_reactions_is_jumped_over() {
    let fixture = fixture();
    let ada = fixture.account("ada");
    let group = fixture.group(&[&ada]);
    let first = fixture.send(group, &ada, "1", "one");
    for _ in 0..300 {
        react(&fixture, group, &ada, first, "👍");
        let (by, emoji) = (ada.author(), Emoji::parse("👍").unwrap());
        fixture.write(move |write| changes::remove_reaction(write, group, &by, now(), first, &emoji));
    }
    let last = fixture.send(group, &ada, "2", "two");
    let found = page(&fixture, group, None, 50, ada.id);
    assert_eq!(found.messages.iter().map(|message| message.seq).collect::<Vec<_>>(), [last, first]);
    assert_eq!(found.next, None);
}
