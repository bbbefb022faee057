//! The arguments of an event or acknowledgement: JSON, with binary attachments beside it.
//! Knows nothing of packets on the wire.

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// The arguments that came with an event or an acknowledgement.
///
/// They stay text until a type is asked for. Where a client sent binary data, the JSON holds a
/// [`Placeholder`] and the bytes are in [`attachments`](Arguments::attachments).
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    values: Vec<Box<RawValue>>,
    attachments: Vec<Bytes>,
}

impl Arguments {
    /// How many arguments there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The JSON text of the argument at `index`.
    pub fn json(&self, index: usize) -> Option<&str> {
        self.values.get(index).map(|value| value.get())
    }

    /// The argument at `index` as a type; a missing one reads as JSON `null`.
    pub fn parse<T: DeserializeOwned>(&self, index: usize) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.json(index).unwrap_or("null"))
    }

    /// The binary data of the argument at `index`, where that argument is nothing else.
    pub fn binary(&self, index: usize) -> Option<&Bytes> {
        let placeholder: Placeholder = self.parse(index).ok()?;
        self.attachments.get(placeholder.num)
    }

    /// Every attachment, in the order of the placeholders' numbers.
    pub fn attachments(&self) -> &[Bytes] {
        &self.attachments
    }
}

/// Where an attachment stands in the JSON: `{"_placeholder": true, "num": 0}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placeholder {
    #[serde(rename = "_placeholder")]
    marker: True,
    /// The attachment's number in its packet.
    pub num: usize,
}

/// Serialises as `true` and reads nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "bool", into = "bool")]
struct True;

impl TryFrom<bool> for True {
    type Error = &'static str;
    fn try_from(value: bool) -> Result<Self, Self::Error> {
        if value { Ok(True) } else { Err("not a placeholder") }
    }
}

impl From<True> for bool {
    fn from(_: True) -> bool {
        true
    }
}

/// Arguments on their way out: what is not a list of JSON values yet.
///
/// ```
/// # use parlor_socketio::Values;
/// let mut values = Values::new();
/// let picture = values.attach(&b"\x89PNG"[..]);
/// values.push(&serde_json::json!({"name": "cat", "picture": picture}));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Values {
    /// The values, separated by commas, without the brackets.
    json: Vec<u8>,
    attachments: Vec<Bytes>,
}

impl Values {
    /// No arguments.
    pub fn new() -> Self {
        Self::default()
    }

    /// One argument.
    pub fn one(value: &(impl Serialize + ?Sized)) -> Self {
        let mut values = Self::new();
        values.push(value);
        values
    }

    /// Appends an argument.
    ///
    /// # Panics
    /// If the type cannot be JSON: a map whose keys are not strings. That is a fault of the program,
    /// never of a client.
    pub fn push(&mut self, value: &(impl Serialize + ?Sized)) -> &mut Self {
        self.separate();
        serde_json::to_writer(&mut self.json, value).expect("a map in an argument has string keys");
        self
    }

    /// Appends an argument that is JSON text already.
    pub fn push_json(&mut self, json: &RawValue) -> &mut Self {
        self.separate();
        self.json.extend_from_slice(json.get().as_bytes());
        self
    }

    /// Appends an argument that is binary data.
    pub fn push_binary(&mut self, data: impl Into<Bytes>) -> &mut Self {
        let placeholder = self.attach(data);
        self.push(&placeholder)
    }

    /// Adds binary data and returns what stands for it inside an argument.
    pub fn attach(&mut self, data: impl Into<Bytes>) -> Placeholder {
        self.attachments.push(data.into());
        Placeholder { marker: True, num: self.attachments.len() - 1 }
    }

    pub(crate) fn json(&self) -> &[u8] {
        &self.json
    }

    pub(crate) fn attachments(&self) -> &[Bytes] {
        &self.attachments
    }

    fn separate(&mut self) {
        if !self.json.is_empty() {
            self.json.push(b',');
        }
    }
}

impl From<&Arguments> for Values {
    /// The same arguments again, for an echo or a relay.
    fn from(arguments: &Arguments) -> Values {
        let mut values = Values { json: Vec::new(), attachments: arguments.attachments.clone() };
        for value in &arguments.values {
            values.push_json(value);
        }
        values
    }
}

/// The JSON is not what the packet type demands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

/// Reads the JSON of an event: its name and its arguments.
pub(crate) fn decode_event(
    json: &str,
    attachments: Vec<Bytes>,
    max_depth: usize,
) -> Result<(String, Arguments), Malformed> {
    let mut values = decode_list(json, max_depth)?.into_iter();
    let name = values.next().ok_or(Malformed)?;
    let name: String = serde_json::from_str(name.get()).map_err(|_| Malformed)?;
    if crate::packet::is_reserved(&name) {
        return Err(Malformed);
    }
    let values = values.map(ToOwned::to_owned).collect();
    check_placeholders(json, &attachments)?;
    Ok((name, Arguments { values, attachments }))
}

/// Reads the JSON of an acknowledgement.
pub(crate) fn decode_ack(
    json: &str,
    attachments: Vec<Bytes>,
    max_depth: usize,
) -> Result<Arguments, Malformed> {
    let values = decode_list(json, max_depth)?.into_iter().map(ToOwned::to_owned).collect();
    check_placeholders(json, &attachments)?;
    Ok(Arguments { values, attachments })
}

fn decode_list(json: &str, max_depth: usize) -> Result<Vec<&RawValue>, Malformed> {
    if depth(json) > max_depth {
        return Err(Malformed);
    }
    serde_json::from_str(json).map_err(|_| Malformed)
}

/// How deep arrays and objects are nested. Skipping a value costs `serde_json` no stack, but whoever
/// parses it later would need one.
pub(crate) fn depth(json: &str) -> usize {
    let (mut depth, mut deepest, mut in_string, mut escaped) = (0usize, 0, false, false);
    for byte in json.bytes() {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// Every placeholder must name an attachment of this packet, and none twice.
fn check_placeholders(json: &str, attachments: &[Bytes]) -> Result<(), Malformed> {
    if attachments.is_empty() {
        return Ok(());
    }
    let value: serde_json::Value = serde_json::from_str(json).map_err(|_| Malformed)?;
    let mut named = vec![false; attachments.len()];
    walk(&value, &mut named)
}

fn walk(value: &serde_json::Value, named: &mut [bool]) -> Result<(), Malformed> {
    match value {
        serde_json::Value::Array(values) => values.iter().try_for_each(|value| walk(value, named)),
        serde_json::Value::Object(fields)
            if fields.get("_placeholder") == Some(&serde_json::Value::Bool(true)) =>
        {
            let number = fields.get("num").and_then(serde_json::Value::as_u64).ok_or(Malformed)?;
            let seen =
                usize::try_from(number).ok().and_then(|number| named.get_mut(number)).ok_or(Malformed)?;
            if std::mem::replace(seen, true) { Err(Malformed) } else { Ok(()) }
        }
        serde_json::Value::Object(fields) => fields.values().try_for_each(|value| walk(value, named)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_read_as_types_and_written_again() {
        let (name, arguments) = decode_event(r#"["sum", 1, {"b": [2]}]"#, Vec::new(), 64).unwrap();
        assert_eq!((name.as_str(), arguments.len()), ("sum", 2));
        assert_eq!(arguments.parse::<i64>(0).unwrap(), 1);
        assert_eq!(arguments.parse::<Option<i64>>(7).unwrap(), None);
        assert!(arguments.parse::<i64>(1).is_err());
        assert_eq!(Values::from(&arguments).json(), br#"1,{"b": [2]}"#);
    }

    #[test]
    fn binary_arguments_are_found() {
        let json = r#"["up",{"_placeholder":true,"num":1},{"x":{"_placeholder":true,"num":0}}]"#;
        let attachments = vec![Bytes::from_static(b"a"), Bytes::from_static(b"b")];
        let (_, arguments) = decode_event(json, attachments, 64).unwrap();
        assert_eq!(arguments.binary(0).unwrap(), &b"b"[..]);
        assert_eq!(arguments.binary(1), None);
        let mut values = Values::new();
        values.push_binary(&b"x"[..]).push(&1);
        assert_eq!(values.json(), br#"{"_placeholder":true,"num":0},1"#);
    }

    #[test]
    fn wrong_json_is_refused() {
        let refused = |json: &str| assert!(decode_event(json, Vec::new(), 64).is_err(), "{json}");
        for json in ["[]", "[1]", "{}", "[\"a\"", "[\"a\"]]", "[null]", "[\"disconnect\"]", "[\"__proto__\"]"]
        {
            refused(json);
        }
        refused(&format!("[\"a\",{}{}]", "[".repeat(10_000), "]".repeat(10_000)));
        refused(&"[".repeat(1_000_000));
        for num in ["2", "-1", "\"0\"", "0.5", "null"] {
            let json = format!(r#"["a",{{"_placeholder":true,"num":{num}}}]"#);
            assert!(decode_event(&json, vec![Bytes::new()], 64).is_err(), "{json}");
        }
        let twice = r#"["a",{"_placeholder":true,"num":0},{"_placeholder":true,"num":0}]"#;
        assert!(decode_event(twice, vec![Bytes::new()], 64).is_err());
    }

    #[test]
    fn depth_counts_what_is_not_in_strings() {
        assert_eq!(depth(r#"["[[[\"[[", [1]]"#), 2);
    }
}
