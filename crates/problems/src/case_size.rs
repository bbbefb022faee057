//! How much there is in the arguments of a call: a measure to find out whether a problem has a large case.

use parlor_wire::judge::Value;

/// Characters, digits and items, all together.
pub(crate) fn size(arguments: &[Value]) -> usize {
    arguments.iter().map(|value| 1 + of(value)).sum()
}

fn of(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) => 1,
        Value::Int(number) => number.unsigned_abs().to_string().len(),
        Value::BigInt(digits) => digits.len(),
        Value::Float(number) => number.to_string().len(),
        Value::Text(text) => text.chars().count(),
        Value::Utf16(units) => units.len(),
        Value::List(items) | Value::Set(items) => size(items),
        Value::Map(pairs) => pairs.iter().map(|(key, value)| 1 + of(key) + of(value)).sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_more_is_larger() {
        let mut before = 0;
        for json in
            ["[[]]", "[123]", "[[1, 2]]", r#"["abcdef"]"#, r#"[{"ab": 10, "c": [1]}]"#, "[[[1, 2], [3, 4]]]"]
        {
            let arguments: Vec<Value> = serde_json::from_str(json).unwrap();
            assert!(size(&arguments) > before, "{json}: {}", size(&arguments));
            before = size(&arguments);
        }
    }
}
