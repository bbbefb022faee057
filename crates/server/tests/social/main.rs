//! Social Community over plain HTTP: every row of its table with its shape, who may what, and that it is the same group
//! as natively.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing has failed, also in its helpers")]

mod natively;
mod pages;
mod people;
mod rights;
mod shapes;
mod user;
