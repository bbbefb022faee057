//! Runs every server under every load, interleaved, and prints the tables.
//!
//! `table [--quick] [--runs 3] [--seconds 3] [--conns 1000] [--idle-conns 5000] [--tries 3] [--only name,name]
//! [--skip-pairs] [--skip-two-cores] [--skip-stalled] [--peers DIR] [--raw FILE]`. `--only` matches parts of names;
//! the floor always runs. `--tries`: how often a run that others disturbed is tried again (`suite::QUIET`).
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool")]

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use parlor_bench::args::Args;
use parlor_bench::book::Book;
use parlor_bench::fanout_tables::{self, LOADS};
use parlor_bench::report;
use parlor_bench::suite::{self, FLOOR_COALESCE, FLOOR_WRITE, Layout, PARLOR, Places, Subject};
use parlor_bench::sys;
use serde_json::{Value, json};

fn main() -> ExitCode {
    match work(&Args::from_env()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("table: {why}");
            ExitCode::FAILURE
        }
    }
}

/// One run of this program.
struct Session {
    places: Places,
    raw: fs::File,
    runs: usize,
    tries: usize,
    fanout: Vec<String>,
    idle: Vec<String>,
    paired: Vec<String>,
    stalled: Vec<String>,
}

fn work(args: &Args) -> Result<(), String> {
    let places = Places::from_args(args)?;
    let raw_path = args.text("raw").map_or_else(|| places.logs.join("raw.jsonl"), PathBuf::from);
    let raw = fs::File::create(&raw_path).map_err(|e| format!("{}: {e}", raw_path.display()))?;
    sys::raise_open_files(65_536);

    let quick = args.has("quick");
    let seconds = args.value("seconds", if quick { 1.0 } else { 3.0 })?.to_string();
    let conns = args.value("conns", 1000usize)?.to_string();
    let idle_conns = args.value("idle-conns", if quick { 2000usize } else { 5000 })?.to_string();
    let rounds = if quick { "3" } else { "9" };
    let words = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect();
    let mut session = Session {
        places,
        raw,
        runs: args.value("runs", if quick { 1 } else { 3 })?,
        tries: args.value("tries", if quick { 1 } else { 3 })?,
        fanout: words(&["fanout", "--loads", &LOADS.join(","), "--seconds", &seconds, "--conns", &conns]),
        idle: words(&["idle", "--conns", &idle_conns]),
        paired: words(&["paired", "--conns", &conns, "--rounds", if quick { "4" } else { "10" }]),
        stalled: words(&["stalled", "--conns", &conns, "--rounds", rounds]),
    };
    let subjects = chosen(args, &session.places);
    println!("{}; {conns} connections, {seconds} s per load, {} run(s).\n", report::machine(), session.runs);
    session.layout(Layout::Pinned, &subjects)?;
    if !args.has("skip-pairs") {
        session.pairs(Layout::Pinned, &subjects)?;
    }
    if !args.has("skip-two-cores") {
        session.layout(Layout::TwoCores, &subjects)?;
        if !args.has("skip-pairs") {
            session.pairs(Layout::TwoCores, &subjects)?;
        }
    }
    if !args.has("skip-stalled") {
        session.stalled_readers(subjects)?;
    }
    println!("raw figures: {}", raw_path.display());
    Ok(())
}

fn chosen(args: &Args, places: &Places) -> Vec<Subject> {
    let (mut subjects, missing) = suite::subjects(places);
    for name in missing {
        eprintln!("not there, left out: {name}");
    }
    if let Some(only) = args.text("only").map(str::to_lowercase) {
        let named = |s: &Subject| only.split(',').any(|word| s.name.to_lowercase().contains(word));
        subjects.retain(|s| s.name.starts_with("floor") || named(s));
    }
    subjects
}

impl Session {
    fn layout(&mut self, layout: Layout, subjects: &[Subject]) -> Result<(), String> {
        let mut book = Book::default();
        for run in 0..self.runs {
            for i in 0..subjects.len() {
                // Every run begins with another server, so that none always has the same neighbours in time.
                let subject = &subjects[(i + run) % subjects.len()];
                eprintln!("{layout:?}, run {} of {}: {}", run + 1, self.runs, subject.name);
                let at = (layout, run, subject);
                let lines = suite::measure_quietly(&self.places, subject, layout, &self.fanout, self.tries);
                self.enter(&mut book, at, lines)?;
                if layout == Layout::Pinned {
                    let lines = suite::measure(&self.places, subject, layout, &self.idle);
                    self.enter(&mut book, at, lines)?;
                }
            }
        }
        println!("{}", fanout_tables::layout(layout, subjects, &book));
        Ok(())
    }

    /// Every server in turns with the floor that it is compared with; on two cores only the one under test.
    fn pairs(&mut self, layout: Layout, subjects: &[Subject]) -> Result<(), String> {
        let mut book = Book::default();
        for (floor, loads) in [(FLOOR_WRITE, "W1,R20"), (FLOOR_COALESCE, "W64,B64")] {
            let Some(floor) = subjects.iter().find(|s| s.name == floor) else { continue };
            let words = [&self.paired[..], &["--loads".to_owned(), loads.to_owned()]].concat();
            let is_compared = |s: &&Subject| match layout {
                Layout::Pinned => s.name == floor.name || !s.name.starts_with("floor"),
                Layout::TwoCores => s.name == floor.name || s.name == PARLOR,
            };
            for subject in subjects.iter().filter(is_compared) {
                eprintln!("in turns with {}: {}", floor.name, subject.name);
                let lines = suite::measure_paired(&self.places, subject, floor, layout, &words);
                self.enter(&mut book, (layout, 0, subject), lines)?;
            }
        }
        println!("{}", fanout_tables::pairs(layout, subjects, &book));
        Ok(())
    }

    fn stalled_readers(&mut self, mut subjects: Vec<Subject>) -> Result<(), String> {
        let mut book = Book::default();
        subjects.retain(|s| [PARLOR, FLOOR_COALESCE].contains(&s.name));
        for subject in &subjects {
            eprintln!("stalled reader: {}", subject.name);
            let lines = suite::measure(&self.places, subject, Layout::Pinned, &self.stalled);
            self.enter(&mut book, (Layout::Pinned, 0, subject), lines)?;
        }
        println!("{}", fanout_tables::stalled(&subjects, &book));
        Ok(())
    }

    /// Enters the lines of one run; a server that failed is reported and left out of this run.
    fn enter(
        &mut self,
        book: &mut Book,
        (layout, run, subject): (Layout, usize, &Subject),
        lines: Result<Vec<Value>, String>,
    ) -> Result<(), String> {
        let lines = lines.unwrap_or_else(|why| {
            eprintln!("FAILED {why}");
            Vec::new()
        });
        for line in lines {
            let layout = format!("{layout:?}");
            let entry = json!({ "server": subject.name, "layout": layout, "run": run, "result": line });
            writeln!(self.raw, "{entry}").map_err(|e| e.to_string())?;
            book.enter(run, subject.name, &line);
        }
        Ok(())
    }
}
