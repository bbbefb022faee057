//! The server under bare sockets: order, delivery, limits, deadlines, and what hostile clients send.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing has failed, also in its helpers")]

#[path = "../support/mod.rs"]
mod support;

mod acks;
mod deadlines;
mod hostile;
mod hostile_http;
mod isolation;
mod limits;
mod mutation;
mod ordering;
mod polling;
mod public_id;
mod rooms;
mod slow_readers;
mod stop;
#[cfg(feature = "tls")]
mod tls;
mod turns;
mod upgrade;
