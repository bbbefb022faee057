//! What this node has published and other nodes have not been sent yet.

use crate::{LobbyNotice, Notice};
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use tokio::sync::Notify;

/// Most bytes, roughly, that wait while the server between the nodes is away or slow: some seconds of a busy node.
const MOST_BYTES: usize = 16 * 1024 * 1024;
/// Beyond as many, signals are dropped.
const SIGNALS_UP_TO: usize = MOST_BYTES / 2;
/// Bytes, roughly, that are sent at once.
const PORTION: usize = 1024 * 1024;
/// What a notice takes without its texts, with its place in the queue.
const LEAST: usize = 128;

/// A queue that never makes its writers wait: beyond its bound signals go first, then what has waited longest.
#[derive(Default)]
pub(crate) struct Outbox {
    // Taken for a moment only.
    waiting: Mutex<Waiting>,
    filled: Notify,
}

#[derive(Default)]
struct Waiting {
    notices: VecDeque<Notice>,
    bytes: usize,
    /// Hints dropped since the last portion was taken.
    dropped: u64,
}

/// What is sent at once.
pub(crate) struct Portion {
    pub(crate) notices: Vec<Notice>,
    /// Hints that were dropped before the first of them.
    pub(crate) dropped: u64,
}

impl Outbox {
    pub(crate) fn put(&self, notice: Notice) {
        let mut waiting = self.lock();
        if notice.is_signal() && waiting.bytes > SIGNALS_UP_TO {
            return;
        }
        waiting.bytes += weight(&notice);
        waiting.notices.push_back(notice);
        if waiting.bytes > MOST_BYTES {
            waiting.make_room();
        }
        drop(waiting);
        self.filled.notify_one();
    }

    /// Returns when there may be something to take.
    pub(crate) async fn filled(&self) {
        self.filled.notified().await;
    }

    /// What has waited longest.
    pub(crate) fn take(&self) -> Portion {
        let mut waiting = self.lock();
        let dropped = std::mem::take(&mut waiting.dropped);
        let (mut notices, mut bytes) = (Vec::new(), 0);
        while bytes < PORTION
            && let Some(notice) = waiting.notices.pop_front()
        {
            bytes += weight(&notice);
            notices.push(notice);
        }
        waiting.bytes -= bytes;
        if !waiting.notices.is_empty() {
            self.filled.notify_one();
        }
        Portion { notices, dropped }
    }

    /// Forgets the signals: they are of the moment.
    pub(crate) fn drop_signals(&self) {
        self.lock().drop_signals();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn make_room(&mut self) {
        self.drop_signals();
        while self.bytes > MOST_BYTES
            && let Some(oldest) = self.notices.pop_front()
        {
            self.bytes -= weight(&oldest);
            self.dropped += 1;
        }
    }

    fn drop_signals(&mut self) {
        self.notices.retain(|notice| !notice.is_signal());
        self.bytes = self.notices.iter().map(weight).sum();
    }
}

fn weight(notice: &Notice) -> usize {
    match notice {
        Notice::Events(events) => events.iter().map(|event| LEAST + event.body.weight()).sum(),
        Notice::Lobby(LobbyNotice::Said(said)) => {
            LEAST + said.text.len() + said.raw.as_ref().map_or(0, |raw| raw.len())
        }
        Notice::Lobby(LobbyNotice::SaidAloud(said)) => LEAST + said.raw.len(),
        _ => LEAST,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{aloud, head, typing};
    use std::sync::Arc;

    #[test]
    fn signals_go_first_then_the_oldest() {
        let outbox = Outbox::default();
        outbox.put(Notice::Signal(Arc::new(typing())));
        let large = MOST_BYTES / 4;
        for turn in 0..5 {
            outbox.put(aloud(&format!("{turn}{}", " ".repeat(large))));
        }
        outbox.put(Notice::Signal(Arc::new(typing())));
        outbox.put(head(1));
        let (mut said, mut dropped, mut heads) = (String::new(), 0, 0);
        loop {
            let portion = outbox.take();
            dropped += portion.dropped;
            if portion.notices.is_empty() {
                break;
            }
            for notice in portion.notices {
                match notice {
                    Notice::Lobby(LobbyNotice::SaidAloud(line)) => said.push_str(&line.raw[..1]),
                    Notice::Head { .. } => heads += 1,
                    other => panic!("unexpected {other:?}"),
                }
            }
        }
        assert_eq!((said.as_str(), dropped, heads), ("234", 2, 1));
        assert_eq!(outbox.lock().bytes, 0);
    }
}
