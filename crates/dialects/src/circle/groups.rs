//! `POST /groups` and `GET /groups`, with the documents of the database that The Circle had.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use parlor_app::face_groups::{Face, FaceGroup, FaceGroupError, NewFaceGroup};
use parlor_core::{AccessCode, Description, GroupName, Invalid, Rules};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Circle;
use crate::{body, client};

/// What the old server said to a group without one of the two.
const MISSING: &str = "Please enter a group name and description.";
/// The rules of a group that was made without any.
const NO_RULES: &str = "[]";

#[derive(Deserialize, Default)]
struct NewGroup {
    #[serde(default)]
    name: Value,
    #[serde(default)]
    description: Value,
    #[serde(default)]
    rules: Value,
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(rename = "_id")]
    id: Oid,
    name: &'a str,
    access_code: &'a str,
    description: &'a str,
    rules: &'a str,
    created: Date,
}

/// 12 bytes as 24 hex digits: as in the old database the seconds of its making, then what tells it from others.
#[derive(Serialize)]
struct Oid {
    #[serde(rename = "$oid")]
    oid: String,
}

#[derive(Serialize)]
struct Date {
    #[serde(rename = "$date")]
    millis: i64,
}

/// A refusal: a status, and a sentence as plain text.
pub(super) struct Refused(StatusCode, String);

/// `POST /groups`
pub(super) async fn create(State(circle): State<Arc<Circle>>, request: Request) -> Result<Response, Refused> {
    let (parts, body) = request.into_parts();
    let body = body::read(body).await.map_err(refused_body)?;
    // What is no object has neither a name nor a description.
    let wish: NewGroup = parlor_wire::parse::object(&body).unwrap_or_default();
    let (Some(name), Some(description)) = (filled(&wish.name), filled(&wish.description)) else {
        return Err(bad(MISSING));
    };
    let new = NewFaceGroup {
        name: GroupName::parse(name).map_err(wrong)?,
        description: Description::parse(description).map_err(wrong)?,
        rules: rules(&wish.rules)?,
        lifetime: circle.settings.group_ttl,
    };
    let made = circle.app.create_face_group(Face::Circle, new, &client::of_request(&parts)).await?;
    Ok(answer(&document(&made)))
}

/// `GET /groups`
pub(super) async fn list(State(circle): State<Arc<Circle>>, request: Request) -> Result<Response, Refused> {
    let (parts, _) = request.into_parts();
    let query = parts.uri.query().unwrap_or_default();
    let code = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "access_code");
    let groups = match code.map(|(_, code)| AccessCode::parse(&code)) {
        None if circle.settings.list => {
            circle.app.face_groups(Face::Circle).await.map_err(FaceGroupError::from)?
        }
        None | Some(Err(_)) => Vec::new(),
        Some(Ok(code)) if circle.settings.list => {
            let found = circle.app.face_group(Face::Circle, code).await.map_err(FaceGroupError::from)?;
            found.into_iter().collect()
        }
        Some(Ok(code)) => {
            let found =
                circle.app.face_group_by_code(Face::Circle, code, &client::of_request(&parts)).await?;
            found.into_iter().collect()
        }
    };
    Ok(answer(&groups.iter().map(document).collect::<Vec<_>>()))
}

/// Any other method.
pub(super) async fn no_such_method() -> Response {
    Refused(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed".to_owned()).into_response()
}

fn filled(field: &Value) -> Option<&str> {
    field.as_str().filter(|text| !text.trim().is_empty())
}

/// One string, kept as it came; a list becomes one.
fn rules(sent: &Value) -> Result<Rules, Refused> {
    let text = match sent {
        Value::Null => NO_RULES.to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(_) => sent.to_string(),
        _ => return Err(bad("The rules must be text or a list.")),
    };
    if text.chars().nth(Rules::MOST).is_some() {
        return Err(bad("The rules are too long."));
    }
    Rules::parse(&text).map_err(|_| bad("The rules hold a character that no text may hold."))?;
    Ok(Rules::from_stored(&text))
}

fn document(group: &FaceGroup) -> Document<'_> {
    let millis = group.created_at.as_millis();
    Document {
        id: Oid { oid: format!("{:08x}{:016x}", (millis / 1_000) & 0xffff_ffff, group.id.get()) },
        name: group.name.as_str(),
        access_code: group.access_code.as_str(),
        description: group.description.as_str(),
        rules: group.rules.as_str(),
        created: Date { millis },
    }
}

fn answer(body: &impl Serialize) -> Response {
    let body = serde_json::to_vec(body).expect("our documents are JSON");
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    (headers, body).into_response()
}

fn wrong(invalid: Invalid) -> Refused {
    bad(&format!("The {invalid}."))
}

fn bad(sentence: &str) -> Refused {
    Refused(StatusCode::BAD_REQUEST, sentence.to_owned())
}

fn refused_body(status: StatusCode) -> Refused {
    let sentence = match status {
        StatusCode::PAYLOAD_TOO_LARGE => "The body is larger than 64 KiB.",
        StatusCode::REQUEST_TIMEOUT => "The body did not arrive in time.",
        _ => "The body ended early.",
    };
    Refused(status, sentence.to_owned())
}

impl From<FaceGroupError> for Refused {
    fn from(error: FaceGroupError) -> Self {
        match error {
            FaceGroupError::TooOften { .. } => {
                Self(StatusCode::TOO_MANY_REQUESTS, "Too many attempts".to_owned())
            }
            FaceGroupError::Failure(failure) => {
                tracing::error!(error = %failure, "a call of the circle dialect failed on our side");
                Self(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "The server cannot do that now; please try again.".to_owned(),
                )
            }
        }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let Self(status, sentence) = self;
        let mut response = (status, sentence).into_response();
        if matches!(status, StatusCode::PAYLOAD_TOO_LARGE | StatusCode::REQUEST_TIMEOUT) {
            // The rest of the body would be read to its end for nothing.
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}
