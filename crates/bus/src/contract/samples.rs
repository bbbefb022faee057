//! One notice of each kind, for the suite and for the golden file of their bytes.

use crate::lobby::Place;
use crate::notice::ViewerNews;
use crate::{
    EndedSessions, LobbyNotice, News, Notice, Occupant, RoomView, Said, SaidAloud, Signal, SignalKind,
};
use parlor_core::lobby::Departure;
use parlor_core::watch::{MediaTime, PlayerState, Report, Rev};
use parlor_core::{
    Account, AccountId, Author, ClientId, DisplayName, Emoji, Epoch, Event, EventBody, GroupId, LeaveReason,
    MessageText, Position, Role, RoomId, Seq, SessionId, Timestamp, Username, WaiterId,
};
use std::fmt::Write as _;
use std::sync::Arc;

/// One of each, and of each shape that it can have. Signals are not among the first, so that none gives way.
pub(crate) fn every_notice() -> Vec<Notice> {
    let (group, account) = (group(), account());
    let session = SessionId::new(5).expect("a small number is an id");
    let viewer = |news| Notice::Viewer { group, account, news };
    let signal = |kind| Notice::Signal(Arc::new(Signal { kind, ..typing() }));
    let mut all = vec![
        Notice::Events(events()),
        head(12),
        Notice::SessionsEnded(EndedSessions { account, only: None, except: None }),
        Notice::SessionsEnded(EndedSessions { account, only: Some(session), except: Some(session) }),
        Notice::Membership { group, account, role: Some(Role::Moderator) },
        Notice::Membership { group, account, role: None },
        Notice::ReadMoved { group, account, last_read: seq(9), unread: 3 },
        Notice::Renamed { account, name: name("Countess 🙂") },
        viewer(ViewerNews::Came(Role::Owner)),
        viewer(ViewerNews::Went),
        viewer(ViewerNews::Reported(report(Some(MediaTime::from_millis(60_000))))),
        viewer(ViewerNews::Reported(report(None))),
        viewer(ViewerNews::Ready(Rev::new(8))),
        Notice::GroupGone { group },
        Notice::Here { node: 1 << 50, group, people: Arc::new([typing().by]) },
        Notice::NoLongerHere { node: 9, group, account },
        Notice::WhoIsHere { node: 9, group },
        signal(SignalKind::Typing { on: true }),
        signal(SignalKind::Typing { on: false }),
        signal(SignalKind::Cheer { emoji: Emoji::from_stored("🎉") }),
        signal(SignalKind::Presence { online: true }),
        signal(SignalKind::Presence { online: false }),
    ];
    all.extend(lobby_notices().into_iter().map(Notice::Lobby));
    all
}

fn lobby_notices() -> Vec<LobbyNotice> {
    let (group, room) = (group(), RoomId::new(4).expect("a small number is an id"));
    let (ada, stranger) = (WaiterId::from(account()), WaiterId::stranger(77));
    let view = Arc::new(room_view(room, ada, stranger));
    let news = |news| LobbyNotice::Room { room: view.clone(), news };
    let said = |raw: Option<&str>| {
        let text = "how are you?".to_owned();
        LobbyNotice::Said(Arc::new(Said {
            room,
            by: ada,
            name: name("Ada"),
            at: at(),
            text,
            raw: raw.map(Box::from),
        }))
    };
    let aloud =
        |place| LobbyNotice::SaidAloud(Arc::new(SaidAloud { place, raw: r#"{"hello":"you"}"#.into() }));
    vec![
        news(News::Everybody { newcomer: None }),
        news(News::Everybody { newcomer: Some(stranger) }),
        news(News::Joined(ada)),
        news(News::Back(ada)),
        said(None),
        said(Some(r#"{"message":"how are you?"}"#)),
        LobbyNotice::Typing { room, by: ada, on: true },
        LobbyNotice::Ready { room, by: ada },
        LobbyNotice::Keeps { room, by: ada, on: false },
        LobbyNotice::Left {
            room,
            who: stranger,
            name: name("Anonymous"),
            why: Departure::Moved,
            waits: true,
        },
        LobbyNotice::Over { room, why: Departure::RoundOver },
        LobbyNotice::Kept { room, group },
        LobbyNotice::Out { who: ada, group, why: Departure::Vanished },
        LobbyNotice::Changed { group },
        aloud(Place::Named("hall".into())),
        aloud(Place::Lobby(group)),
        aloud(Place::Room(room)),
    ]
}

fn events() -> Arc<[Arc<Event>]> {
    let member = |username: Option<&str>| Account {
        id: account(),
        username: username.map(Username::from_stored),
        display_name: name("Ada"),
        guest: username.is_none(),
    };
    let bodies = [
        EventBody::Message {
            text: Some(MessageText::from_stored("hello\nyou")),
            client_id: ClientId::from_stored("c-1"),
            reply_to: Some(seq(1)),
            files: Vec::new(),
        },
        EventBody::Message {
            text: None,
            client_id: ClientId::from_stored("c-2"),
            reply_to: None,
            files: Vec::new(),
        },
        EventBody::Edit { seq: seq(1), text: Some(MessageText::from_stored("hallo")) },
        EventBody::Delete { seq: seq(1) },
        EventBody::Reaction { seq: seq(1), emoji: Emoji::from_stored("👍"), on: true },
        EventBody::MemberJoined { account: member(None), role: Role::Guest },
        EventBody::MemberLeft { account: member(Some("ada")), reason: LeaveReason::Banned },
        EventBody::MemberRole { account: member(Some("ada")), role: Role::Moderator },
    ];
    let event = |(place, body)| Event {
        group: group(),
        epoch: epoch(),
        seq: seq(place),
        at: at(),
        by: typing().by,
        body,
    };
    (1..).zip(bodies).map(|numbered| Arc::new(event(numbered))).collect()
}

fn room_view(id: RoomId, ada: WaiterId, stranger: WaiterId) -> RoomView {
    let occupant = |who, called: &str, keeps| Occupant {
        who,
        name: name(called),
        socket: "s0cket".to_owned(),
        node: 1 << 50,
        keeps,
    };
    RoomView {
        id,
        group: group(),
        name: "room".to_owned(),
        began_at: at(),
        round_ends_at: Some(at()),
        people: vec![occupant(ada, "Ada", true), occupant(stranger, "Anonymous", false)],
    }
}

fn report(length: Option<MediaTime>) -> Report {
    Report {
        rev: Rev::new(7),
        state: PlayerState::Buffering,
        drift_ms: -40,
        buffered_ms: 9_000,
        delay_ms: 31,
        length,
        hidden: true,
        solo: false,
    }
}

/// A notice with its texts, which `Debug` does not show.
pub(crate) fn seen(notice: &Notice) -> String {
    let mut seen = format!("{notice:?}");
    let texts = match notice {
        Notice::Events(events) => {
            for event in events.iter() {
                if let EventBody::Message { text, .. } | EventBody::Edit { text, .. } = &event.body {
                    let _ = write!(seen, " {:?}", text.as_ref().map(MessageText::as_str));
                }
            }
            return seen;
        }
        Notice::Lobby(LobbyNotice::Said(said)) => {
            format!("{} {:?} {:?} {:?}", said.name, said.at, said.text, said.raw)
        }
        Notice::Lobby(LobbyNotice::SaidAloud(said)) => format!("{:?} {:?}", said.place, said.raw),
        _ => return seen,
    };
    seen.push_str(&texts);
    seen
}

/// Something said of any length.
#[cfg(test)]
pub(crate) fn aloud(raw: &str) -> Notice {
    let place = Place::Named("hall".into());
    Notice::Lobby(LobbyNotice::SaidAloud(Arc::new(SaidAloud { place, raw: raw.into() })))
}

/// Somebody writes.
pub(crate) fn typing() -> Signal {
    let by = Author { id: account(), name: name("Ada") };
    Signal { group: group(), by, kind: SignalKind::Typing { on: true } }
}

/// A group's log ends here now.
pub(crate) fn head(place: i64) -> Notice {
    Notice::Head { group: group(), position: Position { epoch: epoch(), seq: seq(place) } }
}

fn account() -> AccountId {
    AccountId::new(3).expect("a small number is an id")
}

fn group() -> GroupId {
    GroupId::new(7).expect("a small number is an id")
}

fn epoch() -> Epoch {
    Epoch::new(1).expect("a small number is an epoch")
}

fn seq(place: i64) -> Seq {
    Seq::new(place).expect("a small number is a place")
}

fn at() -> Timestamp {
    Timestamp::from_millis(1_800_000_000_000)
}

fn name(text: &str) -> DisplayName {
    DisplayName::from_stored(text)
}
