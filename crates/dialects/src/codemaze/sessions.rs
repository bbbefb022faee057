//! `POST /sessions`: what came of a match. Only what this server saw is written down.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use parlor_app::duel::race::record::{RaceResult, RecordError};
use parlor_core::AccountId;

use super::Codemaze;
use super::answer::{Answer, document};
use super::bearer::SignedIn;
use super::documents::{Session, problem_number};
use super::fields::Fields;

/// `POST /sessions`
pub(super) async fn record(
    State(codemaze): State<Arc<Codemaze>>,
    SignedIn(caller): SignedIn,
    fields: Fields,
) -> Answer {
    let problem = fields.id("problem_id")?;
    let (one, two) = (fields.id("user_one_id")?, fields.id("user_two_id")?);
    let winner = fields.id("winner_id")?;
    if winner != one && winner != two {
        return Err(RecordError::NotAPlayer.into());
    }
    // What is nobody's number, or no problem's, was never judged.
    let account = |id| AccountId::new(id).ok_or(RecordError::NotJudged);
    let problems = codemaze.app.known_problems();
    let problem = problems.iter().find(|known| i64::from(problem_number(&known.id)) == problem);
    let said = RaceResult {
        problem: problem.ok_or(RecordError::NotJudged)?.id.clone(),
        players: [account(one)?, account(two)?],
        winner: account(winner)?,
    };
    let recorded = codemaze.app.record_race(&caller, said).await?;
    Ok(document(StatusCode::CREATED, &Session::from(&recorded)))
}
