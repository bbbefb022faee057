//! Websocket frames: just what a text-only client and the floor need.

/// What one frame turned out to be, with its payload.
#[derive(Debug, PartialEq, Eq)]
pub enum Frame<'a> {
    /// A whole text message.
    Text(&'a [u8]),
    /// A binary message, a ping, a pong: of no interest here, but for the ping.
    Ping(&'a [u8]),
    /// The other side closes.
    Close,
    /// Anything else.
    Other,
}

/// Splits the first frame off bytes that a server sent (unmasked). `Ok(None)`: not complete yet.
/// A text in several fragments is refused: no server here makes one.
#[inline]
pub fn split(bytes: &[u8]) -> Result<Option<(Frame<'_>, usize)>, &'static str> {
    let [first, second, ..] = *bytes else { return Ok(None) };
    let (head, len) = match second {
        126 => match bytes {
            [_, _, a, b, ..] => (4, usize::from(u16::from_be_bytes([*a, *b]))),
            _ => return Ok(None),
        },
        127 => match bytes.get(2..10).and_then(|b| <[u8; 8]>::try_from(b).ok()) {
            Some(eight) => (10, u64::from_be_bytes(eight) as usize),
            None => return Ok(None),
        },
        short if short < 126 => (2, usize::from(short)),
        _ => return Err("a masked frame from a server"),
    };
    if len > 1 << 26 {
        return Err("a frame of more than 64 MiB");
    }
    let Some(payload) = bytes.get(head..head + len) else { return Ok(None) };
    let frame = match first {
        0x81 => Frame::Text(payload),
        0x82 => Frame::Other,
        0x89 => Frame::Ping(payload),
        0x88 => Frame::Close,
        0x8a => Frame::Other,
        _ => return Err("a fragment, or bits that were not agreed on"),
    };
    Ok(Some((frame, head + len)))
}

/// Appends a frame as a client sends it: masked, here always with the same key.
pub fn push_masked(out: &mut Vec<u8>, opcode: u8, payload: &[u8]) {
    const KEY: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];
    out.push(0x80 | opcode);
    push_len(out, payload.len(), 0x80);
    out.extend_from_slice(&KEY);
    out.extend(payload.iter().zip(KEY.iter().cycle()).map(|(byte, key)| byte ^ key));
}

/// Appends a text frame as a server sends it.
pub fn push_text(out: &mut Vec<u8>, payload: &[u8]) {
    out.push(0x81);
    push_len(out, payload.len(), 0);
    out.extend_from_slice(payload);
}

/// Takes the first masked frame off bytes that a client sent, unmasked in place: its opcode, where its payload
/// is, and where the next frame begins.
pub fn split_masked(bytes: &mut [u8]) -> Option<(u8, std::ops::Range<usize>, usize)> {
    let opcode = bytes.first()? & 0x0f;
    let (head, len) = match bytes.get(1)? & 0x7f {
        126 => (4, usize::from(u16::from_be_bytes([*bytes.get(2)?, *bytes.get(3)?]))),
        127 => (10, u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?) as usize),
        short => (2, usize::from(short)),
    };
    let key: [u8; 4] = bytes.get(head..head + 4)?.try_into().ok()?;
    let payload = head + 4..(head + 4).checked_add(len)?;
    let end = payload.end;
    for (byte, key) in bytes.get_mut(payload.clone())?.iter_mut().zip(key.iter().cycle()) {
        *byte ^= key;
    }
    Some((opcode, payload, end))
}

fn push_len(out: &mut Vec<u8>, len: usize, mask: u8) {
    if len < 126 {
        out.push(mask | len as u8);
    } else if let Ok(short) = u16::try_from(len) {
        out.push(mask | 126);
        out.extend_from_slice(&short.to_be_bytes());
    } else {
        out.push(mask | 127);
        out.extend_from_slice(&(len as u64).to_be_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_every_length_class_comes_back() {
        for len in [0, 1, 125, 126, 65_535, 65_536] {
            let text = vec![b'x'; len];
            let mut bytes = Vec::new();
            push_text(&mut bytes, &text);
            for cut in [1, bytes.len() - 1] {
                assert_eq!(split(&bytes[..cut]), Ok(None));
            }
            assert_eq!(split(&bytes), Ok(Some((Frame::Text(&text), bytes.len()))));

            let mut masked = Vec::new();
            push_masked(&mut masked, 1, &text);
            let (opcode, payload, end) = split_masked(&mut masked).unwrap();
            assert_eq!((opcode, end), (1, masked.len()));
            assert_eq!(&masked[payload], &text[..]);
        }
    }

    #[test]
    fn a_fragment_is_refused() {
        assert!(split(&[0x01, 0x01, b'a']).is_err());
    }
}
