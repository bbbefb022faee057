//! The stories that every database under the store must tell alike.

mod appending;
mod changing;
mod faces;
mod following;
mod model;
mod purging;
mod tables;
mod uploads;
