//! What anybody may know about this server: enough for the welcome page.

use std::sync::Arc;

use axum::extract::State;
use parlor_wire::server::Server;

use super::body::ok;
use super::problem::Answer;
use crate::deps::Deps;

/// `GET /server`
pub async fn show(State(deps): State<Arc<Deps>>) -> Answer {
    let needs_admin = deps.app.first_admin_token().await?.is_some();
    Ok(ok(&Server {
        name: deps.config.name.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        open_registration: deps.config.open_registration,
        needs_admin,
        youtube_player: deps.config.youtube_player.to_string(),
        video_search: deps.videos.can_search(),
    }))
}
