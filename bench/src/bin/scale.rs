//! The arithmetic of docs/scaling.md, tried: people are put on nodes by chance, groups have sizes as real ones have, a
//! minute of messages is counted, and the counts stand beside what the formulas say. Then what that costs, by measured
//! prices.
//!
//! `scale [--people 10000000] [--shrink 100] [--nodes 100] [--shards 8] [--groups-each 3] [--per-minute 0.5] [--seed 1]`,
//! and the prices in µs: `--delivery 3.7`, `--message 30`, `--notice 2`. With `--shrink 100` a hundredth of the people and
//! of the groups is simulated on as many nodes; what grows with people is multiplied again.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool")]

use std::process::ExitCode;

use fastrand::Rng;
use parlor_bench::args::Args;
use parlor_bench::report::table;

/// A simulated count this far from its formula means that the formula is wrong.
const TOLERANCE: f64 = 0.05;

fn main() -> ExitCode {
    match World::from_args(&Args::from_env()) {
        Ok(world) => report(&world),
        Err(why) => {
            eprintln!("scale: {why}");
            ExitCode::FAILURE
        }
    }
}

/// What is assumed.
struct World {
    people: usize,
    shrink: usize,
    nodes: usize,
    shards: usize,
    groups_each: usize,
    per_minute: f64,
    seed: u64,
    prices: Prices,
}

/// CPU in µs of one core.
struct Prices {
    /// One message to one socket.
    delivery: f64,
    /// A durable, acknowledged message: sockets and store.
    message: f64,
    /// A notice that comes over the bus.
    notice: f64,
}

/// What happens in one minute, of the people that are simulated.
#[derive(Default)]
struct Minute {
    messages: f64,
    deliveries: f64,
    /// Nodes that must hear of a message, over all messages, where nodes hear only of groups that they have.
    needed: f64,
    /// Messages of the busiest shard of the database.
    busiest: f64,
}

impl World {
    fn from_args(args: &Args) -> Result<Self, String> {
        Ok(Self {
            people: args.value("people", 10_000_000)?,
            shrink: args.value("shrink", 100)?,
            nodes: args.value("nodes", 100)?,
            shards: args.value("shards", 8)?,
            groups_each: args.value("groups-each", 3)?,
            per_minute: args.value("per-minute", 0.5)?,
            seed: args.value("seed", 1)?,
            prices: Prices {
                delivery: args.value("delivery", 3.7)?,
                message: args.value("message", 30.0)?,
                notice: args.value("notice", 2.0)?,
            },
        })
    }

    /// Sizes of groups, the small ones many: half have up to 8 members, one in a hundred has some hundreds.
    fn sizes(&self) -> Vec<usize> {
        let mut rng = Rng::with_seed(self.seed);
        let mut seats = self.people / self.shrink * self.groups_each;
        let mut sizes = Vec::new();
        while seats > 1 {
            let size = (4.0 / (1.0 - rng.f64()).powf(0.9)) as usize;
            let size = size.clamp(2, 2_000).min(seats);
            seats -= size;
            sizes.push(size);
        }
        sizes
    }

    /// By formula: each member writes as often as any other and is on any node alike.
    fn calculated(&self, sizes: &[usize]) -> Minute {
        let nodes = self.nodes as f64;
        let mut minute = Minute::default();
        for &size in sizes {
            // A person's messages are spread over their groups.
            let messages = size as f64 * self.per_minute / self.groups_each as f64;
            minute.messages += messages;
            minute.deliveries += messages * size as f64;
            minute.needed += messages * nodes * (1.0 - (1.0 - 1.0 / nodes).powf(size as f64));
        }
        minute.busiest = minute.messages / self.shards as f64;
        minute
    }

    /// By counting: people sit on nodes, write when chance says so, and every node that has a member hears it.
    fn simulated(&self, sizes: &[usize]) -> Minute {
        let mut rng = Rng::with_seed(self.seed + 1);
        let mut minute = Minute::default();
        let mut shards = vec![0.0; self.shards];
        let chance = self.per_minute / self.groups_each as f64;
        let mut has_member = vec![0_usize; self.nodes];
        for (group, &size) in sizes.iter().enumerate() {
            let mut hearing = 0.0;
            for _ in 0..size {
                let node = rng.usize(..self.nodes);
                if has_member[node] != group + 1 {
                    has_member[node] = group + 1;
                    hearing += 1.0;
                }
            }
            let written = (0..size).filter(|_| rng.f64() < chance).count() as f64;
            minute.messages += written;
            minute.deliveries += written * size as f64;
            minute.needed += written * hearing;
            shards[group % self.shards] += written;
        }
        minute.busiest = shards.into_iter().fold(0.0, f64::max);
        minute
    }
}

fn report(world: &World) -> ExitCode {
    let sizes = world.sizes();
    let (calculated, simulated) = (world.calculated(&sizes), world.simulated(&sizes));
    println!(
        "{} people on {} nodes, {} groups each ({} groups), {} messages a minute each; 1 in {} simulated.\n",
        world.people,
        world.nodes,
        world.groups_each,
        sizes.len() * world.shrink,
        world.per_minute,
        world.shrink
    );
    let mut all_right = true;
    let mut rows = Vec::new();
    for (what, formula, counted) in [
        // The formula is the mean of all shards; how far the busiest is from it no formula of means says.
        ("messages/s of the busiest shard", calculated.busiest, simulated.busiest),
        ("messages/s", calculated.messages, simulated.messages),
        ("deliveries/s", calculated.deliveries, simulated.deliveries),
        ("nodes that must hear, summed over messages/s", calculated.needed, simulated.needed),
    ] {
        let off = counted / formula - 1.0;
        all_right &= off.abs() < TOLERANCE || what.ends_with("busiest shard");
        let a_second = |count: f64| format!("{:.0}", count * world.shrink as f64 / 60.0);
        rows.push(vec![
            what.to_owned(),
            a_second(formula),
            a_second(counted),
            format!("{:+.1} %", off * 100.0),
        ]);
    }
    println!("{}", table(&["", "formula", "counted", "off by"], &rows));
    println!("{}", table(&["of each node", "cores"], &costs(world, &simulated)));
    if all_right { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Cores that each node uses, one part after another.
fn costs(world: &World, minute: &Minute) -> Vec<Vec<String>> {
    let a_second = |count: f64| count * world.shrink as f64 / 60.0;
    let nodes = world.nodes as f64;
    let cores = |count: f64, price: f64| format!("{:.2}", count * price / 1e6);
    vec![
        vec!["deliveries".into(), cores(a_second(minute.deliveries) / nodes, world.prices.delivery)],
        vec!["messages of its people".into(), cores(a_second(minute.messages) / nodes, world.prices.message)],
        vec!["notices, one channel for all".into(), cores(a_second(minute.messages), world.prices.notice)],
        vec![
            "notices, only of groups that it has".into(),
            cores(a_second(minute.needed) / nodes, world.prices.notice),
        ],
    ]
}
