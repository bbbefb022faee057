//! The problems of code duels: one TOML file each, and the gate that a file passes before anybody plays it.
//!
//! `parse` makes a `Problem`, which cannot be wrong in itself, of a text; `folder` reads many and finds those that are
//! alike; `proof` runs the solutions of one in the sandbox; `gate` is all of it, for a command line; `generate` lets a
//! service write new ones. The format is explained in `problems/README.md`. `embedded` has Parlor's own.
//!
//! Must never know: players, rooms, ratings, the database.

mod case_size;
pub mod embedded;
mod fault;
pub mod folder;
pub mod gate;
pub mod generate;
mod parse;
mod problem;
pub mod proof;
mod value_type;

pub use fault::Fault;
pub use problem::{
    Argument, Case, Example, Limits, MOST_CASES, MOST_FILE_BYTES, Origin, Problem, Rank, References,
    Signature, Solution,
};
pub use value_type::ValueType;
