//! Writing: one system call per connection and tick, a queue only where the kernel is full, and
//! the slow-reader policy where the queue is.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::Flusher;
use crate::delivery::connection::Carrier;
use crate::delivery::{Goodbye, Op, Overflow, RoomName};
use crate::engine::packet::EngineVersion;
use crate::engine::session::{CloseReason, Session};
use crate::metrics::{add, subtract};

/// Writes after which the flusher lets others run.
const WRITES_PER_TURN: usize = 256;

/// Bytes beyond the bound that hold the words by which a slow reader is told, and acknowledgements.
const RESERVE: usize = 64 * 1024;

impl Flusher {
    /// Delivers the tick.
    pub(super) async fn flush(&mut self) {
        let mut writes = 0;
        let dirty = std::mem::take(&mut self.dirty);
        for number in &dirty {
            self.flush_connection(*number);
            writes += 1;
            if writes == WRITES_PER_TURN {
                writes = 0;
                tokio::task::yield_now().await;
            }
        }
        self.count();
        self.segments.clear();
        self.scratch_holds.clear();
        self.dirty = dirty;
        self.dirty.clear();
        if self.scratch.capacity() > 1 << 20 {
            self.scratch = Vec::new();
        }
    }

    pub(super) fn flush_all_now(&mut self) {
        let dirty = std::mem::take(&mut self.dirty);
        for number in &dirty {
            self.flush_connection(*number);
        }
        self.dirty = dirty;
        self.dirty.clear();
        self.count();
    }

    /// Counted once a tick: a shared counter costs as much as all else that is done for one write.
    fn count(&mut self) {
        add(&self.metrics.packets_out, std::mem::take(&mut self.packets_out));
        add(&self.metrics.bytes_out, std::mem::take(&mut self.bytes_out));
    }

    pub(super) fn flush_connection(&mut self, number: usize) {
        let Some(connection) = self.connections.get_mut(number) else { return };
        let mut pending = std::mem::take(&mut connection.pending);
        if pending.is_empty() {
            return;
        }
        match &connection.carrier {
            Carrier::Websocket(websocket) if websocket.is_free() => self.write(number, &pending),
            Carrier::Websocket(_) => self.enqueue(number, &pending, 0),
            Carrier::Polling(_) => {
                self.enqueue(number, &pending, 0);
                self.answer_poll(number);
            }
        }
        if let Some(connection) = self.connections.get_mut(number) {
            pending.clear();
            if pending.capacity() <= 16 {
                connection.pending = pending;
            }
        }
    }

    /// One write of everything pending; what the kernel does not take is queued.
    pub(super) fn write(&mut self, number: usize, pending: &[u32]) {
        let connection = &self.connections[number];
        let Carrier::Websocket(websocket) = &connection.carrier else { return };
        let version = connection.session.version;
        let bytes: &[u8] = match pending {
            [only] => self.segments[*only as usize].frames(version),
            several => {
                // Neighbours often get the same; then the scratch buffer holds it already.
                if self.scratch_holds != several || version == EngineVersion::V3 {
                    self.scratch.clear();
                    for index in several {
                        self.scratch.extend_from_slice(self.segments[*index as usize].frames(version));
                    }
                    self.scratch_holds.clear();
                    if version == EngineVersion::V4 {
                        self.scratch_holds.extend_from_slice(several);
                    }
                }
                &self.scratch
            }
        };
        let result = websocket.stream.try_write(bytes);
        let (taken, all) = match result {
            Ok(taken) => (taken, taken == bytes.len()),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => (0, false),
            Err(_) => return self.close(number, CloseReason::TransportError, Goodbye::None),
        };
        self.packets_out +=
            pending.iter().map(|index| self.segments[*index as usize].packet_count()).sum::<u64>();
        self.bytes_out += taken as u64;
        let Carrier::Websocket(websocket) = &mut self.connections[number].carrier else { return };
        if all && !websocket.stream.is_backed_up() {
            return;
        }
        websocket.blocked = true;
        self.wait_until_writable(number);
        self.enqueue(number, pending, taken);
    }

    /// Queues what is pending, without its first `skip` bytes, under the bound and its policy.
    pub(super) fn enqueue(&mut self, number: usize, pending: &[u32], mut skip: usize) {
        let mut left: Vec<RoomName> = Vec::new();
        // Many slow readers together must not take all memory: then each may have little.
        let is_crowded = self.metrics.queue_bytes.load(Ordering::Relaxed) > self.limits.queues_in_all;
        let limit = if is_crowded { self.limits.queue.min(RESERVE) } else { self.limits.queue };
        for index in pending {
            let segment = &self.segments[*index as usize];
            let connection = &mut self.connections[number];
            let is_websocket = matches!(connection.carrier, Carrier::Websocket(_));
            let size = if is_websocket { segment.frames(connection.session.version).len() } else { 0 };
            if is_websocket && skip > 0 && skip >= size {
                skip -= size;
                continue;
            }
            let begun = std::mem::take(&mut skip);
            let rooms = segment.rooms();
            if !left.is_empty() && !rooms.is_empty() && rooms.iter().all(|room| left.contains(room)) {
                continue;
            }
            if segment.volatile && begun == 0 && !connection.is_ready() {
                add(&self.metrics.volatile_dropped, segment.packet_count());
                continue;
            }
            let before = connection.queued_bytes();
            let limit = if rooms.is_empty() { limit + RESERVE } else { limit };
            if begun == 0 && before > 0 && before + segment.size() > limit {
                add(&self.metrics.slow_readers, 1);
                match self.overflow(number, *index) {
                    Some(rooms) => left.extend(rooms),
                    None => return,
                }
                continue;
            }
            connection.enqueue(segment, begun);
            add(&self.metrics.queue_bytes, (connection.queued_bytes() - before) as u64);
        }
    }

    /// Asks the member what a full queue means, for each room that the message went to and that it is in.
    /// Returns the rooms that it left; none if the connection was closed for it.
    fn overflow(&mut self, number: usize, segment: u32) -> Option<Vec<RoomName>> {
        let segment = &self.segments[segment as usize];
        let namespace = segment.namespace();
        let mut left = Vec::new();
        for name in segment.rooms() {
            let room = namespace.and_then(|namespace| self.rooms.find(namespace, name));
            let members = &self.connections[number].members;
            let Some((room, seat)) = room.and_then(|room| {
                let seat = members.iter().find(|seat| self.rooms.is_in(**seat, room))?;
                Some((room, *seat))
            }) else {
                continue;
            };
            let Overflow::Leave(notice) = self.rooms.member(seat).clone().overflow(name) else {
                left.clear();
                break;
            };
            self.rooms.leave_room(seat, room);
            left.push(name.clone());
            let connection = &mut self.connections[number];
            let Some(notice) = notice else { continue };
            if connection.queued_bytes() + notice.size() > self.limits.queue + RESERVE {
                left.clear();
                break;
            }
            add(&self.metrics.queue_bytes, notice.size() as u64);
            connection.enqueue_message(&notice);
        }
        if left.is_empty() {
            // Nobody to leave a room, or no room for even a word: then the connection goes.
            self.close(number, CloseReason::SlowReader, Goodbye::None);
            return None;
        }
        Some(left)
    }

    pub(super) fn drain(&mut self, number: usize) {
        let connection = &mut self.connections[number];
        let Carrier::Websocket(websocket) = &mut connection.carrier else { return };
        let before = websocket.bytes;
        let result = websocket.drain(&mut self.scratch);
        self.scratch_holds.clear();
        let blocked = websocket.blocked;
        subtract(&self.metrics.queue_bytes, (before - websocket.bytes) as u64);
        match result {
            Ok(written) => add(&self.metrics.bytes_out, written as u64),
            Err(_) => return self.close(number, CloseReason::TransportError, Goodbye::None),
        }
        if blocked {
            self.wait_until_writable(number);
        } else {
            self.finish_closing(number);
        }
    }

    /// Gives a blocked connection its own wake-up.
    pub(super) fn wait_until_writable(&mut self, number: usize) {
        let connection = &self.connections[number];
        let Carrier::Websocket(websocket) = &connection.carrier else { return };
        let (session, stream) = (connection.session.clone(), websocket.stream.clone());
        tokio::spawn(async move {
            // An error shows at the next write; a closed stream wakes this too.
            let _ = stream.writable().await;
            session.shard.push(Op::Writable(session.clone()));
        });
    }

    pub(super) fn writable(&mut self, session: &Arc<Session>) {
        let Some(number) = self.find(session) else { return };
        if let Carrier::Websocket(websocket) = &mut self.connections[number].carrier {
            websocket.blocked = false;
        }
        self.drain(number);
    }
}
