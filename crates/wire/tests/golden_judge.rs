//! What server and judge say to each other has golden files too: both may be of different ages while a binary is being
//! replaced. `PARLOR_WRITE=1 cargo test -p parlor-wire` writes missing or changed ones anew; a change of an existing one
//! is a new `judge::VERSION`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::path::Path;

use parlor_wire::judge::{
    Done, Event, FromJudge, Hello, Job, Language, LanguageState, Limits, Mode, Outcome, ProgramError,
    ProgramErrorKind, Stop, TestResult, Tier, ToJudge, VERSION, Value, Verdict,
};

#[test]
fn jobs() {
    let job = Job {
        language: Language::Python,
        source: "def solve(xs): return sum(xs)".into(),
        function: "solve".to_owned(),
        tests: vec![vec![Value::List(vec![Value::Int(1), Value::Float(0.5)])], vec![Value::List(vec![])]],
        limits: Limits::default(),
        mode: Mode::StopAtFailure,
    };
    golden("judge_run", &ToJudge::Run { run: 7, job: Box::new(job) });
    golden("judge_stop", &ToJudge::Stop { run: 7 });
}

#[test]
fn greeting() {
    let state = |language, version: Option<&str>, missing: Option<&str>| LanguageState {
        language,
        version: version.map(str::to_owned),
        missing: missing.map(str::to_owned),
    };
    let hello = Hello {
        version: VERSION,
        tier: Some(Tier::Landlock),
        reasons: vec!["namespaces: user namespaces: Operation not permitted".to_owned()],
        slots: 3,
        languages: vec![
            state(Language::JavaScript, Some("QuickJS"), None),
            state(Language::Python, None, Some("Python is not installed")),
        ],
    };
    golden("judge_hello", &FromJudge::Hello(hello));
}

#[test]
fn events() {
    let event = |event| FromJudge::Event { run: 7, event };
    golden("judge_started", &event(Event::Started));
    golden("judge_restarted", &event(Event::Restarted));
    let outcomes = [
        ("judge_test_value", Outcome::Value(Value::Int(6)), "debug\n"),
        ("judge_test_error", Outcome::Error(error(ProgramErrorKind::Exception)), ""),
    ];
    for (name, outcome, output) in outcomes {
        golden(name, &event(Event::Test(TestResult { i: 1, us: 812, outcome, output: output.to_owned() })));
    }
}

#[test]
fn ends() {
    let stops = [
        Stop::Finished,
        Stop::Stopped,
        Stop::Compile(error(ProgramErrorKind::Syntax)),
        Stop::CpuLimit,
        Stop::Idle,
        Stop::MemoryLimit,
        Stop::OutputLimit,
        Stop::Forbidden,
        Stop::Signal(11),
        Stop::Exit(1),
        Stop::BadResult,
        Stop::Fault("fork: Resource temporarily unavailable".to_owned()),
    ];
    let done = |stop| Done { stop, cpu_ms: 12, wall_ms: 15, peak_kb: 9_216 };
    golden("judge_done", &stops.map(|stop| Event::Done(done(stop))).to_vec());
}

#[test]
fn verdicts() {
    let all = [
        Verdict::Accepted,
        Verdict::WrongAnswer,
        Verdict::TimeLimit,
        Verdict::MemoryLimit,
        Verdict::OutputLimit,
        Verdict::RuntimeError,
        Verdict::CompileError,
        Verdict::Idle,
        Verdict::InternalError,
        Verdict::Skipped,
        Verdict::Shown,
    ];
    golden("judge_verdicts", &all.to_vec());
}

fn error(kind: ProgramErrorKind) -> ProgramError {
    ProgramError { kind, message: "what went wrong".to_owned(), line: Some(3) }
}

fn golden<T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug>(
    name: &str,
    value: &T,
) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(format!("{name}.json"));
    let text = serde_json::to_string_pretty(value).unwrap() + "\n";
    if std::env::var_os("PARLOR_WRITE").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let stored = std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("{} is missing", path.display()));
    assert_eq!(text, stored, "{name} has changed");
    assert_eq!(serde_json::from_str::<T>(&stored).unwrap(), *value, "{name} is read as something else");
}
