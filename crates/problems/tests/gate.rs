//! The gate as it is used, with a real sandbox: Parlor's own problems pass, and solutions that are not what they should
//! be are found. Where no sandbox works this fails and says which lock does not hold.
//!
//! Without a test harness, because this program is its own supervisor and jail.

use parlor_judge::client::Options;
use parlor_problems::gate::{self, GateError};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

fn main() -> ExitCode {
    if let Some(code) = parlor_judge::enter_if_asked() {
        return code;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        our_own_problems_pass().await;
        solutions_are_tried().await;
        what_was_not_tried_does_not_pass().await;
    });
    ExitCode::SUCCESS
}

async fn our_own_problems_pass() {
    let began = Instant::now();
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../problems"));
    let (result, said) = check(folder, Options::this_program()).await;
    assert!(result.is_ok(), "{:?}\n{said}", result.err());
    assert!(said.contains("\nproblems: 60 (15 bronze, 15 silver, 15 gold, 15 platinum)\n"), "{said}");
    println!("{said}the gate took {:.1} s", began.elapsed().as_secs_f64());
}

/// Each of these changes one thing in a file that passes.
async fn solutions_are_tried() {
    let good = include_str!("double-bill.toml");
    let right = "return amount * 2";
    let busy = "while (true) {}";
    for (from, to, fault) in [
        ("", "", None),
        (
            "expect = 42",
            "expect = 43",
            Some(
                "reference.python: must give every expected value: WrongAnswer, 14 of 15 cases; hidden[3] expects 43 and it gave 42",
            ),
        ),
        (
            right,
            "return 3",
            Some(
                "reference.python: must give every expected value: WrongAnswer, 0 of 15 cases; example[0] expects 10 and it gave 3",
            ),
        ),
        (
            right,
            "return 1 // 0",
            Some("reference.python: must give every expected value: RuntimeError, 0 of 15"),
        ),
        (right, "return amount *", Some("reference.python: must give every expected value: CompileError")),
        (
            "return amount + amount;",
            busy,
            Some(
                "reference.javascript: must give every expected value: TimeLimit, 0 of 15 cases; example[0] expects 10 and it gave nothing",
            ),
        ),
        (
            right,
            "\n    from time import process_time\n    end = process_time() + 0.03\n    while process_time() < end: pass\n    return amount * 2",
            Some("reference.python: must need at most 250 ms, a quarter of limits.cpu_ms, and needs "),
        ),
        (
            "return 2 * amount + 1",
            "return 2 * amount",
            Some("wrong[0]: must fail a hidden case, and passes all"),
        ),
        // Fails an example only.
        (
            "return 2 * amount + 1",
            "return 9 if amount == 5 else 2 * amount",
            Some("wrong[0]: must fail a hidden case, and passes all"),
        ),
        // A crash fails.
        ("return 2 * amount + 1", "return 1 // 0", None),
        ("return 2 * amount + 1", "while True: pass", None),
        ("return 2 * amount + 1", "return 2 *", Some("wrong[0]: must be a program with the function: ")),
        (
            "def double_bill(amount): return 2 * amount + 1",
            "def other(amount): pass",
            Some("wrong[0]: must be a program with the function: "),
        ),
    ] {
        assert!(good.contains(from), "{from} is not in the file");
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("double-bill.toml"), good.replacen(from, to, 1)).unwrap();
        let (result, said) = check(folder.path(), Options::this_program()).await;
        match fault {
            None => {
                assert!(result.is_ok() && said.starts_with("ok     bronze   double-bill"), "{to}: {said}")
            }
            Some(fault) => {
                assert!(matches!(result, Err(GateError::Faults(1))), "{to}: {result:?}\n{said}");
                assert!(said.contains(&format!("\ndouble-bill.toml: {fault}")), "{to}: {said}");
                assert!(said.starts_with("FAULTY bronze   double-bill"), "{to}: {said}");
            }
        }
    }
}

async fn what_was_not_tried_does_not_pass() {
    let folder = tempfile::tempdir().unwrap();
    let (result, _) = check(folder.path(), Options::this_program()).await;
    assert!(matches!(result, Err(GateError::Empty)), "{result:?}");
    let (result, _) = check(&folder.path().join("nothing"), Options::this_program()).await;
    assert!(matches!(result, Err(GateError::Io(_))), "{result:?}");
    std::fs::write(folder.path().join("double-bill.toml"), include_str!("double-bill.toml")).unwrap();
    let no_judge = Options { program: "/bin/true".into(), ..Options::this_program() };
    let (result, _) = check(folder.path(), no_judge).await;
    assert!(matches!(result, Err(GateError::NoJudge(_))), "{result:?}");
    let no_python = Options { python: Some("/nothing".into()), ..Options::this_program() };
    let (result, _) = check(folder.path(), no_python).await;
    assert!(matches!(result, Err(GateError::NoProof(_))), "{result:?}");
}

async fn check(folder: &Path, judge: Options) -> (Result<(), GateError>, String) {
    let mut said = Vec::new();
    let result = gate::check(folder, judge, &mut said).await;
    (result, String::from_utf8(said).unwrap())
}
