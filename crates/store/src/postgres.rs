//! PostgreSQL under the store: several nodes on one database, each with a few connections that write and some that read.
//!
//! **Locks.** One lock of the database's own, `Key`, has readers and writers: a transaction that runs jobs about whatever
//! takes it alone, so these are as serial as with SQLite; one that runs jobs about single groups shares it and then locks
//! the rows of those groups in `heads`, in the order of their ids. So nobody waits for anybody in a circle, each statement
//! sees what was committed before its transaction had its locks, and READ COMMITTED is enough: there is no deadlock and
//! no serialisation failure, and a job never has to run twice.
//!
//! **Order.** Per group, as it was handed in on a node; between nodes, as the locks are given. A node tells of its commits
//! to one group in their order, and of all others in the order of the commits.
//!
//! Reading order: [`address`], what a URL says; [`session`], one connection as a [`Tx`](crate::tx::Tx); [`link`], one that
//! comes back; [`writers`] and [`readers`], the threads; [`open`].

mod address;
mod link;
mod open;
mod readers;
mod session;
mod writers;

pub(crate) use open::open;
