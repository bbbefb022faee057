//! When somebody behaves badly in a room: reporting, which sends along what the reporter saw, and blocking, after which
//! the two never meet again.

use super::LobbyError;
use super::memory::Seen;
use crate::groups::GroupError;
use crate::limits::Limit;
use crate::{App, Caller, Page, PageLimit};
use parlor_bus::{Occupant, Said};
use parlor_core::permission::{Action, may};
use parlor_core::{Account, AccountId, GroupId, ReportId, ReportReason, RoomId, Timestamp, WaiterId};
use parlor_store::reports::{Line, NewReport, Person, Report};
use parlor_store::{blocks, members, reports};
use std::sync::Arc;

/// Whom the caller blocked.
#[derive(Clone, Debug)]
pub struct Block {
    /// Who.
    pub account: Account,
    /// Since when.
    pub at: Timestamp,
}

impl App {
    /// Reports somebody with whom the caller is or was in this room, while they are still in it themselves. The last
    /// lines that the caller saw go along: those this server passed on, not what a client says. Lines of one without an
    /// account never do: over the circle dialect nobody was told that they might.
    ///
    /// `about` may be left out where only one other was there.
    ///
    /// # Errors
    /// See [`LobbyError`]; `NotInRoom` also where `about` never was in the room, or is missing though there were two.
    #[tracing::instrument(name = "lobby.report", skip_all, fields(room.id = room.get()))]
    pub async fn report(
        &self,
        who: WaiterId,
        room: RoomId,
        about: Option<WaiterId>,
        reason: ReportReason,
    ) -> Result<ReportId, LobbyError> {
        let Seen { group, lines, ever } = self.inner.lobby.seen_by(who, room).ok_or(LobbyError::NotInRoom)?;
        let by = find(&ever, Some(who))?;
        let about = other(&ever, about, who)?;
        self.limits()
            .take(Limit::Report, self.limits().waiter(who), self.now())
            .map_err(|retry_after| LobbyError::TooOften { retry_after })?;
        let report = NewReport {
            group,
            by: person(by),
            about: person(about),
            reason: reason.as_str().to_owned(),
            lines: lines.iter().filter(|said| said.by.account().is_some()).map(line).collect(),
            at: self.now(),
        };
        self.store().write(move |write| Ok(reports::insert(write, &report)?)).await
    }

    /// Blocks somebody with whom the caller is or was in this room: they are never paired again, in no lobby.
    ///
    /// # Errors
    /// As [`App::report`].
    #[tracing::instrument(name = "lobby.block", skip_all, fields(room.id = room.get()))]
    pub async fn block(
        &self,
        who: WaiterId,
        room: RoomId,
        about: Option<WaiterId>,
    ) -> Result<(), LobbyError> {
        let seen = self.inner.lobby.seen_by(who, room).ok_or(LobbyError::NotInRoom)?;
        let about = other(&seen.ever, about, who)?.who;
        self.may_move(who)?;
        self.decide(move |write, scene| Ok(blocks::insert(write, who, about, scene.now)?)).await
    }

    /// Whom the caller blocked, by account id.
    ///
    /// # Errors
    /// Ours only.
    #[tracing::instrument(name = "lobby.blocks", skip_all, fields(account.id = caller.account.id.get()))]
    pub async fn blocks(
        &self,
        caller: &Caller,
        after: Option<AccountId>,
        limit: PageLimit,
    ) -> Result<Page<Block, AccountId>, crate::Failure> {
        let account = caller.account.id;
        let found = self.store().read(move |tx| blocks::list(tx, account, after, limit.get() + 1)).await?;
        let found = found.into_iter().map(|(account, at)| Block { account, at }).collect();
        Ok(Page::cut(found, limit, |block: &Block| block.account.id))
    }

    /// Takes a block back; whether there was one.
    ///
    /// # Errors
    /// Ours only.
    #[tracing::instrument(name = "lobby.unblock", skip_all, fields(account.id = caller.account.id.get()))]
    pub async fn unblock(&self, caller: &Caller, other: AccountId) -> Result<bool, crate::Failure> {
        let account = caller.account.id;
        self.store().write(move |write| blocks::delete(write, account, other)).await
    }

    /// The reports of a group's lobby, newest first, for those who keep order there.
    ///
    /// # Errors
    /// See [`GroupError`].
    #[tracing::instrument(
        name = "lobby.reports", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get())
    )]
    pub async fn reports(
        &self,
        caller: &Caller,
        group: GroupId,
        before: Option<ReportId>,
        limit: PageLimit,
    ) -> Result<Page<Report, ReportId>, GroupError> {
        let (now, account) = (self.now(), caller.account.id);
        let found = self
            .store()
            .read(move |tx| {
                let role =
                    members::role_in_live_group(tx, group, account, now)?.ok_or(GroupError::NotFound)?;
                may(role, Action::SeeReports, None)?;
                Ok::<_, GroupError>(reports::list(tx, group, before, limit.get() + 1)?)
            })
            .await?;
        Ok(Page::cut(found, limit, |report: &Report| report.id))
    }

    /// Deletes a report, with the lines in it.
    ///
    /// # Errors
    /// See [`GroupError`]; `NotFound` also where there is no such report.
    #[tracing::instrument(
        name = "lobby.delete_report", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get())
    )]
    pub async fn delete_report(
        &self,
        caller: &Caller,
        group: GroupId,
        report: ReportId,
    ) -> Result<(), GroupError> {
        let (now, account) = (self.now(), caller.account.id);
        self.store()
            .write(move |write| {
                let role =
                    members::role_in_live_group(write, group, account, now)?.ok_or(GroupError::NotFound)?;
                may(role, Action::SeeReports, None)?;
                if reports::delete(write, group, report)? { Ok(()) } else { Err(GroupError::NotFound) }
            })
            .await
    }
}

fn other(ever: &[Occupant], about: Option<WaiterId>, who: WaiterId) -> Result<&Occupant, LobbyError> {
    match about {
        Some(about) if about == who => Err(LobbyError::NotInRoom),
        Some(about) => find(ever, Some(about)),
        None => find(ever, only_other(ever, who)),
    }
}

fn only_other(ever: &[Occupant], who: WaiterId) -> Option<WaiterId> {
    let mut others = ever.iter().filter(|occupant| occupant.who != who);
    let one = others.next()?.who;
    others.next().is_none().then_some(one)
}

fn find(ever: &[Occupant], wanted: Option<WaiterId>) -> Result<&Occupant, LobbyError> {
    ever.iter().find(|occupant| Some(occupant.who) == wanted).ok_or(LobbyError::NotInRoom)
}

fn person(occupant: &Occupant) -> Person {
    Person { account: occupant.account(), name: occupant.name.clone() }
}

fn line(said: &Arc<Said>) -> Line {
    let by = Person { account: said.by.account(), name: said.name.clone() };
    Line { at: said.at, by, text: said.text.clone() }
}
