//! What the sandbox costs: `cargo bench -p parlor-judge`. Prints medians of interleaved runs, so that a machine that is
//! busy with other things is busy for all of them; beside bubblewrap where that is installed.
//!
//! Goals on a quiet machine: a jail at most 4 ms over the bare start (tier 2: 3 ms), 20 tests in at most 6 ms of
//! JavaScript and 15 ms of Python, at least 150 and 60 such runs a second and core.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench talks, and stops when something is wrong"
)]

use parlor_judge::client::{Judge, Options};
use parlor_judge::queue::{Asker, Kind};
use parlor_wire::judge::{Event, Job, Language, Limits, Mode, Stop, Tier, Value};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const ROUNDS: usize = 30;
/// How long throughput is measured.
const THROUGHPUT: Duration = Duration::from_secs(3);
const PYTHON: &str = "/usr/bin/python3";

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(measure());
}

async fn measure() {
    let judges = [judge(Tier::Namespaces).await, judge(Tier::Landlock).await];
    println!("load {}", std::fs::read_to_string("/proc/loadavg").unwrap().trim());
    println!("median of {ROUNDS}, interleaved, wall time in ms\n");

    let mut rows: Vec<(String, Vec<Duration>)> = Vec::new();
    for _ in 0..ROUNDS {
        let mut row = 0;
        let mut note = |name: &str, took: Duration| {
            if rows.len() == row {
                rows.push((name.to_owned(), Vec::new()));
            }
            rows[row].1.push(took);
            row += 1;
        };
        note("bare: /usr/bin/true", bare("/usr/bin/true", &[]));
        note("bare: python3", bare(PYTHON, &["-S", "-s", "-B", "-c", "print(1)"]));
        if std::path::Path::new("/usr/bin/bwrap").exists() {
            note("bubblewrap: python3", bubblewrap());
        }
        for (tier, judge) in ["tier 1", "tier 2"].iter().zip(&judges) {
            note(&format!("{tier}: python3, 1 test"), one(judge, Language::Python, 1).await);
            note(&format!("{tier}: python3, 20 tests"), one(judge, Language::Python, 20).await);
            note(&format!("{tier}: JavaScript, 1 test"), one(judge, Language::JavaScript, 1).await);
            note(&format!("{tier}: JavaScript, 20 tests"), one(judge, Language::JavaScript, 20).await);
        }
    }
    let medians: Vec<_> = rows.into_iter().map(|(name, times)| (name, median(times))).collect();
    for (name, median) in &medians {
        println!("{name:<32} {:>7.2}", millis(*median));
    }
    let of = |name: &str| millis(medians.iter().find(|(known, _)| known == name).unwrap().1);
    println!("\nover the bare start, queue, socket and supervisor included");
    for tier in ["tier 1", "tier 2"] {
        println!("{tier:<32} {:>7.2}", of(&format!("{tier}: python3, 1 test")) - of("bare: python3"));
    }
    if medians.iter().any(|(name, _)| name.starts_with("bubblewrap")) {
        println!("{:<32} {:>7.2}", "bubblewrap", of("bubblewrap: python3") - of("bare: python3"));
    }

    println!(
        "\nruns of 20 tests, one after the other: per second and core; CPU of a run with everything, in ms"
    );
    for (tier, judge) in ["tier 1", "tier 2"].iter().zip(&judges) {
        for language in [Language::Python, Language::JavaScript] {
            let (began, cpu, mut runs) = (Instant::now(), cpu_of_children(), 0);
            while began.elapsed() < THROUGHPUT {
                one(judge, language, 20).await;
                runs += 1;
            }
            let rate = f64::from(runs) / began.elapsed().as_secs_f64();
            let cpu = (cpu_of_children() - cpu) / f64::from(runs);
            println!("{:<32} {rate:>7.0} {cpu:>7.2}", format!("{tier}: {language:?}"));
        }
    }
}

async fn judge(tier: Tier) -> Judge {
    let program = env!("CARGO_BIN_EXE_parlor-judge").into();
    let judge = Judge::start(Options { program, python: None, best_tier: Some(tier) }).await.unwrap();
    assert_eq!(judge.hello().tier, Some(tier), "{:?}", judge.hello().reasons);
    judge
}

async fn one(judge: &Judge, language: Language, tests: usize) -> Duration {
    let source = match language {
        Language::Python => "def f(xs): return sum(xs)",
        Language::JavaScript => "function f(xs) { return xs.reduce((a, b) => a + b, 0) }",
    };
    let job = Job {
        language,
        source: source.into(),
        function: "f".to_owned(),
        tests: vec![vec![Value::List((0..10).map(Value::Int).collect())]; tests],
        limits: Limits::default(),
        mode: Mode::StopAtFailure,
    };
    let began = Instant::now();
    let mut run = judge.run(Asker { room: 1, player: 1 }, Kind::Submit, job).unwrap();
    loop {
        if let Event::Done(done) = run.next().await.unwrap() {
            assert_eq!(done.stop, Stop::Finished);
            return began.elapsed();
        }
    }
}

/// CPU time of the supervisors and of everything that they have waited for, in ms; exact to 10 ms.
fn cpu_of_children() -> f64 {
    let me = std::process::id().to_string();
    let stat = |entry: std::fs::DirEntry| std::fs::read_to_string(entry.path().join("stat")).ok();
    let ticks = std::fs::read_dir("/proc").unwrap().flatten().filter_map(stat).filter_map(|stat| {
        // After the name in brackets: state, parent, and from the twelfth on the four times.
        let fields: Vec<_> = stat.rsplit(')').next()?.split_whitespace().collect();
        (fields[1] == me)
            .then(|| fields[11..15].iter().map(|field| field.parse::<u32>().unwrap()).sum::<u32>())
    });
    f64::from(ticks.sum::<u32>()) * 10.0
}

fn bare(program: &str, arguments: &[&str]) -> Duration {
    let began = Instant::now();
    let status = Command::new(program).args(arguments).env_clear().stdout(Stdio::null()).status().unwrap();
    assert!(status.success());
    began.elapsed()
}

fn bubblewrap() -> Duration {
    let arguments = "--unshare-all --die-with-parent --ro-bind /usr /usr --symlink usr/lib /lib --symlink usr/lib64 /lib64";
    let python = [PYTHON, "-S", "-s", "-B", "-c", "print(1)"];
    bare("/usr/bin/bwrap", &arguments.split(' ').chain(python).collect::<Vec<_>>())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
