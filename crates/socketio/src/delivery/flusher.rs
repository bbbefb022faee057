//! The flusher of one shard: takes operations in order, delivers a tick at a time, watches deadlines.
//! It alone owns its connections, rooms and timers.

mod broadcast;
mod closing;
mod deadlines;
mod polling;
mod write;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use slab::Slab;

use super::connection::{Carrier, Connection};
use super::rooms::Rooms;
use super::tick::Segment;
use super::wheel::Wheel;
use super::{Broadcast, Clock, Goodbye, NOWHERE, Op, Shard};
use crate::config::Config;
use crate::engine::session::{CloseReason, Session};
use crate::guard::guarded;
use crate::metrics::Metrics;

/// How long a tick may be put off while more comes for it.
const MOST_GATHERING: Duration = Duration::from_millis(4);

/// The numbers of the configuration that the flusher needs, in milliseconds and bytes.
#[derive(Clone, Copy)]
struct Limits {
    interval: u64,
    timeout: u64,
    connect: Option<u64>,
    close: u64,
    queue: usize,
    queues_in_all: u64,
}

pub(crate) struct Flusher {
    shard: Arc<Shard>,
    clock: Clock,
    metrics: Arc<Metrics>,
    limits: Limits,
    connections: Slab<Connection>,
    rooms: Rooms,
    wheel: Wheel<(usize, u32)>,
    generation: u32,
    /// The messages of this tick and the connections that get any.
    segments: Vec<Segment>,
    dirty: Vec<usize>,
    /// The broadcast that the last segment came from, while nothing else came between.
    run: Option<Arc<Broadcast>>,
    scratch: Vec<u8>,
    scratch_holds: Vec<u32>,
    packets_out: u64,
    bytes_out: u64,
    ended: bool,
}

/// Runs a shard until its server is gone.
///
/// `connect_deadline` says that a connection must join a namespace in time.
pub(crate) async fn run(
    shard: Arc<Shard>,
    clock: Clock,
    config: Config,
    metrics: Arc<Metrics>,
    connect_deadline: bool,
) {
    let millis = |duration: std::time::Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX / 4);
    let limits = Limits {
        interval: millis(config.ping_interval),
        timeout: millis(config.ping_timeout),
        connect: connect_deadline.then(|| millis(config.connect_timeout)),
        close: millis(config.close_timeout),
        queue: config.max_queue_bytes,
        queues_in_all: config.max_queue_bytes_in_all as u64,
    };
    // A sixteenth of the shortest deadline is late enough to be cheap and early enough to be kept.
    let tick =
        (limits.interval.min(limits.timeout).min(limits.connect.unwrap_or(u64::MAX)) / 16).clamp(5, 250);
    loop {
        let mut flusher = Flusher {
            wheel: Wheel::new(tick, clock.now()),
            shard: shard.clone(),
            clock,
            metrics: metrics.clone(),
            limits,
            connections: Slab::new(),
            rooms: Rooms::default(),
            generation: 0,
            segments: Vec::new(),
            dirty: Vec::new(),
            run: None,
            scratch: Vec::new(),
            scratch_holds: Vec::new(),
            packets_out: 0,
            bytes_out: 0,
            ended: false,
        };
        if guarded(flusher.run()).await.is_ok() {
            return;
        }
        // A fault of ours. What this flusher believed is not to be trusted; its clients reconnect to a new one.
        tracing::error!("a flusher broke: the connections of its shard are closed, and it begins anew");
        flusher.abandon();
        shard.bell.notify_one();
    }
}

impl Flusher {
    async fn run(&mut self) {
        let mut operations = Vec::new();
        let mut due = Vec::new();
        let sleep = tokio::time::sleep_until(self.clock.instant(0));
        tokio::pin!(sleep);
        let mut sleeping_until = None;
        let shard = self.shard.clone();
        while !self.ended {
            let wake_at = self.wheel.next_due();
            if let Some(at) = wake_at
                && wake_at != sleeping_until
            {
                sleep.as_mut().reset(self.clock.instant(at));
            }
            sleeping_until = wake_at;
            tokio::select! {
                biased;
                () = shard.bell.notified() => {}
                () = &mut sleep, if wake_at.is_some() => sleeping_until = None,
            }
            if wake_at.is_some_and(|at| at <= self.clock.now()) {
                self.wheel.due(self.clock.now(), &mut due);
                for (number, generation) in due.drain(..) {
                    self.check_deadlines(number, generation);
                }
            }
            gather(&shard).await;
            shard.take(&mut operations);
            for operation in operations.drain(..) {
                self.apply(operation);
            }
            self.run = None;
            self.flush().await;
            shard.relieved.notify_waiters();
            if operations.capacity() > 4096 {
                operations = Vec::new();
            }
        }
    }

    fn apply(&mut self, operation: Op) {
        if let Op::Broadcast(broadcast) = operation {
            return self.broadcast(broadcast);
        }
        self.run = None;
        match operation {
            Op::Broadcast(_) => {}
            Op::Open { session, stream } => self.open(&session, stream),
            Op::Send { session, message, volatile } => self.send(&session, message, volatile),
            Op::Attach(member) => self.attach(&member),
            Op::Detach(member) => self.detach(&member),
            Op::Join(member, room) => {
                let number = member.seat().number.load(Ordering::Relaxed);
                if number != NOWHERE {
                    self.rooms.join(number, member.seat().namespace, &room);
                }
            }
            Op::Leave(member, room) => {
                let number = member.seat().number.load(Ordering::Relaxed);
                if number != NOWHERE {
                    self.rooms.leave(number, member.seat().namespace, &room);
                }
            }
            Op::Poll { session, answer } => self.poll(&session, answer),
            Op::PollCancelled(session) => {
                if let Some(number) = self.find(&session)
                    && matches!(self.connections[number].carrier, Carrier::Polling(_))
                {
                    self.close(number, CloseReason::TransportClose, Goodbye::None);
                }
            }
            Op::Probe { session, stream } => self.probe(&session, stream),
            Op::Upgrade(session) => self.upgrade(&session),
            Op::UpgradeFailed(session) => self.upgrade_failed(&session),
            Op::Close { session, reason, goodbye } => {
                if let Some(number) = self.find(&session) {
                    self.flush_connection(number);
                    self.close(number, reason, goodbye);
                }
            }
            Op::Writable(session) => self.writable(&session),
            Op::Barrier(done) => {
                self.flush_all_now();
                let _ = done.send(());
            }
            Op::CloseAll { reason, goodbye } => {
                self.flush_all_now();
                let numbers: Vec<usize> = self.connections.iter().map(|(number, _)| number).collect();
                for number in numbers {
                    self.close(number, reason, goodbye);
                }
            }
            Op::End => self.ended = true,
        }
    }

    /// The flusher's number for a session; none once nothing is left of it.
    fn find(&self, session: &Arc<Session>) -> Option<usize> {
        let number = session.number.load(Ordering::Relaxed);
        (number != NOWHERE).then_some(number)
    }
}

/// Lets those run who are ready to: what they have for the same sockets then leaves in the same write, an
/// event with the acknowledgement of the call that caused it above all. A write costs as much as fifty
/// turns of a task. Ends when nothing more comes, and in any case after [`MOST_GATHERING`].
async fn gather(shard: &Shard) {
    let until = Instant::now() + MOST_GATHERING;
    let mut before = shard.waiting();
    loop {
        tokio::task::yield_now().await;
        let now = shard.waiting();
        if now == before || Instant::now() >= until {
            return;
        }
        before = now;
    }
}
