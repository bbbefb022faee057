//! The store beside a naive model: whatever happens in whatever order, unread counts, pages and the log agree.

use crate::fixture::{Fixture, assert_contiguous, fixture, join, message, now, text_of};
use parlor_core::{Account, GroupId, MessageText, Role, Seq};
use parlor_store::{changes, groups, heads, members, pages, reading};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Act {
    Send(usize),
    Burst(usize, usize),
    Repeat(usize),
    Edit(usize),
    Delete(usize),
    Read(usize, usize),
    Leave(usize),
    Join(usize),
    Restart,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let person = 0..3usize;
    let act = prop_oneof![
        8 => person.clone().prop_map(Act::Send),
        2 => (person.clone(), 2..90usize).prop_map(|(who, count)| Act::Burst(who, count)),
        2 => (0..500usize).prop_map(Act::Repeat),
        3 => (0..500usize).prop_map(Act::Edit),
        4 => (0..500usize).prop_map(Act::Delete),
        6 => (person, 0..500usize).prop_map(|(who, place)| Act::Read(who, place)),
        1 => (1..3usize).prop_map(Act::Leave),
        2 => (1..3usize).prop_map(Act::Join),
        1 => Just(Act::Restart),
    ];
    proptest::collection::vec(act, 1..60)
}

struct Sent {
    seq: i64,
    by: usize,
    client_id: String,
    first: String,
    text: Option<String>,
}

#[derive(Default)]
struct Model {
    head: i64,
    sent: Vec<Sent>,
    /// `last_read` of those who are members.
    members: [Option<i64>; 3],
}

impl Model {
    fn unread(&self, who: usize) -> i64 {
        let last_read = self.members[who].unwrap_or(0);
        let counts = |sent: &&Sent| sent.seq > last_read && sent.by != who && sent.text.is_some();
        self.sent.iter().filter(counts).count() as i64
    }
}

struct Run {
    fixture: Fixture,
    people: Vec<Account>,
    group: GroupId,
    model: Model,
}

impl Run {
    fn new() -> Self {
        let fixture = fixture();
        let people: Vec<Account> = (0..3).map(|n| fixture.account(&format!("person{n}"))).collect();
        let group = fixture.group(&people.iter().collect::<Vec<_>>());
        let members = [Some(1), Some(2), Some(3)];
        Self { fixture, people, group, model: Model { head: 3, sent: Vec::new(), members } }
    }

    fn act(&mut self, act: &Act) {
        let group = self.group;
        match *act {
            Act::Send(who) => self.send(who, 1),
            Act::Burst(who, count) => self.send(who, count),
            Act::Repeat(index) => {
                let Some(sent) = pick(&self.model.sent, index) else { return };
                if self.model.members[sent.by].is_some() {
                    let again = message(group, &self.people[sent.by], &sent.client_id, &sent.first);
                    let appended = self.fixture.submit(again).wait().unwrap();
                    assert!(appended.duplicate);
                    assert_eq!(appended.event.seq.get(), sent.seq);
                }
            }
            Act::Edit(index) => {
                let head = self.model.head + 1;
                let Some(sent) = pick_mut(&mut self.model.sent, index) else { return };
                if sent.text.is_some() {
                    let text = format!("edited at {head}");
                    sent.text = Some(text.clone());
                    let (by, seq) = (self.people[sent.by].author(), Seq::new(sent.seq).unwrap());
                    let text = MessageText::parse(&text).unwrap();
                    self.fixture.write(move |write| changes::edit(write, group, &by, now(), seq, &text));
                    self.model.head = head;
                }
            }
            Act::Delete(index) => {
                let Some(sent) = pick_mut(&mut self.model.sent, index) else { return };
                if sent.text.take().is_some() {
                    let (by, seq) = (self.people[sent.by].author(), Seq::new(sent.seq).unwrap());
                    self.fixture.write(move |write| changes::delete(write, group, &by, now(), seq));
                    self.model.head += 1;
                }
            }
            Act::Read(who, place) => self.read(who, place),
            Act::Leave(who) => {
                if self.model.members[who].take().is_some() {
                    let account = self.people[who].id;
                    assert!(self.fixture.write(move |write| members::delete(write, group, account)));
                }
            }
            Act::Join(who) => {
                if self.model.members[who].is_none() {
                    let account = self.people[who].clone();
                    self.fixture.write(move |write| join(write, group, &account, Role::Member));
                    self.model.head += 1;
                    self.model.members[who] = Some(self.model.head);
                }
            }
            Act::Restart => self.fixture.reopen(),
        }
    }

    fn send(&mut self, who: usize, count: usize) {
        if self.model.members[who].is_none() {
            return;
        }
        let mut pending = Vec::new();
        for _ in 0..count {
            self.model.head += 1;
            let (seq, text) = (self.model.head, format!("text {}", self.model.head));
            let client_id = format!("c{seq}");
            pending
                .push((seq, self.fixture.submit(message(self.group, &self.people[who], &client_id, &text))));
            self.model.sent.push(Sent { seq, by: who, client_id, first: text.clone(), text: Some(text) });
        }
        for (seq, pending) in pending {
            assert_eq!(pending.wait().unwrap().event.seq.get(), seq);
        }
        self.model.members[who] = Some(self.model.head);
    }

    fn read(&mut self, who: usize, place: usize) {
        let Some(last_read) = self.model.members[who] else { return };
        // Also past the head, which means the head.
        let place = (place as i64) % (self.model.head + 3);
        let expected = last_read.max(place.min(self.model.head));
        self.model.members[who] = Some(expected);
        let (group, account) = (self.group, self.people[who].id);
        let (reading, _) = self
            .fixture
            .write(move |write| {
                let head = heads::load(write, group)?.unwrap();
                reading::advance(write, group, &head, account, Seq::new(place).unwrap())
            })
            .unwrap();
        assert_eq!(reading.last_read.get(), expected);
        assert_eq!(reading.unread, self.model.unread(who));
    }

    fn compare(&self) {
        let group = self.group;
        for (who, person) in self.people.iter().enumerate() {
            let account = person.id;
            let membership = self.fixture.read(move |tx| groups::of_member(tx, group, account, now()));
            let found = membership.map(|m| (m.last_read.get(), m.unread));
            assert_eq!(found, self.model.members[who].map(|last_read| (last_read, self.model.unread(who))));
        }
        let log = self.fixture.log(group);
        assert_contiguous(&log);
        assert_eq!(log.len() as i64, self.model.head);
        let reader = self.people[0].id;
        let count = self.model.sent.len();
        let page = self.fixture.read(move |tx| {
            let head = heads::load(tx, group)?.unwrap();
            pages::messages_before(tx, group, &head, None, count + 1, reader)
        });
        assert_eq!(page.next, None);
        let shown: Vec<(i64, Option<&str>)> = page
            .messages
            .iter()
            .rev()
            .map(|m| (m.seq.get(), m.text.as_ref().map(MessageText::as_str)))
            .collect();
        let expected: Vec<(i64, Option<&str>)> =
            self.model.sent.iter().map(|sent| (sent.seq, sent.text.as_deref())).collect();
        assert_eq!(shown, expected);
        for sent in self.model.sent.iter().filter(|sent| sent.text.is_none()) {
            assert_eq!(text_of(&log[sent.seq as usize - 1]), None);
        }
    }
}

fn pick(sent: &[Sent], index: usize) -> Option<&Sent> {
    if sent.is_empty() { None } else { sent.get(index % sent.len()) }
}

fn pick_mut(sent: &mut [Sent], index: usize) -> Option<&mut Sent> {
    if sent.is_empty() { None } else { Some(&mut sent[index % sent.len()]) }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, ..ProptestConfig::default() })]
    #[test]
    fn the_store_agrees_with_a_naive_model(acts in acts()) {
        let mut run = Run::new();
        for act in &acts {
            run.act(act);
        }
        run.compare();
    }
}
