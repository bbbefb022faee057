//! Groups, members, messages and players as one of the group sees them, with the people and groups that they speak of.

use crate::Failure;
use parlor_core::social::MessageNumber;
use parlor_core::{AccountId, GroupId, GroupName, MessageText, Timestamp};
use parlor_store::social::{self as store, Person, Standing};
use parlor_store::tx::Tx;
use std::collections::HashMap;
use std::sync::Arc;

/// A group.
#[derive(Clone, Debug)]
pub struct SocialGroup {
    /// Its id.
    pub id: GroupId,
    /// What it is called.
    pub name: GroupName,
    /// Who owns it.
    pub owner: Option<Arc<Person>>,
    /// JSON as it came.
    pub secondary_user: Option<String>,
}

/// A member of a group.
#[derive(Clone, Debug)]
pub struct SocialMember {
    /// Its number: the same for ever.
    pub number: i64,
    /// Of which group.
    pub group: Arc<SocialGroup>,
    /// Who.
    pub person: Option<Arc<Person>>,
}

/// A message that is not deleted.
#[derive(Clone, Debug)]
pub struct SocialMessage {
    /// Its number: the same for ever.
    pub number: MessageNumber,
    /// In which group.
    pub group: Arc<SocialGroup>,
    /// Who wrote it; `None` when their account is gone.
    pub owner: Option<Arc<Person>>,
    /// Its newest text.
    pub text: MessageText,
    /// When it was sent.
    pub created_at: Timestamp,
}

/// What a group watches.
#[derive(Clone, Debug)]
pub struct SocialPlayer {
    /// The group, whose id is the player's too: there is one.
    pub group: Arc<SocialGroup>,
    /// The address of what is on, or its title.
    pub name: String,
}

/// Who looks, and whom they have seen already in this answer.
pub(super) struct Eyes {
    viewer: AccountId,
    now: Timestamp,
    people: HashMap<AccountId, Option<Arc<Person>>>,
}

impl Eyes {
    pub(super) fn of(viewer: AccountId, now: Timestamp) -> Self {
        Self { viewer, now, people: HashMap::new() }
    }

    /// Somebody; `None` when their account is gone.
    pub(super) fn person(&mut self, tx: &mut dyn Tx, id: AccountId) -> Result<Option<Arc<Person>>, Failure> {
        if let Some(known) = self.people.get(&id) {
            return Ok(known.clone());
        }
        let person = store::person(tx, self.viewer, id, self.now)?.map(Arc::new);
        self.people.insert(id, person.clone());
        Ok(person)
    }

    pub(super) fn group(&mut self, tx: &mut dyn Tx, standing: Standing) -> Result<Arc<SocialGroup>, Failure> {
        let owner = self.person(tx, standing.owner)?;
        let Standing { id, name, secondary_user, .. } = standing;
        Ok(Arc::new(SocialGroup { id, name, owner, secondary_user }))
    }
}
