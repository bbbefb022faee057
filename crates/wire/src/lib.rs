//! The JSON shapes that clients and nodes see.
//!
//! They outlive any refactoring: `core` types carry the rules and no serde, the types here carry serde and no rule,
//! and `convert` writes out how one becomes the other. The same types make the TypeScript in `web/src/wire`, the
//! OpenAPI document and, through the golden files in `tests/golden`, a promise to programs outside.
//!
//! Must never know: HTTP, sockets, the database. Read `event` first, then `group`, `message`, `socket`, `routes`.

pub mod account;
pub mod convert;
pub mod duel;
pub mod event;
pub mod group;
pub mod hidden;
pub mod judge;
pub mod lobby;
pub mod message;
pub mod number;
pub mod openapi;
pub mod parse;
pub mod problem;
pub mod routes;
pub mod server;
pub mod signal;
pub mod socket;
pub mod time;
pub mod upload;
pub mod video;
pub mod watch;

#[cfg(feature = "describe")]
pub mod describe;
