//! Hashing and checking passwords: argon2id, off the async threads, few at once.
//!
//! One check takes about 25 ms and 19 MiB on purpose, so how many run is limited to the number of processors, and how
//! many wait to [`MOST_WAITING`]; whoever finds no place, or waits longer than [`PATIENCE`], is answered `unavailable`.

use crate::Failure;
use crate::edges::Entropy;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// How many wait for their turn at most.
const MOST_WAITING: usize = 64;
/// How long one waits at most.
const PATIENCE: Duration = Duration::from_secs(5);

/// What one check costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
}

impl Default for PasswordCost {
    /// What OWASP recommends for argon2id.
    fn default() -> Self {
        Self { memory_kib: 19 * 1024, passes: 2 }
    }
}

pub(crate) struct Passwords {
    hasher: Argon2<'static>,
    entropy: Arc<dyn Entropy>,
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    /// Looks like the hash of a password that nobody has; checked where there is no account, so that this takes as
    /// long.
    nobody: String,
}

impl Passwords {
    pub(crate) fn new(cost: PasswordCost, entropy: Arc<dyn Entropy>) -> Self {
        let params = Params::new(cost.memory_kib, cost.passes, 1, Some(Params::DEFAULT_OUTPUT_LEN));
        let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.unwrap_or_default());
        let at_once = std::thread::available_parallelism().map_or(2, usize::from);
        let nobody = nobodys_hash(&hasher, entropy.as_ref());
        let (running, waiting) = (Arc::new(Semaphore::new(at_once)), Arc::new(Semaphore::new(MOST_WAITING)));
        Self { hasher, entropy, running, waiting, nobody }
    }

    /// The hash to be stored, with its salt and costs in it.
    pub(crate) async fn hash(&self, password: &[u8]) -> Result<String, Failure> {
        let salt = self.salt()?;
        let (hasher, password) = (self.hasher.clone(), password.to_vec());
        self.run(move || {
            let hash = hasher
                .hash_password(&password, &salt)
                .map_err(|error| Failure::internal(error.to_string()))?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether `password` is the one of `stored`; without one (no account, a guest) no, after the same time.
    pub(crate) async fn check(&self, password: &[u8], stored: Option<String>) -> Result<bool, Failure> {
        let known = stored.is_some();
        let (hasher, password) = (self.hasher.clone(), password.to_vec());
        let stored = stored.unwrap_or_else(|| self.nobody.clone());
        self.run(move || {
            let hash = PasswordHash::new(&stored).map_err(|error| Failure::internal(error.to_string()))?;
            Ok(hasher.verify_password(&password, &hash).is_ok() && known)
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let _place = self.waiting.try_acquire().map_err(|_| Failure::unavailable())?;
        let turn = tokio::time::timeout(PATIENCE, self.running.clone().acquire_owned()).await;
        let turn = turn.map_err(|_| Failure::unavailable())?.map_err(Failure::internal)?;
        let work = move || {
            // Held by the work itself: it goes on when the caller has left, and so does its share of the limit.
            let _turn = turn;
            work()
        };
        tokio::task::spawn_blocking(work).await.map_err(Failure::internal)?
    }

    fn salt(&self) -> Result<SaltString, Failure> {
        let mut salt = [0; 16];
        self.entropy.fill(&mut salt);
        SaltString::encode_b64(&salt).map_err(|error| Failure::internal(error.to_string()))
    }
}

/// Made from chance instead of being computed: it costs nothing at start, and no password has it.
fn nobodys_hash(hasher: &Argon2<'_>, entropy: &dyn Entropy) -> String {
    let (mut salt, mut output) = ([0; 16], [0; 32]);
    entropy.fill(&mut salt);
    entropy.fill(&mut output);
    let params = hasher.params();
    format!(
        "$argon2id$v=19$m={},t={},p={}${}${}",
        params.m_cost(),
        params.t_cost(),
        params.p_cost(),
        base64(&salt),
        base64(&output)
    )
}

/// Base64 without padding, as a stored hash writes it.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits =
            three.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for digit in 0..=three.len() {
            let index = bits >> (18 - 6 * digit) & 63;
            text.push(char::from(DIGITS[index as usize]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::CountingEntropy;

    fn passwords() -> Passwords {
        let cost = PasswordCost { memory_kib: 64, passes: 1 };
        Passwords::new(cost, Arc::new(CountingEntropy::default()))
    }

    #[tokio::test]
    async fn a_password_is_known_again_and_no_other() {
        let passwords = passwords();
        let stored = passwords.hash(b"correct horse").await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
        assert!(passwords.check(b"correct horse", Some(stored.clone())).await.unwrap());
        assert!(!passwords.check(b"wrong horse", Some(stored)).await.unwrap());
    }

    #[tokio::test]
    async fn nobody_has_a_password_of_the_same_form() {
        let passwords = passwords();
        assert!(PasswordHash::new(&passwords.nobody).is_ok());
        assert!(!passwords.check(b"", None).await.unwrap());
        let stored = passwords.hash(b"correct horse").await.unwrap();
        assert_eq!(stored.len(), passwords.nobody.len());
    }

    #[tokio::test]
    async fn two_hashes_of_one_password_differ() {
        let passwords = passwords();
        assert_ne!(passwords.hash(b"the same").await.unwrap(), passwords.hash(b"the same").await.unwrap());
    }
}
