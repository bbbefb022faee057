//! Going on to somebody else, going away, and vanishing, which is neither until twenty seconds have passed.

use super::pairing::{pair_or_wait, step_out};
use super::{Entered, LobbyError, Scene};
use crate::App;
use parlor_bus::LobbyNotice;
use parlor_core::lobby::Departure;
use parlor_core::{RoomId, WaiterId};
use parlor_store::places::Place;
use parlor_store::{Failure, Write, places, rooms};

impl App {
    /// Takes somebody out of the lobby, and out of a room if they are in one. One who is in none stays in none.
    ///
    /// # Errors
    /// Ours, and `TooOften`.
    #[tracing::instrument(name = "lobby.leave", level = "debug", skip_all)]
    pub async fn leave_lobby(&self, who: WaiterId) -> Result<(), LobbyError> {
        self.may_move(who)?;
        self.decide(move |write, scene| {
            if let Some(place) = places::load(write, who)? {
                step_out(write, scene, place, Departure::Left, false)?;
            }
            Ok(())
        })
        .await
    }

    /// Leaves a room for good.
    ///
    /// # Errors
    /// See [`LobbyError`]; `NotInRoom` when they are not in it.
    #[tracing::instrument(name = "lobby.leave_room", level = "debug", skip_all, fields(room.id = room.get()))]
    pub async fn leave_room(&self, who: WaiterId, room: RoomId) -> Result<(), LobbyError> {
        self.may_move(who)?;
        self.decide(move |write, scene| {
            let place = in_room(write, who, room)?;
            step_out(write, scene, place, Departure::Left, false)?;
            Ok(())
        })
        .await
    }

    /// Leaves a room and waits for somebody else, who may be there at once.
    ///
    /// # Errors
    /// See [`LobbyError`]; `RoundRuns` at a table of speed chat where somebody else still sits.
    #[tracing::instrument(name = "lobby.next", level = "debug", skip_all, fields(room.id = room.get()))]
    pub async fn next_room(&self, who: WaiterId, room: RoomId) -> Result<Entered, LobbyError> {
        self.may_move(who)?;
        self.decide(move |write, scene| {
            let place = in_room(write, who, room)?;
            let is_table = rooms::load(write, room)?.is_some_and(|room| room.round_ends_at.is_some());
            if is_table && places::in_room(write, room)?.len() > 1 {
                return Err(LobbyError::RoundRuns);
            }
            wait_again(write, scene, place, Departure::Next)
        })
        .await
    }

    /// Notes that somebody's last socket on this node is gone. Their place is kept for
    /// [`parlor_core::lobby::PLACE_KEPT`]; while it is empty they are paired with nobody.
    ///
    /// Never lost: what the writer could not take now is tried again by the clock.
    #[tracing::instrument(name = "lobby.vanish", level = "debug", skip_all)]
    pub async fn vanish_from_lobby(&self, who: WaiterId) {
        if let Err(failure) = self.write_vanished(vec![who]).await {
            tracing::debug!(error = %failure, "somebody who vanished is noted a moment later");
            self.inner.lobby.vanish_later(who);
        }
    }

    /// Takes back what [`App::vanish_from_lobby`] noted: another socket of theirs came in at the same moment.
    pub async fn appear_in_lobby(&self, who: WaiterId) {
        let node = self.inner.node;
        let written = self.store().write(move |write| places::appear(write, who, node)).await;
        if let Err(failure) = written {
            tracing::warn!(error = %failure, "somebody who is in a lobby is taken for one who is away");
        }
    }

    /// Forgets whom one without an account met last: nobody can be them any more.
    pub fn forget_stranger(&self, who: WaiterId) {
        self.inner.lobby.forget_last_met(who);
    }

    pub(super) async fn write_vanished(&self, whos: Vec<WaiterId>) -> Result<(), Failure> {
        self.decide(move |write, scene| {
            for who in whos {
                if places::vanish(write, who, scene.node, scene.now)?
                    && let Some(place) = places::load(write, who)?
                    && place.room.is_none()
                {
                    scene.tell(LobbyNotice::Changed { group: place.group });
                }
            }
            Ok(())
        })
        .await
    }
}

/// The place of somebody who is in that room.
pub(super) fn in_room(write: &mut Write<'_>, who: WaiterId, room: RoomId) -> Result<Place, LobbyError> {
    let place = places::load(write, who)?.filter(|place| place.room == Some(room));
    place.ok_or(LobbyError::NotInRoom)
}

fn wait_again(
    write: &mut Write<'_>,
    scene: &mut Scene,
    place: Place,
    why: Departure,
) -> Result<Entered, LobbyError> {
    let (group, who) = (place.group, place.who);
    if places::allows_threes(write, group, scene.now)?.is_none() {
        return Err(LobbyError::NotFound);
    }
    let place = step_out(write, scene, place, why, true)?;
    let standing = pair_or_wait(write, scene, Place { since: scene.now, ..place })?;
    Ok(Entered { group, who, standing })
}
