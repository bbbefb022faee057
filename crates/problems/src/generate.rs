//! Lets a writer, such as a language model behind a service, invent a problem, and makes a file of it that passes the gate.
//!
//! What is right is never the writer's word. It gives two references and a program that makes cases; the expected values
//! are what the first reference gives in the sandbox, and the second must give the same. A problem that does not pass
//! goes back to the writer with what is wrong, a few times at most.
//!
//! `prompt` is what the writer is asked, `answer` what it must say, `file` how that is written down.

mod answer;
mod file;
mod prompt;

use std::fmt;

use parlor_judge::client::{Judge, Run, RunError};
use parlor_judge::compare::Compare;
use parlor_judge::queue::{Asker, Kind};
use parlor_wire::judge::{Event, Job, Language, Limits, Mode, Outcome, Stop, Value};

use crate::proof::{self, ProofError};
use crate::{Fault, MOST_CASES, Problem, Rank, folder};
use answer::Answer;

/// How often a writer may try.
const ATTEMPTS: usize = 3;
/// What the program that makes cases may use.
const MAKING: Limits = Limits { cpu_ms: 5_000, memory_mb: 256 };
/// The seed with which cases are made, so that a run can be repeated.
const SEED: i64 = 1;

/// Who writes problems.
pub trait Writer: Send + Sync {
    /// Its name, which the file keeps as the problem's origin.
    fn name(&self) -> &str;

    /// Answers the last line of a talk, which began with instructions.
    fn write(&self, talk: &[Line]) -> impl Future<Output = Result<String, WriterError>> + Send;
}

/// One line of the talk with a writer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Whose it is.
    pub by: Speaker,
    /// What is said.
    pub text: String,
}

/// Whose a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker {
    /// What holds for the whole talk.
    Instructions,
    /// Our question.
    Us,
    /// The writer's answer.
    Writer,
}

/// The writer said nothing.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct WriterError(pub String);

/// A problem that passed the gate.
#[derive(Clone, Debug, PartialEq)]
pub struct Generated {
    /// It.
    pub problem: Problem,
    /// Its file.
    pub text: String,
}

/// Why there is no new problem.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    /// The service.
    #[error("the service that writes problems did not answer")]
    Writer(#[from] WriterError),
    /// What was written did not pass, also when tried again.
    #[error("what was written did not pass, {ATTEMPTS} times: {0}")]
    Faulty(String),
    /// The sandbox.
    #[error(transparent)]
    NoProof(#[from] ProofError),
    /// The sandbox does not take a program.
    #[error("nothing can be tried here")]
    NoJudge(#[source] RunError),
}

/// Lets a writer invent a problem of a rank that is like none of those that are known.
///
/// # Errors
/// [`GenerateError`]
pub async fn generate(
    judge: &Judge,
    writer: &impl Writer,
    rank: Rank,
    known: &[Problem],
) -> Result<Generated, GenerateError> {
    let mut talk = vec![
        Line { by: Speaker::Instructions, text: prompt::instructions() },
        Line { by: Speaker::Us, text: prompt::question(rank, known) },
    ];
    let mut wrong = String::new();
    for _ in 0..ATTEMPTS {
        let said = writer.write(&talk).await?;
        match attempt(judge, writer.name(), rank, known, &said).await {
            Ok(generated) => return Ok(generated),
            Err(Wrong::There(why)) => {
                talk.push(Line { by: Speaker::Writer, text: said });
                talk.push(Line { by: Speaker::Us, text: prompt::correction(&why) });
                wrong = why;
            }
            Err(Wrong::Here(error)) => return Err(error),
        }
    }
    Err(GenerateError::Faulty(wrong))
}

/// Why an attempt came to nothing.
enum Wrong {
    /// What was written.
    There(String),
    /// The sandbox, or nobody.
    Here(GenerateError),
}

impl From<Vec<Fault>> for Wrong {
    fn from(faults: Vec<Fault>) -> Self {
        Self::There(lines(faults.iter().map(|fault| format!("{}: {}", fault.field, fault.rule))))
    }
}

impl From<String> for Wrong {
    fn from(why: String) -> Self {
        Self::There(why)
    }
}

async fn attempt(
    judge: &Judge,
    writer: &str,
    rank: Rank,
    known: &[Problem],
    said: &str,
) -> Result<Generated, Wrong> {
    let answer = Answer::read(said)?;
    let made = cases(judge, &answer).await?;
    let examples = answer.examples.iter().map(|example| example.args.clone());
    let all: Vec<Vec<Value>> = examples.chain(made).collect();
    let (python, javascript) = (&answer.reference.python, &answer.reference.javascript);
    let expected = values(judge, &answer, Language::Python, python, &all).await?;
    let other = values(judge, &answer, Language::JavaScript, javascript, &all).await?;
    agree(&answer, &all, &expected, &other)?;
    let id = id(&answer.title, known);
    let text = file::text(&answer, &id, rank, writer, &all, &expected)?;
    let problem = Problem::parse(&format!("{id}.toml"), &text)?;
    let mut faults = folder::alike(known, &problem);
    faults.extend(proof::prove(judge, &problem).await.map_err(|error| Wrong::Here(error.into()))?.faults);
    if faults.is_empty() { Ok(Generated { problem, text }) } else { Err(faults.into()) }
}

/// Lets the writer's program make the arguments of the hidden cases.
async fn cases(judge: &Judge, answer: &Answer) -> Result<Vec<Vec<Value>>, Wrong> {
    let job = Job {
        language: Language::Python,
        source: answer.cases.as_str().into(),
        function: "cases".to_owned(),
        tests: vec![vec![Value::Int(SEED)]],
        limits: MAKING,
        mode: Mode::StopAtFailure,
    };
    let made = run(judge, job, "cases").await?.pop();
    let Some(Value::List(lists)) = made else {
        return Err(Wrong::There("cases(seed) must return a list of lists of arguments".to_owned()));
    };
    let arguments = |case| match case {
        Value::List(arguments) => Ok(arguments),
        other => {
            Err(Wrong::There(format!("cases(seed) must return lists of arguments, and one is {other:?}")))
        }
    };
    // What is said twice, or in an example, is left out: the gate wants different cases.
    let mut made: Vec<Vec<Value>> = Vec::new();
    for case in lists {
        let case = arguments(case)?;
        let is_new = !made.contains(&case) && !answer.examples.iter().any(|example| example.args == case);
        if is_new && made.len() < MOST_CASES {
            made.push(case);
        }
    }
    Ok(made)
}

/// What a reference gives for each case.
async fn values(
    judge: &Judge,
    answer: &Answer,
    language: Language,
    source: &str,
    cases: &[Vec<Value>],
) -> Result<Vec<Value>, Wrong> {
    let job = Job {
        language,
        source: source.into(),
        function: answer.function.clone(),
        tests: cases.to_vec(),
        limits: Limits { cpu_ms: answer.cpu_ms, memory_mb: file::MEMORY_MB },
        mode: Mode::StopAtFailure,
    };
    run(judge, job, &format!("reference.{}", name(language))).await
}

/// Runs a program to its end: one value for each test.
async fn run(judge: &Judge, job: Job, field: &str) -> Result<Vec<Value>, Wrong> {
    let tests = job.tests.len();
    let asker = Asker { room: 0, player: 0 };
    let mut run: Run =
        judge.run(asker, Kind::Submit, job).map_err(|error| Wrong::Here(GenerateError::NoJudge(error)))?;
    let mut values = Vec::new();
    while let Some(event) = run.next().await {
        match event {
            Event::Started => {}
            Event::Restarted => values.clear(),
            Event::Test(result) => match result.outcome {
                Outcome::Value(value) => values.push(value),
                Outcome::Error(error) => {
                    return Err(Wrong::There(format!(
                        "{field} fails in case {}: {}",
                        result.i, error.message
                    )));
                }
            },
            Event::Done(done) => {
                return match done.stop {
                    Stop::Compile(error) => Err(Wrong::There(format!("{field}: {}", error.message))),
                    _ if values.len() == tests => Ok(values),
                    stop => Err(Wrong::There(format!("{field} did not come to its end: {stop:?}"))),
                };
            }
        }
    }
    Err(Wrong::There(format!("{field} could not be judged")))
}

/// Whether both references give the same, as the problem compares.
fn agree(answer: &Answer, cases: &[Vec<Value>], python: &[Value], javascript: &[Value]) -> Result<(), Wrong> {
    let compare = Compare::from(answer.compare);
    for (i, (in_python, in_javascript)) in python.iter().zip(javascript).enumerate() {
        if !compare.accepts(in_python, in_javascript) {
            return Err(Wrong::There(format!(
                "the references disagree: for {:?} Python gives {in_python:?} and JavaScript {in_javascript:?}",
                cases[i]
            )));
        }
    }
    Ok(())
}

/// The title in small letters with dashes, and a number where that is taken.
fn id(title: &str, known: &[Problem]) -> String {
    let mut words = String::new();
    for letter in title.chars() {
        match letter.to_ascii_lowercase() {
            letter @ ('a'..='z' | '0'..='9') => words.push(letter),
            _ if !words.is_empty() && !words.ends_with('-') => words.push('-'),
            _ => {}
        }
    }
    words.truncate(40);
    let words = words.trim_end_matches('-');
    let words = if words.len() < 3 { "a-problem" } else { words };
    let is_taken = |id: &str| known.iter().any(|problem| problem.id == id);
    let numbered = (2_u32..).map(|number| format!("{words}-{number}"));
    let free = std::iter::once(words.to_owned()).chain(numbered).find(|id| !is_taken(id));
    free.expect("there are fewer problems than numbers")
}

fn name(language: Language) -> &'static str {
    match language {
        Language::Python => "python",
        Language::JavaScript => "javascript",
    }
}

fn lines(lines: impl Iterator<Item = impl fmt::Display>) -> String {
    lines.map(|line| line.to_string()).collect::<Vec<_>>().join("\n")
}
