//! Groups, members and bans: what a client sends and gets.

use serde::{Deserialize, Deserializer, Serialize};

use crate::account::Account;
use crate::hidden::Hidden;
use crate::number::{Id, Seq};
use crate::time::Time;

/// What a member may do; a table in `core::permission` says which is what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "group.ts"))]
pub enum Role {
    /// There is one; may everything.
    Owner,
    /// Keeps order.
    Moderator,
    /// Takes part.
    Member,
    /// Takes part without a password of its own.
    Guest,
}

/// The durable place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "group.ts"))]
pub struct Group {
    /// Never reused.
    pub id: Id,
    /// 1–80 characters.
    pub name: String,
    /// What it is about.
    pub description: String,
    /// What its owner asks of its members.
    pub rules: String,
    /// The account that owns it.
    pub owner_id: Id,
    /// Owner and moderators only: the code with which others join, null while it is turned off.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "describe", ts(optional))]
    pub access_code: Option<Option<Hidden>>,
    /// Seconds that a member waits between two messages; 0 is off.
    pub slow_mode_s: u32,
    /// Whether one who is left over in the lobby may join two others.
    pub lobby_threes: bool,
    /// When it was made.
    pub created_at: Time,
    /// When it ends by itself; null is never.
    pub expires_at: Option<Time>,
    /// The life of its log.
    pub epoch: Seq,
    /// The last position of its log.
    pub head: Seq,
}

/// `POST /groups`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(
    feature = "describe",
    derive(ts_rs::TS, schemars::JsonSchema),
    ts(export_to = "group.ts", optional_fields)
)]
pub struct NewGroup {
    /// 1–80 characters.
    pub name: String,
    /// What it is about.
    #[serde(default)]
    pub description: Option<String>,
    /// What its owner asks of its members.
    #[serde(default)]
    pub rules: Option<String>,
    /// It ends by itself after this many seconds.
    #[serde(default)]
    pub expires_in_s: Option<u64>,
}

/// `PATCH /groups/{id}`: a field that is missing stays as it is.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "group.ts"))]
pub struct ChangeGroup {
    /// 1–80 characters.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "describe", ts(optional), schemars(with = "String"))]
    pub name: Option<String>,
    /// What it is about.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "describe", ts(optional), schemars(with = "String"))]
    pub description: Option<String>,
    /// What its owner asks of its members.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "describe", ts(optional), schemars(with = "String"))]
    pub rules: Option<String>,
    /// Seconds that a member waits between two messages; 0 turns it off.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "describe", ts(optional), schemars(with = "u32"))]
    pub slow_mode_s: Option<u32>,
    /// Whether one who is left over in the lobby may join two others.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "describe", ts(optional), schemars(with = "bool"))]
    pub lobby_threes: Option<bool>,
    /// It ends after this many seconds from now; null is never.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "describe", ts(optional))]
    pub expires_in_s: Option<Option<u64>>,
}

/// The answer of every call that makes or changes a group.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "group.ts"))]
pub struct GroupAnswer {
    /// The group as it is now.
    pub group: Group,
}

/// `GET /groups`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "group.ts"))]
pub struct Groups {
    /// The caller's groups.
    pub groups: Vec<Group>,
    /// Where the next page begins; null is the end.
    pub next: Option<String>,
}

/// `POST /groups/join`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "group.ts"))]
pub struct JoinGroup {
    /// The code that a member passed on.
    pub access_code: Hidden,
}

/// Someone's place in a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "group.ts"))]
pub struct Member {
    /// Who.
    pub account: Account,
    /// As what.
    pub role: Role,
    /// The last position that they have read.
    pub last_read: Seq,
    /// Since when.
    pub joined_at: Time,
}

/// `GET /groups/{id}/members`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "group.ts"))]
pub struct Members {
    /// In the order in which they joined.
    pub members: Vec<Member>,
    /// Where the next page begins; null is the end.
    pub next: Option<String>,
}

/// `PATCH /groups/{id}/members/{account_id}`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "group.ts"))]
pub struct ChangeMember {
    /// `moderator` or `member`.
    pub role: Role,
}

/// The answer of a change of role.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "group.ts"))]
pub struct MemberAnswer {
    /// The member as it is now.
    pub member: Member,
}

/// `POST /groups/{id}/owner`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "group.ts"))]
pub struct HandOver {
    /// The member who owns the group from now on.
    pub account_id: Id,
}

/// `POST /groups/{id}/bans`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(
    feature = "describe",
    derive(ts_rs::TS, schemars::JsonSchema),
    ts(export_to = "group.ts", optional_fields)
)]
pub struct NewBan {
    /// Who may not be here.
    pub account_id: Id,
    /// Shown to owner and moderators.
    #[serde(default)]
    pub reason: Option<String>,
}

/// Someone who may not come back, not even with the code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "group.ts"))]
pub struct Ban {
    /// Who.
    pub account: Account,
    /// Why, where somebody said so.
    pub reason: Option<String>,
    /// Which moderator.
    pub by_id: Id,
    /// Since when.
    pub at: Time,
}

/// The answer of a ban.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "group.ts"))]
pub struct BanAnswer {
    /// The ban.
    pub ban: Ban,
}

/// `GET /groups/{id}/bans`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "group.ts"))]
pub struct Bans {
    /// The newest first.
    pub bans: Vec<Ban>,
    /// Where the next page begins; null is the end.
    pub next: Option<String>,
}

/// Tells `null` (`Some(None)`, or refused where `T` has no null) from a field that is missing (`None`, by `default`).
pub(crate) fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}
