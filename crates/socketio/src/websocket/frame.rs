//! The websocket frame format (RFC 6455, section 5): headers in both directions and the mask.
//! Knows nothing of messages, streams or Engine.IO.

/// The opcodes of RFC 6455, section 5.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opcode {
    Continuation,
    Text,
    Binary,
    Close,
    Ping,
    Pong,
}

impl Opcode {
    fn from_bits(bits: u8) -> Option<Opcode> {
        Some(match bits {
            0x0 => Opcode::Continuation,
            0x1 => Opcode::Text,
            0x2 => Opcode::Binary,
            0x8 => Opcode::Close,
            0x9 => Opcode::Ping,
            0xA => Opcode::Pong,
            _ => return None,
        })
    }

    fn bits(self) -> u8 {
        match self {
            Opcode::Continuation => 0x0,
            Opcode::Text => 0x1,
            Opcode::Binary => 0x2,
            Opcode::Close => 0x8,
            Opcode::Ping => 0x9,
            Opcode::Pong => 0xA,
        }
    }

    pub(crate) fn is_control(self) -> bool {
        matches!(self, Opcode::Close | Opcode::Ping | Opcode::Pong)
    }
}

/// Why a connection is closed; the number is the close code of RFC 6455, section 7.4.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FrameError {
    Protocol = 1002,
    NotUtf8 = 1007,
    TooBig = 1009,
}

/// The header of a frame from a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) fin: bool,
    pub(crate) opcode: Opcode,
    pub(crate) mask: [u8; 4],
    /// Bytes of payload that follow the header.
    pub(crate) length: usize,
    /// Bytes that the header itself takes.
    pub(crate) size: usize,
}

/// Reads the header at the start of `input`; `None` while it is incomplete.
///
/// A frame must be masked, without reserved bits, with its length in the shortest form that the
/// rules below demand, and at most `max_length` long.
pub(crate) fn parse_header(input: &[u8], max_length: usize) -> Result<Option<Header>, FrameError> {
    let [first, second, rest @ ..] = input else { return Ok(None) };
    if first & 0x70 != 0 {
        return Err(FrameError::Protocol);
    }
    let opcode = Opcode::from_bits(first & 0x0F).ok_or(FrameError::Protocol)?;
    let fin = first & 0x80 != 0;
    if second & 0x80 == 0 {
        return Err(FrameError::Protocol);
    }
    let short = second & 0x7F;
    if opcode.is_control() && (!fin || short > 125) {
        return Err(FrameError::Protocol);
    }
    let (length, extra) = match short {
        126 => match rest {
            [a, b, ..] => (u64::from(u16::from_be_bytes([*a, *b])), 2),
            _ => return Ok(None),
        },
        127 => match rest.first_chunk::<8>() {
            Some(bytes) => (u64::from_be_bytes(*bytes), 8),
            None => return Ok(None),
        },
        short => (u64::from(short), 0),
    };
    if length > max_length as u64 {
        return Err(FrameError::TooBig);
    }
    let Some(mask) = rest[extra..].first_chunk::<4>() else { return Ok(None) };
    Ok(Some(Header { fin, opcode, mask: *mask, length: length as usize, size: 2 + extra + 4 }))
}

/// Removes the mask in place, eight bytes at a time.
pub(crate) fn unmask(payload: &mut [u8], mask: [u8; 4]) {
    let [a, b, c, d] = mask;
    let wide = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
    let mut chunks = payload.chunks_exact_mut(8);
    for chunk in &mut chunks {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(chunk);
        chunk.copy_from_slice(&(u64::from_ne_bytes(bytes) ^ wide).to_ne_bytes());
    }
    for (byte, key) in chunks.into_remainder().iter_mut().zip(mask.iter().cycle()) {
        *byte ^= key;
    }
}

/// The most bytes that [`write_header`] writes.
pub(crate) const MAX_HEADER: usize = 10;

/// Writes the header of an unmasked, final frame and returns how many bytes it took.
pub(crate) fn write_header(out: &mut [u8; MAX_HEADER], opcode: Opcode, length: usize) -> usize {
    out[0] = 0x80 | opcode.bits();
    if length < 126 {
        out[1] = length as u8;
        2
    } else if let Ok(length) = u16::try_from(length) {
        out[1] = 126;
        out[2..4].copy_from_slice(&length.to_be_bytes());
        4
    } else {
        out[1] = 127;
        out[2..10].copy_from_slice(&(length as u64).to_be_bytes());
        10
    }
}

/// Appends a whole frame.
pub(crate) fn append_frame(out: &mut Vec<u8>, opcode: Opcode, payload: &[u8]) {
    let mut header = [0; MAX_HEADER];
    let size = write_header(&mut header, opcode, payload.len());
    out.extend_from_slice(&header[..size]);
    out.extend_from_slice(payload);
}

/// A close frame with its code.
pub(crate) fn close_frame(code: u16) -> [u8; 4] {
    let [high, low] = code.to_be_bytes();
    [0x88, 2, high, low]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn client_frame(opcode: Opcode, mask: [u8; 4], payload: &[u8]) -> Vec<u8> {
        let mut header = [0; MAX_HEADER];
        let size = write_header(&mut header, opcode, payload.len());
        header[1] |= 0x80;
        let mut frame = header[..size].to_vec();
        frame.extend_from_slice(&mask);
        let start = frame.len();
        frame.extend_from_slice(payload);
        unmask(&mut frame[start..], mask);
        frame
    }

    proptest! {
        #[test]
        fn what_a_client_writes_is_read(payload in proptest::collection::vec(any::<u8>(), 0..70_000), mask: [u8; 4]) {
            let mut frame = client_frame(Opcode::Binary, mask, &payload);
            let header = parse_header(&frame, 100_000).unwrap().unwrap();
            prop_assert_eq!(header.length, payload.len());
            prop_assert_eq!(header.size + header.length, frame.len());
            unmask(&mut frame[header.size..], header.mask);
            prop_assert_eq!(&frame[header.size..], &payload[..]);
        }

        #[test]
        fn a_cut_header_is_incomplete(length in 0usize..70_000, cut in 0usize..13) {
            let frame = client_frame(Opcode::Text, [1, 2, 3, 4], &vec![0; length]);
            let size = parse_header(&frame, 100_000).unwrap().unwrap().size;
            if cut < size {
                prop_assert_eq!(parse_header(&frame[..cut], 100_000), Ok(None));
            }
        }
    }

    #[test]
    fn what_the_rules_forbid_is_refused() {
        let check = |bytes: &[u8], error| assert_eq!(parse_header(bytes, 1000), Err(error), "{bytes:x?}");
        check(&[0x81, 0x05], FrameError::Protocol); // not masked
        check(&[0xC1, 0x85], FrameError::Protocol); // a reserved bit: compression was not agreed on
        check(&[0x83, 0x80], FrameError::Protocol); // an opcode that does not exist
        check(&[0x09, 0x80], FrameError::Protocol); // a control frame in parts
        check(&[0x89, 0xFE], FrameError::Protocol); // a control frame that is too long
        check(&[0x82, 0xFE, 0xFF, 0xFF], FrameError::TooBig);
        check(&[0x82, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], FrameError::TooBig);
    }
}
