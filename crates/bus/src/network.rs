//! The bus of several nodes: the bus of a single one, and beside it a connection over which the nodes tell each other.
//!
//! What is published is handed to this node's subscribers **at once**, in the order in which it was published, and goes
//! to the others by a queue; the copy that comes back is passed over. So a server that is slow or away costs this node's
//! people nothing. Subscribers here may see what two nodes publish at the same moment in another order than those
//! there; the order of a group's events is their `seq`, and nothing else needs one.
//!
//! Every node sends a frame each second. One's own that does not come back shows a connection that only looks alive, a
//! number left out shows that something was lost, and both end in [`crate::Received::Missed`]: read the log.

use crate::ears::{Ears, Hearing};
use crate::encoding::FrameWriter;
use crate::outbox::Outbox;
use crate::{Backend, Counters, InProcess, Notice, Received, Subscription};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use tokio::task::AbortHandle;
use tokio::time::{Duration, Instant, MissedTickBehavior, interval, sleep, sleep_until, timeout, timeout_at};

/// How often a node says that it lives.
pub const HEARTBEAT: Duration = Duration::from_secs(1);
/// A connection over which nothing came round for so long is given up: noticed within five seconds, with the tick.
const SILENCE: Duration = Duration::from_secs(4);
/// How long a connection may take to be made, or a portion to be sent.
const PATIENCE: Duration = Duration::from_secs(4);
/// Between the first two attempts to connect; twice as long each time, up to [`LONGEST_WAIT`].
const FIRST_WAIT: Duration = Duration::from_millis(100);
/// Between two attempts to connect at most. A server that is back is found within this time.
const LONGEST_WAIT: Duration = Duration::from_secs(2);
/// How often it is logged at most that the server is away.
const LOG_EVERY: Duration = Duration::from_secs(60);

const CLOSED: &str = "the connection was closed";
const SILENT: &str = "nothing comes back from it";

/// Makes connections to a server that passes frames from node to node.
pub(crate) trait Carrier: Send + Sync + 'static {
    /// A connection.
    type Line: Line;

    /// Connects and begins to hear.
    fn connect(&self, hearing: Hearing) -> impl Future<Output = Result<Self::Line, LineError>> + Send;

    /// What it connects to, for people: no secret in it.
    fn place(&self) -> String;
}

/// One connection; it ends when it is dropped.
pub(crate) trait Line: Send + 'static {
    /// Sends frames in their order.
    fn send(&mut self, frames: Vec<Vec<u8>>) -> impl Future<Output = Result<(), LineError>> + Send;

    /// What the server has said against us since, where it says that beside its answers.
    fn complaint(&self) -> Option<LineError> {
        None
    }
}

/// Why there is no connection.
#[derive(Debug)]
pub(crate) enum LineError {
    /// Trying again leads to the same; somebody must do something. A sentence without secrets.
    Refused(String),
    /// It may come back.
    Away(String),
}

impl LineError {
    fn away(reason: &str) -> Self {
        Self::Away(reason.to_owned())
    }

    fn into_reason(self) -> String {
        match self {
            Self::Refused(reason) | Self::Away(reason) => reason,
        }
    }
}

/// A backend over any carrier.
pub(crate) struct Network {
    node: i64,
    local: Arc<InProcess>,
    outbox: Arc<Outbox>,
    state: Arc<State>,
    task: AbortHandle,
}

#[derive(Default)]
struct State {
    is_connected: AtomicBool,
    connections: AtomicU64,
    dropped: AtomicU64,
}

impl Network {
    /// Connects for the first time. A server that is away is tried again for ever, meanwhile this node is alone.
    ///
    /// # Errors
    /// The sentence of [`LineError::Refused`].
    pub(crate) async fn start(carrier: impl Carrier, node: i64) -> Result<Self, String> {
        let local = Arc::new(InProcess::default());
        let ears = Arc::new(Ears::new(node, local.clone()));
        let (outbox, state) = (Arc::new(Outbox::default()), Arc::new(State::default()));
        let mut road = Road {
            carrier,
            writer: FrameWriter::new(node),
            ears,
            local: local.clone(),
            outbox: outbox.clone(),
            state: state.clone(),
            logged: None,
        };
        let first = match road.connect().await {
            Ok(line) => Some(line),
            Err(LineError::Refused(sentence)) => return Err(sentence),
            Err(LineError::Away(reason)) => {
                road.log_away(&reason);
                None
            }
        };
        let task = tokio::spawn(async move { road.run(first).await }).abort_handle();
        Ok(Self { node, local, outbox, state, task })
    }
}

impl Backend for Network {
    fn publish(&self, notice: Notice) {
        self.local.publish(notice.clone());
        self.outbox.put(notice);
    }

    fn tell_here(&self, received: Received) {
        self.local.tell_here(received);
    }

    fn subscribe(&self) -> Subscription {
        self.local.subscribe()
    }

    fn is_connected(&self) -> bool {
        self.state.is_connected.load(Ordering::Relaxed)
    }

    fn node(&self) -> Option<i64> {
        Some(self.node)
    }

    fn counters(&self) -> Counters {
        Counters {
            connections: self.state.connections.load(Ordering::Relaxed),
            dropped: self.state.dropped.load(Ordering::Relaxed),
        }
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What the one task that sends has in its hands.
struct Road<C: Carrier> {
    carrier: C,
    writer: FrameWriter,
    ears: Arc<Ears>,
    local: Arc<InProcess>,
    outbox: Arc<Outbox>,
    state: Arc<State>,
    logged: Option<Instant>,
}

impl<C: Carrier> Road<C> {
    async fn run(mut self, first: Option<(C::Line, Hearing)>) {
        let mut next = first;
        loop {
            let (line, hearing) = match next.take() {
                Some(line) => line,
                None => self.connect_at_last().await,
            };
            let reason = self.speak(line, &hearing).await;
            self.state.is_connected.store(false, Ordering::Relaxed);
            self.log_away(&reason);
        }
    }

    /// A connection over which a frame of this node has gone the whole way round: it may be sent to and heard from.
    async fn connect(&mut self) -> Result<(C::Line, Hearing), LineError> {
        let began = Instant::now();
        let hearing = Hearing::new(self.ears.clone());
        let no_answer = |_| LineError::away("it does not answer");
        let deadline = began + PATIENCE;
        let connecting = self.carrier.connect(hearing.clone());
        let mut line = timeout_at(deadline, connecting).await.map_err(no_answer)??;
        timeout_at(deadline, line.send(self.writer.finish())).await.map_err(no_answer)??;
        tokio::select! {
            () = self.ears.own_comes_back(began) => {}
            () = hearing.ended() => return Err(line.complaint().unwrap_or(LineError::away(CLOSED))),
            () = sleep_until(deadline) => return Err(line.complaint().unwrap_or(LineError::away(SILENT))),
        }
        // Whatever was told while there was no connection has passed this node by.
        self.local.tell_here(Received::Missed);
        self.state.connections.fetch_add(1, Ordering::Relaxed);
        self.state.is_connected.store(true, Ordering::Relaxed);
        self.logged = None;
        tracing::info!(place = self.carrier.place(), "the bus to the other nodes is there");
        Ok((line, hearing))
    }

    /// Tries until it succeeds.
    async fn connect_at_last(&mut self) -> (C::Line, Hearing) {
        let mut wait = FIRST_WAIT;
        loop {
            // Half of it by chance, so that the nodes do not come all at once.
            sleep(wait.mul_f64(0.5 + fastrand::f64() / 2.0)).await;
            wait = LONGEST_WAIT.min(wait * 2);
            self.outbox.drop_signals();
            match self.connect().await {
                Ok(line) => return line,
                Err(error) => self.log_away(&error.into_reason()),
            }
        }
    }

    /// Sends what is published as long as the connection lives; says why it does not any more.
    async fn speak(&mut self, mut line: C::Line, hearing: &Hearing) -> String {
        let mut heartbeat = interval(HEARTBEAT);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let is_heartbeat = tokio::select! {
                () = hearing.ended() => {
                    return line.complaint().map_or(CLOSED.to_owned(), LineError::into_reason);
                }
                _ = heartbeat.tick() => true,
                () = self.outbox.filled() => false,
            };
            if self.ears.own_came_back().is_none_or(|at| at.elapsed() > SILENCE) {
                return SILENT.to_owned();
            }
            let portion = self.outbox.take();
            if !is_heartbeat && portion.notices.is_empty() {
                continue;
            }
            let frames = self.write(&portion.notices, portion.dropped);
            // Whether what was being sent has come through or not, whoever hears the next frame sees by its number.
            match timeout(PATIENCE, line.send(frames)).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => return error.into_reason(),
                Err(_) => return "it takes nothing".to_owned(),
            }
        }
    }

    fn write(&mut self, notices: &[Notice], dropped: u64) -> Vec<Vec<u8>> {
        let mut dropped = dropped;
        if dropped > 0 {
            self.writer.skip_number();
        }
        for notice in notices {
            if !self.writer.put(notice) {
                self.writer.skip_number();
                dropped += 1;
            }
        }
        if dropped > 0 {
            self.state.dropped.fetch_add(dropped, Ordering::Relaxed);
            tracing::warn!(count = dropped, "hints to the other nodes were dropped; they will read the log");
        }
        self.writer.finish()
    }

    fn log_away(&mut self, reason: &str) {
        if self.logged.is_none_or(|at| at.elapsed() >= LOG_EVERY) {
            self.logged = Some(Instant::now());
            tracing::warn!(
                place = self.carrier.place(),
                reason,
                "the bus to the other nodes is away; they see what happens here seconds later, from the log"
            );
        }
    }
}
