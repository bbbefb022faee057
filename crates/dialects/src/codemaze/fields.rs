//! The fields of a body. What is missing or of the wrong type is refused by its name; a number may come as digits.

use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use serde_json::{Map, Value};

use super::answer::Refused;
use crate::body;

pub(super) struct Fields(Map<String, Value>);

impl Fields {
    /// A text that must be there.
    pub(super) fn text(&self, name: &str) -> Result<&str, Refused> {
        self.text_if_any(name)?.ok_or_else(|| Refused::bad(&format!("{name} is missing")))
    }

    /// A text that must be there, and say something.
    pub(super) fn filled(&self, name: &str) -> Result<&str, Refused> {
        let text = self.text(name)?;
        if text.trim().is_empty() { Err(Refused::bad(&format!("{name} is missing"))) } else { Ok(text) }
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
        let sent = self.0.get(name).filter(|sent| !sent.is_null());
        let sent = sent.ok_or_else(|| Refused::bad(&format!("{name} is missing")))?;
        number(sent).ok_or_else(|| Refused::bad(&format!("{name} must be an integer")))
    }
}

/// An integer, or a string with one.
pub(super) fn number(sent: &Value) -> Option<i64> {
    match sent {
        Value::Number(number) => number.as_i64(),
        Value::String(digits) => digits.trim().parse().ok(),
        _ => None,
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
