//! The payload of an old event: an object, or a string that holds one, which some clients send instead.

use parlor_socketio::Event;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The payload as a type; `None` where it is no object, or one of another shape.
pub(crate) fn object<T: DeserializeOwned>(event: &Event) -> Option<T> {
    read(&json(event)?)
}

/// The text of the payload; `None` where it is neither JSON's object nor a string with one.
pub(crate) fn json(event: &Event) -> Option<String> {
    let sent = event.arguments().json(0)?;
    let text = match sent.starts_with('"') {
        true => serde_json::from_str(sent).ok()?,
        false => sent.to_owned(),
    };
    read::<Value>(&text).map(|_| text)
}

/// Whether the payload has a field of that name.
pub(crate) fn has(event: &Event, field: &str) -> bool {
    object::<Value>(event).is_some_and(|payload| payload.get(field).is_some())
}

/// A field that must be text: what is something else counts as left out.
pub(crate) fn text(field: &Value) -> Option<&str> {
    field.as_str()
}

fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    parlor_wire::parse::object(text.as_bytes()).ok()
}
