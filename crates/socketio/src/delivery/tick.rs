//! What one tick delivers: runs of messages with the same receivers, joined once for all of them.
//! Knows nothing of connections.

use std::cell::OnceCell;

use bytes::Bytes;

use super::encoded::Encoded;
use crate::engine::packet::EngineVersion;

/// Messages in order with the same receivers.
pub(crate) struct Segment {
    first: Encoded,
    more: Vec<Encoded>,
    /// The room they went to, by number.
    pub(crate) room: Option<usize>,
    pub(crate) volatile: bool,
    size: usize,
    joined: OnceCell<Bytes>,
    joined_v3: OnceCell<Bytes>,
}

/// A run is not joined beyond this; a longer one becomes several segments.
const MAX_JOINED: usize = 256 * 1024;

impl Segment {
    pub(crate) fn new(message: Encoded, room: Option<usize>, volatile: bool) -> Segment {
        let size = message.size();
        Segment {
            first: message,
            more: Vec::new(),
            room,
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
