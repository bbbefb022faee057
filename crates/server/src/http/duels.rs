//! Duels over REST: what can be watched, what is left of them, who is strong. They are played over a socket.

use std::sync::Arc;

use axum::extract::State;
use parlor_core::GroupId;
use parlor_wire::duel as wire;

use super::body::{no_content, ok};
use super::path::{OfDuel, OfPlayer, OfProblem};
use super::problem::Answer;
use super::query::Query;
use super::session::SignedIn;
use crate::deps::Deps;
use crate::realtime::duel_view;

/// `GET /duels`
pub async fn list(State(deps): State<Arc<Deps>>, SignedIn(caller): SignedIn, query: Query) -> Answer {
    let group: Option<GroupId> = query.key("group")?;
    let duels = deps.app.duels(&caller, group).await?;
    Ok(ok(&wire::Duels { duels: duels.iter().map(duel_view::card).collect(), next: None }))
}

/// `GET /duels/status`
pub async fn status(State(deps): State<Arc<Deps>>, SignedIn(_): SignedIn) -> Answer {
    Ok(ok(&duel_view::status(&deps.app.duel_status())))
}

/// `GET /duels/{duel_id}`
pub async fn show(State(deps): State<Arc<Deps>>, SignedIn(caller): SignedIn, OfDuel(duel): OfDuel) -> Answer {
    let review = deps.app.review_duel(&caller, duel).await?;
    Ok(ok(&duel_view::review(&review)))
}

/// `GET /duels/{duel_id}/replay`
pub async fn replay(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    OfDuel(duel): OfDuel,
) -> Answer {
    let edits = deps.app.replay_duel(&caller, duel).await?;
    Ok(ok(&wire::DuelReplay { edits: edits.iter().map(duel_view::edit).collect() }))
}

/// `POST /problems/{problem_id}/promote`
pub async fn promote(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    OfProblem(problem): OfProblem,
) -> Answer {
    deps.app.promote_problem(&caller, &problem).await?;
    Ok(no_content())
}

/// `GET /leaderboard`
pub async fn leaderboard(State(deps): State<Arc<Deps>>, SignedIn(_): SignedIn, query: Query) -> Answer {
    let skip: u32 = query.key("cursor")?.unwrap_or(0);
    let page = deps.app.leaderboard(skip, query.limit()?).await?;
    let rows = page.items.iter().zip(u64::from(skip) + 1..);
    Ok(ok(&wire::Leaderboard {
        players: rows.map(|(ranked, place)| duel_view::leaderboard_row(place, ranked)).collect(),
        next: page.next.map(|next| next.to_string()),
    }))
}

/// `GET /accounts/{account_id}/duels`
pub async fn profile(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    OfPlayer(account): OfPlayer,
    query: Query,
) -> Answer {
    let profile = deps.app.duel_profile(&caller, account, query.key("cursor")?, query.limit()?).await?;
    Ok(ok(&duel_view::profile(&profile)))
}
