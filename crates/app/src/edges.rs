//! The clock and chance, as fields of [`crate::App`], so that tests can drive them. Nothing else here reads either.

use parlor_core::{Epoch, Timestamp};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Says what time it is.
pub trait Clock: Send + Sync {
    /// The wall clock, for what is stored and shown.
    fn now(&self) -> Timestamp;
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
}

struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(clippy::disallowed_methods, reason = "this is the edge where chance comes in")]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes)
            .expect("an operating system without randomness can not run a server of secrets");
    }
}
