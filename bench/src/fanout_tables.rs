//! The tables of the fan-out bench, as Markdown.

use crate::book::Book;
use crate::report::table;
use crate::suite::{FLOOR_COALESCE, FLOOR_WRITE, Layout, Subject};

/// The loads of every run.
pub const LOADS: [&str; 4] = ["W1", "R20", "W64", "B64"];

/// What one layout cost, and how fast it was.
pub fn layout(layout: Layout, subjects: &[Subject], book: &Book) -> String {
    let title = match layout {
        Layout::Pinned => "Pinned: server on core 0 with one worker, generator on core 1",
        Layout::TwoCores => "Two cores: nothing pinned, two workers where the server has such a thing",
    };
    let intro = format!(
        "### {title}\n\nCPU of the server in µs per delivery; the ratio is that to `{FLOOR_WRITE}` (one message at \
         a time, 20/s) or to `{FLOOR_COALESCE}` (bursts of 64) in the same run.\n"
    );
    let head =
        "server|one at a time|ratio|user µs|user %|20/s|ratio|window 64|burst 64|ratio|KiB/idle connection";
    let cost = |s: &str| {
        let share = book.median(s, "W1", "user_share").unwrap_or(0.0);
        vec![
            book.cell(s, "W1", "cpu_us"),
            book.ratio_cell(s, "W1", "cpu_us", FLOOR_WRITE),
            book.cell(s, "W1", "user_us"),
            format!("{:.0}", share * 100.0),
            book.cell(s, "R20", "cpu_us"),
            book.ratio_cell(s, "R20", "cpu_us", FLOOR_WRITE),
            book.cell(s, "W64", "cpu_us"),
            book.cell(s, "B64", "cpu_us"),
            book.ratio_cell(s, "B64", "cpu_us", FLOOR_COALESCE),
            book.cell(s, "idle", "kib_per_connection"),
        ]
    };
    let costs = rows(head, subjects, cost);

    let head = "server|deliveries/s, one|deliveries/s, burst|p50/p99 ms, one|p50/p99 ms, 20/s|p50/p99 ms, burst|\
                lost|out of order|cores of the server, one / burst|cores of others, worst";
    let latency =
        |s: &str, load: &str| format!("{} / {}", book.cell(s, load, "p50_ms"), book.cell(s, load, "p99_ms"));
    let speed = |s: &str| {
        vec![
            book.cell(s, "W1", "deliveries_per_s"),
            book.cell(s, "B64", "deliveries_per_s"),
            latency(s, "W1"),
            latency(s, "R20"),
            latency(s, "B64"),
            book.sum_cell(s, &LOADS, "lost"),
            book.sum_cell(s, &LOADS, "out_of_order"),
            format!("{} / {}", book.cell(s, "W1", "server_cores"), book.cell(s, "B64", "server_cores")),
            book.worst_cell(s, &LOADS, "other_cores"),
        ]
    };
    format!("{intro}\n{costs}\n{}", rows(head, subjects, speed))
}

/// The servers in turns with the floor.
pub fn pairs(layout: Layout, subjects: &[Subject], book: &Book) -> String {
    let intro = format!(
        "### {}: in turns with the floor, half a second each: CPU per delivery over the floor's\n\n\
         Median of the rounds (quartiles). This is the ratio to judge a goal by; `{FLOOR_WRITE}` beside itself shows \
         the noise.\n",
        match layout {
            Layout::Pinned => "Pinned",
            Layout::TwoCores => "Two cores",
        }
    );
    let cells = |s: &str| {
        let cell = |load: &&str| match book.median(s, load, "ratio") {
            None => "–".to_owned(),
            Some(ratio) => {
                let [low, high] = ["ratio_q1", "ratio_q3"].map(|q| book.median(s, load, q).unwrap_or(0.0));
                format!("{ratio:.2} ({low:.2}–{high:.2})")
            }
        };
        ["paired W1", "paired R20", "paired W64", "paired B64"].iter().map(cell).collect()
    };
    format!("{intro}\n{}", rows("server|one at a time|20/s|window 64|burst 64", subjects, cells))
}

/// What a reader that does not read costs the others.
pub fn stalled(subjects: &[Subject], book: &Book) -> String {
    let mut out = "### One reader of all does not read: p99 of the others\n".to_owned();
    for load in ["stalled fill", "stalled W1", "stalled B64"] {
        let head = format!(
            "{load}|p99 ms without|p99 ms with|ratio|rounds undisturbed|lost|closed|missing after it reads again"
        );
        let cells = |s: &str| {
            let names = [
                "p99_ms_free",
                "p99_ms_stalled",
                "ratio",
                "undisturbed",
                "lost",
                "closed_stalled",
                "missing_after_resume",
            ];
            names.iter().map(|name| book.cell(s, load, name)).collect()
        };
        out.push('\n');
        out.push_str(&rows(&head, subjects, cells));
    }
    out
}

/// A table with one row per server; the head's columns are divided by `|`.
fn rows(head: &str, subjects: &[Subject], cells: impl Fn(&str) -> Vec<String>) -> String {
    let row = |s: &Subject| [vec![s.name.to_owned()], cells(s.name)].concat();
    table(&head.split('|').collect::<Vec<_>>(), &subjects.iter().map(row).collect::<Vec<_>>())
}
