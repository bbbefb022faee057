//! What a writer invents, through a real sandbox: right problems pass as a file that the gate passes too, and whatever a
//! writer does wrong goes back to it in words.
//!
//! Without a test harness, because this program is its own supervisor and jail.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::process::ExitCode;
use std::sync::Mutex;

use parlor_judge::client::{Judge, Options};
use parlor_problems::generate::{GenerateError, Line, Speaker, Writer, WriterError, generate};
use parlor_problems::{Origin, Problem, Rank};
use serde_json::{Value, json};

fn main() -> ExitCode {
    if let Some(code) = parlor_judge::enter_if_asked() {
        return code;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let judge = Judge::start(Options::this_program()).await.unwrap();
        a_right_problem_passes(&judge).await;
        mistakes_go_back_to_the_writer(&judge).await;
        a_writer_who_does_not_learn_is_given_up(&judge).await;
    });
    ExitCode::SUCCESS
}

/// Says what it was given, one after another.
struct Scripted {
    answers: Mutex<Vec<String>>,
    heard: Mutex<Vec<String>>,
}

impl Scripted {
    fn saying(answers: &[Value]) -> Self {
        let answers = answers.iter().rev().map(Value::to_string).collect();
        Self { answers: Mutex::new(answers), heard: Mutex::default() }
    }
}

impl Writer for Scripted {
    fn name(&self) -> &str {
        "scripted"
    }

    async fn write(&self, talk: &[Line]) -> Result<String, WriterError> {
        assert_eq!(talk[0].by, Speaker::Instructions);
        self.heard.lock().unwrap().push(talk.last().unwrap().text.clone());
        self.answers.lock().unwrap().pop().ok_or_else(|| WriterError("has nothing to say".to_owned()))
    }
}

fn right() -> Value {
    json!({
        "title": "Steps of the lighthouse",
        "statement": "A keeper climbs the stairs of a lighthouse every evening. The stairs are counted, and on each of them \
            lies dust that weighs as much as the stair's number, in grams. After the storm the keeper sweeps all of them.\n\n\
            - `stairs`: a whole number from 0 to 1000000\n\nReturn how many grams of dust are swept.",
        "tags": ["arithmetic"],
        "function": "dust",
        "args": [{ "name": "stairs", "type": "int" }],
        "returns": "int",
        "compare": "exact",
        "cpu_ms": 2000,
        "examples": [
            { "args": [1], "explanation": "One gram." },
            { "args": [3], "explanation": "1 + 2 + 3." },
            { "args": [4], "explanation": "1 + 2 + 3 + 4." },
        ],
        "cases": "import random\ndef cases(seed):\n    r = random.Random(seed)\n    return [[0], [1], [2], [1000000], [999999]] + \
            [[r.randrange(10, 1000000)] for _ in range(20)]",
        "reference": {
            "python": "def dust(stairs):\n    return stairs * (stairs + 1) // 2",
            "javascript": "function dust(stairs) { return (stairs % 2 ? (stairs + 1) / 2 * stairs : stairs / 2 * (stairs + 1)); }",
        },
        "wrong": [
            { "python": "def dust(stairs):\n    return stairs * (stairs - 1) // 2" },
            { "javascript": "function dust(stairs) { return stairs * stairs; }" },
        ],
    })
}

fn with(field: &str, value: Value) -> Value {
    let mut answer = right();
    *answer.pointer_mut(field).unwrap() = value;
    answer
}

async fn a_right_problem_passes(judge: &Judge) {
    let writer = Scripted::saying(&[right()]);
    let made = generate(judge, &writer, Rank::Silver, &[]).await.unwrap();
    assert_eq!((made.problem.id.as_str(), made.problem.rank), ("steps-of-the-lighthouse", Rank::Silver));
    assert_eq!(made.problem.origin, Origin::Generated("scripted".to_owned()));
    assert_eq!(
        (made.problem.examples.len(), made.problem.hidden.len()),
        (3, 24),
        "a case that is an example is left out"
    );
    assert_eq!(made.problem.examples[1].call, "dust(3)");
    assert_eq!(Problem::parse("steps-of-the-lighthouse.toml", &made.text).unwrap(), made.problem);
    assert!(writer.heard.lock().unwrap()[0].contains("rank silver"));
}

async fn mistakes_go_back_to_the_writer(judge: &Judge) {
    let known = generate(judge, &Scripted::saying(&[right()]), Rank::Bronze, &[]).await.unwrap().problem;
    let other =
        with("/statement", json!("Not at all the same words, but another sentence again. ".repeat(5)));
    for (mistake, says) in [
        (json!({ "title": 1 }), "title: invalid type"),
        (with("/reference/javascript", json!("function dust(n) { return n; }")), "the references disagree"),
        (
            with("/reference/python", json!("def dust(stairs):\n    return 1 // 0")),
            "reference.python fails in case 0",
        ),
        (with("/reference/python", json!("def dust(")), "reference.python: "),
        (with("/cases", json!("def cases(seed):\n    return 7")), "must return a list of lists"),
        (with("/cases", json!("def cases(seed):\n    return [[5], [6]]")), "hidden: "),
        (with("/cases", json!("while True: pass")), "cases did not come to its end"),
        (
            with("/wrong/0/python", json!("def dust(n):\n    return n * (n + 1) // 2")),
            "wrong[0]: must fail a hidden case",
        ),
        (with("/statement", json!("Too short.")), "statement: "),
        (with("/returns", json!("string")), "expect"),
        (right(), "statement: must not be nearly the same as in steps-of-the-lighthouse.toml"),
    ] {
        let writer = Scripted::saying(&[mistake, other.clone()]);
        let made = generate(judge, &writer, Rank::Bronze, std::slice::from_ref(&known)).await.unwrap();
        assert_eq!(
            made.problem.id, "steps-of-the-lighthouse-2",
            "the id of another problem is not taken again"
        );
        let heard = writer.heard.lock().unwrap();
        assert!(heard.len() == 2 && heard[1].contains(says), "{says} is not in {}", heard[1]);
    }
}

async fn a_writer_who_does_not_learn_is_given_up(judge: &Judge) {
    let wrong = with("/statement", json!("Too short."));
    let writer = Scripted::saying(&[wrong.clone(), wrong.clone(), wrong, right()]);
    let result = generate(judge, &writer, Rank::Gold, &[]).await;
    assert!(matches!(result, Err(GenerateError::Faulty(why)) if why.contains("statement: ")));
    let result = generate(judge, &Scripted::saying(&[]), Rank::Gold, &[]).await;
    assert!(matches!(result, Err(GenerateError::Writer(_))));
}
