//! Events from node to node. Whole, where the log has columns for them; what it keeps as data of its own (changes of the
//! group and of the player, files in messages) and what is large travels as its place only, and is read from the log by whoever needs it.

use super::{EVENTS, FrameWriter, HEADS, fields, optional};
use parlor_core::{
    Account, AccountId, Author, ClientId, DisplayName, Emoji, Epoch, Event, EventBody, GroupId, LeaveReason,
    MessageText, Role, Seq, Timestamp, Username,
};
use std::sync::Arc;

/// An event with more bytes of text travels as its place.
const MOST_TEXT: usize = 64 * 1024;
/// Bytes of text after which an entry takes no further event.
const ENOUGH: usize = 32 * 1024;
/// Events after which an entry takes no further one.
const MOST_EVENTS: usize = 256;

/// Group, epoch, seq, at, author, name.
type Place<'a> = (i64, i64, i64, i64, i64, &'a str);
/// Kind, another event's seq, text, another text, flag, account. What a kind does not need is empty.
type Body<'a> = (u8, Option<i64>, Option<&'a str>, &'a str, bool, Option<Who<'a>>);
/// Id, username, display name, guest.
type Who<'a> = (i64, Option<&'a str>, &'a str, bool);

const MESSAGE: u8 = 1;
const EDIT: u8 = 2;
const DELETE: u8 = 3;
const REACTION: u8 = 4;
const MEMBER_JOINED: u8 = 5;
const MEMBER_LEFT: u8 = 6;
const MEMBER_ROLE: u8 = 7;

/// Events in their order, in as many entries as it takes.
pub(super) fn write(events: &[Arc<Event>], frames: &mut FrameWriter) -> bool {
    let mut together: Vec<(Place<'_>, Body<'_>)> = Vec::new();
    let (mut bytes, mut all) = (0, true);
    for event in events {
        match body(&event.body) {
            Some(body) => {
                let (epoch, seq, at) = (event.epoch.get(), event.seq.get(), event.at.as_millis());
                let place = (event.group.get(), epoch, seq, at, event.by.id.get(), event.by.name.as_str());
                together.push((place, body));
                bytes += event.body.weight();
            }
            None => {
                all &= flush(&mut together, frames);
                all &= frames.entry(HEADS, &(event.group.get(), event.epoch.get(), event.seq.get()));
            }
        }
        if bytes >= ENOUGH || together.len() == MOST_EVENTS {
            all &= flush(&mut together, frames);
            bytes = 0;
        }
    }
    all & flush(&mut together, frames)
}

fn flush(together: &mut Vec<(Place<'_>, Body<'_>)>, frames: &mut FrameWriter) -> bool {
    let all = together.is_empty() || frames.entry(EVENTS, together);
    together.clear();
    all
}

fn body(body: &EventBody) -> Option<Body<'_>> {
    if body.weight() > MOST_TEXT {
        return None;
    }
    Some(match body {
        // Its files are data of its own.
        EventBody::Message { files, .. } if !files.is_empty() => return None,
        EventBody::Message { text: said, client_id, reply_to, files: _ } => (
            MESSAGE,
            reply_to.map(Seq::get),
            said.as_ref().map(MessageText::as_str),
            client_id.as_str(),
            false,
            None,
        ),
        EventBody::Edit { seq, text: said } => {
            (EDIT, Some(seq.get()), said.as_ref().map(MessageText::as_str), "", false, None)
        }
        EventBody::Delete { seq } => (DELETE, Some(seq.get()), None, "", false, None),
        EventBody::Reaction { seq, emoji, on } => {
            (REACTION, Some(seq.get()), None, emoji.as_str(), *on, None)
        }
        EventBody::MemberJoined { account, role } => {
            (MEMBER_JOINED, None, None, role.as_str(), false, Some(who(account)))
        }
        EventBody::MemberLeft { account, reason } => {
            (MEMBER_LEFT, None, None, reason.as_str(), false, Some(who(account)))
        }
        EventBody::MemberRole { account, role } => {
            (MEMBER_ROLE, None, None, role.as_str(), false, Some(who(account)))
        }
        EventBody::GroupUpdated(_) | EventBody::Player(_) | EventBody::Other { .. } => return None,
    })
}

fn who(account: &Account) -> Who<'_> {
    let username = account.username.as_ref().map(Username::as_str);
    (account.id.get(), username, account.display_name.as_str(), account.guest)
}

/// Reads what [`write`] put into one entry.
pub(super) fn read(bytes: &[u8]) -> Option<Arc<[Arc<Event>]>> {
    let together: Vec<(Place<'_>, Body<'_>)> = fields(bytes)?;
    together.into_iter().map(|(place, body)| event(place, body).map(Arc::new)).collect()
}

fn event((group, epoch, seq, at, by, name): Place<'_>, body: Body<'_>) -> Option<Event> {
    Some(Event {
        group: GroupId::new(group)?,
        epoch: Epoch::new(epoch)?,
        seq: Seq::new(seq)?,
        at: Timestamp::from_millis(at),
        by: Author { id: AccountId::new(by)?, name: DisplayName::from_stored(name) },
        body: read_body(body)?,
    })
}

fn read_body((kind, other, text, word, flag, account): Body<'_>) -> Option<EventBody> {
    let text = text.map(MessageText::from_stored);
    let other = optional(other, Seq::new)?;
    let account = optional(account, read_who)?;
    Some(match kind {
        MESSAGE => EventBody::Message {
            text,
            client_id: ClientId::from_stored(word),
            reply_to: other,
            files: Vec::new(),
        },
        EDIT => EventBody::Edit { seq: other?, text },
        DELETE => EventBody::Delete { seq: other? },
        REACTION => EventBody::Reaction { seq: other?, emoji: Emoji::from_stored(word), on: flag },
        MEMBER_JOINED => EventBody::MemberJoined { account: account?, role: Role::from_name(word)? },
        MEMBER_LEFT => EventBody::MemberLeft { account: account?, reason: LeaveReason::from_name(word)? },
        MEMBER_ROLE => EventBody::MemberRole { account: account?, role: Role::from_name(word)? },
        _ => return None,
    })
}

fn read_who((id, username, name, guest): Who<'_>) -> Option<Account> {
    Some(Account {
        id: AccountId::new(id)?,
        username: username.map(Username::from_stored),
        display_name: DisplayName::from_stored(name),
        guest,
    })
}
