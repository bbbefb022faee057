//! `/users`

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use parlor_app::duel::race::people::Avatar as NewAvatar;
use parlor_core::Username;

use super::Codemaze;
use super::answer::{Answer, Refused, document};
use super::bearer::SignedIn;
use super::documents::{Avatar, Listed, Profile};
use super::fields::Fields;

/// `GET /users/profile`
pub(super) async fn profile(State(codemaze): State<Arc<Codemaze>>, SignedIn(caller): SignedIn) -> Answer {
    let (racer, races) = codemaze.app.racer(&caller).await?;
    Ok(document(StatusCode::OK, &Profile::of(&racer, &races)))
}

/// `GET /users/leaderboard`
pub(super) async fn leaderboard(State(codemaze): State<Arc<Codemaze>>, _: SignedIn) -> Answer {
    let racers = codemaze.app.racers().await?;
    Ok(document(StatusCode::OK, &racers.iter().map(Listed::from).collect::<Vec<_>>()))
}

/// `PATCH /users/update`
pub(super) async fn change(
    State(codemaze): State<Arc<Codemaze>>,
    SignedIn(caller): SignedIn,
    fields: Fields,
) -> Answer {
    let avatar = NewAvatar::parse(fields.text("avatar")?)?;
    let racer = codemaze.app.set_avatar(&caller, avatar).await?;
    Ok(document(StatusCode::OK, &Avatar::from(&racer)))
}

/// `POST /users/avatars`
pub(super) async fn avatars(State(codemaze): State<Arc<Codemaze>>, _: SignedIn, fields: Fields) -> Answer {
    let names = [fields.text("username_one")?, fields.text("username_two")?];
    // What can be no username is nobody's.
    let names = names.into_iter().filter_map(|name| Username::parse(name).ok()).collect();
    let racers = codemaze.app.racers_by_name(names).await?;
    if racers.is_empty() {
        return Err(Refused::bad("Users not found"));
    }
    Ok(document(StatusCode::OK, &racers.iter().map(Avatar::from).collect::<Vec<_>>()))
}
