//! Which faults come when: a plan from a seed, the same every time.

use std::time::Duration;

use fastrand::Rng;

use crate::proxy::Cut;

/// Something that breaks, for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A node dies at once, and is started again after the time.
    KillNode(usize),
    /// A node is asked to end, and started again after the time.
    DrainNode(usize),
    /// A node stands still.
    FreezeNode(usize),
    /// PostgreSQL dies and recovers.
    CrashPostgres,
    /// Redis or NATS dies, and is started again after the time.
    KillBus,
    /// Redis or NATS stands still.
    FreezeBus,
    /// A node's road to the database is cut.
    CutDatabase(usize, Cut),
    /// A node's road to the bus is cut.
    CutBus(usize, Cut),
    /// A node's road to its clients is cut.
    CutClients(usize, Cut),
    /// All connections of a node to the database break.
    BreakDatabase(usize),
    /// All connections of a node to the bus break.
    BreakBus(usize),
}

/// A fault with its times, measured from the beginning of the talk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planned {
    /// What.
    pub fault: Fault,
    /// When it begins.
    pub at: Duration,
    /// How long it lasts.
    pub lasts: Duration,
}

/// Faults over a time, one or two at once, and quiet at both ends.
#[must_use]
pub fn plan(rng: &mut Rng, nodes: usize, talk: Duration) -> Vec<Planned> {
    let mut planned = Vec::new();
    let mut at = Duration::from_secs(1);
    loop {
        let count = if rng.u8(..3) == 0 { 2 } else { 1 };
        let mut end = at;
        for _ in 0..count {
            let fault = choose(rng, nodes);
            // A node that recovers or a bus that is away for long is what clients must bear; 10 s is the longest.
            let longest = if matches!(fault, Fault::KillBus | Fault::FreezeBus) { 10_000 } else { 5_000 };
            let lasts = Duration::from_millis(rng.u64(300..longest));
            planned.push(Planned { fault, at, lasts });
            end = end.max(at + lasts);
        }
        at = end + Duration::from_millis(rng.u64(200..1_500));
        if at > talk {
            // What would last past the end of the talk does not begin.
            planned.retain(|planned| planned.at + planned.lasts < talk);
            return planned;
        }
    }
}

fn choose(rng: &mut Rng, nodes: usize) -> Fault {
    let node = rng.usize(..nodes);
    let cut = [Cut::Forth, Cut::Back, Cut::Both][rng.usize(..3)];
    match rng.u8(..11) {
        0 => Fault::KillNode(node),
        1 => Fault::DrainNode(node),
        2 => Fault::FreezeNode(node),
        3 => Fault::CrashPostgres,
        4 => Fault::KillBus,
        5 => Fault::FreezeBus,
        6 => Fault::CutDatabase(node, cut),
        7 => Fault::CutBus(node, cut),
        8 => Fault::CutClients(node, cut),
        9 => Fault::BreakDatabase(node),
        _ => Fault::BreakBus(node),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_plan_again() {
        let of = |seed| plan(&mut Rng::with_seed(seed), 3, Duration::from_secs(60));
        assert_eq!(of(7), of(7));
        assert_ne!(of(7), of(8));
    }

    #[test]
    fn faults_end_before_the_talk_does() {
        let talk = Duration::from_secs(30);
        for seed in 0..200 {
            let planned = plan(&mut Rng::with_seed(seed), 3, talk);
            assert!(planned.iter().all(|planned| planned.at + planned.lasts < talk));
        }
    }
}
