//! The gate as it is used, with a real sandbox: Parlor's own problems pass, and solutions that are not what they should
//! be are found. Where no sandbox works this fails and says which lock does not hold.
//!
//! Without a test harness, because this program is its own supervisor and jail.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
#![expect(clippy::print_stdout, reason = "the time of the whole set is worth a line")]

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
    println!("our own problems passed the gate in {:.1} s", began.elapsed().as_secs_f64());
}

/// Each of these changes one thing in a file that passes.
async fn solutions_are_tried() {
    let (python, javascript) = ("return amount * 2", "return amount + amount;");
    let wrong = "return 2 * amount + 1";
    let slow = "from time import process_time
    end = process_time() + 0.03
    while process_time() < end: pass
    return amount * 2";
    let must = "must give every expected value";
    let one_is_off = "WrongAnswer, 14 of 15 cases; hidden[3] expects 43 and it gave 42";
    let missed = "wrong[0]: must fail a hidden case, and passes all";
    let no_program = "wrong[0]: must be a program with the function: ";
    tried("", "", &[]).await;
    let both = ["python", "javascript"].map(|language| format!("reference.{language}: {must}: {one_is_off}"));
    tried("expect = 42", "expect = 43", &both.each_ref().map(String::as_str)).await;
    let first =
        format!("reference.python: {must}: WrongAnswer, 0 of 15 cases; example[0] expects 10 and it gave 3");
    tried(python, "return 3", &[&first]).await;
    tried(python, "return 1 // 0", &[&format!("reference.python: {must}: RuntimeError, 0 of 15 cases")])
        .await;
    tried(python, "return amount *", &[&format!("reference.python: {must}: CompileError")]).await;
    let endless = format!("reference.javascript: {must}: TimeLimit, 0 of 15 cases");
    tried(javascript, "while (true) {}", &[&endless]).await;
    tried(python, slow, &["reference.python: must need at most 250 ms, a quarter of limits.cpu_ms"]).await;
    tried(wrong, "return 2 * amount", &[missed]).await;
    // It fails an example only.
    tried(wrong, "return 9 if amount == 5 else 2 * amount", &[missed]).await;
    // A crash and a limit are failures; what never begins is none.
    tried(wrong, "return 1 // 0", &[]).await;
    tried(wrong, "while True: pass", &[]).await;
    tried(wrong, "return 2 *", &[no_program]).await;
    tried("(amount):\n    return 2 *", "s(amount):\n    return 2 *", &[no_program]).await;
}

async fn tried(from: &str, to: &str, faults: &[&str]) {
    let good = include_str!("double-bill.toml");
    assert!(good.contains(from), "{from} is not in the file");
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("double-bill.toml"), good.replacen(from, to, 1)).unwrap();
    let (result, said) = check(folder.path(), Options::this_program()).await;
    let state = if faults.is_empty() { "ok    " } else { "FAULTY" };
    assert!(said.starts_with(&format!("{state} bronze   double-bill ")), "{to}: {said}");
    match result {
        Ok(()) => assert!(faults.is_empty(), "{to}: {said}"),
        Err(GateError::Faults(found)) => assert_eq!(found, faults.len(), "{to}: {said}"),
        Err(error) => panic!("{to}: {error:?}"),
    }
    for fault in faults {
        assert!(said.contains(&format!("\ndouble-bill.toml: {fault}")), "{to}: {fault} is not in\n{said}");
    }
}

async fn what_was_not_tried_does_not_pass() {
    let folder = tempfile::tempdir().unwrap();
    let (result, _) = check(folder.path(), Options::this_program()).await;
    assert!(matches!(result, Err(GateError::Empty)), "{result:?}");
    let (result, _) = check(&folder.path().join("nothing"), Options::this_program()).await;
    assert!(matches!(result, Err(GateError::Unreadable(_))), "{result:?}");
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
