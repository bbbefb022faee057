//! Deadlines: heartbeats, the first CONNECT, polls held during an upgrade, goodbyes.

use std::sync::atomic::Ordering;

use super::Flusher;
use crate::delivery::Goodbye;
use crate::delivery::connection::Carrier;
use crate::delivery::encoded::Encoded;
use crate::delivery::tick::Segment;
use crate::engine::packet::EngineVersion;
use crate::engine::session::CloseReason;
use crate::metrics::add;

impl Flusher {
    pub(super) fn check_deadlines(&mut self, number: usize, generation: u32) {
        let now = self.clock.now();
        let Some(connection) = self.connections.get_mut(number) else { return };
        if connection.generation != generation {
            return;
        }
        connection.armed = u64::MAX;
        if let Some(closing) = &connection.closing {
            if now >= closing.deadline {
                return self.remove(number);
            }
            return self.arm(number);
        }
        if let Carrier::Polling(polling) = &mut connection.carrier
            && polling.noop_at.is_some_and(|at| now >= at)
        {
            polling.answer_with(&connection.session, "6");
        }
        if now >= connection.connect_deadline {
            if connection.session.namespaces.load(Ordering::Relaxed) == 0 {
                add(&self.metrics.deadlines_missed, 1);
                return self.close(number, CloseReason::Deadline, Goodbye::Close(1000));
            }
            // In a namespace, or the owner still decides: then look again later.
            connection.connect_deadline = match (connection.members.is_empty(), self.limits.connect) {
                (true, Some(timeout)) => now + timeout,
                _ => u64::MAX,
            };
        }
        if now >= self.dead_at(number) {
            return self.time_out(number);
        }
        let connection = &mut self.connections[number];
        let heard = connection.session.heard.load(Ordering::Relaxed);
        if connection.session.version == EngineVersion::V4
            && now >= heard + self.limits.interval
            && connection.pinged_for != heard
        {
            connection.pinged_for = heard;
            self.segments.push(Segment::new(Encoded::packet("2"), false));
            self.pend(number);
        }
        self.arm(number);
    }

    /// When the client counts as gone if nothing is heard before.
    pub(super) fn dead_at(&self, number: usize) -> u64 {
        let heard = self.connections[number].session.heard.load(Ordering::Relaxed);
        heard + self.limits.interval + self.limits.timeout
    }

    pub(super) fn time_out(&mut self, number: usize) {
        add(&self.metrics.ping_timeouts, 1);
        self.close(number, CloseReason::PingTimeout, Goodbye::None);
    }

    /// Makes sure that the wheel holds an entry for the earliest deadline.
    pub(super) fn arm(&mut self, number: usize) {
        let dead_at = self.dead_at(number);
        let connection = &mut self.connections[number];
        let heard = connection.session.heard.load(Ordering::Relaxed);
        let mut next = match (&connection.closing, connection.session.version) {
            (Some(closing), _) => closing.deadline,
            (None, EngineVersion::V4) if connection.pinged_for != heard => heard + self.limits.interval,
            // The pong may come long before its deadline, and the next ping is due an interval after it.
            (None, EngineVersion::V4) => dead_at.min(self.clock.now() + self.limits.interval),
            (None, EngineVersion::V3) => dead_at,
        };
        if connection.closing.is_none() {
            next = next.min(connection.connect_deadline);
            if let Carrier::Polling(polling) = &connection.carrier {
                next = next.min(polling.noop_at.unwrap_or(u64::MAX));
            }
        }
        if next < connection.armed {
            connection.armed = next;
            self.wheel.arm(next, (number, connection.generation));
        }
    }
}
