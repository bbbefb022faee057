//! Reads the body of a request or of a socket call into one of our types.
//!
//! Not JSON, not an object, nested too deeply: `malformed`. JSON that does not fit: `invalid`, with the name of the
//! field. Unknown fields are ignored. What the client sent never comes back in the text of an error.

use serde::de::DeserializeOwned;

use crate::problem::{Code, Problem};

/// Nothing that we read is nested deeper than five; a client may wrap its own unknown fields as deep as this.
const MAX_DEPTH: usize = 64;

/// Reads a JSON object.
pub fn object<T: DeserializeOwned>(json: &[u8]) -> Result<T, Problem> {
    let first = json.iter().find(|byte| !byte.is_ascii_whitespace());
    if first != Some(&b'{') {
        return Err(Problem::new(Code::Malformed, "the body must be a JSON object"));
    }
    if is_deeper_than(MAX_DEPTH, json) {
        return Err(Problem::new(Code::Malformed, "the body is nested too deeply"));
    }
    let json = std::str::from_utf8(json).map_err(|_| not_json())?;
    let mut reader = serde_json::Deserializer::from_str(json);
    let body = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        // A wrong type in front of a broken rest is still broken: the parser had not come so far.
        let whole = serde_json::from_str::<serde::de::IgnoredAny>(json);
        whole.map_or_else(|_| not_json(), |_| problem_of(&error))
    })?;
    reader.end().map_err(|_| not_json())?;
    Ok(body)
}

fn not_json() -> Problem {
    Problem::new(Code::Malformed, "the body is not JSON")
}

/// Counts brackets outside of strings; it need not know more of JSON, because the parser runs after it.
fn is_deeper_than(limit: usize, json: &[u8]) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => {
                depth += 1;
                if depth > limit {
                    return true;
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

fn problem_of(error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    if error.inner().classify() != serde_json::error::Category::Data {
        return not_json();
    }
    let message = error.inner().to_string();
    // Serde tells of a missing or doubled field at its parent, and names it in the text: the one text of serde's that
    // we read, guarded by a test below. The names are our own, not the client's.
    for (start, detail) in [("missing field `", "is missing"), ("duplicate field `", "is there twice")] {
        if let Some(name) = message.strip_prefix(start).and_then(|rest| rest.split('`').next()) {
            return Problem::invalid(child_of(error.path(), name), format!("the field {detail}"));
        }
    }
    Problem::invalid(error.path().to_string(), format!("the field must be {}", expected(&message)))
}

fn child_of(parent: &serde_path_to_error::Path, name: &str) -> String {
    if parent.iter().next().is_none() { name.to_owned() } else { format!("{parent}.{name}") }
}

/// What serde expected, without what it found: that is the client's.
fn expected(message: &str) -> &'static str {
    let after = message.rsplit_once("expected ").map_or("", |(_, after)| after);
    let starts = |start: &str| after.starts_with(start);
    if starts("a whole number that is not negative") {
        "a whole number that is not negative"
    } else if starts("a whole number") || starts("i64") {
        "a whole number"
    } else if starts("u16") || starts("u32") || starts("u64") {
        "a whole number that is not negative"
    } else if starts("a string") {
        "a string"
    } else if starts("a boolean") {
        "true or false"
    } else if starts("a sequence") {
        "a list"
    } else if starts("struct") {
        "an object"
    } else if starts("one of") || message.starts_with("unknown variant") {
        "one of the values that the documentation lists"
    } else {
        "of another type"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{NewAccount, SignIn};
    use crate::group::{ChangeGroup, ChangeMember};
    use crate::message::{NewMessage, Read};
    use crate::socket::{OpenGroups, ReadCall};

    fn refused<T: DeserializeOwned>(json: &str) -> (Code, Option<String>, String) {
        let problem = object::<T>(json.as_bytes()).err().expect("must be refused");
        (problem.code, problem.field, problem.detail)
    }

    #[test]
    fn wrong_types_and_missing_fields_are_named() {
        let invalid = |field: &str, detail: &str| (Code::Invalid, Some(field.to_owned()), detail.to_owned());
        assert_eq!(refused::<SignIn>(r#"{"username": "ada"}"#), invalid("password", "the field is missing"));
        assert_eq!(
            refused::<SignIn>(r#"{"username": ["ada, expected u64"], "password": "x"}"#),
            invalid("username", "the field must be a string")
        );
        assert_eq!(
            refused::<SignIn>(r#"{"username": "a", "username": "b", "password": "x"}"#),
            invalid("username", "the field is there twice")
        );
        assert_eq!(
            refused::<Read>(r#"{"seq": "hunter2"}"#),
            invalid("seq", "the field must be a whole number")
        );
        assert_eq!(refused::<Read>(r#"{"seq": 1.5}"#), invalid("seq", "the field must be a whole number"));
        assert_eq!(
            refused::<Read>(r#"{"seq": -1}"#),
            invalid("seq", "the field must be a whole number that is not negative")
        );
        assert_eq!(
            refused::<ReadCall>(r#"{"group": 1, "seq": -1}"#),
            invalid("seq", "the field must be a whole number that is not negative")
        );
        assert_eq!(refused::<Read>(r#"{"seq": null}"#), invalid("seq", "the field must be a whole number"));
        assert_eq!(
            refused::<ChangeGroup>(r#"{"expires_in_s": -1}"#),
            invalid("expires_in_s", "the field must be a whole number that is not negative")
        );
        for field in ["name", "description", "rules"] {
            assert_eq!(
                refused::<ChangeGroup>(&format!(r#"{{"{field}": null}}"#)),
                invalid(field, "the field must be a string")
            );
        }
        assert_eq!(
            refused::<ChangeGroup>(r#"{"slow_mode_s": null}"#),
            invalid("slow_mode_s", "the field must be a whole number that is not negative")
        );
        assert_eq!(
            refused::<ChangeMember>(r#"{"role": "emperor"}"#),
            invalid("role", "the field must be one of the values that the documentation lists")
        );
        assert_eq!(
            refused::<OpenGroups>(r#"{"groups": [{"id": 1}, {"id": 2, "after": {"epoch": 1}}]}"#),
            invalid("groups[1].after.seq", "the field is missing")
        );
        assert_eq!(refused::<OpenGroups>(r#"{"groups": {}}"#), invalid("groups", "the field must be a list"));
        assert_eq!(
            refused::<NewMessage>(r#"{"client_id": "a", "text": {"b": 1}}"#),
            invalid("text", "the field must be a string")
        );
    }

    #[test]
    fn what_is_not_an_object_is_malformed() {
        for json in [
            "",
            " ",
            "[]",
            "7",
            "null",
            "\"{}\"",
            "{",
            "{]",
            "{\"seq\": 1",
            "{\"seq\": 1} x",
            "{\"seq\": \"1\", ",
            "{\"seq\": 1}{}",
            "{'seq': 1}",
            "{\"seq\": 1e400}",
            "{\"seq\": \"\\ud800\"}",
            "\u{feff}{\"seq\": 1}",
        ] {
            assert_eq!(refused::<Read>(json).0, Code::Malformed, "{json:?}");
        }
        assert_eq!(object::<Read>(b"{\"seq\": 1, \"a\": \"\xff\"}").unwrap_err().code, Code::Malformed);
    }

    #[test]
    fn depth_is_limited() {
        let nested =
            |depth: usize| format!(r#"{{"seq": 1, "x": {}{}}}"#, "[".repeat(depth), "]".repeat(depth));
        assert!(object::<Read>(nested(63).as_bytes()).is_ok());
        assert_eq!(refused::<Read>(&nested(64)).0, Code::Malformed);
        assert_eq!(refused::<Read>(&nested(100_000)).0, Code::Malformed);
        assert_eq!(refused::<Read>(&format!("{{\"x\": {}", "[".repeat(1_000_000))).0, Code::Malformed);
        let brackets_in_text = format!(r#"{{"seq": 1, "x": "\"{}\\"}}"#, "[".repeat(100));
        assert!(object::<Read>(brackets_in_text.as_bytes()).is_ok());
    }

    #[test]
    fn unknown_fields_are_ignored_and_null_differs_from_missing() {
        let account: NewAccount = object(
            br#"{"username": "ada", "password": "longenough", "role": "admin", "display_name": null}"#,
        )
        .unwrap();
        assert_eq!((account.username.as_str(), account.display_name), ("ada", None));
        let change: ChangeGroup = object(br#"{"expires_in_s": null}"#).unwrap();
        assert_eq!(change.expires_in_s, Some(None));
        let change: ChangeGroup = object(b"{}").unwrap();
        assert_eq!(change.expires_in_s, None);
    }

    #[test]
    fn hidden_things_do_not_come_back() {
        let (_, _, detail) = refused::<NewMessage>(r#"{"client_id": "a", "text": 1234567}"#);
        assert!(!detail.contains("1234567"));
        let (_, _, detail) = refused::<ChangeMember>(r#"{"role": "s3cret`, expected `x"}"#);
        assert!(!detail.contains("s3cret"));
    }
}
