//! One connection as its flusher sees it: what waits for it, on which transport, and until when.
//! Knows nothing of rooms; whoever calls decides what an overfull queue means.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::oneshot;

use super::encoded::Encoded;
use super::tick::Segment;
use super::{Goodbye, Polled};
use crate::engine::packet::encode_payload;
use crate::engine::session::Session;
use crate::stream::WriteHalf;
use crate::websocket::frame::close_frame;

/// Packets in one answer to a poll. The Python clients refuse a payload of more.
const PACKETS_PER_POLL: u64 = 16;

pub(crate) struct Connection {
    pub(crate) session: Arc<Session>,
    pub(crate) carrier: Carrier,
    /// Its members, by the shard's numbers.
    pub(crate) members: Vec<usize>,
    /// The segments of this tick that it gets, by index.
    pub(crate) pending: Vec<u32>,
    /// The `heard` for which a ping was sent (version 4).
    pub(crate) pinged_for: u64,
    /// Until when it must be in a namespace.
    pub(crate) connect_deadline: u64,
    /// It is over and may only drain, until then.
    pub(crate) closing: Option<Closing>,
    /// The earliest time for which the wheel holds an entry.
    pub(crate) armed: u64,
    /// Tells a wheel entry of an earlier connection with the same number.
    pub(crate) generation: u32,
}

pub(crate) struct Closing {
    pub(crate) deadline: u64,
    pub(crate) goodbye: Goodbye,
    /// The close frame is out; only the other side's end is awaited.
    pub(crate) said: bool,
}

pub(crate) enum Carrier {
    Polling(Polling),
    Websocket(Websocket),
}

#[derive(Default)]
pub(crate) struct Polling {
    pub(crate) queue: VecDeque<Encoded>,
    pub(crate) bytes: usize,
    pub(crate) waiter: Option<oneshot::Sender<Polled>>,
    /// The websocket that is about to take over.
    pub(crate) probe: Option<WriteHalf>,
    /// When a poll that waits during a probe is sent home.
    pub(crate) noop_at: Option<u64>,
}

pub(crate) struct Websocket {
    pub(crate) stream: WriteHalf,
    pub(crate) queue: VecDeque<Bytes>,
    pub(crate) bytes: usize,
    /// Somebody waits for the kernel to take bytes again.
    pub(crate) blocked: bool,
}

impl Websocket {
    pub(crate) fn new(stream: WriteHalf) -> Websocket {
        Websocket { stream, queue: VecDeque::new(), bytes: 0, blocked: false }
    }

    /// Whether the next write may go straight to the kernel.
    pub(crate) fn is_free(&self) -> bool {
        !self.blocked && self.queue.is_empty()
    }

    pub(crate) fn enqueue(&mut self, frames: Bytes) {
        self.bytes += frames.len();
        self.queue.push_back(frames);
    }

    /// Writes from the queue until it is empty or the kernel is full. Returns the bytes that went out.
    pub(crate) fn drain(&mut self, scratch: &mut Vec<u8>) -> io::Result<usize> {
        let mut written = 0;
        loop {
            // What TLS took before but could not send goes out with an empty write.
            if self.queue.is_empty() && !self.stream.is_backed_up() {
                self.queue = VecDeque::new();
                self.blocked = false;
                return Ok(written);
            }
            scratch.clear();
            for frames in &self.queue {
                if !scratch.is_empty() && scratch.len() + frames.len() > 64 * 1024 {
                    break;
                }
                scratch.extend_from_slice(frames);
            }
            match self.stream.try_write(scratch) {
                Ok(0) if !scratch.is_empty() => return Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => {
                    written += count;
                    self.forget(count);
                    if self.stream.is_backed_up() {
                        self.blocked = true;
                        return Ok(written);
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.blocked = true;
                    return Ok(written);
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn forget(&mut self, mut count: usize) {
        self.bytes -= count;
        while let Some(front) = self.queue.front_mut() {
            if count < front.len() {
                *front = front.slice(count..);
                return;
            }
            count -= front.len();
            self.queue.pop_front();
        }
    }

    /// Says goodbye, if the kernel takes it, and ends the writing direction.
    pub(crate) fn say_close(&self, code: u16) {
        let _ = self.stream.try_write(&close_frame(code));
        self.stream.shutdown_write();
    }
}

impl Polling {
    pub(crate) fn enqueue(&mut self, message: Encoded) {
        self.bytes += message.size();
        self.queue.push_back(message);
    }

    /// Answers the waiting poll with what is queued, [`PACKETS_PER_POLL`] at most. Returns packets, bytes
    /// and the measure taken off the queue, if there was a poll.
    pub(crate) fn answer(&mut self, session: &Session) -> Option<(u64, usize, usize)> {
        if self.queue.is_empty() {
            return None;
        }
        let waiter = self.waiter.take()?;
        self.noop_at = None;
        let messages = self.messages_in_one_answer();
        let packets: Vec<_> = self.queue.iter().take(messages).flat_map(Encoded::packets).collect();
        let payload = encode_payload(session.version, session.binary_polling, &packets);
        let (packets, bytes) = (packets.len() as u64, payload.body.len());
        if waiter.send(Polled::Payload(payload)).is_err() {
            // The poll was cancelled a moment ago; its cancellation, which ends the session, follows.
            return None;
        }
        let taken = self.queue.drain(..messages).map(|message| message.size()).sum();
        self.bytes -= taken;
        if self.queue.is_empty() {
            self.queue = VecDeque::new();
        }
        Some((packets, bytes, taken))
    }

    /// Whether the next answer takes everything that is queued.
    pub(crate) fn fits_one_answer(&self) -> bool {
        self.messages_in_one_answer() == self.queue.len()
    }

    fn messages_in_one_answer(&self) -> usize {
        let mut packets = 0;
        let fitting = self.queue.iter().take_while(|message| {
            packets += message.packet_count();
            packets <= PACKETS_PER_POLL
        });
        fitting.count().max(1)
    }

    /// Answers the waiting poll with one packet that is not queued.
    pub(crate) fn answer_with(&mut self, session: &Session, packet: &str) {
        if let Some(waiter) = self.waiter.take() {
            self.noop_at = None;
            let packets = [crate::engine::packet::Outgoing::Text(packet)];
            let payload = encode_payload(session.version, session.binary_polling, &packets);
            let _ = waiter.send(Polled::Payload(payload));
        }
    }
}

impl Connection {
    pub(crate) fn queued_bytes(&self) -> usize {
        match &self.carrier {
            Carrier::Polling(polling) => polling.bytes,
            Carrier::Websocket(websocket) => websocket.bytes,
        }
    }

    /// Whether what is sent now leaves now; otherwise volatile messages are dropped.
    pub(crate) fn is_ready(&self) -> bool {
        match &self.carrier {
            Carrier::Polling(polling) => polling.waiter.is_some(),
            Carrier::Websocket(websocket) => websocket.is_free(),
        }
    }

    /// Puts the part of `segment` behind its first `skip` bytes into the queue.
    pub(crate) fn enqueue(&mut self, segment: &Segment, skip: usize) {
        match &mut self.carrier {
            Carrier::Polling(polling) => {
                segment.messages().for_each(|message| polling.enqueue(message.clone()));
            }
            Carrier::Websocket(websocket) => {
                websocket.enqueue(segment.frames(self.session.version).slice(skip..));
            }
        }
    }

    /// Puts one message into the queue.
    pub(crate) fn enqueue_message(&mut self, message: &Encoded) {
        match &mut self.carrier {
            Carrier::Polling(polling) => polling.enqueue(message.clone()),
            Carrier::Websocket(websocket) => websocket.enqueue(message.frames(self.session.version).clone()),
        }
    }
}
