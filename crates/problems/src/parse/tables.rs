//! The tables of a file as they are written. Knows no rule but the names and sorts of the fields.

use crate::Rank;
use crate::fault::Faults;
use parlor_wire::judge::Value;
use serde::{Deserialize, de::DeserializeOwned};

/// The only version of the format. A file of another one is refused by that, not by its unknown fields.
const SCHEMA: i64 = 1;

#[derive(Deserialize)]
struct Version {
    schema: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    #[serde(rename = "schema")]
    _schema: i64,
    pub id: String,
    pub title: String,
    pub rank: Rank,
    pub tags: Vec<String>,
    pub license: String,
    pub authors: Vec<String>,
    pub origin: String,
    pub statement: String,
    pub signature: SignatureTable,
    pub compare: CompareTable,
    pub limits: LimitsTable,
    pub example: Vec<ExampleTable>,
    pub hidden: Vec<CaseTable>,
    pub reference: ReferenceTable,
    pub wrong: Vec<WrongTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SignatureTable {
    pub name: String,
    pub args: Vec<ArgumentTable>,
    pub returns: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ArgumentTable {
    pub name: String,
    #[serde(rename = "type")]
    pub value_type: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CompareTable {
    pub mode: CompareMode,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum CompareMode {
    Exact,
    Approx,
    Unordered,
    Set,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LimitsTable {
    pub cpu_ms: u32,
    pub memory_mb: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExampleTable {
    pub call: String,
    pub args: Vec<Value>,
    pub expect: Value,
    pub explanation: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CaseTable {
    pub args: Vec<Value>,
    pub expect: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReferenceTable {
    pub python: String,
    pub javascript: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrongTable {
    pub python: Option<String>,
    pub javascript: Option<String>,
}

/// The tables, or the one fault at which reading stopped.
pub(super) fn read(text: &str, faults: &mut Faults) -> Option<File> {
    let version: Version = table(text, faults)?;
    if version.schema != SCHEMA {
        faults.add("schema", format!("must be {SCHEMA}"));
        return None;
    }
    table(text, faults)
}

fn table<T: DeserializeOwned>(text: &str, faults: &mut Faults) -> Option<T> {
    let reader = match toml::Deserializer::parse(text) {
        Ok(reader) => reader,
        Err(error) => {
            faults.add("file", format!("is not TOML{}: {}", line(text, &error), error.message()));
            return None;
        }
    };
    serde_path_to_error::deserialize(reader)
        .map_err(|error| {
            let field = match error.path().to_string() {
                whole if whole == "." => "file".to_owned(),
                field => field,
            };
            let error = error.into_inner();
            faults.add(field, format!("{}{}", error.message(), line(text, &error)));
        })
        .ok()
}

fn line(text: &str, error: &toml::de::Error) -> String {
    error
        .span()
        .map_or(String::new(), |span| format!(" (line {})", text[..span.start].matches('\n').count() + 1))
}
