//! A value that a judged function takes or returns, in JSON that no language's habits can blur.
//!
//! `null`, `true`, `3`, `0.5`, `"text"`, `[…]` and `{…}` stand for themselves; an integer and a float stay apart.
//! What JSON has no word for is an object with one tagged key: `{"$int": "…"}` outside 64 bits, `{"$float": "nan"}`
//! (`"inf"`, `"-inf"`), `{"$utf16": […]}` for text that is no Unicode, `{"$map": [[key, value]…]}` for keys that are
//! no text or begin with `$`, `{"$set": […]}`.

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use std::fmt;

/// How deep lists, maps and sets may be nested. serde_json stops at 128 by itself.
pub const MOST_DEPTH: usize = 64;

/// A value. Equality here is of the same shape; when an answer is right, the judge's `compare` says.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `None`, `null`, `undefined`.
    Null,
    /// A truth value.
    Bool(bool),
    /// An integer of 64 bits.
    Int(i64),
    /// Any other integer: an optional `-` and decimal digits without leading zeros.
    BigInt(String),
    /// A float, also not a number and the infinities.
    Float(f64),
    /// Text.
    Text(String),
    /// Text that is no Unicode: UTF-16 code units with a surrogate that has no partner.
    Utf16(Vec<u16>),
    /// A list or tuple.
    List(Vec<Value>),
    /// A map, in the order of its program.
    Map(Vec<(Value, Value)>),
    /// A set, in no order that means anything.
    Set(Vec<Value>),
}

impl Value {
    /// How deep it is nested; 0 for what holds nothing.
    #[must_use]
    pub fn depth(&self) -> usize {
        match self {
            Self::List(items) | Self::Set(items) => {
                1 + items.iter().map(Self::depth).max().unwrap_or_default()
            }
            Self::Map(pairs) => {
                1 + pairs.iter().map(|(k, v)| k.depth().max(v.depth())).max().unwrap_or_default()
            }
            _ => 0,
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => to.serialize_unit(),
            Self::Bool(value) => to.serialize_bool(*value),
            Self::Int(value) => to.serialize_i64(*value),
            Self::BigInt(digits) => tagged(to, "$int", digits),
            Self::Float(value) if value.is_nan() => tagged(to, "$float", &"nan"),
            Self::Float(f64::INFINITY) => tagged(to, "$float", &"inf"),
            Self::Float(f64::NEG_INFINITY) => tagged(to, "$float", &"-inf"),
            Self::Float(value) => to.serialize_f64(*value),
            Self::Text(text) => to.serialize_str(text),
            Self::Utf16(units) => tagged(to, "$utf16", units),
            Self::List(items) => {
                let mut list = to.serialize_seq(Some(items.len()))?;
                items.iter().try_for_each(|item| list.serialize_element(item))?;
                list.end()
            }
            Self::Set(items) => tagged(to, "$set", items),
            Self::Map(pairs) => {
                if !pairs.iter().all(|(key, _)| is_plain_key(key)) {
                    return tagged(to, "$map", pairs);
                }
                let mut map = to.serialize_map(Some(pairs.len()))?;
                pairs.iter().try_for_each(|(key, value)| map.serialize_entry(key, value))?;
                map.end()
            }
        }
    }
}

fn tagged<S: Serializer>(to: S, tag: &str, value: &impl Serialize) -> Result<S::Ok, S::Error> {
    let mut map = to.serialize_map(Some(1))?;
    map.serialize_entry(tag, value)?;
    map.end()
}

fn is_plain_key(key: &Value) -> bool {
    matches!(key, Value::Text(text) if !text.starts_with('$'))
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Shape)
    }
}

struct Shape;

impl<'de> Visitor<'de> for Shape {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(i64::try_from(value).map_or_else(|_| Value::BigInt(value.to_string()), Value::Int))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Float(value))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Value::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            if key.starts_with('$') {
                let value = tag(&key, &mut map)?;
                return match (pairs.is_empty(), map.next_key::<de::IgnoredAny>()?) {
                    (true, None) => Ok(value),
                    _ => Err(de::Error::custom("a tagged value stands alone in its object")),
                };
            }
            pairs.push((Value::Text(key), map.next_value()?));
        }
        Ok(Value::Map(pairs))
    }
}

fn tag<'de, A: MapAccess<'de>>(name: &str, map: &mut A) -> Result<Value, A::Error> {
    match name {
        "$int" => integer(&map.next_value::<String>()?).ok_or_else(|| de::Error::custom("no integer")),
        "$float" => match map.next_value::<String>()?.as_str() {
            "nan" => Ok(Value::Float(f64::NAN)),
            "inf" => Ok(Value::Float(f64::INFINITY)),
            "-inf" => Ok(Value::Float(f64::NEG_INFINITY)),
            _ => Err(de::Error::custom("no float")),
        },
        "$utf16" => {
            let units: Vec<u16> = map.next_value()?;
            Ok(String::from_utf16(&units).map_or(Value::Utf16(units), Value::Text))
        }
        "$map" => Ok(Value::Map(map.next_value()?)),
        "$set" => Ok(Value::Set(map.next_value()?)),
        _ => Err(de::Error::custom("no known tag")),
    }
}

/// The integer that decimal digits stand for, in its one form.
fn integer(digits: &str) -> Option<Value> {
    let (negative, bare) = digits.strip_prefix('-').map_or((false, digits), |rest| (true, rest));
    if bare.is_empty() || !bare.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if let Ok(small) = digits.parse() {
        return Some(Value::Int(small));
    }
    let bare = bare.trim_start_matches('0');
    Some(Value::BigInt(if negative { format!("-{bare}") } else { bare.to_owned() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, value: &Value) {
        let read: Value = serde_json::from_str(json).unwrap();
        // NaN is not equal to itself, so the texts are compared too.
        assert_eq!(format!("{read:?}"), format!("{value:?}"));
        assert_eq!(serde_json::to_string(value).unwrap(), json);
    }

    #[test]
    fn every_value_has_one_text() {
        check("null", &Value::Null);
        check("true", &Value::Bool(true));
        check("3", &Value::Int(3));
        check("3.0", &Value::Float(3.0));
        check("0.30000000000000004", &Value::Float(0.1 + 0.2));
        check(r#"{"$float":"nan"}"#, &Value::Float(f64::NAN));
        check(r#"{"$float":"-inf"}"#, &Value::Float(f64::NEG_INFINITY));
        check(r#"{"$int":"9223372036854775808"}"#, &Value::BigInt("9223372036854775808".to_owned()));
        check(r#"{"$utf16":[55296,97]}"#, &Value::Utf16(vec![0xd800, 0x61]));
        check(r#""é😀""#, &Value::Text("é😀".to_owned()));
        let list = Value::List(vec![Value::Int(1), Value::Null]);
        check("[1,null]", &list);
        check(r#"{"b":[1,null],"a":{}}"#, &map([(text("b"), list), (text("a"), map([]))]));
        check(
            r#"{"$map":[[1,"x"],["$int",2]]}"#,
            &map([(Value::Int(1), text("x")), (text("$int"), Value::Int(2))]),
        );
        check(r#"{"$set":[1,2]}"#, &Value::Set(vec![Value::Int(1), Value::Int(2)]));
    }

    #[test]
    fn an_integer_has_one_form() {
        for (digits, value) in [("007", Value::Int(7)), ("-0", Value::Int(0))] {
            assert_eq!(integer(digits), Some(value), "{digits}");
        }
        let long = format!("-000{}", "9".repeat(30));
        assert_eq!(integer(&long), Some(Value::BigInt(format!("-{}", "9".repeat(30)))));
        for wrong in ["", "-", "1.5", "+1", "1_000", "٣"] {
            assert_eq!(integer(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for json in [
            r#"{"$int":"x"}"#,
            r#"{"$int":3}"#,
            r#"{"$float":"3"}"#,
            r#"{"$what":1}"#,
            r#"{"$int":"3","a":1}"#,
            r#"{"a":1,"$int":"3"}"#,
            r#"{"$map":[[1]]}"#,
        ] {
            assert!(serde_json::from_str::<Value>(json).is_err(), "{json}");
        }
        assert!(serde_json::from_str::<Value>(&"[".repeat(100_000)).is_err());
    }

    #[test]
    fn depth_counts_what_holds_something() {
        assert_eq!(Value::Int(1).depth(), 0);
        assert_eq!(Value::List(vec![]).depth(), 1);
        assert_eq!(map([(text("a"), Value::Set(vec![Value::List(vec![])]))]).depth(), 3);
    }

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    fn map<const N: usize>(pairs: [(Value, Value); N]) -> Value {
        Value::Map(pairs.into())
    }
}
