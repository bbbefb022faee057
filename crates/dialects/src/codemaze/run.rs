//! `POST /run`: runs a program in the judge's sandbox, in the shape of the public service that the old client called.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use parlor_app::duel::Program;
use parlor_core::duel::Language;
use serde::Serialize;

use super::Codemaze;
use super::answer::{Answer, Refused, document};
use super::bearer::Anybody;
use super::fields::Fields;

#[derive(Serialize)]
struct Ran<'a> {
    output: &'a str,
    error: &'a str,
    status: u16,
}

/// `POST /run`
pub(super) async fn run(
    State(codemaze): State<Arc<Codemaze>>,
    Anybody { caller, from }: Anybody,
    fields: Fields,
) -> Answer {
    let language = match fields.filled("language")? {
        "py" | "python" => Language::Python,
        "js" | "javascript" => Language::JavaScript,
        _ => return Err(Refused::bad("language must be py or js")),
    };
    let program = Program::parse(fields.text("code")?.to_owned(), language)?;
    let input = fields.text_if_any("input")?.unwrap_or_default().to_owned();
    let ran = codemaze.app.run_program_alone(caller.as_ref(), &from, program, input).await?;
    Ok(document(StatusCode::OK, &Ran { output: &ran.output, error: &ran.error, status: 200 }))
}
