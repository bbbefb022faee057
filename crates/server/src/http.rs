//! REST v1: one file for each kind of thing, and the few that all of them need.
//!
//! A handler parses (`path`, `query`, `body` and the values of `core`), calls one operation of `app`, and writes the
//! answer down with a shape of `wire`. No rule lives here.

pub mod access_codes;
pub mod accounts;
pub mod bans;
pub mod body;
pub mod client;
pub mod cross_origin;
pub mod docs;
pub mod duels;
pub mod groups;
pub mod headers;
pub mod health;
pub mod lobby;
pub mod members;
pub mod messages;
pub mod path;
pub mod problem;
pub mod query;
pub mod server_info;
pub mod session;
pub mod sessions;
pub mod uploads;
pub mod videos;
pub mod watch;
