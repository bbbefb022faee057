//! The stories that every database under the store must tell alike.

mod appending;
mod changing;
mod following;
mod model;
mod purging;
mod tables;
mod uploads;
