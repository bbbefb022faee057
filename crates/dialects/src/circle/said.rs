//! What was said: an object on its way from one client to others, exactly as it came, with what of it can be read as
//! text by those who are there natively. Never logged.

use parlor_app::lobby::room::Utterance;
use parlor_bus::Said;
use parlor_core::{Invalid, MessageText};
use parlor_socketio::{Event, Values};
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::payload;

/// Most bytes of an object: 8,000 characters, each written as two escaped halves, and room for what else is in it.
const MOST_BYTES: usize = 8_000 * 12 + 4_000;

/// Under which key a client puts its text, the likeliest first.
const TEXTS: [&str; 5] = ["message", "text", "msg", "body", "content"];

/// A `message` as a client sent it.
pub(super) struct Message {
    pub(super) room: String,
    raw: Box<str>,
    text: MessageText,
}

/// Why a `message` is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unfit {
    /// The payload is no object, or binary data goes with it.
    NoObject,
    /// Its text, or the whole of it.
    TooLong,
    /// Characters that no text may hold.
    Characters,
}

impl Unfit {
    pub(super) const fn sentence(self) -> &'static str {
        match self {
            Self::NoObject => "A message must be an object",
            Self::TooLong => "A message has at most 8,000 characters",
            Self::Characters => "A message must not hold control or override characters",
        }
    }
}

impl Message {
    pub(super) fn read(event: &Event) -> Result<Self, Unfit> {
        if !event.arguments().attachments().is_empty() {
            return Err(Unfit::NoObject);
        }
        Self::of(payload::json(event).ok_or(Unfit::NoObject)?)
    }

    fn of(raw: String) -> Result<Self, Unfit> {
        if raw.len() > MOST_BYTES {
            return Err(Unfit::TooLong);
        }
        let object: Value = serde_json::from_str(&raw).map_err(|_| Unfit::NoObject)?;
        let room = object.get("room").and_then(payload::text).unwrap_or_default().to_owned();
        let text = text_of(&object)?;
        Ok(Self { room, raw: raw.into(), text })
    }

    /// For a room of two.
    pub(super) fn into_utterance(self) -> Utterance {
        Utterance::Object { raw: self.raw, text: self.text }
    }

    /// For a place that only this face knows.
    pub(super) fn into_raw(self) -> Box<str> {
        self.raw
    }
}

/// The first text that is one, else the object itself.
fn text_of(object: &Value) -> Result<MessageText, Unfit> {
    let mut texts = TEXTS.iter().filter_map(|key| object.get(key)?.as_str());
    let Some(text) = texts.find(|text| !text.trim().is_empty()) else {
        return parse(&object.to_string());
    };
    match parse(text) {
        // As JSON its control characters are escaped.
        Err(Unfit::Characters) => parse(&object.to_string()),
        parsed => parsed,
    }
}

fn parse(text: &str) -> Result<MessageText, Unfit> {
    MessageText::parse(text).map_err(|Invalid { rule, .. }| match rule {
        "is too long" => Unfit::TooLong,
        _ => Unfit::Characters,
    })
}

/// What somebody said natively, as this face has always said it.
#[derive(Serialize)]
struct Object<'a> {
    room: &'a str,
    user: &'a str,
    message: &'a str,
}

/// What was said in a room, as an argument of `message`.
pub(super) fn shown(said: &Said, room: &str) -> Values {
    match &said.raw {
        Some(raw) => as_it_came(raw),
        None => Values::one(&Object { room, user: said.name.as_str(), message: said.text.as_str() }),
    }
}

/// JSON that is passed on as it is.
pub(super) fn as_it_came(raw: &str) -> Values {
    let mut values = Values::new();
    match serde_json::from_str::<&RawValue>(raw) {
        Ok(raw) => drop(values.push_json(raw)),
        Err(_) => tracing::error!("what is passed on is no JSON"),
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(json: &str) -> Result<String, Unfit> {
        Message::of(json.to_owned()).map(|message| message.text.as_str().to_owned())
    }

    #[test]
    fn the_text_of_an_object_is_what_its_client_likely_meant() {
        for (json, expected) in [
            (r#"{"room": "r", "message": "hi", "text": "no"}"#, "hi"),
            (r#"{"text": "hi", "body": "no"}"#, "hi"),
            (r#"{"msg": "hi"}"#, "hi"),
            (r#"{"body": "hi"}"#, "hi"),
            (r#"{"content": "hi"}"#, "hi"),
            (r#"{"message": 7, "content": "hi"}"#, "hi"),
            (r#"{"message": "", "text": "hi"}"#, "hi"),
            (r#"{ "room": "r",  "picture": [1, 2] }"#, r#"{"picture":[1,2],"room":"r"}"#),
            (r#"{"message": "a\u0007b"}"#, r#"{"message":"a\u0007b"}"#),
            ("{}", "{}"),
        ] {
            assert_eq!(text(json).as_deref(), Ok(expected), "{json}");
        }
    }

    #[test]
    fn length_is_counted_in_characters() {
        let said = |text: &str| super::Message::of(serde_json::json!({ "message": text }).to_string()).err();
        assert_eq!(said(&"𝄞".repeat(8_000)), None);
        assert_eq!(said(&"x".repeat(8_001)), Some(Unfit::TooLong));
        let escaped = format!(r#"{{"message": "{}"}}"#, r"\ud834\udd1e".repeat(8_000));
        assert_eq!(text(&escaped).map(|text| text.chars().count()), Ok(8_000));
        let stuffed = format!(r#"{{"message": "hi", "more": "{}"}}"#, "x".repeat(MOST_BYTES));
        assert_eq!(text(&stuffed), Err(Unfit::TooLong));
        assert_eq!(text(&format!(r#"{{"more": "{}"}}"#, "x".repeat(8_000))), Err(Unfit::TooLong));
    }

    #[test]
    fn what_makes_text_read_other_than_it_is_is_refused() {
        assert_eq!(text("{\"message\": \"a\u{202e}b\"}"), Err(Unfit::Characters));
    }

    #[test]
    fn an_object_is_passed_on_as_it_came() {
        let raw = "{\"room\" : \"r\",\n \"message\":\"\\u0041\",\"n\":1.50}";
        let message = Message::of(raw.to_owned()).unwrap();
        assert_eq!(message.room, "r");
        assert_eq!(&*message.into_raw(), raw);
    }
}
