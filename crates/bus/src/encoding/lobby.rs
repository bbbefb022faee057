//! What happens in lobbies and rooms, from node to node; lines, too: they are kept nowhere, so this is their only road.

use super::{FrameWriter, LOBBY, fields, optional};
use crate::lobby::Place;
use crate::{LobbyNotice, News, Occupant, RoomView, Said, SaidAloud};
use parlor_core::lobby::Departure;
use parlor_core::{DisplayName, GroupId, RoomId, Timestamp, WaiterId};
use std::sync::Arc;

const ROOM: u8 = LOBBY;
const SAID: u8 = LOBBY + 1;
const TYPING: u8 = LOBBY + 2;
const READY: u8 = LOBBY + 3;
const KEEPS: u8 = LOBBY + 4;
const LEFT: u8 = LOBBY + 5;
const OVER: u8 = LOBBY + 6;
const KEPT: u8 = LOBBY + 7;
const OUT: u8 = LOBBY + 8;
const CHANGED: u8 = LOBBY + 9;
const SAID_ALOUD: u8 = LOBBY + 10;

/// Id, lobby, name, began at, round ends at, people.
type Room<'a> = (i64, i64, &'a str, i64, Option<i64>, Vec<Person<'a>>);
/// Who, name, socket, node, keeps.
type Person<'a> = (u64, &'a str, &'a str, i64, bool);

pub(super) fn write(notice: &LobbyNotice, frames: &mut FrameWriter) -> bool {
    match notice {
        LobbyNotice::Room { room, news } => frames.entry(ROOM, &(room_fields(room), news_fields(*news))),
        LobbyNotice::Said(said) => {
            let (by, at) = (said.by.get(), said.at.as_millis());
            let fields = (said.room.get(), by, said.name.as_str(), at, &said.text, said.raw.as_deref());
            frames.entry(SAID, &fields)
        }
        LobbyNotice::Typing { room, by, on } => frames.entry(TYPING, &(room.get(), by.get(), on)),
        LobbyNotice::Ready { room, by } => frames.entry(READY, &(room.get(), by.get())),
        LobbyNotice::Keeps { room, by, on } => frames.entry(KEEPS, &(room.get(), by.get(), on)),
        LobbyNotice::Left { room, who, name, why, waits } => {
            frames.entry(LEFT, &(room.get(), who.get(), name.as_str(), why.as_str(), waits))
        }
        LobbyNotice::Over { room, why } => frames.entry(OVER, &(room.get(), why.as_str())),
        LobbyNotice::Kept { room, group } => frames.entry(KEPT, &(room.get(), group.get())),
        LobbyNotice::Out { who, group, why } => frames.entry(OUT, &(who.get(), group.get(), why.as_str())),
        LobbyNotice::Changed { group } => frames.entry(CHANGED, &group.get()),
        LobbyNotice::SaidAloud(said) => {
            let (kind, name, id) = match &said.place {
                Place::Named(name) => (0_u8, &**name, 0),
                Place::Lobby(group) => (1, "", group.get()),
                Place::Room(room) => (2, "", room.get()),
            };
            frames.entry(SAID_ALOUD, &(kind, name, id, &*said.raw))
        }
    }
}

/// Reads what [`write`] wrote; `None` for a kind that this version does not know.
pub(super) fn read(kind: u8, bytes: &[u8]) -> Option<LobbyNotice> {
    Some(match kind {
        ROOM => {
            let (room, news) = fields(bytes)?;
            LobbyNotice::Room { room: Arc::new(read_room(room)?), news: read_news(news)? }
        }
        SAID => {
            let (room, by, name, at, text, raw): (i64, u64, &str, i64, &str, Option<&str>) = fields(bytes)?;
            LobbyNotice::Said(Arc::new(Said {
                room: RoomId::new(room)?,
                by: WaiterId::new(by),
                name: DisplayName::from_stored(name),
                at: Timestamp::from_millis(at),
                text: text.to_owned(),
                raw: raw.map(Box::from),
            }))
        }
        TYPING => {
            let (room, by, on) = fields(bytes)?;
            LobbyNotice::Typing { room: RoomId::new(room)?, by: WaiterId::new(by), on }
        }
        READY => {
            let (room, by) = fields(bytes)?;
            LobbyNotice::Ready { room: RoomId::new(room)?, by: WaiterId::new(by) }
        }
        KEEPS => {
            let (room, by, on) = fields(bytes)?;
            LobbyNotice::Keeps { room: RoomId::new(room)?, by: WaiterId::new(by), on }
        }
        LEFT => {
            let (room, who, name, why, waits): (i64, u64, &str, &str, bool) = fields(bytes)?;
            LobbyNotice::Left {
                room: RoomId::new(room)?,
                who: WaiterId::new(who),
                name: DisplayName::from_stored(name),
                why: Departure::from_name(why)?,
                waits,
            }
        }
        OVER => {
            let (room, why) = fields(bytes)?;
            LobbyNotice::Over { room: RoomId::new(room)?, why: Departure::from_name(why)? }
        }
        KEPT => {
            let (room, group) = fields(bytes)?;
            LobbyNotice::Kept { room: RoomId::new(room)?, group: GroupId::new(group)? }
        }
        OUT => {
            let (who, group, why) = fields(bytes)?;
            let (who, group) = (WaiterId::new(who), GroupId::new(group)?);
            LobbyNotice::Out { who, group, why: Departure::from_name(why)? }
        }
        CHANGED => LobbyNotice::Changed { group: GroupId::new(fields(bytes)?)? },
        SAID_ALOUD => {
            let (kind, name, id, raw): (u8, &str, i64, &str) = fields(bytes)?;
            let place = match kind {
                0 => Place::Named(name.into()),
                1 => Place::Lobby(GroupId::new(id)?),
                2 => Place::Room(RoomId::new(id)?),
                _ => return None,
            };
            LobbyNotice::SaidAloud(Arc::new(SaidAloud { place, raw: raw.into() }))
        }
        _ => return None,
    })
}

fn room_fields(room: &RoomView) -> Room<'_> {
    let people = room.people.iter().map(|occupant| {
        let Occupant { who, name, socket, node, keeps } = occupant;
        (who.get(), name.as_str(), socket.as_str(), *node, *keeps)
    });
    let ends = room.round_ends_at.map(|at| at.as_millis());
    (room.id.get(), room.group.get(), &room.name, room.began_at.as_millis(), ends, people.collect())
}

fn read_room((id, group, name, began_at, ends, people): Room<'_>) -> Option<RoomView> {
    let people = people.into_iter().map(|(who, name, socket, node, keeps)| Occupant {
        who: WaiterId::new(who),
        name: DisplayName::from_stored(name),
        socket: socket.to_owned(),
        node,
        keeps,
    });
    Some(RoomView {
        id: RoomId::new(id)?,
        group: GroupId::new(group)?,
        name: name.to_owned(),
        began_at: Timestamp::from_millis(began_at),
        round_ends_at: ends.map(Timestamp::from_millis),
        people: people.collect(),
    })
}

/// 0 for everybody, 1 joined, 2 back; and who.
const fn news_fields(news: News) -> (u8, Option<u64>) {
    match news {
        News::Everybody { newcomer: None } => (0, None),
        News::Everybody { newcomer: Some(who) } => (0, Some(who.get())),
        News::Joined(who) => (1, Some(who.get())),
        News::Back(who) => (2, Some(who.get())),
    }
}

fn read_news((kind, who): (u8, Option<u64>)) -> Option<News> {
    let who = optional(who, |who| Some(WaiterId::new(who)))?;
    Some(match kind {
        0 => News::Everybody { newcomer: who },
        1 => News::Joined(who?),
        2 => News::Back(who?),
        _ => return None,
    })
}
