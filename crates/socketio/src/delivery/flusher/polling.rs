//! Long-polling and the upgrade away from it.

use std::sync::Arc;

use tokio::sync::oneshot;

use super::Flusher;
use crate::delivery::connection::{Carrier, Websocket};
use crate::delivery::encoded::Encoded;
use crate::delivery::{Goodbye, Polled};
use crate::engine::packet::EngineVersion;
use crate::engine::session::{CloseReason, Session};
use crate::metrics::{add, subtract};
use crate::stream::WriteHalf;

/// How long a poll that comes during an upgrade is held: a client that is about to finish the upgrade
/// needs no answer, one that is not must not wait for long. The reference server looks as often.
const NOOP_AFTER_MS: u64 = 100;

impl Flusher {
    pub(super) fn poll(&mut self, session: &Arc<Session>, answer: oneshot::Sender<Polled>) {
        let now = self.clock.now();
        let Some(number) = self.find(session) else {
            let _ = answer.send(Polled::Refused);
            return;
        };
        if self.connections[number].closing.is_none() && now >= self.dead_at(number) {
            let _ = answer.send(Polled::Refused);
            self.time_out(number);
            return;
        }
        self.flush_connection(number);
        let Some(connection) = self.connections.get_mut(number) else { return };
        let Carrier::Polling(polling) = &mut connection.carrier else {
            let _ = answer.send(Polled::Refused);
            return;
        };
        if polling.waiter.is_some() {
            let _ = answer.send(Polled::Refused);
            add(&self.metrics.protocol_errors, 1);
            self.close(number, CloseReason::ParseError, Goodbye::Close(1002));
            return;
        }
        polling.waiter = Some(answer);
        if polling.probe.is_some() {
            polling.noop_at = Some(now + NOOP_AFTER_MS);
        }
        if connection.closing.is_some() {
            return self.finish_closing(number);
        }
        self.answer_poll(number);
        self.arm(number);
    }

    pub(super) fn answer_poll(&mut self, number: usize) {
        let Some(connection) = self.connections.get_mut(number) else { return };
        let Carrier::Polling(polling) = &mut connection.carrier else { return };
        if let Some((packets, bytes, taken)) = polling.answer(&connection.session) {
            add(&self.metrics.packets_out, packets);
            add(&self.metrics.bytes_out, bytes as u64);
            subtract(&self.metrics.queue_bytes, taken as u64);
        }
    }

    pub(super) fn probe(&mut self, session: &Arc<Session>, stream: WriteHalf) {
        let Some(number) = self.find(session) else { return stream.shutdown() };
        match &mut self.connections[number].carrier {
            Carrier::Polling(polling) if polling.probe.is_none() => {
                let _ = stream.try_write(Encoded::packet("3probe").frames(EngineVersion::V4));
                polling.answer_with(session, "6");
                polling.probe = Some(stream);
            }
            _ => stream.shutdown(),
        }
    }

    pub(super) fn upgrade(&mut self, session: &Arc<Session>) {
        let Some(number) = self.find(session) else { return };
        self.flush_connection(number);
        let Some(connection) = self.connections.get_mut(number) else { return };
        let Carrier::Polling(polling) = &mut connection.carrier else { return };
        let Some(stream) = polling.probe.take() else { return };
        let polling = std::mem::take(polling);
        if let Some(waiter) = polling.waiter {
            // The client finished the upgrade while this poll was on its way; it wants no answer.
            let _ = waiter.send(Polled::Refused);
        }
        let mut websocket = Websocket::new(stream);
        for message in polling.queue {
            websocket.enqueue(message.frames(session.version).clone());
        }
        subtract(&self.metrics.queue_bytes, polling.bytes as u64);
        add(&self.metrics.queue_bytes, websocket.bytes as u64);
        connection.carrier = Carrier::Websocket(websocket);
        subtract(&self.metrics.polling_open, 1);
        add(&self.metrics.websocket_open, 1);
        add(&self.metrics.upgrades, 1);
        self.drain(number);
    }

    pub(super) fn upgrade_failed(&mut self, session: &Arc<Session>) {
        let Some(number) = self.find(session) else { return };
        if let Carrier::Polling(polling) = &mut self.connections[number].carrier
            && let Some(stream) = polling.probe.take()
        {
            stream.shutdown();
        }
    }
}
