//! What a writer says, read with suspicion: only its shape is looked at here, the rules are those of every file.

use parlor_judge::compare::Compare;
use parlor_wire::judge::Value;
use serde::{Deserialize, Serialize};

/// An answer that is longer is none.
const MOST_BYTES: usize = 256 * 1024;

/// A problem without expected values.
#[derive(Debug, Deserialize)]
pub(super) struct Answer {
    pub title: String,
    pub statement: String,
    pub tags: Vec<String>,
    pub function: String,
    pub args: Vec<Argument>,
    pub returns: String,
    pub compare: CompareName,
    #[serde(default = "usual_cpu_ms")]
    pub cpu_ms: u32,
    pub examples: Vec<Example>,
    pub cases: String,
    pub reference: Reference,
    pub wrong: Vec<Wrong>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Argument {
    pub name: String,
    #[serde(rename = "type")]
    pub value_type: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Example {
    pub args: Vec<Value>,
    pub explanation: String,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Reference {
    pub python: String,
    pub javascript: String,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Wrong {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub python: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub javascript: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum CompareName {
    Exact,
    Approx,
    Unordered,
    Set,
}

impl From<CompareName> for Compare {
    fn from(name: CompareName) -> Self {
        match name {
            CompareName::Exact => Self::Exact,
            CompareName::Approx => Self::Approx,
            CompareName::Unordered => Self::Unordered,
            CompareName::Set => Self::Set,
        }
    }
}

fn usual_cpu_ms() -> u32 {
    2_000
}

impl Answer {
    /// Finds the object in what was said: some writers cannot help putting words around it.
    pub(super) fn read(said: &str) -> Result<Self, String> {
        if said.len() > MOST_BYTES {
            return Err(format!("an answer has at most {MOST_BYTES} bytes"));
        }
        let object = said.find('{').zip(said.rfind('}')).and_then(|(begin, end)| said.get(begin..=end));
        let object = object.ok_or("there is no JSON object in the answer")?;
        let mut reader = serde_json::Deserializer::from_str(object);
        serde_path_to_error::deserialize(&mut reader)
            .map_err(|error| format!("{}: {}", error.path(), error.inner()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named() {
        let read = |said: &str| Answer::read(said).map(|_| ()).unwrap_err();
        assert_eq!(read("I cannot do that."), "there is no JSON object in the answer");
        let said = "```json\n{\"title\": \"A title\", \"tags\": [1]}\n```";
        assert!(read(said).starts_with("tags[0]: invalid type"), "{}", read(said));
        assert!(read(&"{".repeat(MOST_BYTES + 1)).contains("at most"));
    }
}
