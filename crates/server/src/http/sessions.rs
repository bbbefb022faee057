//! Signing in and out, and the list of one's own sign-ins.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use parlor_wire::account as wire;

use super::accounts::signed_in;
use super::body::{Body, no_content, ok};
use super::client::{CalledFrom, Client};
use super::path::OfSession;
use super::problem::Answer;
use super::session::{SignedIn, forget};
use crate::deps::Deps;

/// `POST /sessions`
pub async fn create(
    State(deps): State<Arc<Deps>>,
    client: Client,
    CalledFrom(from): CalledFrom,
    headers: HeaderMap,
    Body(body): Body<wire::SignIn>,
) -> Answer {
    let made = deps.app.sign_in(&body.username, body.password.reveal(), &from).await?;
    Ok(signed_in(&made, None, client, &headers))
}

/// `GET /sessions`
pub async fn list(State(deps): State<Arc<Deps>>, SignedIn(caller): SignedIn) -> Answer {
    let sessions = deps.app.sessions(&caller).await?.into_iter().map(|session| wire::Session {
        id: session.id.into(),
        created_at: session.created_at.into(),
        last_used_at: session.last_seen_at.into(),
        expires_at: session.expires_at.into(),
        agent: session.agent,
        current: session.current,
    });
    Ok(ok(&wire::Sessions { sessions: sessions.collect(), next: None }))
}

/// `DELETE /sessions/current`
pub async fn end_current(
    State(deps): State<Arc<Deps>>,
    client: Client,
    SignedIn(caller): SignedIn,
) -> Answer {
    deps.app.sign_out(&caller).await?;
    let mut response = no_content();
    forget(&mut response, client);
    Ok(response)
}

/// `DELETE /sessions`
pub async fn end_all(State(deps): State<Arc<Deps>>, client: Client, SignedIn(caller): SignedIn) -> Answer {
    deps.app.sign_out_everywhere(&caller).await?;
    let mut response = no_content();
    forget(&mut response, client);
    Ok(response)
}

/// `DELETE /sessions/{session_id}`
pub async fn end_one(
    State(deps): State<Arc<Deps>>,
    client: Client,
    SignedIn(caller): SignedIn,
    OfSession(session): OfSession,
) -> Answer {
    deps.app.end_session(&caller, session).await?;
    let mut response = no_content();
    if session == caller.session {
        forget(&mut response, client);
    }
    Ok(response)
}
