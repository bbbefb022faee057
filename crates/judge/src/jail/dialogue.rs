//! What goes to and fro between the watcher and the program: a test in, a line out. Pure, and trusts no line.
//!
//! The next test is handed out only after the line of the one before, so what was printed in between belongs to that
//! test, and no program sees the arguments of a later one. A program may write lines of its own making; they are results
//! like any other, since it does not know what is expected.

use super::limits::{MOST_MESSAGE_CHARS, MOST_RESULT_BYTES};
use super::marshal;
use super::order::{Order, Program};
use parlor_wire::judge::{
    MOST_DEPTH, Mode, Outcome, ProgramError, ProgramErrorKind, Stop, TestResult, Value,
};
use serde::{Deserialize, Serialize};

/// One line of a program.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Line {
    /// The source was read; the first test may come.
    Ready,
    /// The source is no good.
    Compile(ProgramError),
    /// A test was finished.
    Test(TestResult),
}

/// Where a run stands.
pub(super) struct Dialogue<'a> {
    order: &'a Order,
    ready: bool,
    /// How many tests have results.
    finished: u32,
    unread: Vec<u8>,
}

/// What follows from a line.
#[derive(Debug, PartialEq)]
pub(super) enum Next {
    /// Nothing yet.
    Wait,
    /// A result, and the bytes of the next test.
    Result(TestResult, Option<Vec<u8>>),
    /// The bytes of the first test.
    First(Vec<u8>),
    /// The end of the run.
    End(Stop),
}

impl<'a> Dialogue<'a> {
    pub(super) fn new(order: &'a Order) -> Self {
        Self { order, ready: false, finished: 0, unread: Vec::new() }
    }

    /// What the program gets before anything else.
    pub(super) fn opening(&self) -> Vec<u8> {
        match &self.order.program {
            Program::Python(source, _) => {
                let function = self.order.function.clone();
                framed(&marshal::list(&[Value::Text(source.clone()), Value::Text(function)]))
            }
            // These know it already: they are in one process with the engine.
            Program::JavaScript(_) | Program::Canary(..) => Vec::new(),
        }
    }

    /// Takes what came out of the results' pipe; false when that is more than a line may be.
    pub(super) fn received(&mut self, bytes: &[u8]) -> bool {
        self.unread.extend_from_slice(bytes);
        self.unread.len() <= MOST_RESULT_BYTES
    }

    /// What follows from the next whole line.
    pub(super) fn next(&mut self) -> Next {
        let Some(end) = self.unread.iter().position(|byte| *byte == b'\n') else {
            return if self.unread.len() > MOST_RESULT_BYTES {
                Next::End(Stop::OutputLimit)
            } else {
                Next::Wait
            };
        };
        if end > MOST_RESULT_BYTES {
            return Next::End(Stop::OutputLimit);
        }
        let line: Vec<u8> = self.unread.drain(..=end).collect();
        match serde_json::from_slice(&line) {
            Ok(Line::Ready) if !self.ready => {
                self.ready = true;
                self.test(0).map_or(Next::End(Stop::Finished), Next::First)
            }
            Ok(Line::Compile(error)) if self.finished == 0 => {
                Next::End(Stop::Compile(self.no_program(error)))
            }
            Ok(Line::Test(result)) if self.ready && result.i == self.finished && !self.is_finished() => {
                self.result(result)
            }
            _ => Next::End(Stop::BadResult),
        }
    }

    /// Why the source is no good. A Python program that was read has the first arguments by then, and may have written
    /// the line itself: nothing of it is passed on.
    fn no_program(&self, error: ProgramError) -> ProgramError {
        if !self.ready || !matches!(self.order.program, Program::Python(..)) {
            return shortened(error);
        }
        let name = &self.order.function;
        let message = format!("there is no function {name}; the tests call it by exactly this name");
        ProgramError { kind: ProgramErrorKind::MissingFunction, message, line: None }
    }

    /// Whether every test has its result, or one failed and the others are not wanted.
    fn is_finished(&self) -> bool {
        self.finished as usize >= self.order.tests.len()
    }

    fn result(&mut self, mut result: TestResult) -> Next {
        result.output = String::new();
        result.outcome = match result.outcome {
            Outcome::Value(value) if value.depth() > MOST_DEPTH => Outcome::Error(ProgramError {
                kind: ProgramErrorKind::NotAValue,
                message: "the returned value is nested more than 64 deep".to_owned(),
                line: None,
            }),
            Outcome::Error(error) => Outcome::Error(shortened(error)),
            value => value,
        };
        self.finished += 1;
        let failed = matches!(result.outcome, Outcome::Error(_));
        let next =
            if failed && self.order.mode == Mode::StopAtFailure { None } else { self.test(self.finished) };
        if next.is_none() {
            self.finished = u32::MAX;
        }
        Next::Result(result, next)
    }

    fn test(&self, i: u32) -> Option<Vec<u8>> {
        let arguments = self.order.tests.get(i as usize)?;
        Some(match &self.order.program {
            Program::Python(..) => framed(&marshal::list(arguments)),
            Program::JavaScript(_) | Program::Canary(..) => framed(&[]),
        })
    }
}

fn framed(body: &[u8]) -> Vec<u8> {
    // An order has at most 16 MiB, and marshalling at most triples that.
    let mut bytes = (body.len() as u32).to_be_bytes().to_vec();
    bytes.extend_from_slice(body);
    bytes
}

fn shortened(mut error: ProgramError) -> ProgramError {
    if let Some((end, _)) = error.message.char_indices().nth(MOST_MESSAGE_CHARS) {
        error.message.truncate(end);
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jail::order::Python;
    use parlor_wire::judge::{Limits, Tier};

    fn order(mode: Mode) -> Order {
        Order {
            tier: Tier::Namespaces,
            slot: 0,
            core: 0,
            program: Program::JavaScript(String::new()),
            function: "f".to_owned(),
            tests: vec![vec![Value::Int(1)], vec![Value::Int(2)]],
            limits: Limits::default(),
            mode,
        }
    }

    const GO: &[u8] = &[0, 0, 0, 0];
    const RIGHT: &str = r#"{"test":{"i":0,"outcome":{"value":1}}}"#;
    const WRONG: &str = r#"{"test":{"i":0,"outcome":{"error":{"kind":"exception","message":"m"}}}}"#;

    /// Says lines and returns what follows from the last.
    fn after(mode: Mode, lines: &[&str]) -> Next {
        let order = order(mode);
        let mut dialogue = Dialogue::new(&order);
        let mut last = Next::Wait;
        for line in lines {
            // In two parts, as a pipe may cut it.
            let (head, tail) = line.as_bytes().split_at(line.len() / 2);
            dialogue.received(head);
            assert_eq!(dialogue.next(), Next::Wait);
            dialogue.received(tail);
            dialogue.received(b"\n");
            last = dialogue.next();
        }
        last
    }

    #[test]
    fn a_test_is_handed_out_after_the_line_before_it() {
        assert_eq!(after(Mode::All, &["\"ready\""]), Next::First(GO.to_vec()));
        assert!(matches!(after(Mode::All, &["\"ready\"", RIGHT]), Next::Result(_, Some(_))));
        assert!(matches!(after(Mode::All, &["\"ready\"", WRONG]), Next::Result(_, Some(_))));
        assert!(matches!(after(Mode::StopAtFailure, &["\"ready\"", WRONG]), Next::Result(_, None)));
        let second = RIGHT.replace("\"i\":0", "\"i\":1");
        assert!(matches!(after(Mode::All, &["\"ready\"", RIGHT, &second]), Next::Result(_, None)));
    }

    #[test]
    fn a_line_out_of_turn_ends_the_run() {
        for lines in [
            &[RIGHT] as &[_],
            &["\"ready\"", "\"ready\""],
            &["\"ready\"", RIGHT, RIGHT],
            &["\"ready\"", &RIGHT.replace("\"i\":0", "\"i\":1")],
            &["\"ready\"", r#"{"test":{"i":0}}"#],
            &["\"ready\"", WRONG, r#"{"compile":{"kind":"syntax","message":"m"}}"#],
            &["nonsense"],
        ] {
            assert_eq!(after(Mode::All, lines), Next::End(Stop::BadResult), "{lines:?}");
        }
    }

    #[test]
    fn a_program_that_has_arguments_says_nothing_by_way_of_a_compiler_error() {
        let mut order = order(Mode::All);
        let python =
            Python { version: String::new(), program: "python3".into(), loader: None, folders: Vec::new() };
        order.program = Program::Python(String::new(), python);
        let mut dialogue = Dialogue::new(&order);
        for line in ["\"ready\"\n", "{\"compile\":{\"kind\":\"syntax\",\"message\":\"[1, 2]\",\"line\":7}}\n"]
        {
            dialogue.received(line.as_bytes());
        }
        assert!(matches!(dialogue.next(), Next::First(_)));
        let Next::End(Stop::Compile(error)) = dialogue.next() else { panic!("not compiled") };
        assert_eq!((error.kind, error.line), (ProgramErrorKind::MissingFunction, None));
        assert_eq!(error.message, "there is no function f; the tests call it by exactly this name");
    }

    #[test]
    fn what_is_too_large_ends_the_run() {
        let order = order(Mode::All);
        let mut dialogue = Dialogue::new(&order);
        assert!(!dialogue.received(&vec![b'x'; MOST_RESULT_BYTES + 1]));
        assert_eq!(dialogue.next(), Next::End(Stop::OutputLimit));

        let long = "é".repeat(MOST_MESSAGE_CHARS + 1);
        let line = format!(r#"{{"compile":{{"kind":"syntax","message":"{long}"}}}}"#);
        let Next::End(Stop::Compile(error)) = after(Mode::All, &[&line]) else { panic!("not compiled") };
        assert_eq!(error.message.chars().count(), MOST_MESSAGE_CHARS);

        let deep = format!("{}{}", "[".repeat(MOST_DEPTH + 1), "]".repeat(MOST_DEPTH + 1));
        let line = RIGHT.replace("\"value\":1", &format!("\"value\":{deep}"));
        let Next::Result(result, _) = after(Mode::All, &["\"ready\"", &line]) else { panic!("no result") };
        assert!(matches!(result.outcome, Outcome::Error(error) if error.kind == ProgramErrorKind::NotAValue));
    }
}
