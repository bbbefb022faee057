//! Stories of the lobby, told to a face that only listens.

use super::room::{Kept, Utterance};
use super::speed_chat::{LobbyState, SpeedChatError};
use super::told::LobbyFace;
use super::{Entered, LobbyError, Standing};
use crate::testing::{House, client_at};
use crate::{Caller, Settings};
use parlor_bus::{LobbyNotice, RoomView};
use parlor_core::lobby::Plan;
use parlor_core::{AccessCode, DisplayName, GroupId, MessageText, ReportReason, RoomId, WaiterId};
use parlor_store::{blocks, places};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

mod chaos;
mod rounds;

/// Remembers what it was told.
#[derive(Default)]
struct Ear(Mutex<Vec<String>>);

impl LobbyFace for Ear {
    fn tell(&self, notice: &LobbyNotice, room: Option<&RoomView>) {
        let people = room.map_or(0, |room| room.people.len());
        let heard = match notice {
            LobbyNotice::Room { room, .. } => format!("room of {}", room.people.len()),
            LobbyNotice::Said(said) => format!("said {}", said.text),
            LobbyNotice::Left { name, why, .. } => format!("{name} {} {people}", why.as_str()),
            LobbyNotice::Over { why, .. } => format!("over {}", why.as_str()),
            LobbyNotice::Kept { .. } => "kept".to_owned(),
            LobbyNotice::Out { why, .. } => format!("out {}", why.as_str()),
            other => format!("{other:?}").split([' ', '{']).next().unwrap_or_default().to_owned(),
        };
        self.0.lock().unwrap().push(heard);
    }

    fn crowd(&self, state: &LobbyState) {
        self.0.lock().unwrap().push(format!("{} wait", state.waiting));
    }

    fn group_gone(&self, _: GroupId) {
        self.0.lock().unwrap().push("group gone".to_owned());
    }

    fn has(&self, _: WaiterId) -> bool {
        false
    }
}

/// A house in which somebody listens.
struct Lobby {
    house: House,
    ear: Arc<Ear>,
    listening: tokio::task::JoinHandle<()>,
}

impl Lobby {
    fn new() -> Self {
        let house = House::with(Settings { rate_limits: false });
        let ear = Arc::new(Ear::default());
        let (app, face) = (house.app.clone(), ear.clone());
        let subscription = app.subscribe();
        let listening = async move { app.follow(subscription, &[face as Arc<dyn LobbyFace>]).await };
        Self { house, ear, listening: tokio::spawn(listening) }
    }

    async fn enter(&self, who: &Caller, group: GroupId) -> Entered {
        self.house.app.enter_lobby(who, group, "socket").await.unwrap()
    }

    /// Both are put together, whoever came first.
    async fn pair(&self, a: &Caller, b: &Caller, group: GroupId) -> RoomId {
        self.enter(a, group).await;
        room_of(&self.enter(b, group).await)
    }

    /// Waits until something was heard, and forgets everything up to it.
    async fn hears(&self, what: &str) {
        let heard = || {
            let mut heard = self.ear.0.lock().unwrap();
            let at = heard.iter().position(|line| line == what);
            at.map(|at| drop(heard.drain(..=at))).is_some()
        };
        let waited = tokio::time::timeout(Duration::from_secs(10), async {
            while !heard() {
                tokio::task::yield_now().await;
            }
        });
        assert!(waited.await.is_ok(), "never heard {what:?} but {:?}", self.ear.0.lock().unwrap());
    }

    async fn tick_after(&self, span: Duration) {
        self.house.clock.advance(span);
        self.house.app.lobby_tick().await.unwrap();
    }

    async fn place(&self, who: &Caller) -> Option<places::Place> {
        let who = id(who);
        self.house.app.store().read(move |tx| places::load(tx, who)).await.unwrap()
    }
}

fn id(caller: &Caller) -> WaiterId {
    WaiterId::from(caller.account.id)
}

fn room_of(entered: &Entered) -> RoomId {
    match &entered.standing {
        Standing::InRoom(room) => room.id,
        Standing::Waiting { .. } => panic!("nobody was there"),
    }
}

fn waits(entered: &Entered) -> bool {
    matches!(entered.standing, Standing::Waiting { .. })
}

fn text(text: &str) -> Utterance {
    Utterance::Text(MessageText::parse(text).unwrap())
}

#[tokio::test]
async fn two_meet_talk_and_go_on_and_never_meet_twice_in_a_row() {
    let lobby = Lobby::new();
    let (app, house) = (&lobby.house.app, &lobby.house);
    let (ada, bob, cleo) =
        (house.account("ada").await, house.account("bob").await, house.account("cleo").await);
    let group = house.group(&ada, &[&bob, &cleo]).await;

    assert!(waits(&lobby.enter(&ada, group).await));
    assert!(waits(&lobby.enter(&ada, group).await), "a second time is the same place");
    let room = room_of(&lobby.enter(&bob, group).await);
    lobby.hears("room of 2").await;
    assert_eq!(room_of(&lobby.enter(&ada, group).await), room, "a second socket finds the same room");

    app.say_in_room(id(&ada), room, text("hello")).unwrap();
    lobby.hears("said hello").await;
    assert!(waits(&lobby.enter(&cleo, group).await));
    let refused = app.say_in_room(id(&cleo), room, text("let me in")).unwrap_err();
    assert!(matches!(refused, LobbyError::NotInRoom));
    assert!(matches!(app.next_room(id(&cleo), room).await, Err(LobbyError::NotInRoom)));

    let next = app.next_room(id(&ada), room).await.unwrap();
    lobby.hears("ada next 1").await;
    let second = room_of(&next);
    assert_eq!(lobby.place(&cleo).await.unwrap().room, Some(second));
    assert!(waits(&app.next_room(id(&bob), room).await.unwrap()), "who is left goes on, too");

    for who in [&ada, &bob, &cleo] {
        app.leave_lobby(id(who)).await.unwrap();
    }
    assert!(waits(&lobby.enter(&cleo, group).await));
    let third = room_of(&lobby.enter(&bob, group).await);
    app.leave_room(id(&cleo), third).await.unwrap();
    app.leave_room(id(&bob), third).await.unwrap();
    assert!(waits(&lobby.enter(&cleo, group).await));
    assert!(waits(&lobby.enter(&bob, group).await), "not even after both had left");
}

#[tokio::test]
async fn one_who_vanishes_is_kept_the_place_for_twenty_seconds() {
    let lobby = Lobby::new();
    let (app, house) = (&lobby.house.app, &lobby.house);
    let (ada, bob, cleo) =
        (house.account("ada").await, house.account("bob").await, house.account("cleo").await);
    let group = house.group(&ada, &[&bob, &cleo]).await;
    let room = lobby.pair(&ada, &bob, group).await;

    app.vanish_from_lobby(id(&ada)).await;
    lobby.tick_after(Duration::from_secs(19)).await;
    assert_eq!(room_of(&lobby.enter(&ada, group).await), room, "back in the same room");
    app.vanish_from_lobby(id(&ada)).await;
    lobby.tick_after(Duration::from_secs(20)).await;
    lobby.hears("ada vanished 1").await;
    assert!(lobby.place(&ada).await.is_none());

    // One who waits and is away is paired with nobody, and waits on when they are back.
    app.next_room(id(&bob), room).await.unwrap();
    app.vanish_from_lobby(id(&bob)).await;
    assert!(waits(&lobby.enter(&cleo, group).await));
    assert_eq!(room_of(&lobby.enter(&bob, group).await), lobby.place(&cleo).await.unwrap().room.unwrap());
}

#[tokio::test]
async fn a_third_joins_after_ten_quiet_seconds_where_the_group_allows_it() {
    let lobby = Lobby::new();
    let (app, house) = (&lobby.house.app, &lobby.house);
    let (ada, bob, cleo) =
        (house.account("ada").await, house.account("bob").await, house.account("cleo").await);
    let group = house.group(&ada, &[&bob, &cleo]).await;
    let room = lobby.pair(&ada, &bob, group).await;
    app.say_in_room(id(&ada), room, text("only for bob")).unwrap();
    lobby.hears("said only for bob").await;
    assert!(waits(&lobby.enter(&cleo, group).await));
    lobby.tick_after(Duration::from_secs(30)).await;
    assert!(lobby.place(&cleo).await.unwrap().room.is_none(), "threes are off");

    let edit = crate::groups::GroupEdit { lobby_threes: Some(true), ..Default::default() };
    app.change_group(&ada, group, edit).await.unwrap();
    app.leave_lobby(id(&cleo)).await.unwrap();
    lobby.enter(&cleo, group).await;
    lobby.tick_after(Duration::from_secs(9)).await;
    assert!(lobby.place(&cleo).await.unwrap().room.is_none());
    lobby.tick_after(Duration::from_secs(1)).await;
    lobby.hears("room of 3").await;

    app.say_in_room(id(&cleo), room, text("good evening")).unwrap();
    lobby.hears("said good evening").await;
    let seen = app.inner.lobby.seen_by(id(&cleo), room).unwrap();
    assert_eq!(seen.lines.len(), 1, "what was said before is none of theirs");
    assert!(
        matches!(
            app.report(id(&cleo), room, None, ReportReason::default()).await,
            Err(LobbyError::NotInRoom)
        ),
        "of two others it has to be said which"
    );
    app.leave_room(id(&ada), room).await.unwrap();
    lobby.hears("ada left 2").await;
}

#[tokio::test]
async fn what_both_keep_is_a_group_that_both_own() {
    let lobby = Lobby::new();
    let (app, house) = (&lobby.house.app, &lobby.house);
    let (ada, guest) = (house.account("ada").await, house.guest("Grace").await);
    let group = house.group(&ada, &[&guest]).await;
    let room = lobby.pair(&ada, &guest, group).await;

    assert_eq!(app.keep_room(id(&ada), room, true).await.unwrap(), Kept::NotYet);
    assert_eq!(app.keep_room(id(&ada), room, false).await.unwrap(), Kept::NotYet);
    assert_eq!(app.keep_room(id(&guest), room, true).await.unwrap(), Kept::NotYet);
    let Kept::Group(kept) = app.keep_room(id(&ada), room, true).await.unwrap() else {
        panic!("all have pressed it")
    };
    lobby.hears("kept").await;
    for owner in [&ada, &guest] {
        let membership = app.group(owner, kept).await.unwrap();
        assert_eq!(membership.role, parlor_core::Role::Owner);
        assert_eq!(membership.group.name.as_str(), "ada & Grace");
    }
    assert!(lobby.place(&ada).await.is_none() && lobby.place(&guest).await.is_none());
    assert!(matches!(app.say_in_room(id(&ada), room, text("still here?")), Err(LobbyError::NotInRoom)));

    // Each of them may leave; the last may not.
    app.remove_member(&ada, kept, ada.account.id).await.unwrap();
    assert_eq!(app.group(&guest, kept).await.unwrap().group.owner_id, guest.account.id);
    assert!(app.remove_member(&guest, kept, guest.account.id).await.is_err());
}

#[tokio::test]
async fn a_report_holds_what_its_author_saw_and_a_block_is_for_ever() {
    let lobby = Lobby::new();
    let (app, house) = (&lobby.house.app, &lobby.house);
    let (ada, bob, eve) =
        (house.account("ada").await, house.account("bob").await, house.account("eve").await);
    let group = house.group(&ada, &[&bob, &eve]).await;
    let room = lobby.pair(&bob, &eve, group).await;
    for number in 0..60 {
        app.say_in_room(id(&eve), room, text(&format!("line {number}"))).unwrap();
    }
    lobby.hears("said line 59").await;
    app.leave_room(id(&eve), room).await.unwrap();
    lobby.hears("eve left 1").await;
    let reason = ReportReason::parse("rude").unwrap();
    app.report(id(&bob), room, None, reason).await.unwrap();
    app.block(id(&bob), room, None).await.unwrap();
    assert!(app.report(id(&eve), room, None, ReportReason::default()).await.is_err(), "she has left");

    let page = app.reports(&ada, group, None, crate::PageLimit::default()).await.unwrap();
    let [report] = &page.items[..] else { panic!("one report") };
    assert_eq!(report.report.lines.len(), 50);
    assert_eq!(report.report.lines[49].text, "line 59");
    assert_eq!(report.report.about.account, Some(eve.account.id));
    assert!(app.reports(&bob, group, None, crate::PageLimit::default()).await.is_err());
    app.delete_report(&ada, group, report.id).await.unwrap();
    assert!(app.delete_report(&ada, group, report.id).await.is_err());

    app.leave_lobby(id(&bob)).await.unwrap();
    let other = house.group(&eve, &[&bob]).await;
    for lobby_of in [group, other] {
        lobby.enter(&bob, lobby_of).await;
        assert!(waits(&lobby.enter(&eve, lobby_of).await), "in no lobby");
    }
    assert_eq!(app.blocks(&bob, None, crate::PageLimit::default()).await.unwrap().items.len(), 1);
    assert!(app.blocks(&eve, None, crate::PageLimit::default()).await.unwrap().items.is_empty());
    assert!(!app.unblock(&eve, bob.account.id).await.unwrap(), "it is not hers to take back");
    assert!(app.unblock(&bob, eve.account.id).await.unwrap());
    let left = app.store().read(move |tx| blocks::list(tx, bob.account.id, None, 10)).await;
    assert!(left.unwrap().is_empty());
}

#[tokio::test]
async fn one_who_is_sent_away_is_in_the_lobby_no_more() {
    let lobby = Lobby::new();
    let (app, house) = (&lobby.house.app, &lobby.house);
    let (ada, bob, cleo) =
        (house.account("ada").await, house.account("bob").await, house.account("cleo").await);
    let group = house.group(&ada, &[&bob, &cleo]).await;
    let room = lobby.pair(&bob, &cleo, group).await;
    app.remove_member(&ada, group, bob.account.id).await.unwrap();
    lobby.hears("bob group_left 1").await;
    lobby.hears("out group_left").await;
    assert!(matches!(app.say_in_room(id(&bob), room, text("hey")), Err(LobbyError::NotInRoom)));
    assert!(matches!(app.enter_lobby(&bob, group, "socket").await, Err(LobbyError::NotFound)));
    app.delete_group(&ada, group).await.unwrap();
    lobby.hears("group gone").await;
    assert!(lobby.place(&cleo).await.is_none());
    let other = house.group(&cleo, &[]).await;
    assert!(waits(&lobby.enter(&cleo, other).await));
}

#[tokio::test]
async fn nobody_is_in_two_lobbies() {
    let lobby = Lobby::new();
    let (app, house) = (&lobby.house.app, &lobby.house);
    let (ada, bob) = (house.account("ada").await, house.account("bob").await);
    let (one, two) = (house.group(&ada, &[&bob]).await, house.group(&ada, &[&bob]).await);
    lobby.enter(&ada, one).await;
    lobby.enter(&ada, two).await;
    assert!(waits(&lobby.enter(&bob, one).await), "she waits elsewhere now");
    let room = room_of(&lobby.enter(&bob, two).await);
    assert!(matches!(app.enter_lobby(&bob, one, "s").await, Err(LobbyError::InRoomElsewhere)));
    app.leave_room(id(&ada), room).await.unwrap();
    assert!(waits(&lobby.enter(&bob, one).await), "what is over holds nobody");
}

#[tokio::test]
async fn a_stranger_comes_by_code_and_leaves_nothing() {
    let lobby = Lobby::new();
    let (app, house) = (&lobby.house.app, &lobby.house);
    let ada = house.account("ada").await;
    let group = house.group(&ada, &[]).await;
    let code = app.group(&ada, group).await.unwrap().group.access_code.unwrap();
    let hours = Duration::from_secs(12 * 3_600);
    let come = |code: &AccessCode, name: &str, from: u8, before| {
        let (code, name) = (code.clone(), DisplayName::parse(name).unwrap());
        let app = app.clone();
        async move {
            app.enter_lobby_by_code(code, name, &client_at(from), &format!("s{from}"), before, hours).await
        }
    };
    let wrong = AccessCode::parse("deadbeef").unwrap();
    assert!(matches!(come(&wrong, "Mo", 1, None).await, Err(LobbyError::NotFound)));

    let mo = come(&code, "Mo", 1, None).await.unwrap();
    assert!(waits(&mo));
    let room = room_of(&lobby.enter(&ada, group).await);
    assert!(matches!(app.keep_room(id(&ada), room, true).await, Err(LobbyError::NotAllHaveAccounts)));
    lobby.hears("room of 2").await;
    app.vanish_from_lobby(mo.who).await;
    assert_ne!(come(&code, "Mo", 2, None).await.unwrap().who, mo.who, "another address");
    assert_ne!(come(&code, "Jo", 1, None).await.unwrap().who, mo.who, "another name");
    let back = come(&code, "Mo", 1, None).await.unwrap();
    assert_eq!((back.who, room_of(&back)), (mo.who, room), "the same name from the same address");

    assert!(waits(&app.next_room(mo.who, room).await.unwrap()), "the others have met");
    lobby.tick_after(hours).await;
    lobby.hears("out expired").await;
    let who = mo.who;
    let place = app.store().read::<_, crate::Failure>(move |tx| places::load(tx, who)).await.unwrap();
    assert_eq!(place, None);
}
