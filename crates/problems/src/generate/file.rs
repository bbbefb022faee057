//! Writes a generated problem down as everybody else's: a file that is read again before anybody plays it.

use parlor_wire::judge::Value;
use serde::Serialize;

use super::answer::{Answer, Argument, CompareName, Reference, Wrong};
use crate::Rank;

/// What a generated problem's submissions may use, in MiB.
pub(super) const MEMORY_MB: u32 = 128;

#[derive(Serialize)]
struct File<'a> {
    schema: u32,
    id: &'a str,
    title: &'a str,
    rank: String,
    tags: &'a [String],
    license: &'a str,
    authors: [&'a str; 1],
    origin: String,
    statement: &'a str,
    signature: Signature<'a>,
    compare: Compare,
    limits: Limits,
    example: Vec<Example<'a>>,
    hidden: Vec<Case<'a>>,
    reference: &'a Reference,
    wrong: &'a [Wrong],
}

#[derive(Serialize)]
struct Signature<'a> {
    name: &'a str,
    args: &'a [Argument],
    returns: &'a str,
}

#[derive(Serialize)]
struct Compare {
    mode: CompareName,
}

#[derive(Serialize)]
struct Limits {
    cpu_ms: u32,
    memory_mb: u32,
}

#[derive(Serialize)]
struct Example<'a> {
    call: String,
    args: &'a [Value],
    expect: &'a Value,
    explanation: &'a str,
}

#[derive(Serialize)]
struct Case<'a> {
    args: &'a [Value],
    expect: &'a Value,
}

/// The text of the file. `cases` and `expected` are those of the examples, then the hidden ones.
pub(super) fn text(
    answer: &Answer,
    id: &str,
    rank: Rank,
    writer: &str,
    cases: &[Vec<Value>],
    expected: &[Value],
) -> Result<String, String> {
    let mut pairs = cases.iter().zip(expected);
    let example = answer
        .examples
        .iter()
        .zip(pairs.by_ref())
        .map(|(example, (args, expect))| {
            Ok(Example {
                call: call(&answer.function, args)?,
                args,
                expect,
                explanation: &example.explanation,
            })
        })
        .collect::<Result<_, String>>()?;
    let file = File {
        schema: 1,
        id,
        title: &answer.title,
        rank: rank.to_string(),
        tags: &answer.tags,
        license: "CC0-1.0",
        authors: [writer],
        origin: format!("generated:{writer}"),
        statement: &answer.statement,
        signature: Signature { name: &answer.function, args: &answer.args, returns: &answer.returns },
        compare: Compare { mode: answer.compare },
        limits: Limits { cpu_ms: answer.cpu_ms, memory_mb: MEMORY_MB },
        example,
        hidden: pairs.map(|(args, expect)| Case { args, expect }).collect(),
        reference: &answer.reference,
        wrong: &answer.wrong,
    };
    // Null is the one value that the format cannot hold.
    toml::to_string(&file).map_err(|error| format!("the problem cannot be written down: {error}"))
}

/// As a player sees it.
fn call(function: &str, arguments: &[Value]) -> Result<String, String> {
    let written: Result<Vec<String>, _> = arguments.iter().map(serde_json::to_string).collect();
    let written = written.map_err(|error| format!("an argument cannot be written down: {error}"))?;
    Ok(format!("{function}({})", written.join(", ")))
}
