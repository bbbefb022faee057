//! Someone known to the server, as others see them.

use crate::{AccountId, DisplayName, Username};

/// An account: registered (with a username and a password) or a guest (a display name only).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// What it signs in with; `None` for a guest.
    pub username: Option<Username>,
    /// What others see.
    pub display_name: DisplayName,
    /// Whether it is a guest.
    pub guest: bool,
}

impl Account {
    /// The account as the one who did something.
    #[must_use]
    pub fn author(&self) -> Author {
        Author { id: self.id, name: self.display_name.clone() }
    }
}

/// Who did something, with the name that they had then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    /// The account.
    pub id: AccountId,
    /// Its display name at that time.
    pub name: DisplayName,
}
