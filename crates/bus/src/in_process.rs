//! The bus of a single node: one bounded queue per subscriber.

use crate::{Backend, Notice, QUEUE, Received, Subscription};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc;

/// Hands what is published to every subscriber in this process.
#[derive(Default)]
pub struct InProcess {
    // Held while publishing, so that all subscribers see one order. Nothing else is locked under it.
    subscribers: Mutex<Vec<Subscriber>>,
}

struct Subscriber {
    queue: mpsc::Sender<Received>,
    missed: Arc<AtomicBool>,
}

impl Backend for InProcess {
    fn publish(&self, notice: Notice) {
        self.tell_here(Received::Notice(notice));
    }

    fn tell_here(&self, received: Received) {
        let mut subscribers = self.subscribers.lock().unwrap_or_else(PoisonError::into_inner);
        subscribers.retain(|subscriber| subscriber.offer(received.clone()));
    }

    fn subscribe(&self) -> Subscription {
        let (queue, receiver) = mpsc::channel(QUEUE);
        let missed = Arc::new(AtomicBool::new(false));
        let subscriber = Subscriber { queue, missed: missed.clone() };
        self.subscribers.lock().unwrap_or_else(PoisonError::into_inner).push(subscriber);
        Subscription { queue: receiver, missed }
    }

    fn is_connected(&self) -> bool {
        true
    }
}

impl Subscriber {
    /// Whether the subscriber is still there.
    fn offer(&self, received: Received) -> bool {
        let is_signal = matches!(&received, Received::Notice(notice) if notice.is_signal());
        if is_signal && self.queue.capacity() < QUEUE / 2 {
            // Half full: signals give way before anything durable is lost.
            return !self.queue.is_closed();
        }
        match self.queue.try_send(received) {
            Ok(()) => true,
            Err(mpsc::error::TrySendError::Full(_)) => {
                // The reader has a full queue before it, so it comes back to look at this flag.
                self.missed.store(true, Ordering::Release);
                true
            }
            Err(mpsc::error::TrySendError::Closed(_)) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn keeps_the_contract() {
        crate::contract::check(async || vec![crate::Bus::in_process()]).await;
    }

    #[test]
    fn a_subscriber_that_left_is_forgotten() {
        let bus = InProcess::default();
        drop(bus.subscribe());
        bus.publish(Notice::GroupGone { group: parlor_core::GroupId::new(1).unwrap() });
        assert!(bus.subscribers.lock().unwrap().is_empty());
    }
}
