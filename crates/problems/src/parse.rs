//! Reads the text of a file into a problem. Knows every rule that needs neither the sandbox nor other files.

use crate::ValueType;
use crate::case_size::size;
use crate::fault::Faults;
use crate::problem::{
    Argument, Case, Example, Limits, MOST_CASES, MOST_FILE_BYTES, Origin, Problem, References, Signature,
    Solution,
};
use crate::value_type::NoType;
use parlor_judge::compare::Compare;
use parlor_wire::judge::{Language, Value};
use tables::{CaseTable, CompareMode, ExampleTable, File, LimitsTable, SignatureTable, WrongTable};

mod tables;

/// Fewer examples leave a player guessing.
const FEWEST_EXAMPLES: usize = 3;
/// Fewer hidden cases let wrong programs through.
const FEWEST_HIDDEN: usize = 12;
/// A problem tells at least two mistakes that its cases find; the judge runs each.
const WRONG: std::ops::RangeInclusive<usize> = 2..=10;

/// The problem, or less than one and faults; what it gives beside faults is to be thrown away.
pub(crate) fn problem(file: &str, text: &str, faults: &mut Faults) -> Option<Problem> {
    if text.len() > MOST_FILE_BYTES {
        faults.add("file", format!("must be at most {MOST_FILE_BYTES} bytes"));
        return None;
    }
    let written = tables::read(text, faults)?;
    check_head(file, &written, faults);
    let origin = origin(&written.origin);
    faults.check(
        origin.is_some(),
        "origin",
        "must be authored, import: and the source's name, or generated: and the model's",
    );
    let compare = written.compare.mode.into();
    let limits = limits(&written.limits, faults);
    // Without a signature nothing can be said about the values.
    let signature = signature(&written.signature, faults)?;
    let examples = examples(written.example, &signature, faults);
    let hidden = hidden(written.hidden, &signature, faults);
    check_compare(compare, &signature, faults);
    check_cases(&examples, &hidden, faults);
    let references =
        References { python: written.reference.python, javascript: written.reference.javascript };
    let wrong = wrong(written.wrong, faults);
    Some(Problem {
        id: written.id,
        title: written.title,
        rank: written.rank,
        tags: written.tags,
        license: written.license,
        authors: written.authors,
        origin: origin?,
        statement: written.statement,
        signature,
        compare,
        limits,
        examples,
        hidden,
        references,
        wrong,
    })
}

fn check_head(file: &str, written: &File, faults: &mut Faults) {
    let is_id = (3..=48).contains(&written.id.len()) && is_word(&written.id);
    faults.check(is_id, "id", "must be 3 to 48 of a-z, 0-9 and dashes");
    let is_file_name = file.strip_suffix(".toml") == Some(written.id.as_str());
    faults.check(is_file_name, "id", "must be the file's name without .toml");
    faults.check(is_line(&written.title, 3..=60), "title", "must be one line of 3 to 60 characters");
    let are_words = written.tags.iter().all(|tag| tag.len() <= 32 && is_word(tag));
    let has_some = (1..=5).contains(&written.tags.len());
    faults.check(are_words && has_some, "tags", "must be 1 to 5 words of a-z, 0-9 and dashes");
    faults.check(is_license(&written.license), "license", "must be an SPDX expression like CC0-1.0");
    let are_authors = (1..=10).contains(&written.authors.len())
        && written.authors.iter().all(|author| is_line(author, 1..=80));
    faults.check(are_authors, "authors", "must be 1 to 10 names");
    let length = written.statement.trim().chars().count();
    faults.check((200..=3_000).contains(&length), "statement", "must be 200 to 3000 characters");
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn is_line(text: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    text.trim() == text && !text.contains(char::is_control) && length.contains(&text.chars().count())
}

fn is_license(text: &str) -> bool {
    is_line(text, 2..=100)
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.+ ()".contains(&byte))
}

fn origin(text: &str) -> Option<Origin> {
    if let Some(source) = text.strip_prefix("import:") {
        return is_line(source, 1..=100).then(|| Origin::Imported(source.to_owned()));
    }
    if let Some(model) = text.strip_prefix("generated:") {
        return is_line(model, 1..=100).then(|| Origin::Generated(model.to_owned()));
    }
    (text == "authored").then_some(Origin::Authored)
}

impl From<CompareMode> for Compare {
    fn from(mode: CompareMode) -> Self {
        match mode {
            CompareMode::Exact => Self::Exact,
            CompareMode::Approx => Self::Approx,
            CompareMode::Unordered => Self::Unordered,
            CompareMode::Set => Self::Set,
        }
    }
}

fn limits(written: &LimitsTable, faults: &mut Faults) -> Limits {
    faults.check((100..=10_000).contains(&written.cpu_ms), "limits.cpu_ms", "must be 100 to 10000");
    faults.check((16..=512).contains(&written.memory_mb), "limits.memory_mb", "must be 16 to 512");
    Limits { cpu_ms: written.cpu_ms, memory_mb: written.memory_mb }
}

fn signature(written: &SignatureTable, faults: &mut Faults) -> Option<Signature> {
    faults.check(
        is_identifier(&written.name),
        "signature.name",
        "must be snake_case of at most 64 characters",
    );
    faults.check((1..=8).contains(&written.args.len()), "signature.args", "must be 1 to 8 arguments");
    let mut arguments = Vec::new();
    for (i, argument) in written.args.iter().enumerate() {
        let field = format!("signature.args[{i}]");
        let is_new = !arguments.iter().any(|before: &Argument| before.name == argument.name);
        faults.check(
            is_identifier(&argument.name) && is_new,
            format!("{field}.name"),
            "must be snake_case of at most 64 characters, and no other argument's",
        );
        let field = format!("{field}.type");
        match argument.value_type.parse::<ValueType>() {
            Ok(value_type) if value_type.holds_bool() => {
                faults.add(field, "must hold no bool: its words differ between the languages");
            }
            Ok(value_type) => arguments.push(Argument { name: argument.name.clone(), value_type }),
            Err(error) => faults.add(field, error.to_string()),
        }
    }
    let returns = written.returns.parse().map_err(|error: NoType| {
        faults.add("signature.returns", error.to_string());
    });
    if arguments.len() < written.args.len() {
        return None;
    }
    Some(Signature { name: written.name.clone(), arguments, returns: returns.ok()? })
}

fn is_identifier(text: &str) -> bool {
    text.len() <= 64
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

fn examples(written: Vec<ExampleTable>, signature: &Signature, faults: &mut Faults) -> Vec<Example> {
    faults.check(
        (FEWEST_EXAMPLES..=MOST_CASES).contains(&written.len()),
        "example",
        format!("must be at least {FEWEST_EXAMPLES} and at most {MOST_CASES}"),
    );
    let mut examples = Vec::new();
    for (i, ExampleTable { call, args, expect, explanation }) in written.into_iter().enumerate() {
        let field = format!("example[{i}]");
        let case = case(CaseTable { args, expect }, &field, signature, faults);
        faults.check(
            shown(&call, &signature.name).as_ref() == Some(&case.arguments),
            format!("{field}.call"),
            format!("must be {}(…) with the same arguments as in args, written as in JSON", signature.name),
        );
        faults.check(
            (1..=500).contains(&explanation.trim().chars().count()),
            format!("{field}.explanation"),
            "must be 1 to 500 characters",
        );
        examples.push(Example { call, case, explanation });
    }
    examples
}

/// The arguments of a call. JSON is what both languages write in the same way.
fn shown(call: &str, function: &str) -> Option<Vec<Value>> {
    let arguments = call.strip_prefix(function)?.strip_prefix('(')?.strip_suffix(')')?;
    serde_json::from_str(&format!("[{arguments}]")).ok()
}

fn hidden(written: Vec<CaseTable>, signature: &Signature, faults: &mut Faults) -> Vec<Case> {
    faults.check(
        (FEWEST_HIDDEN..=MOST_CASES).contains(&written.len()),
        "hidden",
        format!("must be at least {FEWEST_HIDDEN} and at most {MOST_CASES}"),
    );
    let cases = written.into_iter().enumerate();
    cases.map(|(i, written)| case(written, &format!("hidden[{i}]"), signature, faults)).collect()
}

fn case(written: CaseTable, field: &str, signature: &Signature, faults: &mut Faults) -> Case {
    let CaseTable { args, expect } = written;
    faults.check(
        args.len() == signature.arguments.len(),
        format!("{field}.args"),
        format!("must be {} arguments", signature.arguments.len()),
    );
    for (value, argument) in args.iter().zip(&signature.arguments) {
        faults.check(
            argument.value_type.has(value),
            format!("{field}.args.{}", argument.name),
            must_be(&argument.value_type),
        );
    }
    let returns = &signature.returns;
    faults.check(returns.has(&expect), format!("{field}.expect"), must_be(returns));
    Case { arguments: args, expected: expect }
}

fn must_be(value_type: &ValueType) -> String {
    format!(
        "must be {value_type} (integers below 2^53, floats with a point, keys of maps that begin with a letter)"
    )
}

fn check_compare(compare: Compare, signature: &Signature, faults: &mut Faults) {
    let is_list = matches!(signature.returns, ValueType::List(_));
    faults.check(
        is_list || matches!(compare, Compare::Exact | Compare::Approx),
        "compare.mode",
        "unordered and set need a signature that returns a list",
    );
}

fn check_cases(examples: &[Example], hidden: &[Case], faults: &mut Faults) {
    for (i, example) in examples.iter().enumerate() {
        let before = examples[..i].iter().any(|other| other.case.arguments == example.case.arguments);
        faults.check(!before, format!("example[{i}]"), "must not repeat another example");
    }
    for (i, case) in hidden.iter().enumerate() {
        let shown = examples.iter().any(|example| example.case.arguments == case.arguments);
        faults.check(!shown, format!("hidden[{i}]"), "must not be an example");
        let before = hidden[..i].iter().any(|other| other.arguments == case.arguments);
        faults.check(!before, format!("hidden[{i}]"), "must not repeat another hidden case");
    }
    let largest_example = examples.iter().map(|example| size(&example.case.arguments)).max();
    let largest_hidden = hidden.iter().map(|case| size(&case.arguments)).max();
    faults.check(largest_hidden > largest_example, "hidden", "one must be larger than every example");
}

fn wrong(written: Vec<WrongTable>, faults: &mut Faults) -> Vec<Solution> {
    faults.check(WRONG.contains(&written.len()), "wrong", "must be 2 to 10");
    let mut solutions = Vec::new();
    for (i, table) in written.into_iter().enumerate() {
        solutions.extend(match table {
            WrongTable { python: Some(source), javascript: None } => {
                Some(Solution { language: Language::Python, source })
            }
            WrongTable { python: None, javascript: Some(source) } => {
                Some(Solution { language: Language::JavaScript, source })
            }
            _ => {
                faults.add(format!("wrong[{i}]"), "must be in python or in javascript");
                None
            }
        });
    }
    solutions
}
