//! Makes verdicts of what a jail told and what is expected. Pure.

use crate::compare::Compare;
use parlor_wire::judge::Value;
use parlor_wire::judge::{Done, Outcome, ProgramErrorKind, Stop, TestResult, Verdict};

/// The judging of one run: takes its events in order.
#[derive(Clone, Debug)]
pub struct Judging {
    expected: Vec<Option<Value>>,
    compare: Compare,
    tests: Vec<Verdict>,
}

/// What a run is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The first verdict that is neither accepted nor shown, or accepted.
    pub verdict: Verdict,
    /// One for each test.
    pub tests: Vec<Verdict>,
    /// How many were accepted.
    pub passed: u32,
    /// How many have an expected value.
    pub total: u32,
    /// The first test, from 0, whose verdict is neither accepted nor shown.
    pub first_failed: Option<u32>,
}

impl Judging {
    /// A run whose tests should give these values; `None` is a call whose value is only shown.
    #[must_use]
    pub fn new(expected: Vec<Option<Value>>, compare: Compare) -> Self {
        Self { tests: Vec::with_capacity(expected.len()), expected, compare }
    }

    /// The verdict of the next test; `None` when there is no such test, or it is not its turn.
    pub fn test(&mut self, result: &TestResult) -> Option<Verdict> {
        if result.i as usize != self.tests.len() {
            return None;
        }
        let verdict = match (&result.outcome, self.expected.get(result.i as usize)?) {
            (Outcome::Value(_), None) => Verdict::Shown,
            (Outcome::Value(value), Some(expected)) if self.compare.accepts(expected, value) => {
                Verdict::Accepted
            }
            (Outcome::Value(_), Some(_)) => Verdict::WrongAnswer,
            (Outcome::Error(error), _) => of_error(error.kind),
        };
        self.tests.push(verdict);
        Some(verdict)
    }

    /// Forgets everything: the run began anew.
    pub fn restart(&mut self) {
        self.tests.clear();
    }

    /// The verdict of the whole run.
    ///
    /// What ended the run is the verdict of the test in which it ended; those after it were skipped. An error of ours
    /// is the verdict of everything, whatever the tests before it gave.
    #[must_use]
    pub fn done(self, done: &Done) -> Judged {
        let Self { expected, mut tests, .. } = self;
        let total = expected.iter().flatten().count() as u32;
        let end = of_stop(&done.stop);
        if end == Some(Verdict::InternalError) {
            let tests = vec![Verdict::InternalError; expected.len()];
            return Judged { verdict: Verdict::InternalError, tests, passed: 0, total, first_failed: None };
        }
        let failed = |verdict: &Verdict| !matches!(verdict, Verdict::Accepted | Verdict::Shown);
        if tests.len() < expected.len()
            && let Some(end) = end
        {
            tests.push(end);
        }
        // A run that says it is finished without a failure, but is not, was not judged by the rules: ours.
        let complete = tests.len() == expected.len() || tests.iter().any(failed);
        tests.resize(expected.len(), Verdict::Skipped);
        let first_failed = tests.iter().position(failed);
        Judged {
            verdict: match first_failed {
                _ if !complete && done.stop != Stop::Stopped => Verdict::InternalError,
                // A limit that was exceeded after the last result changes nothing.
                None => Verdict::Accepted,
                Some(i) => tests[i],
            },
            passed: tests.iter().filter(|verdict| **verdict == Verdict::Accepted).count() as u32,
            total,
            first_failed: first_failed.map(|i| i as u32),
            tests,
        }
    }
}

fn of_error(kind: ProgramErrorKind) -> Verdict {
    match kind {
        ProgramErrorKind::Exception => Verdict::RuntimeError,
        ProgramErrorKind::OutOfMemory => Verdict::MemoryLimit,
        ProgramErrorKind::NotAValue => Verdict::WrongAnswer,
        ProgramErrorKind::Syntax | ProgramErrorKind::MissingFunction => Verdict::CompileError,
    }
}

/// The verdict of the test in which a run ended; `None` when it did not end in the middle of one.
fn of_stop(stop: &Stop) -> Option<Verdict> {
    Some(match stop {
        Stop::Finished | Stop::Stopped => return None,
        Stop::Compile(_) => Verdict::CompileError,
        Stop::CpuLimit => Verdict::TimeLimit,
        Stop::Idle => Verdict::Idle,
        Stop::MemoryLimit => Verdict::MemoryLimit,
        Stop::OutputLimit => Verdict::OutputLimit,
        Stop::Forbidden | Stop::Signal(_) | Stop::Exit(_) | Stop::BadResult => Verdict::RuntimeError,
        Stop::Fault(_) => Verdict::InternalError,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use Verdict::{
        Accepted, CompileError, InternalError, MemoryLimit, RuntimeError, Shown, Skipped, TimeLimit,
        WrongAnswer,
    };
    use parlor_wire::judge::ProgramError;

    fn error(kind: ProgramErrorKind) -> ProgramError {
        ProgramError { kind, message: "m".to_owned(), line: None }
    }

    fn value(n: i64) -> Outcome {
        Outcome::Value(Value::Int(n))
    }

    /// Three tests that should give 0, 1, 2.
    fn check(outcomes: Vec<Outcome>, stop: Stop, verdict: Verdict, tests: [Verdict; 3], passed: u32) {
        let expected = (0..3).map(|n| Some(Value::Int(n))).collect();
        let mut judging = Judging::new(expected, Compare::Exact);
        for (i, outcome) in outcomes.into_iter().enumerate() {
            let result = TestResult { i: i as u32, us: 1, outcome, output: String::new() };
            assert!(judging.test(&result).is_some());
        }
        let judged = judging.done(&Done { stop, cpu_ms: 1, wall_ms: 1, peak_kb: 1 });
        assert_eq!((judged.verdict, &judged.tests[..], judged.passed), (verdict, &tests[..], passed));
        assert_eq!(judged.total, 3);
        let first = tests.iter().position(|verdict| *verdict != Accepted).map(|i| i as u32);
        assert_eq!(judged.first_failed, if verdict == InternalError { None } else { first });
    }

    #[test]
    fn a_run_is_worth_its_first_failure() {
        let right = || (0..3).map(value).collect::<Vec<_>>();
        check(right(), Stop::Finished, Accepted, [Accepted; 3], 3);
        check(right(), Stop::CpuLimit, Accepted, [Accepted; 3], 3);
        check(
            vec![value(0), value(7), value(2)],
            Stop::Finished,
            WrongAnswer,
            [Accepted, WrongAnswer, Accepted],
            2,
        );
        check(vec![value(0), value(7)], Stop::Stopped, WrongAnswer, [Accepted, WrongAnswer, Skipped], 1);
    }

    #[test]
    fn what_ended_a_run_is_the_verdict_of_that_test() {
        check(vec![value(0)], Stop::CpuLimit, TimeLimit, [Accepted, TimeLimit, Skipped], 1);
        check(vec![], Stop::MemoryLimit, MemoryLimit, [MemoryLimit, Skipped, Skipped], 0);
        check(vec![], Stop::Idle, Verdict::Idle, [Verdict::Idle, Skipped, Skipped], 0);
        check(vec![], Stop::OutputLimit, Verdict::OutputLimit, [Verdict::OutputLimit, Skipped, Skipped], 0);
        for crash in [Stop::Signal(11), Stop::Exit(0), Stop::BadResult, Stop::Forbidden] {
            check(vec![value(0)], crash, RuntimeError, [Accepted, RuntimeError, Skipped], 1);
        }
        let syntax = Stop::Compile(error(ProgramErrorKind::Syntax));
        check(vec![], syntax, CompileError, [CompileError, Skipped, Skipped], 0);
    }

    #[test]
    fn errors_of_a_test_have_their_verdicts() {
        for (kind, verdict) in [
            (ProgramErrorKind::Exception, RuntimeError),
            (ProgramErrorKind::OutOfMemory, MemoryLimit),
            (ProgramErrorKind::NotAValue, WrongAnswer),
        ] {
            let outcomes = vec![value(0), Outcome::Error(error(kind))];
            check(outcomes, Stop::Finished, verdict, [Accepted, verdict, Skipped], 1);
        }
    }

    #[test]
    fn a_fault_of_ours_is_never_a_loss() {
        check(vec![value(9)], Stop::Fault("x".to_owned()), InternalError, [InternalError; 3], 0);
        let unfinished = Judging::new(vec![Some(Value::Null); 2], Compare::Exact);
        let done = Done { stop: Stop::Finished, cpu_ms: 0, wall_ms: 0, peak_kb: 0 };
        assert_eq!(unfinished.done(&done).verdict, InternalError);
    }

    #[test]
    fn a_call_without_an_expected_value_is_shown() {
        let mut judging = Judging::new(vec![None], Compare::Exact);
        let result = TestResult { i: 0, us: 1, outcome: value(5), output: String::new() };
        assert_eq!(judging.test(&result), Some(Shown));
        assert_eq!(judging.test(&result), None, "a second result of one test is passed over");
        let judged = judging.done(&Done { stop: Stop::Finished, cpu_ms: 0, wall_ms: 0, peak_kb: 0 });
        assert_eq!((judged.verdict, judged.passed, judged.total), (Accepted, 0, 0));
    }
}
