//! Three nodes, real engines, faults from seeds: no promise is broken. More of it: `cargo run -p parlor-cluster`.

use parlor_cluster::engines::BusKind;
use parlor_cluster::run::{Setup, run};

/// Three nodes and their engines are enough for one machine at a time.
static ONE_AT_A_TIME: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

#[tokio::test]
async fn nothing_is_lost_doubled_or_swapped_over_redis() {
    holds(1, BusKind::Redis).await;
}

#[tokio::test]
async fn nothing_is_lost_doubled_or_swapped_over_nats() {
    holds(2, BusKind::Nats).await;
}

async fn holds(seed: u64, bus: BusKind) {
    let _turn = ONE_AT_A_TIME.lock().await;
    let outcome = run(&Setup::usual(seed, bus)).await.expect("everything can be started");
    assert!(outcome.acknowledged > 100, "next to nothing was said:\n{outcome}");
    assert!(outcome.violations.is_empty(), "seed {seed} over {bus:?}:\n{outcome}");
}
