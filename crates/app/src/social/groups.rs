//! Groups of this face: found, made, changed, deleted.

use super::seen::Eyes;
use super::{MOST_GROUPS, SocialError, SocialGroup, owned, standing};
use crate::groups::NewGroup;
use crate::{App, Caller};
use parlor_core::{Description, EventBody, GroupChange, GroupId, GroupName, Rules};
use parlor_store::{groups, log, social as store};
use std::sync::Arc;

/// Whom else a group names: JSON of a string or a number, as it came, or nothing.
pub type SecondaryUser = Option<String>;

/// What changes of a group; `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct SocialGroupEdit {
    /// The new name.
    pub name: Option<GroupName>,
    /// The new secondary user.
    pub secondary_user: Option<SecondaryUser>,
}

impl App {
    /// The caller's groups of this face, at most 1,000.
    ///
    /// # Errors
    /// See [`SocialError`].
    #[tracing::instrument(name = "social.groups", skip_all, fields(account.id = caller.account.id.get()))]
    pub async fn social_groups(&self, caller: &Caller) -> Result<Vec<Arc<SocialGroup>>, SocialError> {
        let (now, account) = (self.now(), caller.account.id);
        self.store()
            .read(move |tx| {
                let mut eyes = Eyes::of(account, now);
                let there = store::standings(tx, account, now, MOST_GROUPS)?;
                there.into_iter().map(|there| Ok(eyes.group(tx, there)?)).collect()
            })
            .await
    }

    /// One of the caller's groups.
    ///
    /// # Errors
    /// See [`SocialError`].
    #[tracing::instrument(
        name = "social.group", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get())
    )]
    pub async fn social_group(
        &self,
        caller: &Caller,
        group: GroupId,
    ) -> Result<Arc<SocialGroup>, SocialError> {
        let (now, account) = (self.now(), caller.account.id);
        self.store()
            .read(move |tx| {
                let there = standing(tx, group, account, now)?;
                Ok(Eyes::of(account, now).group(tx, there)?)
            })
            .await
    }

    /// Makes a group of this face; the caller owns it.
    ///
    /// # Errors
    /// See [`SocialError`].
    #[tracing::instrument(name = "social.create_group", skip_all, fields(account.id = caller.account.id.get()))]
    pub async fn create_social_group(
        &self,
        caller: &Caller,
        name: GroupName,
        secondary_user: SecondaryUser,
    ) -> Result<Arc<SocialGroup>, SocialError> {
        let new =
            NewGroup { name, description: Description::default(), rules: Rules::default(), expires_in: None };
        let made = self
            .create_group_and(caller, new, move |write, group| {
                store::insert_group(write, group, secondary_user.as_deref())?;
                store::number_members(write, group)
            })
            .await?;
        self.social_group(caller, made.id).await
    }

    /// Changes a group; its owner only.
    ///
    /// # Errors
    /// See [`SocialError`].
    #[tracing::instrument(
        name = "social.change_group", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get())
    )]
    pub async fn change_social_group(
        &self,
        caller: &Caller,
        group: GroupId,
        edit: SocialGroupEdit,
    ) -> Result<Arc<SocialGroup>, SocialError> {
        let (now, account) = (self.now(), caller.account.clone());
        self.store()
            .write(move |write| {
                let before = owned(write, group, account.id, now)?;
                if let Some(secondary_user) = &edit.secondary_user {
                    store::set_secondary_user(write, group, secondary_user.as_deref())?;
                }
                if let Some(name) = edit.name.filter(|name| *name != before.name) {
                    let change = GroupChange { name: Some(name), ..GroupChange::default() };
                    groups::change(write, group, &change)?;
                    log::append(write, group, &account.author(), now, EventBody::GroupUpdated(change))?;
                }
                let after = standing(write, group, account.id, now)?;
                Ok(Eyes::of(account.id, now).group(write, after)?)
            })
            .await
    }

    /// Deletes a group with everything in it; its owner only.
    ///
    /// # Errors
    /// See [`SocialError`].
    pub async fn delete_social_group(&self, caller: &Caller, group: GroupId) -> Result<(), SocialError> {
        let (now, account) = (self.now(), caller.account.id);
        self.store().read(move |tx| owned(tx, group, account, now).map(drop)).await?;
        Ok(self.delete_group(caller, group).await?)
    }
}
