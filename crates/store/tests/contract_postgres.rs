//! What every database under the store must keep, of PostgreSQL: see `contract.rs`. Run by
//! `scripts/throwaway-postgres.sh cargo test -p parlor-store --test contract_postgres`.

#![allow(clippy::unwrap_used, reason = "tests say what went wrong by panicking")]

#[path = "contract/fixture.rs"]
mod fixture;
#[path = "contract/postgres_place.rs"]
mod place;
#[path = "contract/stories.rs"]
mod stories;
