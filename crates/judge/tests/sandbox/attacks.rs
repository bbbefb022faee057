//! Runs attacks and says which were not contained.

use crate::place::{Place, TestJudge, Told, job, places};
use parlor_wire::judge::{Language, Outcome, ProgramErrorKind, Stop, Value};

/// A program that means harm. Its function answers with a list of what it got.
pub struct Attack {
    pub name: &'static str,
    pub source: &'static str,
    /// What may come of it.
    pub ends: &'static [End],
}

/// What came of an attack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It answered that it got nothing.
    Nothing,
    /// The language refused with an exception.
    Exception,
    /// The limit of memory, the language's or ours.
    Memory,
    /// The limit of CPU time.
    Cpu,
    /// The limit of time in which it neither ran nor waited for a core.
    Idle,
    /// The limit of output.
    Output,
    /// The filter of system calls.
    Forbidden,
    /// The process is gone, by its own doing.
    Gone,
    /// What came out was no result.
    BadResult,
    /// It got something; or the fault is ours.
    Escaped,
}

/// Runs each attack everywhere; all must end as they may, and the place must be usable afterwards.
pub async fn all_are_contained(language: Language, attacks: &[Attack]) {
    for place in places() {
        let judge = place.judge().await;
        let mut escaped = Vec::new();
        for attack in attacks {
            let told = judge.run(job(language, attack.source, vec![vec![]])).await;
            let end = end_of(&told);
            if !attack.ends.contains(&end) {
                escaped.push(format!("{}: {end:?}, {told:?}", attack.name));
            }
        }
        assert!(escaped.is_empty(), "{place:?}: {} of {}: {escaped:#?}", escaped.len(), attacks.len());
        still_works(place, &judge, language).await;
    }
}

/// A harmless program has its answer.
pub async fn still_works(place: Place, judge: &TestJudge, language: Language) {
    let source = match language {
        Language::Python => "def f(x): return x + 1",
        Language::JavaScript => "function f(x) { return x + 1 }",
    };
    let told = judge.run(job(language, source, vec![vec![Value::Int(1)]])).await;
    assert_eq!(told.done.stop, Stop::Finished, "{place:?}");
    assert_eq!(told.tests[0].outcome, Outcome::Value(Value::Int(2)), "{place:?}");
}

fn end_of(told: &Told) -> End {
    match &told.done.stop {
        Stop::Finished => match told.tests.last().map(|test| &test.outcome) {
            Some(Outcome::Value(Value::List(got))) if got.is_empty() => End::Nothing,
            Some(Outcome::Error(error)) if error.kind == ProgramErrorKind::OutOfMemory => End::Memory,
            Some(Outcome::Error(_)) => End::Exception,
            _ => End::Escaped,
        },
        Stop::CpuLimit => End::Cpu,
        Stop::Idle => End::Idle,
        Stop::MemoryLimit => End::Memory,
        Stop::OutputLimit => End::Output,
        Stop::Forbidden => End::Forbidden,
        Stop::Signal(_) | Stop::Exit(_) => End::Gone,
        Stop::BadResult => End::BadResult,
        Stop::Stopped | Stop::Compile(_) | Stop::Fault(_) => End::Escaped,
    }
}
