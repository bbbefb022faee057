//! Nodes, clients and faults for the tests.
//!
//! [`Node`] is a real server on a free port with a data folder of its own; [`Person`] is somebody who is signed in on it
//! and speaks plain HTTP; [`http`] sends exactly the bytes that a test wants. [`until`] waits for a condition.
//! [`Schema`] is a place in a real PostgreSQL, for nodes that share one. [`youtube`] stands in for the real one.
//! A test tells a story: `ada.makes_group("Reading")`, `grace.joins(&group)`, `grace.sends(&group, "hello")`.

#![expect(clippy::missing_panics_doc, reason = "everything here panics where a test should fail")]

mod files;
pub mod http;
mod node;
mod person;
mod postgres;
mod until;
pub mod youtube;

pub use http::{Answer, Http};
pub use node::Node;
pub use person::{Group, Person};
pub use postgres::Schema;
pub use until::until;
pub use youtube::YouTube;
