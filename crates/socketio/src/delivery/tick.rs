//! What one tick delivers: runs of messages with the same receivers, joined once for all of them.
//! Knows nothing of connections.

use std::cell::OnceCell;
use std::sync::Arc;

use bytes::Bytes;

use super::encoded::Encoded;
use super::{Broadcast, RoomName, Target};
use crate::engine::packet::EngineVersion;

/// Messages in order with the same receivers.
pub(crate) struct Segment {
    first: Encoded,
    more: Vec<Encoded>,
    /// The broadcast that the first came from; the others went to the same rooms.
    source: Option<Arc<Broadcast>>,
    pub(crate) volatile: bool,
    size: usize,
    joined: OnceCell<Bytes>,
    joined_v3: OnceCell<Bytes>,
}

/// A run is not joined beyond this; a longer one becomes several segments.
const MAX_JOINED: usize = 256 * 1024;

impl Segment {
    /// A message for many.
    pub(crate) fn of_broadcast(broadcast: Arc<Broadcast>) -> Segment {
        let (message, volatile) = (broadcast.message.clone(), broadcast.volatile);
        Segment { source: Some(broadcast), ..Segment::new(message, volatile) }
    }

    /// A message for one connection.
    pub(crate) fn new(message: Encoded, volatile: bool) -> Segment {
        let size = message.size();
        Segment {
            first: message,
            more: Vec::new(),
            source: None,
            volatile,
            size,
            joined: OnceCell::new(),
            joined_v3: OnceCell::new(),
        }
    }

    /// Adds a message for the same receivers; gives it back if the segment is long enough.
    pub(crate) fn append(&mut self, message: Encoded) -> Result<(), Encoded> {
        if self.size + message.size() > MAX_JOINED {
            return Err(message);
        }
        self.size += message.size();
        self.more.push(message);
        Ok(())
    }

    pub(crate) fn messages(&self) -> impl Iterator<Item = &Encoded> {
        std::iter::once(&self.first).chain(&self.more)
    }

    /// The rooms they went to; none if they went to one connection or a whole namespace.
    pub(crate) fn rooms(&self) -> &[RoomName] {
        match self.source.as_ref().map(|broadcast| &broadcast.target) {
            Some(Target::Room(name)) => std::slice::from_ref(name),
            Some(Target::Rooms(names)) => names,
            Some(Target::Everyone) | None => &[],
        }
    }

    /// The namespace of these rooms.
    pub(crate) fn namespace(&self) -> Option<u32> {
        self.source.as_ref().map(|broadcast| broadcast.namespace)
    }

    /// Bytes on a websocket of version 4.
    pub(crate) fn size(&self) -> usize {
        self.size
    }

    /// All of them as websocket frames.
    pub(crate) fn frames(&self, version: EngineVersion) -> &Bytes {
        if self.more.is_empty() {
            return self.first.frames(version);
        }
        let joined = match version {
            EngineVersion::V4 => &self.joined,
            EngineVersion::V3 => &self.joined_v3,
        };
        joined.get_or_init(|| {
            let mut all = Vec::with_capacity(self.size + self.more.len() * 2);
            for message in self.messages() {
                all.extend_from_slice(message.frames(version));
            }
            all.into()
        })
    }

    pub(crate) fn packet_count(&self) -> u64 {
        self.messages().map(Encoded::packet_count).sum()
    }
}
