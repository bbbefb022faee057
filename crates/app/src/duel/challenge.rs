//! A duel among the members of a group: made, joined, started, left; and who may see one.

use super::arena::{DuelView, Line, Live, Mine, lock};
use super::{DuelError, FoundBy};
use crate::{App, Caller, Failure};
use parlor_core::duel::{Ask, Command, Seats, Terms};
use parlor_core::permission::{Action, may};
use parlor_core::{AccountId, DuelId, GroupId};
use parlor_store::duels::NewDuel;
use parlor_store::members;
use std::sync::{Arc, Mutex};

/// What a challenge is made with.
#[derive(Clone, Copy, Debug)]
pub struct Challenge {
    /// Whose members may join.
    pub group: GroupId,
    /// How many.
    pub seats: Seats,
    /// What is agreed upon.
    pub terms: Terms,
    /// Whether everybody may watch.
    pub public: bool,
}

/// Everything that somebody may see of a duel.
#[derive(Clone)]
pub struct Opened {
    /// As everybody sees it.
    pub view: DuelView,
    /// What is their own; `None` for a spectator.
    pub mine: Option<Mine>,
    /// The last lines.
    pub lines: Vec<Line>,
}

impl App {
    /// Makes a duel that members of a group may join. It starts when it is full, or when its owner says so.
    ///
    /// # Errors
    /// See [`DuelError`].
    #[tracing::instrument(name = "duel.challenge", skip_all, fields(account.id = caller.account.id.get()))]
    pub async fn challenge(&self, caller: &Caller, wanted: Challenge) -> Result<Opened, DuelError> {
        self.judge()?;
        self.may_step(caller.account.id)?;
        self.check_member(caller, wanted.group, Action::Send).await?;
        self.plays_nowhere(caller)?;
        let new = NewDuel {
            node: self.inner.node,
            group: Some(wanted.group),
            owner: Some(caller.account.id),
            public: wanted.public,
            terms: wanted.terms,
            seats: wanted.seats,
            at: self.now(),
        };
        let person = self.person(caller).await?;
        let arc = self.make_duel(new, vec![person]).await?;
        self.stop_seeking(caller.account.id);
        let mut live = lock(&arc);
        // Who makes it over a socket is there.
        self.change_duel(&arc, &mut live, Command::By { who: caller.account.id, ask: Ask::Back })?;
        Ok(self.opened(&live, caller))
    }

    /// Takes a place in a duel that has not begun; with the last one it begins.
    ///
    /// # Errors
    /// See [`DuelError`].
    pub async fn join_duel(&self, caller: &Caller, duel: DuelId) -> Result<Opened, DuelError> {
        self.judge()?;
        self.may_step(caller.account.id)?;
        let arc = self.visible(caller, duel).await?;
        let (group, plays) = {
            let live = lock(&arc);
            (live.new.group, live.duel.player(caller.account.id).is_some())
        };
        if let Some(group) = group {
            self.check_member(caller, group, Action::Send).await?;
        }
        if !plays {
            self.plays_nowhere(caller)?;
        }
        let person = self.person(caller).await?;
        let is_full = {
            let mut live = lock(&arc);
            if !plays {
                live.people.retain(|other| other.author.id != person.author.id);
                live.people.push(person);
            }
            let join = Command::By { who: caller.account.id, ask: Ask::Join };
            if let Err(refused) = self.change_duel(&arc, &mut live, join) {
                let players: Vec<_> = live.duel.players.iter().map(|player| player.account).collect();
                live.people.retain(|person| players.contains(&person.author.id));
                return Err(refused.into());
            }
            live.duel.is_full() && live.duel.round.is_none()
        };
        self.stop_seeking(caller.account.id);
        if is_full {
            match self.begin_duel(&arc, None, FoundBy::Challenge).await {
                // Somebody left between the two, or another one was quicker: it is told as it is.
                Ok(()) | Err(DuelError::Refused(_)) => {}
                Err(error) => return Err(error),
            }
        }
        let live = lock(&arc);
        Ok(self.opened(&live, caller))
    }

    /// Begins with those who are there; its owner only.
    ///
    /// # Errors
    /// See [`DuelError`].
    pub async fn start_duel(&self, caller: &Caller, duel: DuelId) -> Result<(), DuelError> {
        self.judge()?;
        self.may_step(caller.account.id)?;
        let arc = self.visible(caller, duel).await?;
        self.begin_duel(&arc, Some(caller.account.id), FoundBy::Challenge).await
    }

    /// Whether the caller may see a duel that is in this node's memory: then the group whose members alone may, besides
    /// its players, or `None` where everybody may.
    ///
    /// # Errors
    /// See [`DuelError`].
    pub async fn may_see_duel(&self, caller: &Caller, duel: DuelId) -> Result<Option<GroupId>, DuelError> {
        let arc = self.visible(caller, duel).await?;
        let live = lock(&arc);
        Ok(super::arena::members_of(&live.new))
    }

    /// Somebody is no member of a duel's group any more: in one that has not begun they lose their place. True if they
    /// play on.
    #[must_use]
    pub fn lost_membership(&self, account: AccountId, duel: DuelId) -> bool {
        let Ok(arc) = self.live(duel) else { return false };
        let mut live = lock(&arc);
        // Refused where it has begun, or where they do not play.
        let _ = self.change_duel(&arc, &mut live, Command::By { who: account, ask: Ask::Leave });
        live.duel.player(account).is_some()
    }

    /// Everything that the caller may see of a duel that is in this node's memory; who plays in it is there again.
    ///
    /// # Errors
    /// See [`DuelError`].
    pub async fn open_duel(&self, caller: &Caller, duel: DuelId) -> Result<Opened, DuelError> {
        let arc = self.visible(caller, duel).await?;
        let mut live = lock(&arc);
        if live.duel.player(caller.account.id).is_some() {
            let back = Command::By { who: caller.account.id, ask: Ask::Back };
            self.change_duel(&arc, &mut live, back)?;
        }
        Ok(self.opened(&live, caller))
    }

    /// The duel, if it is for the caller to see: a player, a member of its group, or anybody where it is public.
    pub(super) async fn visible(&self, caller: &Caller, duel: DuelId) -> Result<Arc<Mutex<Live>>, DuelError> {
        let arc = self.live(duel)?;
        let group = {
            let live = lock(&arc);
            if live.new.public || live.duel.player(caller.account.id).is_some() {
                None
            } else {
                Some(live.new.group.ok_or(DuelError::NotFound)?)
            }
        };
        if let Some(group) = group {
            self.check_member(caller, group, Action::Read).await?;
        }
        Ok(arc)
    }

    pub(super) async fn check_member(
        &self,
        caller: &Caller,
        group: GroupId,
        action: Action,
    ) -> Result<(), DuelError> {
        let (account, now) = (caller.account.id, self.now());
        let role = self
            .store()
            .read::<_, Failure>(move |tx| members::role_in_live_group(tx, group, account, now))
            .await?;
        may(role.ok_or(DuelError::NotFound)?, action, None)?;
        Ok(())
    }

    fn plays_nowhere(&self, caller: &Caller) -> Result<(), DuelError> {
        match self.inner.duels.of(caller.account.id) {
            Some(_) => Err(DuelError::PlaysElsewhere),
            None => Ok(()),
        }
    }

    pub(super) fn opened(&self, live: &Live, caller: &Caller) -> Opened {
        let who = caller.account.id;
        Opened {
            view: live.view(self.now()),
            mine: live.duel.player(who).map(|_| live.mine(who)),
            lines: live.lines.iter().cloned().collect(),
        }
    }
}
