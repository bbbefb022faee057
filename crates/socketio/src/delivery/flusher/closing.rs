//! Ends: the peer is told at once, what is queued may still leave.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::Flusher;
use crate::delivery::connection::{Carrier, Closing, Connection, Polling, Websocket};
use crate::delivery::encoded::Encoded;
use crate::delivery::{Goodbye, NOWHERE, Polled};
use crate::engine::session::{CloseReason, Session};
use crate::metrics::{add, subtract};
use crate::stream::WriteHalf;

/// How long a session whose client said `close` by POST waits for a poll that crossed it on the way.
const CROSSING_POLL_MS: u64 = 100;

impl Flusher {
    pub(super) fn open(&mut self, session: &Arc<Session>, stream: Option<WriteHalf>) {
        let gauge = match stream {
            Some(_) => &self.metrics.websocket_open,
            None => &self.metrics.polling_open,
        };
        add(gauge, 1);
        self.generation = self.generation.wrapping_add(1);
        let carrier = match stream {
            Some(stream) => Carrier::Websocket(Websocket::new(stream)),
            None => Carrier::Polling(Polling::default()),
        };
        let connect_deadline = self.limits.connect.map_or(u64::MAX, |timeout| self.clock.now() + timeout);
        let number = self.connections.insert(Connection {
            session: session.clone(),
            carrier,
            members: Vec::new(),
            pending: Vec::new(),
            pinged_for: u64::MAX,
            connect_deadline,
            closing: None,
            armed: u64::MAX,
            generation: self.generation,
        });
        session.number.store(number, Ordering::Relaxed);
        self.arm(number);
    }

    /// Ends a connection: its members and its peer are told at once, what is queued may still leave.
    pub(super) fn close(&mut self, number: usize, reason: CloseReason, goodbye: Goodbye) {
        // A write that failed a moment ago may have ended it already.
        let Some(connection) = self.connections.get_mut(number) else { return };
        if connection.closing.is_none() {
            tracing::debug!(reason = reason.as_str(), "connection closed");
            let members = std::mem::take(&mut connection.members);
            let session = connection.session.clone();
            for seat in members {
                let member = self.rooms.member(seat).clone();
                member.seat().number.store(NOWHERE, Ordering::Relaxed);
                self.rooms.detach(seat);
            }
            session.end(reason);
        }
        let linger = match goodbye {
            Goodbye::None => return self.remove(number),
            Goodbye::Noop => CROSSING_POLL_MS,
            Goodbye::Close(_) => self.limits.close,
        };
        let deadline = self.clock.now() + linger;
        self.connections[number].closing.get_or_insert(Closing { deadline, goodbye, said: false });
        self.arm(number);
        self.finish_closing(number);
    }

    /// Says goodbye on a connection that is over, once nothing is queued before it.
    pub(super) fn finish_closing(&mut self, number: usize) {
        let Some(connection) = self.connections.get_mut(number) else { return };
        let Some(closing) = &mut connection.closing else { return };
        match (&mut connection.carrier, closing.goodbye) {
            (Carrier::Websocket(websocket), goodbye) => {
                if websocket.is_free() && !closing.said {
                    closing.said = true;
                    websocket.say_close(if let Goodbye::Close(code) = goodbye { code } else { 1000 });
                }
            }
            (Carrier::Polling(polling), Goodbye::Close(code)) => {
                if polling.waiter.is_some() {
                    if !closing.said {
                        closing.said = true;
                        let close = Encoded::packet("1");
                        add(&self.metrics.queue_bytes, close.size() as u64);
                        polling.enqueue(close);
                    }
                    let is_last = polling.fits_one_answer();
                    self.answer_poll(number);
                    if is_last {
                        self.remove(number);
                    }
                } else if code == 1002 {
                    // A client that broke the protocol gets no more words.
                    self.remove(number);
                }
            }
            (Carrier::Polling(polling), _) => {
                if polling.waiter.is_some() {
                    polling.answer_with(&connection.session, "6");
                    self.remove(number);
                }
            }
        }
    }

    pub(super) fn remove(&mut self, number: usize) {
        let connection = self.connections.remove(number);
        connection.session.number.store(NOWHERE, Ordering::Relaxed);
        connection.session.forget();
        subtract(&self.metrics.queue_bytes, connection.queued_bytes() as u64);
        match connection.carrier {
            Carrier::Websocket(websocket) => {
                subtract(&self.metrics.websocket_open, 1);
                websocket.stream.shutdown();
            }
            Carrier::Polling(polling) => {
                subtract(&self.metrics.polling_open, 1);
                if let Some(stream) = polling.probe {
                    stream.shutdown();
                }
                if let Some(waiter) = polling.waiter {
                    let _ = waiter.send(Polled::Refused);
                }
            }
        }
    }

    /// Lets go of everybody without a word, after a fault.
    pub(super) fn abandon(self) {
        for member in self.rooms.members() {
            member.seat().number.store(NOWHERE, Ordering::Relaxed);
        }
        for (_, connection) in self.connections {
            connection.session.number.store(NOWHERE, Ordering::Relaxed);
            connection.session.forget();
            subtract(&self.metrics.queue_bytes, connection.queued_bytes() as u64);
            match connection.carrier {
                Carrier::Websocket(websocket) => {
                    subtract(&self.metrics.websocket_open, 1);
                    websocket.stream.shutdown();
                }
                Carrier::Polling(_) => subtract(&self.metrics.polling_open, 1),
            }
            connection.session.end(CloseReason::ServerClose);
        }
    }
}
