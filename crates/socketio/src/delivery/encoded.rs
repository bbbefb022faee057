//! A message encoded once, in every form that a transport may ask for. Knows nothing of who receives it.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;

use crate::engine::packet::{EngineVersion, Outgoing};
use crate::websocket::frame::{MAX_HEADER, Opcode, append_frame, write_header};

/// One Engine.IO message (or several that belong together: a binary event and its attachments),
/// shared by all its receivers.
#[derive(Clone, Debug)]
pub(crate) struct Encoded(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// Websocket frames as version 4 sends them.
    frames: Bytes,
    /// Where the first frame's payload stands in `frames`: the text packet with its type digit.
    text: Option<Range<usize>>,
    attachments: Box<[Bytes]>,
    /// Version 3 puts the packet type before binary data; made when the first such client needs it.
    frames_v3: OnceLock<Bytes>,
}

impl Encoded {
    /// A text packet (its first byte is the Engine.IO packet type) that `write` appends to an empty
    /// buffer, followed by binary messages.
    pub(crate) fn text(attachments: &[Bytes], write: impl FnOnce(&mut Vec<u8>)) -> Encoded {
        // The header is as long as the text demands, so it is written last, right before the text.
        let mut buffer = Vec::with_capacity(256);
        buffer.resize(MAX_HEADER, 0);
        write(&mut buffer);
        let length = buffer.len() - MAX_HEADER;
        let mut header = [0; MAX_HEADER];
        let size = write_header(&mut header, Opcode::Text, length);
        let start = MAX_HEADER - size;
        buffer[start..MAX_HEADER].copy_from_slice(&header[..size]);
        for data in attachments {
            append_frame(&mut buffer, Opcode::Binary, data);
        }
        let frames = Bytes::from(buffer).slice(start..);
        Encoded(Arc::new(Inner {
            frames,
            text: Some(size..size + length),
            attachments: attachments.into(),
            frames_v3: OnceLock::new(),
        }))
    }

    /// A text packet that is known already.
    pub(crate) fn packet(text: &str) -> Encoded {
        Encoded::text(&[], |buffer| buffer.extend_from_slice(text.as_bytes()))
    }

    /// A binary message alone.
    pub(crate) fn binary(data: Bytes) -> Encoded {
        let mut frames = Vec::with_capacity(data.len() + MAX_HEADER);
        append_frame(&mut frames, Opcode::Binary, &data);
        Encoded(Arc::new(Inner {
            frames: frames.into(),
            text: None,
            attachments: Box::new([data]),
            frames_v3: OnceLock::new(),
        }))
    }

    /// The answer to a websocket ping. On long-polling there are none.
    pub(crate) fn pong(data: &[u8]) -> Encoded {
        let mut frames = Vec::with_capacity(data.len() + 2);
        append_frame(&mut frames, Opcode::Pong, data);
        Encoded(Arc::new(Inner {
            frames: frames.into(),
            text: None,
            attachments: Box::default(),
            frames_v3: OnceLock::new(),
        }))
    }

    /// The websocket frames for a client of that version.
    pub(crate) fn frames(&self, version: EngineVersion) -> &Bytes {
        match version {
            EngineVersion::V3 if !self.0.attachments.is_empty() => {
                self.0.frames_v3.get_or_init(|| self.frames_v3())
            }
            _ => &self.0.frames,
        }
    }

    /// The packets for a polling payload.
    pub(crate) fn packets(&self) -> impl Iterator<Item = Outgoing<'_>> {
        let text = self.0.text.clone().map(|range| {
            Outgoing::Text(
                std::str::from_utf8(&self.0.frames[range]).expect("a text packet is made from text"),
            )
        });
        text.into_iter().chain(self.0.attachments.iter().map(|data| Outgoing::Binary(data)))
    }

    /// Bytes that it takes on a websocket, the measure of every queue.
    pub(crate) fn size(&self) -> usize {
        self.0.frames.len()
    }

    /// How many Engine.IO packets it is.
    pub(crate) fn packet_count(&self) -> u64 {
        u64::from(self.0.text.is_some()) + self.0.attachments.len() as u64
    }

    fn frames_v3(&self) -> Bytes {
        let text_frame = self.0.text.as_ref().map_or(0, |range| range.end);
        let mut frames = self.0.frames[..text_frame].to_vec();
        for data in &self.0.attachments {
            append_frame(&mut frames, Opcode::Binary, &[&[4], &data[..]].concat());
        }
        frames.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_of_both_versions() {
        let message =
            Encoded::text(&[Bytes::from_static(b"\x01\x02")], |out| out.extend_from_slice(b"451-[]"));
        assert_eq!(&message.frames(EngineVersion::V4)[..], b"\x81\x06451-[]\x82\x02\x01\x02");
        assert_eq!(&message.frames(EngineVersion::V3)[..], b"\x81\x06451-[]\x82\x03\x04\x01\x02");
        assert_eq!(message.packet_count(), 2);
        let binary = Encoded::binary(Bytes::from_static(b"x"));
        assert_eq!(&binary.frames(EngineVersion::V3)[..], b"\x82\x02\x04x");
        assert!(matches!(binary.packets().next(), Some(Outgoing::Binary(b"x"))));
    }

    #[test]
    fn a_long_text_has_a_long_header() {
        let text = "4".repeat(70_000);
        let message = Encoded::packet(&text);
        assert_eq!(message.size(), 70_010);
        assert!(matches!(message.packets().next(), Some(Outgoing::Text(seen)) if seen == text));
    }
}
