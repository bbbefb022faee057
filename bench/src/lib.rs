//! Measurements: what a delivery, a connection and a durable message cost. `README.md` has the method.
//!
//! Reading order: [`sys`] (the few system calls std lacks), [`frame`] (websocket frames), [`client`] (one
//! Socket.IO connection), [`ledger`] (who received what), [`fleet`] (all in one room), [`phase`]
//! (one measured stretch of time), [`proc`] (what the server spent meanwhile), [`child`] (servers as processes),
//! [`suite`] (which), [`book`] and [`report`] (medians and tables). The binaries in
//! `src/bin` put these together. For chat: [`chat_servers`], [`rest`] and [`senders`]; for the lobby: [`joiners`].

pub mod args;
pub mod book;
pub mod chat_servers;
pub mod child;
pub mod client;
pub mod disk;
pub mod fanout_tables;
pub mod fleet;
pub mod frame;
pub mod hist;
pub mod joiners;
pub mod ledger;
pub mod phase;
pub mod proc;
pub mod report;
pub mod rest;
pub mod senders;
pub mod stalled;
pub mod suite;
pub mod sys;
