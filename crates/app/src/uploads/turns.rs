//! One writer for each file. Whoever comes later is most often the same person whose connection was lost without a word,
//! so the one before is asked to leave and given [`PATIENCE`] to put down what it has.

use parlor_core::UploadId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

/// Longer than a portion takes to come onto a busy disk.
const PATIENCE: Duration = Duration::from_secs(10);

/// The files that are written to; as many as there are requests that do it.
#[derive(Default)]
pub(crate) struct Turns {
    // Held for a look-up only.
    seats: Arc<Mutex<HashMap<UploadId, Arc<Seat>>>>,
}

struct Seat {
    free: Arc<Semaphore>,
    /// Counts those who came for it.
    wanted: watch::Sender<u64>,
}

/// The right to write to a file, until it is dropped.
pub(crate) struct Turn {
    upload: UploadId,
    seats: Arc<Mutex<HashMap<UploadId, Arc<Seat>>>>,
    wanted: watch::Receiver<u64>,
    permit: Option<OwnedSemaphorePermit>,
}

impl Turns {
    /// Asks the one before to leave; `None` where they do not.
    pub(crate) async fn take(&self, upload: UploadId) -> Option<Turn> {
        // The turn is there before the wait, and is counted under the lock: so the seat goes with the last of them.
        let (seat, mut turn) = {
            let mut seats = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
            let seat = seats.entry(upload).or_insert_with(|| Arc::new(Seat::new())).clone();
            let wanted = seat.wanted.subscribe();
            (seat, Turn { upload, seats: self.seats.clone(), wanted, permit: None })
        };
        if let Ok(permit) = seat.free.clone().try_acquire_owned() {
            turn.permit = Some(permit);
            return Some(turn);
        }
        seat.wanted.send_modify(|count| *count += 1);
        let permit = tokio::time::timeout(PATIENCE, seat.free.clone().acquire_owned()).await.ok()?.ok()?;
        turn.permit = Some(permit);
        turn.wanted.mark_unchanged();
        Some(turn)
    }
}

impl Seat {
    fn new() -> Self {
        Self { free: Arc::new(Semaphore::new(1)), wanted: watch::Sender::new(0) }
    }
}

impl Turn {
    /// Done when somebody else comes for the file.
    pub(crate) async fn wanted(&mut self) {
        if self.wanted.changed().await.is_err() {
            // The seat lives as long as its turn.
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.permit = None;
        let mut seats = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        // Its own receiver is still counted.
        if seats.get(&self.upload).is_some_and(|seat| seat.wanted.receiver_count() <= 1) {
            seats.remove(&self.upload);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upload(number: i64) -> UploadId {
        UploadId::new(number).unwrap()
    }

    #[tokio::test]
    async fn the_one_before_is_asked_and_leaves() {
        let turns = Turns::default();
        let mut first = turns.take(upload(1)).await.unwrap();
        let other = turns.take(upload(2)).await.unwrap();
        let leaves = async move {
            first.wanted().await;
            drop(first);
        };
        let (second, ()) = tokio::join!(turns.take(upload(1)), leaves);
        let mut second = second.unwrap();
        let asked = tokio::time::timeout(Duration::from_millis(20), second.wanted()).await;
        assert!(asked.is_err(), "whoever has just come is not asked by their own coming");
        drop((second, other));
        assert!(turns.seats.lock().unwrap().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn one_who_does_not_leave_keeps_it() {
        let turns = Turns::default();
        let first = turns.take(upload(1)).await.unwrap();
        assert!(turns.take(upload(1)).await.is_none());
        drop(first);
        assert!(turns.take(upload(1)).await.is_some());
        assert!(turns.seats.lock().unwrap().is_empty());
    }
}
