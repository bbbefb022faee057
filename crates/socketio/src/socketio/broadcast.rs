//! Whom an event goes to, and the event once it is encoded.

use std::sync::Arc;

use bytes::Bytes;
use serde::Serialize;

use super::namespace::Registered;
use super::socket::Socket;
use crate::arguments::Values;
use crate::delivery::encoded::Encoded;
use crate::delivery::{self, RoomName, Target};
use crate::packet::{PacketType, encode_head};

/// Receivers being chosen: a namespace, or rooms in it, with exceptions.
///
/// Broadcasts reach every receiver in the order of the calls, whatever shard it lives in.
#[must_use = "nothing is sent before `emit`"]
#[derive(Clone)]
pub struct Broadcast {
    namespace: Arc<Registered>,
    rooms: Vec<RoomName>,
    except: Vec<u64>,
    except_rooms: Vec<RoomName>,
    volatile: bool,
}

impl Broadcast {
    pub(crate) fn new(namespace: Arc<Registered>) -> Broadcast {
        Broadcast {
            namespace,
            rooms: Vec::new(),
            except: Vec::new(),
            except_rooms: Vec::new(),
            volatile: false,
        }
    }

    /// To the sockets of this room; of several rooms, to each socket once.
    pub fn to(mut self, room: impl Into<Arc<str>>) -> Self {
        self.rooms.push(room.into());
        self
    }

    /// Not to this socket.
    pub fn except(mut self, socket: &Socket) -> Self {
        self.except.push(socket.0.seat.id);
        self
    }

    /// Not to the sockets of this room.
    pub fn except_room(mut self, room: impl Into<Arc<str>>) -> Self {
        self.except_rooms.push(room.into());
        self
    }

    /// Only to those that are ready to take it now: for what is worth nothing when it is late.
    pub fn volatile(mut self) -> Self {
        self.volatile = true;
        self
    }

    /// Emits an event with one argument.
    pub fn emit(self, event: &str, argument: &(impl Serialize + ?Sized)) {
        self.emit_values(event, &Values::one(argument));
    }

    /// Emits an event with any number of arguments, binary ones too.
    pub fn emit_values(mut self, event: &str, values: &Values) {
        let Some(engine) = self.namespace.engine() else { return };
        let message = encode_event(&self.namespace.name, event, None, values);
        let target = match self.rooms.len() {
            0 => Target::Everyone,
            1 => Target::Room(self.rooms.remove(0)),
            _ => Target::Rooms(self.rooms),
        };
        engine.shards.broadcast(delivery::Broadcast {
            namespace: self.namespace.number,
            target,
            except: self.except,
            except_rooms: self.except_rooms,
            volatile: self.volatile,
            message,
        });
    }
}

/// Encodes an event.
pub(crate) fn encode_event(namespace: &str, event: &str, ack: Option<u64>, values: &Values) -> Encoded {
    let kind = match values.attachments() {
        [] => PacketType::Event,
        _ => PacketType::BinaryEvent,
    };
    encode(kind, namespace, ack, values.attachments(), |out| {
        out.push(b'[');
        serde_json::to_writer(&mut *out, event).expect("a string is JSON");
        if !values.json().is_empty() {
            out.push(b',');
            out.extend_from_slice(values.json());
        }
        out.push(b']');
    })
}

/// Encodes an acknowledgement.
pub(crate) fn encode_ack(namespace: &str, ack: u64, values: &Values) -> Encoded {
    let kind = match values.attachments() {
        [] => PacketType::Ack,
        _ => PacketType::BinaryAck,
    };
    encode(kind, namespace, Some(ack), values.attachments(), |out| {
        out.push(b'[');
        out.extend_from_slice(values.json());
        out.push(b']');
    })
}

/// Encodes any packet whose JSON `write` appends.
pub(crate) fn encode(
    kind: PacketType,
    namespace: &str,
    ack: Option<u64>,
    attachments: &[Bytes],
    write: impl FnOnce(&mut Vec<u8>),
) -> Encoded {
    Encoded::text(attachments, |out| {
        encode_head(out, kind, attachments.len(), namespace, ack);
        write(out);
    })
}
