//! What was sent: the fields of a body, the id in a path, the parameters of a query. What is of the wrong type is
//! refused by its name; a number may come as digits in a string.

use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use parlor_app::Caller;
use serde_json::{Map, Value};

use super::answer::Refused;
use crate::body;

/// The object of a body; an absent field and `null` are told apart only where it matters.
pub(super) struct Fields(Map<String, Value>);

impl Fields {
    /// Whether a field was sent, if only as `null`.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// A text that must be there.
    pub(super) fn text(&self, name: &str) -> Result<&str, Refused> {
        self.text_if_any(name)?.ok_or_else(|| Refused::bad(&format!("{name} is missing")))
    }

    /// A text that may be left out.
    pub(super) fn text_if_any(&self, name: &str) -> Result<Option<&str>, Refused> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Refused::bad(&format!("{name} must be a string"))),
        }
    }

    /// A number that must be there. One that is nobody's is found to be so later.
    pub(super) fn id(&self, name: &str) -> Result<i64, Refused> {
        self.id_if_any(name)?.ok_or_else(|| Refused::bad(&format!("{name} is missing")))
    }

    /// A number that may be left out. Whoever sends back what they were given sends the whole object: its id counts.
    pub(super) fn id_if_any(&self, name: &str) -> Result<Option<i64>, Refused> {
        let sent = self.0.get(name).map(|sent| sent.get("id").unwrap_or(sent));
        let number = match sent {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::Number(number)) => number.as_i64(),
            Some(Value::String(digits)) => digits.trim().parse().ok(),
            Some(_) => None,
        };
        number.map(Some).ok_or_else(|| Refused::bad(&format!("{name} must be a whole number")))
    }

    /// `owner_fk` may only say what is so: nobody makes or gives away something in another's name.
    pub(super) fn owner_is(&self, caller: &Caller) -> Result<(), Refused> {
        match self.id_if_any("owner_fk")? {
            Some(owner) if owner != caller.account.id.get() => {
                Err(Refused::new(StatusCode::FORBIDDEN, "owner_fk must be yourself"))
            }
            _ => Ok(()),
        }
    }

    /// A string, a number or nothing, as it came, in JSON.
    pub(super) fn as_it_came(&self, name: &str, most: usize) -> Result<Option<String>, Refused> {
        let json = match self.0.get(name) {
            None | Some(Value::Null) => return Ok(None),
            Some(value @ (Value::String(_) | Value::Number(_))) => value.to_string(),
            Some(_) => return Err(Refused::bad(&format!("{name} must be a string or null"))),
        };
        if json.len() > most { Err(Refused::bad(&format!("{name} is too long"))) } else { Ok(Some(json)) }
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Refused;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refused> {
        let body = body::read(request.into_body()).await.map_err(refused_body)?;
        object(&body).map(Self).ok_or_else(|| Refused::bad("The body must be a JSON object"))
    }
}

/// An object, or a string that holds one.
fn object(body: &[u8]) -> Option<Map<String, Value>> {
    match serde_json::from_slice::<String>(body) {
        Ok(text) => parlor_wire::parse::object(text.as_bytes()).ok(),
        Err(_) => parlor_wire::parse::object(body).ok(),
    }
}

fn refused_body(status: StatusCode) -> Refused {
    let sentence = match status {
        StatusCode::PAYLOAD_TOO_LARGE => "The body is larger than 64 KiB",
        StatusCode::REQUEST_TIMEOUT => "The body did not arrive in time",
        _ => "The body ended early",
    };
    Refused::new(status, sentence)
}

/// The number in a path; what is none is nobody's.
pub(super) struct Id(pub(super) i64);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        let id = path.ok().and_then(|Path(digits)| digits.parse().ok());
        id.map(Self).ok_or_else(Refused::not_found)
    }
}

/// A parameter of the query, percent-decoded; `None` where it is absent or empty.
pub(super) fn parameter(query: Option<&str>, name: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    pairs.find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.into_owned())
}
