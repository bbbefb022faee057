//! The OpenAPI 3.1 document, checked in beside this crate and embedded.
//!
//! `describe` makes it from `routes` and from the same types that make the TypeScript; a test fails when the checked-in
//! file is stale, so the server needs no schema generator.

/// The document as JSON text.
pub const DOCUMENT: &str = include_str!("../openapi.json");
