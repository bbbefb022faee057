//! The sandbox as it is used: a real supervisor, real jails, programs that mean harm. Everything is done in each tier,
//! as root and as an ordinary user; as much of that as this user may. A machine without user namespaces, Landlock or
//! Python fails here and says so.

#![allow(clippy::unwrap_used, reason = "tests say what went wrong by panicking")]

mod attacks;
mod javascript_attacks;
mod kernel_surface;
mod lifecycle;
mod neighbours;
mod place;
mod python_attacks;
mod refusal;
mod verdicts;
