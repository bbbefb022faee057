//! What a writer is asked.

use crate::{Problem, Rank};

/// As many titles of known problems are told at most, the last ones.
const MOST_TITLES: usize = 200;

/// What holds for the whole talk.
pub(super) fn instructions() -> String {
    r#"You invent problems for short duels in code. Players write one function, in Python or JavaScript, that is called with arguments and returns a value; nothing is read or printed.

Answer with one JSON object and nothing else:
{
  "title": "3 to 60 characters",
  "statement": "Markdown, 200 to 3000 characters: a small story of your own, what each argument is and between which bounds, what is returned, what happens in a tie or with nothing",
  "tags": ["one to five words of a-z and dashes"],
  "function": "snake_case, not named cases",
  "args": [{"name": "snake_case", "type": "int | float | string | T[] | map<string,T>"}],
  "returns": "one of these types, or bool",
  "compare": "exact | approx | unordered | set",
  "cpu_ms": 2000,
  "examples": [{"args": [1], "explanation": "why that is the answer"}],
  "cases": "a Python program with cases(seed) that returns 15 to 40 different lists of arguments: the smallest, each bound, each tie, random ones made with random.Random(seed), and large ones that find slow programs",
  "reference": {"python": "a program with the function", "javascript": "the same in JavaScript, by another method where that is possible"},
  "wrong": [{"python": "a program with a mistake that people make"}, {"javascript": "another"}]
}

At least three examples and two wrong programs; each wrong program must have the function and fail one of the cases. At least one case must be larger than every example. No argument holds a bool. All numbers stay below 2^53. Keys of maps begin with a letter. There is no null: return -1, an empty string or an empty list where there is no answer. All cases together stay below 40,000 characters. The programs may use what comes with the language, no files, no network, no packages. Do not take text or tests from elsewhere."#
        .to_owned()
}

/// What is wanted.
pub(super) fn question(rank: Rank, known: &[Problem]) -> String {
    let time = match rank {
        Rank::Bronze => "a beginner needs five minutes",
        Rank::Silver => "a beginner needs fifteen minutes",
        Rank::Gold => "a good programmer needs fifteen minutes",
        Rank::Platinum => "a good programmer needs half an hour",
    };
    let titles: Vec<&str> =
        known.iter().rev().take(MOST_TITLES).map(|problem| problem.title.as_str()).collect();
    format!(
        "Invent a problem of the rank {rank}: {time}. It must not be like one of these: {}.",
        titles.join("; ")
    )
}

/// What was wrong with the answer.
pub(super) fn correction(why: &str) -> String {
    let why: String = why.chars().take(4_000).collect();
    format!("That does not hold:\n{why}\nCorrect it and give the whole object again.")
}
