//! The types of a signature, and whether a value has one.

use parlor_wire::judge::Value;
use std::fmt;
use std::str::FromStr;

/// How deep a type may be nested: `int[][]` is two deep. Nobody plays with more.
const MOST_NESTED: usize = 4;
/// Integers stay below this in either direction, since a JavaScript number holds no more exactly: 2^53.
const INTEGERS_END: u64 = 1 << 53;

/// The type of an argument or a result, as both languages have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueType {
    /// An integer between -2^53 and 2^53, both excluded.
    Int,
    /// A finite number.
    Float,
    /// A truth value.
    Bool,
    /// Text.
    Text,
    /// A list or array.
    List(Box<ValueType>),
    /// A dict or plain object, whose keys are text that begins with a letter.
    Map(Box<ValueType>),
}

/// The text is no type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be int, float, bool, string, T[] or map<string,T>, at most 4 deep")]
pub struct NoType;

impl FromStr for ValueType {
    type Err = NoType;

    fn from_str(text: &str) -> Result<Self, NoType> {
        nested(text, MOST_NESTED)
    }
}

fn nested(text: &str, most: usize) -> Result<ValueType, NoType> {
    let inner = |text| nested(text, most.checked_sub(1).ok_or(NoType)?).map(Box::new);
    if let Some(item) = text.strip_suffix("[]") {
        return inner(item).map(ValueType::List);
    }
    if let Some(value) = text.strip_prefix("map<string,").and_then(|rest| rest.strip_suffix('>')) {
        return inner(value).map(ValueType::Map);
    }
    match text {
        "int" => Ok(ValueType::Int),
        "float" => Ok(ValueType::Float),
        "bool" => Ok(ValueType::Bool),
        "string" => Ok(ValueType::Text),
        _ => Err(NoType),
    }
}

impl fmt::Display for ValueType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int => f.write_str("int"),
            Self::Float => f.write_str("float"),
            Self::Bool => f.write_str("bool"),
            Self::Text => f.write_str("string"),
            Self::List(item) => write!(f, "{item}[]"),
            Self::Map(value) => write!(f, "map<string,{value}>"),
        }
    }
}

impl ValueType {
    /// Whether a value has this type.
    #[must_use]
    pub fn has(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Int, Value::Int(value)) => value.unsigned_abs() < INTEGERS_END,
            (Self::Float, Value::Float(value)) => value.is_finite(),
            (Self::Bool, Value::Bool(_)) | (Self::Text, Value::Text(_)) => true,
            (Self::List(item), Value::List(items)) => items.iter().all(|value| item.has(value)),
            (Self::Map(inner), Value::Map(pairs)) => {
                pairs.iter().all(|(key, value)| is_key(key) && inner.has(value))
            }
            _ => false,
        }
    }

    /// Whether a `bool` is this type or in it.
    #[must_use]
    pub fn holds_bool(&self) -> bool {
        match self {
            Self::Bool => true,
            Self::List(inner) | Self::Map(inner) => inner.holds_bool(),
            Self::Int | Self::Float | Self::Text => false,
        }
    }
}

/// JavaScript puts keys that look like numbers in front of all others.
fn is_key(key: &Value) -> bool {
    matches!(key, Value::Text(text) if text.starts_with(char::is_alphabetic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_written_as_it_is_read() {
        for text in
            ["int", "float", "bool", "string", "int[]", "string[][][]", "map<string,map<string,int[]>[]>"]
        {
            assert_eq!(text.parse::<ValueType>().unwrap().to_string(), text);
        }
        for text in
            ["", "Int", "int []", "int[3]", "map<int,int>", "map<string,>", "map<string,int", "[]", "int?"]
        {
            assert_eq!(text.parse::<ValueType>(), Err(NoType), "{text}");
        }
        assert!(format!("int{}", "[]".repeat(4)).parse::<ValueType>().is_ok());
        assert!(format!("int{}", "[]".repeat(5)).parse::<ValueType>().is_err());
    }

    #[test]
    fn a_value_has_the_type_or_not() {
        for (value_type, json, has) in [
            ("int", "9007199254740991", true),
            ("int", "-9007199254740991", true),
            ("int", "9007199254740992", false),
            ("int", "-9007199254740992", false),
            ("int", r#"{"$int":"9223372036854775808"}"#, false),
            ("int", "3.0", false),
            ("float", "3.0", true),
            ("float", "3", false),
            ("float", r#"{"$float":"nan"}"#, false),
            ("float", r#"{"$float":"inf"}"#, false),
            ("bool", "true", true),
            ("bool", "1", false),
            ("string", r#""""#, true),
            ("string", "null", false),
            ("int[]", "[]", true),
            ("int[]", "[1,2]", true),
            ("int[]", "[1,2.0]", false),
            ("int[]", "[[1]]", false),
            ("int[]", r#"{"$set":[1]}"#, false),
            ("int[][]", "[[],[1]]", true),
            ("map<string,int>", r#"{"a":1,"ö":2}"#, true),
            ("map<string,int>", r#"{"a":"b"}"#, false),
            ("map<string,int>", r#"{"1":1}"#, false),
            ("map<string,int>", r#"{"":1}"#, false),
            ("map<string,int>", r#"{"$map":[[1,1]]}"#, false),
        ] {
            let value: Value = serde_json::from_str(json).unwrap();
            assert_eq!(value_type.parse::<ValueType>().unwrap().has(&value), has, "{value_type} and {json}");
        }
    }

    #[test]
    fn a_bool_is_found_inside() {
        for (text, holds) in [("bool", true), ("map<string,bool[]>", true), ("string[]", false)] {
            assert_eq!(text.parse::<ValueType>().unwrap().holds_bool(), holds, "{text}");
        }
    }
}
