//! `/auth`

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use parlor_core::{Password, Username};
use serde::Serialize;

use super::Codemaze;
use super::answer::{Answer, Refused, document, success};
use super::bearer::{Place, SignedIn};
use super::fields::Fields;

#[derive(Serialize)]
struct Welcome<'a> {
    status: &'static str,
    message: &'static str,
    username: &'a str,
    access_token: &'a str,
    token_type: &'static str,
}

/// `POST /auth/register`
pub(super) async fn register(
    State(codemaze): State<Arc<Codemaze>>,
    Place(from): Place,
    fields: Fields,
) -> Answer {
    let username = Username::parse(fields.filled("username")?)?;
    let password = Password::of_older_service(fields.filled("password")?)?;
    codemaze.app.register_racer(username, password, &from).await?;
    Ok(success(StatusCode::CREATED, "User successfully registered"))
}

/// `POST /auth/login`
pub(super) async fn sign_in(
    State(codemaze): State<Arc<Codemaze>>,
    Place(from): Place,
    fields: Fields,
) -> Answer {
    let (username, password) = (fields.filled("username")?, fields.filled("password")?);
    let begun = codemaze.app.sign_in_racer(username, password, &from).await?;
    let username = begun.account().username.as_ref().map_or(username, Username::as_str);
    let welcome = Welcome {
        status: "success",
        message: "Login succeeded",
        username,
        access_token: begun.token.reveal(),
        token_type: "bearer",
    };
    Ok(document(StatusCode::OK, &welcome))
}

/// `POST /auth/logout`
pub(super) async fn sign_out(
    State(codemaze): State<Arc<Codemaze>>,
    SignedIn(caller): SignedIn,
) -> Result<Response, Refused> {
    codemaze.app.sign_out(&caller).await?;
    Ok(success(StatusCode::OK, "Successfully logged out"))
}
