//! What is wrong with a file, for the one who wrote it.

use std::fmt;

/// One rule that a file breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file's name, without its folder.
    pub file: String,
    /// Where in it: `hidden[3].expect`, counted from 0 as a program would; `file` for the whole.
    pub field: String,
    /// What should hold, or what happened instead.
    pub rule: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.file, self.field, self.rule)
    }
}

/// The faults of one file while they are looked for: all of them are told, not the first alone.
pub(crate) struct Faults {
    file: String,
    found: Vec<Fault>,
}

impl Faults {
    pub fn of(file: &str) -> Self {
        Self { file: file.to_owned(), found: Vec::new() }
    }

    pub fn add(&mut self, field: impl Into<String>, rule: impl Into<String>) {
        self.found.push(Fault { file: self.file.clone(), field: field.into(), rule: rule.into() });
    }

    /// Adds the rule unless it holds.
    pub fn check(&mut self, holds: bool, field: impl Into<String>, rule: impl Into<String>) {
        if !holds {
            self.add(field, rule);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    pub fn into_list(self) -> Vec<Fault> {
        self.found
    }
}
