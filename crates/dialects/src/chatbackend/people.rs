//! `POST /register` and `POST /login`.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use parlor_app::accounts::CreateAccountError;
use parlor_app::face_logins::{FacePassword, Login};
use parlor_app::sessions::SignInError;
use parlor_core::DisplayName;
use serde::Serialize;

use super::answers::{Refused, done, done_with};
use super::{ChatBackend, FACE, object, text};
use crate::client;

#[derive(Serialize)]
struct SignedIn<'a> {
    username: &'a str,
    uuid: &'a str,
}

/// `POST /register`
pub(super) async fn register(
    State(chat): State<Arc<ChatBackend>>,
    request: Request,
) -> Result<Response, Refused> {
    let (parts, body) = request.into_parts();
    let from = client::of_request(&parts);
    let wish = object(Request::from_parts(parts, body)).await?;
    let (login, password) = (text(&wish, "login")?, text(&wish, "password")?);
    let username = text(&wish, "username")?;
    let login = Login::parse(login).map_err(|_| Refused::Invalid("login"))?;
    let password = FacePassword::parse(password).map_err(|_| Refused::Invalid("password"))?;
    let username = DisplayName::parse(username).map_err(|_| Refused::Invalid("username"))?;
    match chat.app.register_login(FACE, login, password, username, &from).await {
        Ok(()) => Ok(done()),
        Err(CreateAccountError::UsernameTaken) => Err(Refused::UserExists),
        Err(CreateAccountError::TooOften { .. }) => Err(Refused::TooOften),
        Err(CreateAccountError::Failure(failure)) => Err(failure.into()),
        Err(error @ CreateAccountError::LinkSpent) => Err(parlor_app::Failure::internal(error).into()),
    }
}

/// `POST /login`
pub(super) async fn sign_in(
    State(chat): State<Arc<ChatBackend>>,
    request: Request,
) -> Result<Response, Refused> {
    let (parts, body) = request.into_parts();
    let from = client::of_request(&parts);
    let wish = object(Request::from_parts(parts, body)).await?;
    let (login, password) = (text(&wish, "login")?, text(&wish, "password")?);
    match chat.app.sign_in_by_login(FACE, login, password, &from).await {
        Ok(signed_in) => {
            let username = signed_in.account().display_name.as_str();
            Ok(done_with(SignedIn { username, uuid: signed_in.token.reveal() }))
        }
        Err(SignInError::WrongCredentials) => Err(Refused::WrongCredentials),
        Err(SignInError::TooOften { .. }) => Err(Refused::TooOften),
        Err(SignInError::Failure(failure)) => Err(failure.into()),
    }
}
