//! `/problems`: what a player sees of a problem, never its hidden tests or solutions.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;

use super::Codemaze;
use super::answer::{Answer, document};
use super::bearer::SignedIn;
use super::documents::Problem;

/// `GET /problems/random`
pub(super) async fn random(State(codemaze): State<Arc<Codemaze>>, SignedIn(caller): SignedIn) -> Answer {
    let problem = codemaze.app.problem_to_race(&caller).await?;
    Ok(document(StatusCode::OK, &Problem::from(&*problem)))
}

/// `POST /problems/generate`
pub(super) async fn generate(State(codemaze): State<Arc<Codemaze>>, SignedIn(caller): SignedIn) -> Answer {
    let problem = codemaze.app.generate_problem(&caller).await?;
    Ok(document(StatusCode::CREATED, &Problem::from(&*problem)))
}
