//! What this node hears of the others: takes frames, finds out that one was lost, hands on what is in them.

use crate::encoding::{FrameHead, read_frame};
use crate::{Backend as _, InProcess, Received};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Notify, watch};
use tokio::time::{Duration, Instant};

/// Other nodes that are remembered; beyond as many all are forgotten. A node has another name at each start.
const MOST_NODES: usize = 1_024;
/// How often it is logged at most that something was not understood.
const LOG_EVERY: Duration = Duration::from_secs(60);

/// One pair for the whole life of a node, whatever becomes of its connections.
pub(crate) struct Ears {
    node: i64,
    local: Arc<InProcess>,
    // Held while a frame is handed on, so that frames are handed on one after another. The locks of `local` are taken
    // under it.
    heard: Mutex<Heard>,
    /// When a frame of this node came back.
    own: watch::Sender<Option<Instant>>,
}

struct Heard {
    /// The last frame of each other node.
    numbers: HashMap<i64, u64>,
    not_understood: u64,
    logged: Option<Instant>,
}

/// What one connection hears with.
#[derive(Clone)]
pub(crate) struct Hearing {
    ears: Arc<Ears>,
    over: Arc<Notify>,
}

impl Ears {
    pub(crate) fn new(node: i64, local: Arc<InProcess>) -> Self {
        let heard = Heard { numbers: HashMap::new(), not_understood: 0, logged: None };
        Self { node, local, heard: Mutex::new(heard), own: watch::Sender::new(None) }
    }

    /// When a frame of this node came back for the last time: until then the way round was open.
    pub(crate) fn own_came_back(&self) -> Option<Instant> {
        *self.own.borrow()
    }

    /// Returns when a frame of this node has come back since.
    pub(crate) async fn own_comes_back(&self, since: Instant) {
        let mut own = self.own.subscribe();
        // It cannot be closed: its sender is here.
        let _ = own.wait_for(|at| at.is_some_and(|at| at >= since)).await;
    }

    fn hear(&self, bytes: &[u8]) {
        let mut heard = self.lock();
        let Ok((head, entries)) = read_frame(bytes) else { return heard.not_understood() };
        if head.node == self.node {
            // Those here have it already.
            self.own.send_replace(Some(Instant::now()));
            return;
        }
        match heard.place(&head) {
            Place::Next => {}
            Place::Past => return,
            Place::AfterAGap => self.local.tell_here(Received::Missed),
        }
        for notice in entries {
            match notice {
                Some(notice) => self.local.publish(notice),
                None => heard.not_understood(),
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Place {
    Next,
    Past,
    AfterAGap,
}

impl Heard {
    fn place(&mut self, head: &FrameHead) -> Place {
        if self.numbers.len() >= MOST_NODES && !self.numbers.contains_key(&head.node) {
            self.numbers.clear();
        }
        match self.numbers.insert(head.node, head.number) {
            None => Place::Next,
            Some(last) if head.number <= last => {
                self.numbers.insert(head.node, last);
                Place::Past
            }
            Some(last) if head.number == last + 1 => Place::Next,
            Some(_) => Place::AfterAGap,
        }
    }

    fn not_understood(&mut self) {
        self.not_understood += 1;
        if self.logged.is_none_or(|at| at.elapsed() >= LOG_EVERY) {
            self.logged = Some(Instant::now());
            tracing::warn!(
                count = self.not_understood,
                "hints of another node were not understood: it has another version, or something else uses our channel"
            );
        }
    }
}

impl Hearing {
    pub(crate) fn new(ears: Arc<Ears>) -> Self {
        Self { ears, over: Arc::new(Notify::new()) }
    }

    /// Takes a frame that came.
    pub(crate) fn hear(&self, frame: &[u8]) {
        self.ears.hear(frame);
    }

    /// Nothing comes any more.
    pub(crate) fn end(&self) {
        self.over.notify_one();
    }

    /// Returns when nothing comes any more.
    pub(crate) async fn ended(&self) {
        self.over.notified().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::head;
    use crate::encoding::FrameWriter;
    use crate::{Notice, Subscription};

    fn told(subscription: &mut Subscription) -> Vec<String> {
        let mut told = Vec::new();
        while let Some(received) = subscription.try_receive() {
            told.push(match received {
                Received::Missed => "missed".to_owned(),
                Received::Notice(Notice::Head { position, .. }) => position.seq.to_string(),
                Received::Notice(other) => panic!("unexpected {other:?}"),
            });
        }
        told
    }

    fn frame(writer: &mut FrameWriter, seq: i64) -> Vec<u8> {
        assert!(writer.put(&head(seq)));
        writer.finish().remove(0)
    }

    #[test]
    fn a_lost_frame_is_noticed_and_a_doubled_one_is_heard_once() {
        let local = Arc::new(InProcess::default());
        let ears = Ears::new(1, local.clone());
        let mut subscription = local.subscribe();
        let (mut other, mut own) = (FrameWriter::new(2), FrameWriter::new(1));
        let frames: Vec<_> = (1..=4).map(|seq| frame(&mut other, seq)).collect();
        assert!(ears.own_came_back().is_none());
        for heard in [&frames[0], &frames[1], &frames[1], &frame(&mut own, 9), &frames[3], &frames[2]] {
            ears.hear(heard);
        }
        assert_eq!(told(&mut subscription), ["1", "2", "missed", "4"]);
        assert!(ears.own_came_back().is_some());
    }

    #[test]
    fn what_is_no_frame_is_counted() {
        let ears = Ears::new(1, Arc::new(InProcess::default()));
        let mut of_tomorrow = frame(&mut FrameWriter::new(2), 1);
        of_tomorrow[0] = 2;
        for bytes in [&b""[..], b"hello", &of_tomorrow] {
            ears.hear(bytes);
        }
        assert_eq!(ears.lock().not_understood, 3);
    }
}
