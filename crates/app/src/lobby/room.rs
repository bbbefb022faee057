//! What is done in a room: saying something, being seen writing, keeping it.
//!
//! What is said is handed to the bus and to nobody else; a room that all would keep becomes a group, empty.

use super::leave::in_room;
use super::pairing::view_of;
use super::speed_chat::advance;
use super::{LobbyError, Scene};
use crate::access_codes::add_member;
use crate::limits::Limit;
use crate::{App, Failure};
use parlor_bus::lobby::{Place as AloudPlace, SaidAloud};
use parlor_bus::{LobbyNotice, Notice, RoomView, Said};
use parlor_core::{
    AccessCode, Account, Description, DisplayName, Epoch, GroupId, GroupName, MessageText, Role, RoomId,
    Rules, Timestamp, WaiterId,
};
use parlor_store::places::Place;
use parlor_store::{Write, accounts, groups, places, rooms};
use std::sync::Arc;

/// What is said in a room.
#[derive(Clone)]
pub enum Utterance {
    /// Text.
    Text(MessageText),
    /// What the circle dialect sent: a JSON object that is passed on as it came, and what of it can be read as text.
    Object {
        /// The object.
        raw: Box<str>,
        /// Its text.
        text: MessageText,
    },
}

/// What came of pressing keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Others have not pressed it yet, or it was taken back.
    NotYet,
    /// All have: the room is this group now.
    Group(GroupId),
}

impl App {
    /// Says something to everybody in a room, the one who says it too. Nothing of it is stored; the answer says when it
    /// was taken.
    ///
    /// # Errors
    /// See [`LobbyError`]; `NotInRoom` for one who is not in that room.
    #[tracing::instrument(name = "lobby.say", level = "debug", skip_all, fields(room.id = room.get()))]
    pub fn say_in_room(&self, who: WaiterId, room: RoomId, what: Utterance) -> Result<Timestamp, LobbyError> {
        let view = self.inner.lobby.room_of(who, room).ok_or(LobbyError::NotInRoom)?;
        let name = own_name(&view, who);
        self.may_speak(who)?;
        let at = self.now();
        let (text, raw) = match what {
            Utterance::Text(text) => (text.as_str().to_owned(), None),
            Utterance::Object { raw, text } => (text.as_str().to_owned(), Some(raw)),
        };
        let said = Said { room, by: who, name, at, text, raw };
        self.tell(Notice::Lobby(LobbyNotice::Said(Arc::new(said))));
        Ok(at)
    }

    /// Passes something on within the circle dialect: to a named place, to all who wait in a lobby, or to a room what its
    /// server says. Whether the sender is in it is the face's to say: it has the sockets.
    ///
    /// # Errors
    /// `TooOften`.
    pub fn say_aloud(&self, who: WaiterId, place: AloudPlace, raw: Box<str>) -> Result<(), LobbyError> {
        self.may_speak(who)?;
        self.tell(Notice::Lobby(LobbyNotice::SaidAloud(Arc::new(SaidAloud { place, raw }))));
        Ok(())
    }

    /// Tells a room that somebody writes, or has stopped. Too many are dropped in silence.
    ///
    /// # Errors
    /// `NotInRoom`.
    pub fn typing_in_room(&self, who: WaiterId, room: RoomId, on: bool) -> Result<(), LobbyError> {
        self.inner.lobby.room_of(who, room).ok_or(LobbyError::NotInRoom)?;
        let key = self.limits().waiter(who);
        if self.limits().take(Limit::Typing, key, self.now()).is_ok() {
            self.tell(Notice::Lobby(LobbyNotice::Typing { room, by: who, on }));
        }
        Ok(())
    }

    /// Tells a room that somebody has seen with whom they are and would talk.
    ///
    /// # Errors
    /// `NotInRoom`, `TooOften`.
    pub fn ready_in_room(&self, who: WaiterId, room: RoomId) -> Result<(), LobbyError> {
        self.inner.lobby.room_of(who, room).ok_or(LobbyError::NotInRoom)?;
        self.may_speak(who)?;
        self.tell(Notice::Lobby(LobbyNotice::Ready { room, by: who }));
        Ok(())
    }

    /// Presses keep, or takes it back. When all in the room have pressed it, it becomes a group that all of them own.
    ///
    /// # Errors
    /// See [`LobbyError`]; `Alone` when nobody else is there, `NotAllHaveAccounts` when one of them has none.
    #[tracing::instrument(name = "lobby.keep", level = "debug", skip_all, fields(room.id = room.get()))]
    pub async fn keep_room(&self, who: WaiterId, room: RoomId, on: bool) -> Result<Kept, LobbyError> {
        self.may_move(who)?;
        if let (true, Some(account)) = (on, who.account()) {
            // Each time somebody presses it a group may come of it.
            let key = self.limits().account(account);
            self.limits()
                .take(Limit::NewGroup, key, self.now())
                .map_err(|retry_after| LobbyError::TooOften { retry_after })?;
        }
        let code = AccessCode::from_random(self.random());
        let epoch = self.inner.edges.new_epoch();
        let app = self.clone();
        self.decide(move |write, scene| {
            let place = in_room(write, who, room)?;
            let others: Vec<Place> =
                places::in_room(write, room)?.into_iter().filter(|other| other.who != who).collect();
            if on && others.is_empty() {
                return Err(LobbyError::Alone);
            }
            if on && others.iter().chain([&place]).any(|place| place.who.account().is_none()) {
                return Err(LobbyError::NotAllHaveAccounts);
            }
            if place.keeps != on {
                places::put(write, &Place { keeps: on, ..place })?;
                scene.tell(LobbyNotice::Keeps { room, by: who, on });
            }
            if !on || others.iter().any(|other| !other.keeps) {
                return Ok(Kept::NotYet);
            }
            let (group, owners) = become_group(write, scene, room, code, epoch)?;
            write.after_commit(move || {
                for account in owners {
                    app.tell(Notice::Membership { group, account: account.id, role: Some(Role::Owner) });
                }
            });
            Ok(Kept::Group(group))
        })
        .await
    }

    pub(super) fn may_speak(&self, who: WaiterId) -> Result<(), LobbyError> {
        let key = self.limits().waiter(who);
        self.limits()
            .take(Limit::Message, key, self.now())
            .map_err(|retry_after| LobbyError::TooOften { retry_after })
    }
}

/// Those of a room get a group of their own, and leave the lobby. What was said stays behind: it was never kept.
fn become_group(
    write: &mut Write<'_>,
    scene: &mut Scene,
    room: RoomId,
    access_code: AccessCode,
    epoch: Epoch,
) -> Result<(GroupId, Vec<Account>), LobbyError> {
    let view = view_of(write, room)?.ok_or(LobbyError::NotInRoom)?;
    let mut owners = Vec::with_capacity(view.people.len());
    for occupant in &view.people {
        let account = occupant.account().ok_or(LobbyError::NotAllHaveAccounts)?;
        let stored = accounts::load(write, account)?;
        owners.push(stored.ok_or_else(|| Failure::internal("somebody in a room has no account"))?.account);
    }
    let new = groups::NewGroup {
        name: name_of(&owners),
        description: Description::default(),
        rules: Rules::default(),
        owner: owners[0].id,
        access_code,
        expires_at: None,
        epoch,
    };
    let made = groups::insert(write, &new, scene.now)?;
    let group = made.ok_or_else(|| Failure::internal("two access codes of 80 bits are the same"))?;
    for owner in &owners {
        add_member(write, group, owner, Role::Owner, scene.now)?;
    }
    for occupant in &view.people {
        places::delete(write, occupant.who)?;
    }
    rooms::delete(write, room)?;
    scene.tell(LobbyNotice::Kept { room, group });
    if view.round_ends_at.is_some() {
        advance(write, scene, view.group)?;
    }
    Ok((group, owners))
}

/// Their names, as many of them as fit.
fn name_of(owners: &[Account]) -> GroupName {
    let names: Vec<&str> = owners.iter().map(|owner| owner.display_name.as_str()).collect();
    let cut: String = names.join(" & ").chars().take(GroupName::MOST).collect();
    GroupName::parse(&cut).unwrap_or_else(|_| GroupName::from_stored("A room that was kept"))
}

fn own_name(view: &RoomView, who: WaiterId) -> DisplayName {
    view.find(who).map_or_else(|| DisplayName::from_stored("Anonymous"), |occupant| occupant.name.clone())
}
