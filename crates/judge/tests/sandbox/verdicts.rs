//! From a program to its verdict, in both languages; and the same program gives the same everywhere.

use crate::place::{job, places};
use parlor_judge::compare::Compare;
use parlor_judge::verdict::{Judged, Judging};
use parlor_wire::judge::Verdict::{
    self, Accepted, CompileError, Idle, MemoryLimit, OutputLimit, RuntimeError, Skipped, TimeLimit,
    WrongAnswer,
};
use parlor_wire::judge::{Language, Limits, Mode, Outcome, TestResult, Value};

/// Programs for `f(n) = n + 1`, tested with 1, 2 and 3.
const SAMPLES: &[(&str, &str, Verdict, [Verdict; 3])] = &[
    ("def f(n): return n + 1", "function f(n) { return n + 1 }", Accepted, [Accepted; 3]),
    (
        "def f(n): return n + 1 if n != 2 else 4",
        "const f = async (n) => n === 2 ? 4 : n + 1",
        WrongAnswer,
        [Accepted, WrongAnswer, Accepted],
    ),
    ("def f(n): return object()", "function f(n) { return f }", WrongAnswer, [WrongAnswer; 3]),
    (
        "def f(n):\n    while n == 2: pass\n    return n + 1",
        "function f(n) { while (n === 2); return n + 1 }",
        TimeLimit,
        [Accepted, TimeLimit, Skipped],
    ),
    (
        "def f(n): return len(bytearray(1 << 30)) if n == 3 else n + 1",
        "function f(n) { const a = []; while (n === 3) a.push(new Array(9999).fill(n)); return n + 1 }",
        MemoryLimit,
        [Accepted, Accepted, MemoryLimit],
    ),
    (
        "def f(n):\n    while True: print('x' * 999)",
        "function f(n) { for (;;) print('x'.repeat(999)) }",
        OutputLimit,
        [OutputLimit, Skipped, Skipped],
    ),
    (
        "def f(n): return n + 1 if n != 1 else [][1]",
        "function f(n) { return n === 1 ? null.x : n + 1 }",
        RuntimeError,
        [RuntimeError, Accepted, Accepted],
    ),
    ("def f(n) return n", "function f(n { }", CompileError, [CompileError, Skipped, Skipped]),
    ("def g(n): return n", "function g(n) {}", CompileError, [CompileError, Skipped, Skipped]),
    (
        "import os\ndef f(n): os._exit(0)",
        "function f(n) { throw 3 }",
        RuntimeError,
        [RuntimeError, Skipped, Skipped],
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn programs_have_their_verdicts() {
    for place in places() {
        let judge = place.judge().await;
        for (python, javascript, verdict, tests) in SAMPLES {
            for (language, source) in [(Language::Python, python), (Language::JavaScript, javascript)] {
                let calls = (1..4).map(|n| vec![Value::Int(n)]).collect();
                let told = judge.run(job(language, source, calls)).await;
                let judged = judged(&told.tests, &told.done);
                assert_eq!(judged.verdict, *verdict, "{place:?} {source}: {told:?}");
                // A thrown value does not end a run of JavaScript as leaving does one of Python.
                if !source.contains("throw 3") {
                    assert_eq!(judged.tests, tests, "{place:?} {source}: {told:?}");
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn waiting_is_idleness_and_no_lack_of_time() {
    for place in places() {
        let judge = place.judge().await;
        for before in ["pass", "for _ in range(3 * 10 ** 6): pass"] {
            let source = format!("import time\ndef f(n):\n    {before}\n    time.sleep(600)");
            let mut job = job(Language::Python, &source, vec![vec![Value::Int(1)]; 3]);
            job.limits = Limits { cpu_ms: 400, ..job.limits };
            let told = judge.run(job).await;
            assert_eq!(judged(&told.tests, &told.done).verdict, Idle, "{place:?}: {told:?}");
            assert!(told.done.wall_ms >= 2_400, "{told:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_stops_at_its_first_failure_where_that_is_wished() {
    let judge = places()[0].judge().await;
    for (language, source) in [
        (Language::Python, "def f(n): return [][n]"),
        (Language::JavaScript, "function f(n) { return null.x }"),
    ] {
        let mut job = job(language, source, vec![vec![Value::Int(1)]; 3]);
        job.mode = Mode::StopAtFailure;
        let told = judge.run(job).await;
        assert_eq!(told.tests.len(), 1, "{told:?}");
        let Outcome::Error(error) = &told.tests[0].outcome else { panic!("{told:?}") };
        assert_eq!(error.line, Some(1), "{told:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_printed_belongs_to_its_test() {
    let judge = places()[0].judge().await;
    for (language, source) in [
        (Language::Python, "def f(n):\n    print('n is', n)\n    return n"),
        (Language::JavaScript, "function f(n) { console.log('n is', n); return n }"),
    ] {
        let told = judge.run(job(language, source, (0..5).map(|n| vec![Value::Int(n)]).collect())).await;
        let printed: Vec<_> = told.tests.iter().map(|test| test.output.clone()).collect();
        assert_eq!(printed, ["n is 0\n", "n is 1\n", "n is 2\n", "n is 3\n", "n is 4\n"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_knows_nothing_of_the_one_before() {
    let judge = places()[0].judge().await;
    for (language, source) in [
        (Language::Python, "seen = []\ndef f(n):\n    global seen\n    seen.append(n)\n    return seen"),
        (
            Language::JavaScript,
            "var seen = []; function f(n) { globalThis.old ??= n; Array.prototype.x ??= n; seen.push(n, [].x, old); return seen }",
        ),
    ] {
        let told = judge.run(job(language, source, vec![vec![Value::Int(1)], vec![Value::Int(2)]])).await;
        let Outcome::Value(Value::List(second)) = &told.tests[1].outcome else { panic!("{told:?}") };
        assert!(second.iter().all(|item| *item == Value::Int(2)), "{told:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_value_goes_in_and_comes_out() {
    let judge = places()[0].judge().await;
    let json = r#"[null, true, false, 0, -7, 2147483648, 9007199254740991, 9007199254740993, 0.5, -1e300, "",
        "é😀\u0000\n\"", [], [[1], []], {}, {"a": {"b": [1]}}, {"$int": "-123456789012345678901234567890"},
        {"$float": "nan"}, {"$float": "inf"}, {"$float": "-inf"}, {"$utf16": [97, 56320]}, {"$set": [1, "a"]},
        {"$map": [[1, "one"], [2.5, null]]}]"#;
    let Value::List(values) = serde_json::from_str(json).unwrap() else { panic!("a list was written") };
    for (language, source) in
        [(Language::Python, "def f(x): return x"), (Language::JavaScript, "f = (x) => x")]
    {
        let told =
            judge.run(job(language, source, values.iter().map(|value| vec![value.clone()]).collect())).await;
        assert_eq!(told.tests.len(), values.len(), "{told:?}");
        for (value, test) in values.iter().zip(&told.tests) {
            let Outcome::Value(returned) = &test.outcome else { panic!("{value:?}: {test:?}") };
            assert!(
                Compare::Exact.accepts(value, returned),
                "{language:?}: {value:?} came back as {returned:?}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_program_gives_the_same_everywhere() {
    const PYTHON: &str = "def f():\n    return [list({'a', 'b', 'c', 'd', 'e'}), hash('x'), __name__]";
    const JAVASCRIPT: &str = "function f() { return [Math.random(), Math.random(), new Date(0).toString()] }";
    let mut seen: Vec<(Language, Vec<Outcome>)> = Vec::new();
    for place in places() {
        let judge = place.judge().await;
        for (language, source) in [(Language::Python, PYTHON), (Language::JavaScript, JAVASCRIPT)] {
            for _ in 0..3 {
                let told = judge.run(job(language, source, vec![vec![]; 2])).await;
                let outcomes: Vec<_> = told.tests.into_iter().map(|test| test.outcome).collect();
                assert_eq!(outcomes.len(), 2);
                match seen.iter().find(|(known, _)| *known == language) {
                    Some((_, first)) => assert_eq!(*first, outcomes, "{place:?}"),
                    None => seen.push((language, outcomes)),
                }
            }
        }
    }
}

/// Judged as three tests of `f(n) = n + 1`.
fn judged(tests: &[TestResult], done: &parlor_wire::judge::Done) -> Judged {
    let mut judging = Judging::new((2..5).map(|n| Some(Value::Int(n))).collect(), Compare::Exact);
    for test in tests {
        judging.test(test).unwrap();
    }
    judging.done(done)
}
