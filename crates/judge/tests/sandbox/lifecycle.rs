//! Runs that are stopped, supervisors that die, and that nothing is left of either.

use crate::attacks::still_works;
use crate::place::{collect, job, places, processes_of, until};
use parlor_judge::client::RunError;
use parlor_judge::queue::{Asker, Kind};
use parlor_wire::judge::{Event, Language, Limits, Outcome, Stop, Value};
use rustix::process::{Pid, Signal, kill_process};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const FOR_EVER: &str = "def f():\n    while True: pass";

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_of_a_run_or_a_judge() {
    for place in places() {
        let mounts = mounts();
        let judge = place.judge().await;
        for (language, source) in [
            (Language::Python, "import os\ndef f(): return os.fork()"),
            (Language::Python, FOR_EVER),
            (Language::JavaScript, "function f() { return 1 }"),
        ] {
            judge.run(job(language, source, vec![vec![]])).await;
        }
        let program = judge.program.clone();
        // The supervisor alone.
        until("every jail is gone", || (processes_of(&program).len() == 1).then_some(())).await;
        drop(judge.judge);
        until("the supervisor is gone", || processes_of(&program).is_empty().then_some(())).await;
        assert_eq!(mounts, self::mounts(), "{place:?}");
        for folder in ["/", "/tmp", "/var/tmp", "/dev/shm", "/run"] {
            for name in ["parlor-attack", "parlor-attack-2", "parlor-canary"] {
                assert!(!Path::new(folder).join(name).exists(), "{place:?}: {folder}/{name}");
            }
        }
    }
}

fn mounts() -> BTreeSet<String> {
    let text = fs::read_to_string("/proc/self/mountinfo").unwrap();
    // Identity, place and kind; counters and options may change by themselves.
    text.lines().map(|line| line.split(' ').take(5).collect::<Vec<_>>().join(" ")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_can_be_stopped() {
    let place = places()[0];
    let judge = place.judge().await;
    let mut long = job(Language::Python, FOR_EVER, vec![vec![]]);
    long.limits = Limits { cpu_ms: 60_000, memory_mb: 64 };
    let mut run = judge.start(1, long.clone());
    assert_eq!(run.next().await, Some(Event::Started));
    run.stop();
    let told = collect(run).await;
    assert_eq!(told.done.stop, Stop::Stopped);

    // Nobody listens any more: the same.
    let mut run = judge.start(1, long);
    assert_eq!(run.next().await, Some(Event::Started));
    drop(run);
    still_works(place, &judge, Language::Python).await;
    until("the jail is gone", || (processes_of(&judge.program).len() == 1).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_survives_one_death_of_the_supervisor() {
    let place = places()[0];
    let judge = place.judge().await;
    let source = "def f():\n    for _ in range(3 * 10 ** 6): pass\n    return 7";
    let mut slow = job(Language::Python, source, vec![vec![]]);
    slow.limits = Limits { cpu_ms: 20_000, memory_mb: 64 };
    let mut run = judge.start(1, slow);
    assert_eq!(run.next().await, Some(Event::Started));
    let before = processes_of(&judge.program);
    kill(before[0]);
    assert_eq!(run.next().await, Some(Event::Restarted));
    let told = collect(run).await;
    assert_eq!(told.done.stop, Stop::Finished);
    assert_eq!(told.tests[0].outcome, Outcome::Value(Value::Int(7)));
    // Everything of the first supervisor died with it.
    assert!(processes_of(&judge.program).iter().all(|pid| !before.contains(pid)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_sees_two_deaths_is_our_fault() {
    let place = places()[0];
    let judge = place.judge().await;
    let mut long = job(Language::Python, FOR_EVER, vec![vec![]]);
    long.limits = Limits { cpu_ms: 60_000, memory_mb: 64 };
    let mut run = judge.start(1, long);
    assert_eq!(run.next().await, Some(Event::Started));
    kill(processes_of(&judge.program)[0]);
    assert_eq!(run.next().await, Some(Event::Restarted));
    assert_eq!(run.next().await, Some(Event::Started));
    kill(processes_of(&judge.program)[0]);
    let told = collect(run).await;
    assert!(matches!(told.done.stop, Stop::Fault(_)), "{told:?}");
    still_works(place, &judge, Language::JavaScript).await;
}

/// The oldest process is the supervisor.
fn kill(pid: i32) {
    kill_process(Pid::from_raw(pid).unwrap(), Signal::KILL).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn players_take_turns() {
    let judge = places()[0].judge().await.judge;
    let slots = u64::from(judge.hello().slots);
    let ask = |player, kind, n| {
        let source = "function f(n) { return n }";
        judge.run(
            Asker { room: 1, player },
            kind,
            job(Language::JavaScript, source, vec![vec![Value::Int(n)]]),
        )
    };
    let mut held = Vec::new();
    for player in 0..slots {
        let mut long = job(Language::Python, FOR_EVER, vec![vec![]]);
        long.limits = Limits { cpu_ms: 60_000, memory_mb: 64 };
        let mut run = judge.run(Asker { room: 9, player }, Kind::Run, long).unwrap();
        assert_eq!(run.next().await, Some(Event::Started));
        held.push(run);
    }
    let first = ask(1, Kind::Run, 1).unwrap();
    let second = ask(1, Kind::Run, 2).unwrap();
    assert_eq!(collect(first).await.done.stop, Stop::Stopped, "the newer trial run took its place");
    let third = ask(1, Kind::Submit, 3).unwrap();
    assert_eq!(collect(second).await.done.stop, Stop::Stopped);
    assert_eq!(ask(1, Kind::Run, 4).err(), Some(RunError::Waiting));
    drop(held);
    assert_eq!(collect(third).await.tests[0].outcome, Outcome::Value(Value::Int(3)));
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_jobs_and_too_many_are_refused() {
    let judge = places()[0].judge().await.judge;
    let asker = |player| Asker { room: 1, player };
    let fine = job(Language::JavaScript, "function f() {}", vec![vec![]]);
    let mut wrong = vec![fine.clone(); 6];
    wrong[0].function = "f();".to_owned();
    wrong[1].function = "1f".to_owned();
    wrong[2].source = " ".repeat(64 * 1024 + 1).into();
    wrong[3].tests = vec![];
    wrong[4].limits.cpu_ms = 9;
    wrong[5].limits.memory_mb = 4_096;
    for job in wrong {
        assert!(matches!(judge.run(asker(1), Kind::Run, job), Err(RunError::Invalid(_))));
    }
    let mut runs = Vec::new();
    let refused = (0..300).find_map(|player| match judge.run(asker(player), Kind::Run, fine.clone()) {
        Ok(run) => {
            runs.push(run);
            None
        }
        Err(error) => Some(error),
    });
    let Some(RunError::Busy { retry_after }) = refused else { panic!("{refused:?}") };
    assert!(retry_after.as_secs() >= 1);
    assert!(runs.len() >= 200, "{}", runs.len());
    for run in runs {
        assert_eq!(collect(run).await.done.stop, Stop::Finished);
    }
}
