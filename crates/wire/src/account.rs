//! Accounts, guests and sessions: what a client sends and gets.

use serde::{Deserialize, Serialize};

use crate::group::{Group, Role};
use crate::hidden::Hidden;
use crate::number::{Id, Seq};
use crate::time::Time;

/// Someone known to the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "account.ts"))]
pub struct Account {
    /// Never reused.
    pub id: Id,
    /// What one signs in with; guests have none.
    pub username: Option<String>,
    /// What others see.
    pub display_name: String,
    /// Known by display name only, without a password.
    pub guest: bool,
}

/// Who did something, as it stands in events and messages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "account.ts"))]
pub struct Author {
    /// The account.
    pub id: Id,
    /// Its display name.
    pub name: String,
}

/// `POST /accounts`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(
    feature = "describe",
    derive(ts_rs::TS, schemars::JsonSchema),
    ts(export_to = "account.ts", optional_fields)
)]
pub struct NewAccount {
    /// 3–32 letters, digits, `.`, `_`, `-`; compared without regard to case.
    pub username: String,
    /// 8–256 characters.
    pub password: Hidden,
    /// 1–40 characters; the username where it is missing.
    #[serde(default)]
    pub display_name: Option<String>,
    /// The one-time token of the first start; makes this account the server's admin.
    #[serde(default)]
    pub admin_token: Option<Hidden>,
}

/// `POST /sessions`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "account.ts"))]
pub struct SignIn {
    /// The name of the account.
    pub username: String,
    /// Its password.
    pub password: Hidden,
}

/// `POST /guests`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(
    feature = "describe",
    derive(ts_rs::TS, schemars::JsonSchema),
    ts(export_to = "account.ts", optional_fields)
)]
pub struct NewGuest {
    /// 1–40 characters.
    pub display_name: String,
    /// A group's code: the guest becomes a member of it at once.
    #[serde(default)]
    pub access_code: Option<Hidden>,
}

/// The answer of the three calls above.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "account.ts"))]
pub struct SignedIn {
    /// Who is signed in now.
    pub account: Account,
    /// The bearer token; it is not shown again.
    pub token: Hidden,
    /// The group that a guest entered by its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "describe", ts(optional))]
    pub group: Option<Group>,
}

/// `GET /me`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "account.ts"))]
pub struct Me {
    /// The caller.
    pub account: Account,
    /// Whether the caller runs this server.
    pub admin: bool,
    /// The caller's groups.
    pub groups: Vec<MyGroup>,
    /// Where `GET /groups` goes on, for somebody in more than two thousand; else null.
    pub next: Option<String>,
}

/// One of the caller's groups.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "account.ts"))]
pub struct MyGroup {
    /// The group.
    pub group: Group,
    /// The caller's role in it.
    pub role: Role,
    /// The last position of its log.
    pub head: Seq,
    /// The last position that the caller has read.
    pub last_read: Seq,
    /// Messages by others after it, without the deleted ones.
    pub unread: u64,
}

/// `PATCH /me`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "account.ts"))]
pub struct ChangeMe {
    /// 1–40 characters.
    pub display_name: String,
}

/// The answer of `PATCH /me`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "account.ts"))]
pub struct AccountAnswer {
    /// The account as it is now.
    pub account: Account,
}

/// `PUT /me/password`. Every other session of the account ends.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "account.ts"))]
pub struct ChangePassword {
    /// The password as it was.
    pub current: Hidden,
    /// 8–256 characters.
    pub password: Hidden,
}

/// One sign-in of the caller. The token itself is never shown again.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "account.ts"))]
pub struct Session {
    /// A number to tell them apart, and to end one.
    pub id: Id,
    /// When it was made.
    pub created_at: Time,
    /// When it was last used, to within an hour.
    pub last_used_at: Time,
    /// When it ends by itself, unless it is used before.
    pub expires_at: Time,
    /// How the program that signed in named itself.
    pub agent: Option<String>,
    /// The one that this call was made with.
    pub current: bool,
}

/// `GET /sessions`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "account.ts"))]
pub struct Sessions {
    /// The newest first.
    pub sessions: Vec<Session>,
    /// Lists of sessions are short: always null.
    pub next: Option<String>,
}
