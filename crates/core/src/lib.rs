//! The rules of Parlor: pure, without clock, randomness or IO.
//!
//! Whatever depends on the moment or on chance takes it as a parameter, so every rule can be tested by itself.
//! This crate must never know a database, a socket, JSON or a runtime.
//!
//! Reading order: [`ids`] and [`time`], the words of the house; [`text`], [`names`], [`credentials`], [`message`] and
//! [`emoji`], where input becomes a value that cannot be wrong; [`account`], [`group`] and [`event`], what there is and
//! what can happen; [`permission`], who may; [`cursor`], [`slow_mode`] and [`mention`], small rules of their own;
//! [`lobby`], who meets whom; [`watch`], what a group watches together; [`upload`], the files that people bring;
//! [`duel`] and [`race`], who wins; [`social`], what an older face knows besides; [`refusal`], how an operation says no.

pub mod account;
pub mod attachment;
pub mod credentials;
pub mod cursor;
pub mod duel;
pub mod emoji;
pub mod event;
pub mod group;
pub mod ids;
pub mod lobby;
pub mod mention;
pub mod message;
pub mod names;
pub mod permission;
pub mod race;
pub mod refusal;
pub mod slow_mode;
pub mod social;
pub mod text;
pub mod time;
pub mod upload;
pub mod watch;

pub use account::{Account, Author};
pub use attachment::{Attachment, AttachmentIds};
pub use credentials::{AccessCode, Password};
pub use cursor::{Cursor, Step};
pub use emoji::Emoji;
pub use event::{Event, EventBody, GroupChange, LeaveReason};
pub use group::{Ban, Group, Lifetime, Member, Membership};
pub use ids::{
    AccountId, DuelId, Epoch, GroupId, ID_LIMIT, ItemId, Position, ReportId, RoomId, Seq, SessionId, UploadId,
};
pub use lobby::{History, SpeedChat, Waiter, WaiterId};
pub use message::{ClientId, Message, MessageText, ReactionCount};
pub use names::{BanReason, Description, DisplayName, GroupName, ReportReason, Rules, Username};
pub use permission::{Action, Denied, Role};
pub use refusal::{Code, Invalid, Refusal};
pub use slow_mode::SlowMode;
pub use time::Timestamp;
pub use upload::{FileKey, FileKind, FileName, MediaType, Picture, Upload, UploadState};
