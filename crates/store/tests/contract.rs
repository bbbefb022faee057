//! What every database under the store must keep. Written against [`Store`] alone: another database adds a [`Place`]
//! and runs the same stories.

#![allow(clippy::unwrap_used, reason = "tests say what went wrong by panicking")]

#[path = "contract/appending.rs"]
mod appending;
#[path = "contract/changing.rs"]
mod changing;
#[path = "contract/fixture.rs"]
mod fixture;
#[path = "contract/following.rs"]
mod following;
#[path = "contract/model.rs"]
mod model;
#[path = "contract/purging.rs"]
mod purging;
#[path = "contract/tables.rs"]
mod tables;
#[path = "contract/uploads.rs"]
mod uploads;
