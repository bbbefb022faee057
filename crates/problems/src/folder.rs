//! Reads the problems of a folder, and finds those that are alike.

use crate::fault::Fault;
use crate::problem::{MOST_FILE_BYTES, Problem};
use std::collections::HashSet;
use std::io::{self, Read as _};
use std::path::Path;

/// Statements that share this part of their groups of words are one statement.
const SAME_STATEMENT: f64 = 0.5;
/// Words in a group: short enough to see through changed names, long enough not to find common phrases.
const GROUP: usize = 3;

/// What is in a folder.
#[derive(Debug)]
pub struct Folder {
    /// The problems without a fault, by their ids.
    pub problems: Vec<Problem>,
    /// The faults of all others.
    pub faults: Vec<Fault>,
}

/// Reads every `*.toml` of a folder, not of those in it. An id is a file's name, so no two are the same.
///
/// # Errors
/// When the folder or a file in it can not be read; a file that is wrong is no error.
pub fn read(folder: &Path) -> io::Result<Folder> {
    let mut files = Vec::new();
    for entry in folder.read_dir().map_err(|error| at(folder, &error))? {
        let path = entry.map_err(|error| at(folder, &error))?.path();
        if path.extension().is_some_and(|end| end == "toml") {
            files.push(path);
        }
    }
    files.sort();
    let (mut problems, mut faults) = (Vec::new(), Vec::new());
    for path in files {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        match text(&path)?.map(|text| Problem::parse(&name, &text)) {
            Some(Ok(problem)) => problems.push(problem),
            Some(Err(found)) => faults.extend(found),
            None => {
                faults.push(Fault { file: name, field: "file".to_owned(), rule: "is not UTF-8".to_owned() });
            }
        }
    }
    faults.extend(same_statements(&problems));
    Ok(Folder { problems, faults })
}

/// `None` when it is no text. Reads one byte more than a problem may have, so that the parser sees it.
fn text(path: &Path) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(|error| at(path, &error))?;
    file.take(MOST_FILE_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(|error| at(path, &error))?;
    Ok(match String::from_utf8(bytes) {
        Ok(text) => Some(text),
        // The cut may be within a character.
        Err(error) if error.as_bytes().len() > MOST_FILE_BYTES => {
            Some(String::from_utf8_lossy(error.as_bytes()).into_owned())
        }
        Err(_) => None,
    })
}

fn at(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

/// A fault for each statement that is nearly the same as one before it.
fn same_statements(problems: &[Problem]) -> Vec<Fault> {
    let groups: Vec<_> = problems.iter().map(|problem| groups(&problem.statement)).collect();
    let mut faults = Vec::new();
    for (i, problem) in problems.iter().enumerate() {
        if let Some(before) = (0..i).find(|j| likeness(&groups[*j], &groups[i]) > SAME_STATEMENT) {
            faults.push(Fault {
                file: problem.file(),
                field: "statement".to_owned(),
                rule: format!("must not be nearly the same as in {}", problems[before].file()),
            });
        }
    }
    faults
}

/// A fault where the statement is nearly the same as one that is known.
pub(crate) fn alike(known: &[Problem], new: &Problem) -> Vec<Fault> {
    let own = groups(&new.statement);
    let same = known.iter().find(|problem| likeness(&groups(&problem.statement), &own) > SAME_STATEMENT);
    let fault = |same: &Problem| Fault {
        file: new.file(),
        field: "statement".to_owned(),
        rule: format!("must not be nearly the same as in {}", same.file()),
    };
    same.map(fault).into_iter().collect()
}

fn groups(statement: &str) -> HashSet<Vec<String>> {
    let words: Vec<String> = statement
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.windows(GROUP).map(<[String]>::to_vec).collect()
}

/// Jaccard's index: what both have, of what either has.
fn likeness(a: &HashSet<Vec<String>>, b: &HashSet<Vec<String>>) -> f64 {
    let both = a.intersection(b).count();
    let either = a.len() + b.len() - both;
    if either == 0 { 1.0 } else { both as f64 / either as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_with_other_names_is_the_same() {
        let alike = |a: &str, b: &str| likeness(&groups(a), &groups(b)) > SAME_STATEMENT;
        let text = "A shop sells *apples* for five coins each, and whoever buys ten of them pays for nine of them only.";
        assert!(alike(text, text));
        assert!(alike(text, &text.replace("apples", "pears").to_uppercase()));
        assert!(!alike(
            text,
            "A shop sells tickets for five coins each, and children below the age of six pay nothing."
        ));
        assert!(alike("", ""), "two that say nothing say the same");
    }
}
