//! The clock and chance, as fields of [`crate::App`], so that tests can drive them. Nothing else here reads either.

use parlor_core::{Epoch, Timestamp};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Says what time it is.
pub trait Clock: Send + Sync {
    /// The wall clock, for what is stored and shown.
    fn now(&self) -> Timestamp;

    /// A clock that is never set: it began as the wall clock when the process did, and only goes on. For what players
    /// are steered by.
    fn steady(&self) -> Timestamp {
        self.now()
    }

    /// The same in milliseconds with a fraction: who measures a clock over a network can use it.
    fn steady_millis(&self) -> f64 {
        self.steady().as_millis() as f64
    }
}

/// Gives randomness good enough for secrets.
pub trait Entropy: Send + Sync {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

/// The clock and chance of an [`crate::App`].
#[derive(Clone)]
pub struct Edges {
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub entropy: Arc<dyn Entropy>,
}

impl Edges {
    /// The real ones of the operating system.
    #[must_use]
    pub fn system() -> Self {
        Self { clock: Arc::new(SystemClock), entropy: Arc::new(SystemEntropy) }
    }

    /// A life of a log: a random number, so that a group of a lost database is never taken for one of the next.
    #[must_use]
    pub fn new_epoch(&self) -> Epoch {
        let mut bytes = [0; 8];
        self.entropy.fill(&mut bytes);
        let random = i64::from_be_bytes(bytes) & ((1 << 52) - 1);
        Epoch::new(random + 1).expect("1 to 2^52 is in the range of an epoch")
    }
}

struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        #[expect(clippy::disallowed_methods, reason = "this is the edge where the clock comes in")]
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        Timestamp::from_millis(0).plus(since)
    }

    fn steady(&self) -> Timestamp {
        let (wall, since) = self.since_it_began();
        wall.plus(since)
    }

    fn steady_millis(&self) -> f64 {
        let (wall, since) = self.since_it_began();
        wall.as_millis() as f64 + since.as_secs_f64() * 1_000.0
    }
}

impl SystemClock {
    fn since_it_began(&self) -> (Timestamp, Duration) {
        static BEGAN: OnceLock<(Timestamp, Instant)> = OnceLock::new();
        let (wall, instant) = *BEGAN.get_or_init(|| (self.now(), Instant::now()));
        (wall, instant.elapsed())
    }
}

struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(clippy::disallowed_methods, reason = "this is the edge where chance comes in")]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes)
            .expect("an operating system without randomness can not run a server of secrets");
    }
}
