//! What the store does on this machine, beside what its disk does: `cargo bench -p parlor-store`.
//!
//! One run prints the rate of append + fdatasync of 4 KiB (before and after each part, since disks of virtual machines
//! have moods), durable messages per second for 1, 64 and 1,024 senders into one group and into 1,000 groups of a log
//! of a million messages, the CPU that a message costs, and what a page of history costs. A sender sends its next message
//! when the one before is committed. The same once more over PostgreSQL under `scripts/throwaway-postgres.sh`,
//! or only that with `-- postgres`. `STORE_BENCH_DIR` says where (a real disk, not tmpfs), `STORE_BENCH_SECONDS` how
//! long each part runs, `STORE_BENCH_MESSAGES` how many messages there are before.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a program that prints, and may stop with a panic"
)]

use parlor_core::{
    AccessCode, AccountId, AttachmentIds, Author, ClientId, Description, DisplayName, Epoch, GroupId,
    GroupName, MessageText, Role, Rules, Timestamp, Username,
};
use parlor_store::{AppendMessage, Failure, Store, accounts, groups, heads, members, pages};
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

const GROUPS: usize = 1_000;
const SENDERS: usize = 1_024;
const TEXT: &str = "a message of ordinary length, about eighty characters of text, as people write them";

/// How long the log is before anything is measured.
fn messages() -> usize {
    std::env::var("STORE_BENCH_MESSAGES").ok().and_then(|text| text.parse().ok()).unwrap_or(1_000_000)
}

fn main() {
    let folder = std::env::var("STORE_BENCH_DIR").unwrap_or_else(|_| "/tmp".to_owned());
    let seconds = std::env::var("STORE_BENCH_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(4);
    let length = Duration::from_secs(seconds);
    let folder = tempfile::tempdir_in(folder).unwrap();
    println!("fsync at the start: {:.0}/s", fsync_rate(folder.path()));
    let path = folder.path().join("parlor.db");
    if !std::env::args().any(|argument| argument == "postgres") {
        println!("SQLite");
        run(Store::open_sqlite(&path, Epoch::new(1).unwrap()).unwrap(), folder.path(), length);
    }
    if let Ok(server) = std::env::var("PARLOR_TEST_POSTGRES") {
        println!("PostgreSQL (CPU is this side's, without the database's)");
        run(Store::open_postgres(&postgres_schema(&server)).unwrap(), folder.path(), length);
    }
}

/// The same for any database; `folder` is on the disk whose fsync is measured beside it.
fn run(store: Store, folder: &Path, length: Duration) {
    let bench = Arc::new(Bench::prepare(store));
    for (groups, senders) in [(1, 1), (1, 64), (1, 1_024), (GROUPS, 64), (GROUPS, 1_024)] {
        let fsync_before = fsync_rate(folder);
        let run = bench.append(groups, senders, length);
        let fsync = f64::midpoint(fsync_before, fsync_rate(folder));
        println!(
            "{groups:>4} groups {senders:>4} senders: {:>7.0} msg/s = {:>5.1} x fsync ({fsync:.0}/s); \
             CPU {:.1} us/msg (writer {:.1}, checkpoints {:.1}); ack p50 {:.2} ms p99 {:.2} ms; commits {:.0}/s",
            run.rate,
            run.rate / fsync,
            run.cpu.total,
            run.cpu.writer,
            run.cpu.checkpoints,
            run.p50 * 1e3,
            run.p99 * 1e3,
            run.commits,
        );
    }
    bench.history("history, newest page of 50, right after the writing", None);
    // The writer tidies up while it is quiet, half a second at a time.
    std::thread::sleep(Duration::from_secs(12));
    bench.history("history, newest page of 50, a little later", None);
    bench.history("history, page of 50 from the middle", Some(500));
}

/// Makes an empty schema and answers the address of a store in it.
fn postgres_schema(server: &str) -> String {
    let schema = format!("bench_{}", std::process::id());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(server, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute(&format!("CREATE SCHEMA {schema}")).await.unwrap();
    });
    format!("{server}?options=-c%20search_path%3D{schema}")
}

struct Bench {
    store: Store,
    authors: Vec<Author>,
    groups: Vec<GroupId>,
    one: GroupId,
    commits: Arc<AtomicU64>,
    next: AtomicU64,
}

struct Run {
    rate: f64,
    commits: f64,
    p50: f64,
    p99: f64,
    cpu: Cpu,
}

impl Bench {
    fn prepare(store: Store) -> Self {
        let commits = Arc::new(AtomicU64::new(0));
        let counter = commits.clone();
        store.on_commit(move |_| {
            counter.fetch_add(1, Ordering::Relaxed);
        });
        let authors: Vec<Author> = store
            .write::<_, Failure>(|write| (0..SENDERS).map(|n| account(write, n)).collect())
            .wait()
            .unwrap();
        let everybody: Vec<AccountId> = authors.iter().map(|author| author.id).collect();
        let group = |number: usize, members: Vec<AccountId>| {
            store.write::<_, Failure>(move |write| new_group(write, number, &members)).wait().unwrap()
        };
        let one = group(0, everybody.clone());
        // Each sender writes to one group, so each group has one or two of them as members.
        let groups: Vec<GroupId> = (0..GROUPS)
            .map(|n| group(n + 1, everybody.iter().copied().skip(n).step_by(GROUPS).collect()))
            .collect();
        let bench = Self { store, authors, groups, one, commits, next: AtomicU64::new(1) };
        bench.fill();
        bench
    }

    fn fill(&self) {
        let start = Instant::now();
        let mut pending = std::collections::VecDeque::new();
        for n in 0..messages() {
            pending.push_back(self.store.append_message(self.message(self.groups[n % GROUPS], n % GROUPS)));
            if pending.len() > 4_096 {
                pending.pop_front().unwrap().wait().unwrap();
            }
        }
        pending.into_iter().for_each(|pending| drop(pending.wait().unwrap()));
        let rate = messages() as f64 / start.elapsed().as_secs_f64();
        println!("filled with {} messages in {GROUPS} groups, 4,096 at a time: {rate:.0} msg/s", messages());
    }

    fn message(&self, group: GroupId, sender: usize) -> AppendMessage {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        // As random as the ids that clients make.
        let id = format!("{:016x}-{number:016x}", number.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        AppendMessage {
            group,
            by: self.authors[sender].clone(),
            client_id: ClientId::parse(&id).unwrap(),
            text: MessageText::parse(TEXT).unwrap(),
            reply_to: None,
            files: AttachmentIds::default(),
            at: Timestamp::from_millis(1_800_000_000_000),
        }
    }

    fn append(self: &Arc<Self>, groups: usize, senders: usize, length: Duration) -> Run {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let (cpu_before, commits_before) = (Cpu::now(), self.commits.load(Ordering::Relaxed));
        let start = Instant::now();
        let mut latencies: Vec<f64> = runtime.block_on(async {
            let mut tasks = tokio::task::JoinSet::new();
            for sender in 0..senders {
                tasks.spawn(self.clone().send_until(groups, sender, stop.clone()));
            }
            tokio::time::sleep(length).await;
            stop.store(true, Ordering::Relaxed);
            tasks.join_all().await.concat()
        });
        let elapsed = start.elapsed().as_secs_f64();
        let commits = self.commits.load(Ordering::Relaxed) - commits_before;
        latencies.sort_by(f64::total_cmp);
        let at = |part: f64| latencies[((latencies.len() - 1) as f64 * part) as usize];
        Run {
            rate: latencies.len() as f64 / elapsed,
            commits: commits as f64 / elapsed,
            p50: at(0.5),
            p99: at(0.99),
            cpu: Cpu::now().since(&cpu_before).per(latencies.len()),
        }
    }

    async fn send_until(self: Arc<Self>, groups: usize, sender: usize, stop: Arc<AtomicBool>) -> Vec<f64> {
        let mut latencies = Vec::new();
        let group = if groups == 1 { self.one } else { self.groups[sender % GROUPS] };
        while !stop.load(Ordering::Relaxed) {
            let start = Instant::now();
            self.store.append_message(self.message(group, sender)).await.unwrap();
            latencies.push(start.elapsed().as_secs_f64());
        }
        latencies
    }

    fn history(&self, what: &str, before: Option<i64>) {
        const READS: usize = 20_000;
        let reader = self.authors[0].id;
        let groups = self.groups.clone();
        let (took, cpu, rows) = self
            .store
            .read::<_, Failure>(move |tx| {
                let read = |tx: &mut dyn parlor_store::tx::Tx, n: usize| {
                    let group = groups[n.wrapping_mul(7_919) % groups.len()];
                    let head = heads::load(tx, group)?.unwrap();
                    let before = before.and_then(parlor_core::Seq::new);
                    let page = pages::messages_before(tx, group, &head, before, 50, reader)?;
                    Ok::<_, Failure>(page.messages.len())
                };
                for n in 0..2_000 {
                    read(tx, n)?;
                }
                let (start, cpu) = (Instant::now(), own_cpu());
                let mut rows = 0;
                for n in 0..READS {
                    rows += read(tx, n)?;
                }
                Ok((start.elapsed().as_secs_f64(), own_cpu() - cpu, rows))
            })
            .wait()
            .unwrap();
        let per_page = |seconds: f64| seconds * 1e6 / READS as f64;
        println!(
            "{what}: {:.1} us, CPU {:.1} us ({} rows a page)",
            per_page(took),
            per_page(cpu),
            rows / READS
        );
    }
}

fn account(write: &mut parlor_store::Write<'_>, number: usize) -> Result<Author, Failure> {
    let name = format!("sender{number}");
    let username = Username::parse(&name).unwrap();
    let shown = DisplayName::parse(&name).unwrap();
    let now = Timestamp::from_millis(1_800_000_000_000);
    Ok(accounts::insert_registered(write, &username, &shown, "hash", false, now)?.unwrap().author())
}

fn new_group(
    write: &mut parlor_store::Write<'_>,
    number: usize,
    people: &[AccountId],
) -> Result<GroupId, Failure> {
    let now = Timestamp::from_millis(1_800_000_000_000);
    let new = groups::NewGroup {
        name: GroupName::parse("A group").unwrap(),
        description: Description::default(),
        rules: Rules::default(),
        owner: people[0],
        access_code: AccessCode::parse(&format!("code{number}")).unwrap(),
        expires_at: None,
        epoch: Epoch::new(1).unwrap(),
    };
    let group = groups::insert(write, &new, now)?.unwrap();
    for account in people {
        members::insert(write, group, *account, Role::Member, now, parlor_core::Seq::START, 0)?;
    }
    Ok(group)
}

/// Appends and syncs 4 KiB again and again for half a second.
fn fsync_rate(folder: &Path) -> f64 {
    let path = folder.join("fsync");
    let mut file = std::fs::File::create(&path).unwrap();
    let page = [7u8; 4_096];
    let start = Instant::now();
    let mut count = 0;
    while start.elapsed() < Duration::from_millis(500) {
        file.write_all(&page).unwrap();
        file.sync_data().unwrap();
        count += 1;
    }
    std::fs::remove_file(&path).unwrap();
    f64::from(count) / start.elapsed().as_secs_f64()
}

/// CPU time in microseconds.
#[derive(Default)]
struct Cpu {
    total: f64,
    writer: f64,
    checkpoints: f64,
}

impl Cpu {
    fn now() -> Self {
        let mut cpu = Self::default();
        for task in std::fs::read_dir("/proc/self/task").unwrap() {
            let task = task.unwrap().path();
            let spent = cpu_of(&task);
            cpu.total += spent;
            match std::fs::read_to_string(task.join("comm")).unwrap_or_default().trim() {
                name if name.starts_with("store-write") => cpu.writer += spent,
                "store-checkpoin" => cpu.checkpoints += spent,
                _ => {}
            }
        }
        cpu
    }

    fn since(&self, before: &Self) -> Self {
        Self {
            total: self.total - before.total,
            writer: self.writer - before.writer,
            checkpoints: self.checkpoints - before.checkpoints,
        }
    }

    fn per(&self, count: usize) -> Self {
        let count = count as f64;
        Self { total: self.total / count, writer: self.writer / count, checkpoints: self.checkpoints / count }
    }
}

/// Seconds that this thread has run.
fn own_cpu() -> f64 {
    cpu_of(Path::new("/proc/thread-self")) / 1e6
}

fn cpu_of(task: &Path) -> f64 {
    let text = std::fs::read_to_string(task.join("schedstat")).unwrap_or_default();
    text.split_whitespace().next().and_then(|nanos| nanos.parse::<f64>().ok()).unwrap_or(0.0) / 1e3
}
