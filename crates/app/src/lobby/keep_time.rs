//! What is due by the clock in all lobbies: places that are given up, one left over who may join two, rounds that begin
//! or end. Every node looks; each decision is a transaction, so it is made once.

use super::pairing::{place_the_one_left_over, step_out};
use super::speed_chat::advance;
use crate::{App, Failure};
use parlor_bus::{LobbyNotice, Notice};
use parlor_core::lobby::{Departure, PLACE_KEPT, QUIET};
use parlor_core::{GroupId, WaiterId};
use parlor_store::{Write, places, speed_chats};
use std::time::Duration;

/// How often it is looked; so late a place is given up or a round begins at most.
const EVERY: Duration = Duration::from_millis(250);
/// Places that one transaction gives up at most, so that none lasts long.
const PORTION: i64 = 500;

/// What is due.
struct Due {
    given_up: Vec<WaiterId>,
    left_over: Vec<GroupId>,
    rounds: Vec<GroupId>,
}

impl App {
    /// Keeps the time of all lobbies, for ever; whoever starts the server runs it and drops it at the end.
    pub async fn keep_lobby_time(&self) {
        let mut round = tokio::time::interval(EVERY);
        round.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            round.tick().await;
            if let Err(failure) = self.lobby_tick().await {
                tracing::warn!(error = %failure, "the lobbies are behind the clock; tried again in a moment");
            }
        }
    }

    /// Takes the places over that were left when this database was last used, where this process has it for itself:
    /// whoever was connected then is not any more. Where there may be other nodes it does nothing.
    ///
    /// # Errors
    /// Ours only.
    pub async fn take_over_lobbies(&self) -> Result<(), Failure> {
        if !self.store().is_alone() {
            return Ok(());
        }
        let (node, now) = (self.inner.node, self.now());
        self.store().write(move |write| places::vanish_elsewhere(write, node, now)).await
    }

    /// One round of [`App::keep_lobby_time`].
    ///
    /// # Errors
    /// Ours only; what was not done is done in the next.
    #[tracing::instrument(name = "lobby.tick", level = "debug", skip_all)]
    pub async fn lobby_tick(&self) -> Result<(), Failure> {
        for group in self.inner.lobby.take_changed() {
            self.tell(Notice::Lobby(LobbyNotice::Changed { group }));
        }
        self.inner.lobby.forget_past(self.now());
        self.write_late_vanishings().await?;
        let due = self.due().await?;
        self.give_up_all(due.given_up).await?;
        for group in due.left_over {
            note(group, self.decide(move |write, scene| place_the_one_left_over(write, scene, group)).await);
        }
        for group in due.rounds {
            note(group, self.decide(move |write, scene| advance(write, scene, group)).await);
        }
        Ok(())
    }

    /// All in one decision; one by one where that fails, so that one of them does not hold up the others.
    async fn give_up_all(&self, whos: Vec<WaiterId>) -> Result<(), Failure> {
        if whos.is_empty() {
            return Ok(());
        }
        let all = whos.clone();
        let done =
            self.decide(move |write, scene| all.into_iter().try_for_each(|who| give_up(write, scene, who)));
        let Err(failure) = done.await else { return Ok(()) };
        if matches!(failure, Failure::Unavailable { .. }) {
            return Err(failure);
        }
        for who in whos {
            if let Err(failure) = self.decide(move |write, scene| give_up(write, scene, who)).await {
                tracing::error!(error = %failure, "a place in a lobby cannot be given up");
            }
        }
        Ok(())
    }

    async fn write_late_vanishings(&self) -> Result<(), Failure> {
        let vanished: Vec<WaiterId> = self.inner.lobby.take_vanished().into_iter().collect();
        if vanished.is_empty() {
            return Ok(());
        }
        let written = self.write_vanished(vanished.clone()).await;
        if written.is_err() {
            vanished.into_iter().for_each(|who| self.inner.lobby.vanish_later(who));
        }
        written
    }

    async fn due(&self) -> Result<Due, Failure> {
        let now = self.now();
        self.store()
            .read(move |tx| {
                Ok(Due {
                    given_up: places::given_up(tx, now, PORTION)?,
                    left_over: places::left_over_since(tx, now.minus(QUIET))?,
                    rounds: speed_chats::due(tx, now)?,
                })
            })
            .await
    }
}

/// One group that is broken does not stop the others.
fn note(group: GroupId, done: Result<(), Failure>) {
    if let Err(failure) = done {
        tracing::error!(error = %failure, group.id = group.get(), "a lobby is behind the clock");
    }
}

/// Takes somebody out whose place is given up, unless they came back in the meantime.
fn give_up(write: &mut Write<'_>, scene: &mut super::Scene, who: WaiterId) -> Result<(), Failure> {
    let Some(place) = places::load(write, who)? else { return Ok(()) };
    let group = place.group;
    let why = if place.expires_at.is_some_and(|end| end <= scene.now) {
        Departure::Expired
    } else if place.vanished_at.is_some_and(|at| at <= scene.now.minus(PLACE_KEPT)) {
        Departure::Vanished
    } else {
        return Ok(());
    };
    step_out(write, scene, place, why, false)?;
    scene.tell(LobbyNotice::Out { who, group, why });
    Ok(())
}
