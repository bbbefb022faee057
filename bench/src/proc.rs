//! What a process costs, read from `/proc`: CPU by the scheduler's clock, user-mode share by ticks, memory.

use std::collections::HashMap;
use std::fs;

/// The CPU time of a process, its threads and its children up to now.
#[derive(Debug, Default, Clone)]
pub struct Cpu {
    threads: HashMap<u32, u64>,
    user_ticks: u64,
    system_ticks: u64,
}

/// What was spent between two readings.
#[derive(Debug, Default, Clone, Copy)]
pub struct Spent {
    /// Run time in microseconds.
    pub us: f64,
    /// The share of it in user mode, by tick sampling; 0 where no tick fell into it.
    pub user_share: f64,
}

impl Cpu {
    /// Reads a process and all its descendants.
    pub fn read(pid: u32) -> Self {
        let mut cpu = Self::default();
        for process in family(pid) {
            cpu.add_process(process);
        }
        cpu
    }

    fn add_process(&mut self, pid: u32) {
        if let Some((user, system)) = stat_ticks(&format!("/proc/{pid}/stat")) {
            self.user_ticks += user;
            self.system_ticks += system;
        }
        for tid in numbers_in(&format!("/proc/{pid}/task")) {
            let stat = fs::read_to_string(format!("/proc/{pid}/task/{tid}/schedstat")).unwrap_or_default();
            let run_ns = stat.split(' ').next().and_then(|n| n.parse().ok()).unwrap_or(0);
            self.threads.insert(tid, run_ns);
        }
    }

    /// What was spent since an earlier reading. A thread that ended in between is missing (none of the servers
    /// here ends one while it is measured).
    pub fn since(&self, earlier: &Self) -> Spent {
        let ns: u64 = self
            .threads
            .iter()
            .map(|(tid, ns)| ns.saturating_sub(earlier.threads.get(tid).copied().unwrap_or(0)))
            .sum();
        let user = self.user_ticks.saturating_sub(earlier.user_ticks) as f64;
        let system = self.system_ticks.saturating_sub(earlier.system_ticks) as f64;
        let user_share = if user + system > 0.0 { user / (user + system) } else { 0.0 };
        Spent { us: ns as f64 / 1e3, user_share }
    }
}

/// Microseconds for which all cores together were not idle, since the start of the machine.
pub fn machine_busy_us() -> f64 {
    let stat = fs::read_to_string("/proc/stat").unwrap_or_default();
    let all: Vec<f64> = stat
        .lines()
        .next()
        .map(|line| line.split_whitespace().skip(1).filter_map(|n| n.parse().ok()).collect())
        .unwrap_or_default();
    // user nice system idle iowait irq softirq steal; a tick is 10 ms.
    let at = |i: usize| all.get(i).copied().unwrap_or(0.0);
    (at(0) + at(1) + at(2) + at(5) + at(6)) * 10_000.0
}

/// Resident memory of a process and its descendants in KiB (`VmRSS`).
pub fn resident_kib(pid: u32) -> u64 {
    family(pid)
        .into_iter()
        .filter_map(|pid| {
            let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
            let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
            line.split_whitespace().nth(1)?.parse::<u64>().ok()
        })
        .sum()
}

/// A process and all its descendants.
fn family(pid: u32) -> Vec<u32> {
    let mut members = vec![pid];
    let mut next = 0;
    while let Some(&parent) = members.get(next) {
        next += 1;
        for tid in numbers_in(&format!("/proc/{parent}/task")) {
            let children =
                fs::read_to_string(format!("/proc/{parent}/task/{tid}/children")).unwrap_or_default();
            members.extend(children.split_whitespace().filter_map(|n| n.parse::<u32>().ok()));
        }
    }
    members
}

fn numbers_in(folder: &str) -> Vec<u32> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).collect()
}

/// Fields 14 and 15 of a stat file; the name in brackets before them may hold spaces.
fn stat_ticks(path: &str) -> Option<(u64, u64)> {
    let stat = fs::read_to_string(path).ok()?;
    let after_name = &stat[stat.rfind(')')? + 2..];
    let mut fields = after_name.split(' ').skip(11);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_work_is_seen() {
        let me = std::process::id();
        let before = Cpu::read(me);
        let start = std::time::Instant::now();
        let mut sum = 0u64;
        while start.elapsed().as_millis() < 60 {
            sum = sum.wrapping_mul(31).wrapping_add(std::hint::black_box(7));
        }
        std::hint::black_box(sum);
        let spent = Cpu::read(me).since(&before);
        assert!(spent.us > 5_000.0, "{spent:?}");
        assert!(resident_kib(me) > 100);
    }
}
