//! Waiting for a condition, with a deadline: the only way to wait in a test.

use std::time::{Duration, Instant};

/// Long enough for a busy machine, short enough to notice.
const DEADLINE: Duration = Duration::from_secs(20);

/// Asks again and again until there is an answer.
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(began.elapsed() < DEADLINE, "waited in vain until {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
