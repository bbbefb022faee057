//! Members of groups of this face, each with a number.

use super::seen::Eyes;
use super::users::{Left, leave_for_good};
use super::{SocialError, SocialMember, one_or_all, owned, standing};
use crate::access_codes::add_member;
use crate::members::remove;
use crate::{App, Caller, Failure};
use parlor_bus::Notice;
use parlor_core::{AccountId, GroupId, LeaveReason, Role, Timestamp};
use parlor_store::tx::Tx;
use parlor_store::{Write, accounts, bans, members, social as store};

/// Most members of a list.
const MOST_MEMBERS: usize = 10_000;

/// What a member is moved to; `None` stays as it is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seat {
    group: Option<GroupId>,
    person: Option<AccountId>,
}

impl App {
    /// The members of a group, those of longest standing first; without one, of all the caller's groups. At most
    /// 10,000.
    ///
    /// # Errors
    /// See [`SocialError`].
    #[tracing::instrument(name = "social.members", skip_all, fields(account.id = caller.account.id.get()))]
    pub async fn social_members(
        &self,
        caller: &Caller,
        group: Option<GroupId>,
    ) -> Result<Vec<SocialMember>, SocialError> {
        let (now, account) = (self.now(), caller.account.id);
        match self.store().read(move |tx| list(tx, group, account, now)).await? {
            Listed::All(members) => Ok(members),
            // Who came natively gets a number now.
            Listed::Unnumbered => {
                self.store()
                    .write(move |write| {
                        for there in one_or_all(write, group, account, now)? {
                            store::number_members(write, there.id)?;
                        }
                        match list(write, group, account, now)? {
                            Listed::All(members) => Ok(members),
                            Listed::Unnumbered => Err(Failure::internal("a member has no number").into()),
                        }
                    })
                    .await
            }
        }
    }

    /// Makes somebody of this face a member; by the owner only. Who is one already stays one.
    ///
    /// # Errors
    /// See [`SocialError`].
    #[tracing::instrument(
        name = "social.add_member", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get(), target.id = target.get())
    )]
    pub async fn add_social_member(
        &self,
        caller: &Caller,
        group: GroupId,
        target: AccountId,
    ) -> Result<SocialMember, SocialError> {
        let (now, account) = (self.now(), caller.account.id);
        let (member, is_new) = self
            .store()
            .write(move |write| {
                let there = owned(write, group, account, now)?;
                let is_new = members::role(write, group, target)?.is_none();
                if is_new {
                    admit(write, group, target, now)?;
                }
                store::number_members(write, group)?;
                let mut eyes = Eyes::of(account, now);
                let group = eyes.group(write, there)?;
                let person = eyes.person(write, target)?;
                let number = number(write, group.id, target)?;
                Ok::<_, SocialError>((SocialMember { number, group, person }, is_new))
            })
            .await?;
        if is_new {
            self.tell(Notice::Membership { group, account: target, role: Some(Role::Member) });
        }
        Ok(member)
    }

    /// Puts somebody else into a member's place, or the member into another group, or both; by the owner of both groups
    /// only. The number stays.
    ///
    /// # Errors
    /// See [`SocialError`]; `MembersConflict` where who is to come is a member, or who is to go owns the group.
    #[tracing::instrument(name = "social.move_member", skip_all, fields(account.id = caller.account.id.get()))]
    pub async fn move_social_member(
        &self,
        caller: &Caller,
        number: i64,
        to_group: Option<GroupId>,
        to_person: Option<AccountId>,
    ) -> Result<SocialMember, SocialError> {
        let (now, by, app) = (self.now(), caller.account.clone(), self.clone());
        let seat = Seat { group: to_group, person: to_person };
        let (member, notices) = self
            .store()
            .write(move |write| {
                let (group, person) = store::member(write, number)?.ok_or(SocialError::NotFound)?;
                owned(write, group, by.id, now)?;
                let (to_group, to_person) = (seat.group.unwrap_or(group), seat.person.unwrap_or(person));
                let there = owned(write, to_group, by.id, now)?;
                let mut notices = Vec::new();
                if (to_group, to_person) != (group, person) {
                    let leaving = members::load(write, group, person)?.ok_or(SocialError::NotFound)?;
                    let is_taken = members::role(write, to_group, to_person)?.is_some();
                    if leaving.role == Role::Owner || is_taken {
                        return Err(SocialError::MembersConflict);
                    }
                    remove(&app, write, group, &by, leaving.account, LeaveReason::Kicked, now)?;
                    admit(write, to_group, to_person, now)?;
                    store::move_number(write, number, to_group, to_person)?;
                    notices.push(Notice::Membership { group, account: person, role: None });
                    let role = Some(Role::Member);
                    notices.push(Notice::Membership { group: to_group, account: to_person, role });
                }
                let mut eyes = Eyes::of(by.id, now);
                let group = eyes.group(write, there)?;
                let person = eyes.person(write, to_person)?;
                Ok((SocialMember { number, group, person }, notices))
            })
            .await?;
        notices.into_iter().for_each(|notice| self.tell(notice));
        Ok(member)
    }

    /// Ends a membership: one's own, or by the owner anybody's. What an owner leaves passes on as when they go for good.
    ///
    /// # Errors
    /// See [`SocialError`].
    #[tracing::instrument(name = "social.remove_member", skip_all, fields(account.id = caller.account.id.get()))]
    pub async fn remove_social_member(&self, caller: &Caller, number: i64) -> Result<(), SocialError> {
        let (now, by, app) = (self.now(), caller.account.clone(), self.clone());
        let notice = self
            .store()
            .write(move |write| {
                let (group, person) = store::member(write, number)?.ok_or(SocialError::NotFound)?;
                let own = standing(write, group, by.id, now)?;
                let out = Notice::Membership { group, account: person, role: None };
                if person == by.id {
                    let left = leave_for_good(&app, write, group, own.role, &by, now)?;
                    return Ok(if left == Left::Gone { Notice::GroupGone { group } } else { out });
                }
                let target = members::load(write, group, person)?.ok_or(SocialError::NotFound)?;
                // Of several owners, who kept a room together, none sends another away.
                if own.role != Role::Owner || target.role == Role::Owner {
                    return Err(SocialError::Denied);
                }
                remove(&app, write, group, &by, target.account, LeaveReason::Kicked, now)?;
                Ok(out)
            })
            .await?;
        self.tell(notice);
        Ok(())
    }
}

/// A list of members, or that some of them have no number yet.
enum Listed {
    All(Vec<SocialMember>),
    Unnumbered,
}

fn list(
    tx: &mut dyn Tx,
    group: Option<GroupId>,
    account: AccountId,
    now: Timestamp,
) -> Result<Listed, SocialError> {
    let mut eyes = Eyes::of(account, now);
    let mut listed = Vec::new();
    for there in one_or_all(tx, group, account, now)? {
        let left = MOST_MEMBERS.saturating_sub(listed.len());
        let members = store::members(tx, there.id, i64::try_from(left).unwrap_or(0))?;
        let group = eyes.group(tx, there)?;
        for (account, number) in members {
            let Some(number) = number else { return Ok(Listed::Unnumbered) };
            let person = eyes.person(tx, account)?;
            listed.push(SocialMember { number, group: group.clone(), person });
        }
    }
    Ok(Listed::All(listed))
}

/// Makes somebody of this face a member who was none.
fn admit(
    write: &mut Write<'_>,
    group: GroupId,
    person: AccountId,
    now: Timestamp,
) -> Result<(), SocialError> {
    store::profile(write, person)?.ok_or(SocialError::NotFound)?;
    let stored = accounts::load(write, person)?.ok_or(SocialError::NotFound)?;
    if bans::is_banned(write, group, person)? {
        return Err(SocialError::Denied);
    }
    Ok(add_member(write, group, &stored.account, Role::Member, now)?)
}

fn number(tx: &mut dyn Tx, group: GroupId, account: AccountId) -> Result<i64, SocialError> {
    let number = store::number(tx, group, account)?;
    Ok(number.ok_or_else(|| Failure::internal("a member has no number"))?)
}
