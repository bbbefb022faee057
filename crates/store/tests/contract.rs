//! What every database under the store must keep, of SQLite. Written against [`Store`](parlor_store::Store) alone: another
//! database adds a place and runs the same stories.

#![allow(clippy::unwrap_used, reason = "tests say what went wrong by panicking")]

#[path = "contract/fixture.rs"]
mod fixture;
#[path = "contract/sqlite_place.rs"]
mod place;
#[path = "contract/stories.rs"]
mod stories;
