//! Several real nodes over one PostgreSQL and one bus, people who talk on all of them, and faults: what was
//! acknowledged must be there, once, in one order, for everybody, whatever broke meanwhile.
//!
//! | file | what it does |
//! |---|---|
//! | [`run`] | one run: start everything, talk under faults, heal, look |
//! | `town`, `cast`, `crowd` | what runs, who there is, who talks |
//! | [`faults`] | which faults come when, from a seed |
//! | [`checker`] | what was wrong with a run, from what was recorded; pure |
//! | [`record`] | what clients did and saw |
//! | [`talker`] | a client that talks, loses its connection, comes back and repeats what was not acknowledged |
//! | [`session`] | one Socket.IO connection, as a stranger speaks it |
//! | [`engines`], [`node`], [`process`] | PostgreSQL, Redis, NATS and Parlor as processes that can be killed and frozen |
//! | [`proxy`] | a TCP road that can be cut in either direction |
//!
//! Everything is on loopback addresses and in temporary folders, and ends with the run.

mod cast;
pub mod checker;
mod crowd;
pub mod engines;
pub mod faults;
pub mod node;
pub mod process;
pub mod proxy;
pub mod record;
pub mod run;
pub mod session;
pub mod talker;
mod town;
