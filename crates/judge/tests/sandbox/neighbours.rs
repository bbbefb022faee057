//! A harmless program must not notice what runs beside it, also where both have the same user id.

use crate::place::{collect, job, places};
use parlor_wire::judge::{Language, Outcome, Stop, Value};

const BOMBS: &[&str] = &[
    "
import _thread, time
def f():
    while True:
        try: _thread.start_new_thread(time.sleep, (60,))
        except RuntimeError: pass",
    "
import os, signal
def f():
    while True:
        for pid in (-1, 0, os.getppid()):
            try: os.kill(pid, signal.SIGKILL)
            except OSError: pass",
    "
def f():
    held = []
    while True: held.append(bytearray(1 << 20))",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_neighbour_is_not_disturbed() {
    for place in places() {
        // Both give their first slot the same user id.
        let (bad, good) = (place.judge().await, place.judge().await);
        for bomb in BOMBS {
            let bomb = bad.start(1, job(Language::Python, bomb, vec![vec![]]));
            for language in [Language::Python, Language::JavaScript] {
                let source = match language {
                    Language::Python => "def f(n): return sum(range(n))",
                    Language::JavaScript => {
                        "function f(n) { let s = 0; for (let i = 0; i < n; i++) s += i; return s }"
                    }
                };
                let told = good.run(job(language, source, vec![vec![Value::Int(1_000)]; 20])).await;
                assert_eq!(told.done.stop, Stop::Finished, "{place:?}");
                let right = Outcome::Value(Value::Int(499_500));
                assert!(told.tests.iter().all(|test| test.outcome == right), "{place:?}: {told:?}");
            }
            let end = collect(bomb).await.done.stop;
            assert!(matches!(end, Stop::CpuLimit | Stop::Finished | Stop::MemoryLimit), "{place:?}: {end:?}");
        }
    }
}
