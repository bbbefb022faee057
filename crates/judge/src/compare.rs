//! Whether an answer is right. Pure, and the only place that sees expected values.
//!
//! Two values are the same when they mean the same in every language: `3` is `3.0` (JavaScript has no other 3), `-0` is
//! `0`, integers are exact whatever their size, not a number is itself, a tuple is a list, `undefined` is `null`. But a
//! truth value is no number, and a set is no list, unless the mode says that order does not matter.

use parlor_wire::judge::Value;
use std::fmt::Write as _;

/// How an answer is compared with what is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// The same.
    Exact,
    /// The same, but numbers anywhere in it may be off by 1e-9, absolutely or relatively to the larger one.
    Approx,
    /// Where a list is expected, its items may come in any order; what is inside an item is compared exactly.
    Unordered,
    /// As `Unordered`, and how often an item comes does not matter.
    Set,
}

/// How far numbers may be apart in [`Compare::Approx`].
const TOLERANCE: f64 = 1e-9;

impl Compare {
    /// Whether `answer` is right.
    #[must_use]
    pub fn accepts(self, expected: &Value, answer: &Value) -> bool {
        match self {
            Self::Exact => canonical(expected) == canonical(answer),
            Self::Approx => is_near(expected, answer),
            Self::Unordered | Self::Set => match (items(expected), items(answer)) {
                (Some(expected), Some(answer)) => {
                    let sorted = |items: &[Value]| {
                        let mut items: Vec<_> = items.iter().map(canonical).collect();
                        items.sort_unstable();
                        if self == Self::Set {
                            items.dedup();
                        }
                        items
                    };
                    sorted(expected) == sorted(answer)
                }
                _ => canonical(expected) == canonical(answer),
            },
        }
    }
}

fn items(value: &Value) -> Option<&[Value]> {
    match value {
        Value::List(items) | Value::Set(items) => Some(items),
        _ => None,
    }
}

/// One text for all values that mean the same. Its letters keep the sorts apart.
fn canonical(value: &Value) -> String {
    let mut out = String::new();
    put(&mut out, value);
    out
}

fn put(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push('n'),
        Value::Bool(true) => out.push('t'),
        Value::Bool(false) => out.push('f'),
        Value::Int(value) => put_number(out, &value.to_string()),
        Value::BigInt(digits) => put_number(out, digits),
        Value::Float(value) => put_number(out, &number(*value)),
        Value::Text(text) => put_sized(out, 's', text),
        Value::Utf16(units) => {
            out.push('u');
            put_all(out, &mut units.iter().map(ToString::to_string));
        }
        Value::List(items) => {
            out.push('l');
            put_all(out, &mut items.iter().map(canonical));
        }
        Value::Set(items) => {
            let mut items: Vec<_> = items.iter().map(canonical).collect();
            items.sort_unstable();
            items.dedup();
            out.push('x');
            put_all(out, &mut items.into_iter());
        }
        Value::Map(pairs) => {
            let mut pairs: Vec<_> =
                pairs.iter().map(|(key, value)| canonical(key) + &canonical(value)).collect();
            pairs.sort_unstable();
            out.push('m');
            put_all(out, &mut pairs.into_iter());
        }
    }
}

fn put_number(out: &mut String, digits: &str) {
    out.push('i');
    out.push_str(digits);
    out.push(' ');
}

/// All decimal digits of a whole float, which is an integer then; the shortest digits of any other.
fn number(value: f64) -> String {
    match value {
        0.0 => "0".to_owned(),
        whole if whole.fract() == 0.0 => format!("{whole:.0}"),
        other => format!("{other:e}"),
    }
}

/// The length stands in front, so no text can look like the end of one and the beginning of another.
fn put_sized(out: &mut String, letter: char, text: &str) {
    let _ = write!(out, "{letter}{}:{text}", text.len());
}

fn put_all(out: &mut String, items: &mut dyn Iterator<Item = String>) {
    out.push('[');
    items.for_each(|item| put_sized(out, ',', &item));
    out.push(']');
}

fn is_near(expected: &Value, answer: &Value) -> bool {
    if let (Some(a), Some(b)) = (as_float(expected), as_float(answer)) {
        let distance = (a - b).abs();
        return canonical(expected) == canonical(answer)
            || distance <= TOLERANCE
            || (distance.is_finite() && distance <= TOLERANCE * a.abs().max(b.abs()));
    }
    match (expected, answer) {
        (Value::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_near(a, b)),
        (Value::Map(a), Value::Map(b)) => {
            let sorted = |pairs: &[(Value, Value)]| {
                let mut pairs: Vec<_> =
                    pairs.iter().map(|(key, value)| (canonical(key), value.clone())).collect();
                pairs.sort_by(|a, b| a.0.cmp(&b.0));
                pairs
            };
            let (a, b) = (sorted(a), sorted(b));
            a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| a.0 == b.0 && is_near(&a.1, &b.1))
        }
        (a, b) => canonical(a) == canonical(b),
    }
}

fn as_float(value: &Value) -> Option<f64> {
    match value {
        Value::Int(value) => Some(*value as f64),
        Value::BigInt(digits) => digits.parse().ok(),
        Value::Float(value) => Some(*value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Compare::{Approx, Exact, Set, Unordered};
    use proptest::prelude::*;

    fn value(json: &str) -> Value {
        serde_json::from_str(json).unwrap()
    }

    fn check(compare: Compare, expected: &str, answer: &str, right: bool) {
        let verdict = compare.accepts(&value(expected), &value(answer));
        assert_eq!(verdict, right, "{compare:?}: {expected} and {answer}");
        let other_way = compare.accepts(&value(answer), &value(expected));
        assert_eq!(other_way, right, "{compare:?}: {answer} and {expected}");
    }

    #[test]
    fn the_same_in_every_language() {
        for (a, b) in [
            ("3", "3.0"),
            ("0", "-0.0"),
            (r#"{"$float":"nan"}"#, r#"{"$float":"nan"}"#),
            ("1e21", r#"{"$int":"1000000000000000000000"}"#),
            (r#"{"$int":"9223372036854775808"}"#, "9223372036854775808.0"),
            (r#"{"a":1,"b":[2]}"#, r#"{"b":[2.0],"a":1}"#),
            (r#"{"$map":[["a",1]]}"#, r#"{"a":1}"#),
            (r#"{"$set":[1,2]}"#, r#"{"$set":[2,1]}"#),
            (r#""é""#, r#""\u00e9""#),
        ] {
            check(Exact, a, b, true);
            check(Approx, a, b, true);
            check(Unordered, a, b, true);
            check(Set, a, b, true);
        }
    }

    #[test]
    fn never_the_same() {
        for (a, b) in [
            ("1", "true"),
            ("0", "false"),
            ("0", "null"),
            ("1", r#""1""#),
            ("[]", "{}"),
            ("[]", "null"),
            ("[1]", "1"),
            (r#"{"a":1}"#, r#"{"a":1,"b":null}"#),
            (r#"{"$map":[[1,2]]}"#, r#"{"1":2}"#),
            // As it is written with one code point and with two.
            (r#""é""#, r#""e\u0301""#),
            (r#"["a","b"]"#, r#"["a\",\"b"]"#),
            (r#"{"$float":"inf"}"#, r#"{"$float":"-inf"}"#),
            (r#"{"$float":"inf"}"#, "1e308"),
            (r#"{"$float":"nan"}"#, "0"),
            (r#"{"$utf16":[55296]}"#, r#""\ufffd""#),
        ] {
            check(Exact, a, b, false);
            check(Approx, a, b, false);
            check(Unordered, a, b, false);
            check(Set, a, b, false);
        }
        check(Exact, "0.1", "0.10000000000000002", false);
        check(Exact, "9007199254740993", "9007199254740992.0", false);
        check(Exact, "[1,2]", "[2,1]", false);
        check(Exact, r#"{"$set":[1,2]}"#, "[1,2]", false);
    }

    #[test]
    fn nearly_the_same() {
        check(Approx, "0.3", "0.30000000000000004", true);
        check(Approx, "[1000000000000.5,{\"a\":2}]", "[1000000000000.6,{\"a\":2.0000000001}]", true);
        check(Approx, "1", "1.00001", false);
        check(Approx, "[1,2]", "[2,1]", false);
        check(Approx, "[1,2]", "[1]", false);
        check(Approx, r#""a""#, r#""b""#, false);
    }

    #[test]
    fn in_any_order() {
        check(Unordered, "[[1,2],[3,4]]", "[[3,4],[1,2]]", true);
        check(Unordered, "[[1,2],[3,4]]", "[[4,3],[1,2]]", false);
        check(Unordered, "[1,1,2]", "[1,2,2]", false);
        check(Unordered, "[1,2]", r#"{"$set":[2,1]}"#, true);
        check(Set, "[1,1,2]", "[2,1]", true);
        check(Set, "[1,1,2]", "[2]", false);
    }

    proptest! {
        #[test]
        fn a_float_is_the_integer_that_it_is(n in -(1_i64 << 53)..(1_i64 << 53)) {
            prop_assert!(Exact.accepts(&Value::Int(n), &Value::Float(n as f64)));
            prop_assert!(!Exact.accepts(&Value::Int(n), &Value::Int(n + 1)));
        }

        #[test]
        fn any_shuffle_is_accepted(
            (items, shuffled) in proptest::collection::vec(-5_i64..5, 0..20)
                .prop_flat_map(|items| (Just(items.clone()), Just(items).prop_shuffle())),
        ) {
            let list = |items: &[i64]| Value::List(items.iter().copied().map(Value::Int).collect());
            prop_assert!(Unordered.accepts(&list(&items), &list(&shuffled)));
            prop_assert_eq!(Exact.accepts(&list(&items), &list(&shuffled)), items == shuffled);
            let one_more = [&shuffled[..], &[9]].concat();
            prop_assert!(!Unordered.accepts(&list(&items), &list(&one_more)));
        }
    }
}
