//! From bytes to messages: cuts frames, joins fragments, checks UTF-8. Knows nothing of streams;
//! what it keeps between two reads is bounded by one message.

use super::frame::{FrameError, Opcode, parse_header, unmask};

/// One thing that a client said.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Incoming<'a> {
    Text(&'a str),
    Binary(&'a [u8]),
    Ping(&'a [u8]),
    Pong,
    /// The client says goodbye; nothing after it is read.
    Close,
}

/// What is left of earlier reads.
#[derive(Debug, Default)]
pub(crate) struct Assembler {
    /// An incomplete frame.
    partial: Vec<u8>,
    /// The fragments of a message so far, boxed because almost no client sends any.
    fragments: Option<Box<Fragments>>,
}

#[derive(Debug)]
struct Fragments {
    opcode: Opcode,
    payload: Vec<u8>,
    count: usize,
}

/// Fragments of one message. No client needs more; a flood of empty ones would never end.
const MAX_FRAGMENTS: usize = 1024;

impl Assembler {
    /// Takes what was read and calls `sink` for each thing it completes, in order.
    ///
    /// `input` is unmasked in place. After an error or a `Break` the connection must be closed.
    pub(crate) fn feed<E: From<FrameError>>(
        &mut self,
        input: &mut [u8],
        max_message: usize,
        mut sink: impl FnMut(Incoming<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        if self.partial.is_empty() {
            let used = self.cut(input, max_message, &mut sink)?;
            self.keep(&input[used..], max_message);
        } else {
            let mut buffer = std::mem::take(&mut self.partial);
            buffer.extend_from_slice(input);
            let used = self.cut(&mut buffer, max_message, &mut sink)?;
            if used == 0 {
                self.partial = buffer;
            } else {
                self.keep(&buffer[used..], max_message);
            }
        }
        Ok(())
    }

    /// Whether a frame or a message has begun and not ended.
    pub(crate) fn is_waiting(&self) -> bool {
        !self.partial.is_empty() || self.fragments.is_some()
    }

    /// Handles every whole frame in `buffer` and returns how many bytes they took.
    fn cut<E: From<FrameError>>(
        &mut self,
        buffer: &mut [u8],
        max_message: usize,
        sink: &mut impl FnMut(Incoming<'_>) -> Result<(), E>,
    ) -> Result<usize, E> {
        let mut used = 0;
        while let Some(header) = parse_header(&buffer[used..], max_message)? {
            let start = used + header.size;
            let end = start + header.length;
            if end > buffer.len() {
                break;
            }
            let payload = &mut buffer[start..end];
            unmask(payload, header.mask);
            self.frame(header.fin, header.opcode, payload, max_message, sink)?;
            used = end;
        }
        Ok(used)
    }

    fn frame<E: From<FrameError>>(
        &mut self,
        fin: bool,
        opcode: Opcode,
        payload: &[u8],
        max_message: usize,
        sink: &mut impl FnMut(Incoming<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        match (opcode, &mut self.fragments) {
            (Opcode::Ping, _) => sink(Incoming::Ping(payload)),
            (Opcode::Pong, _) => sink(Incoming::Pong),
            (Opcode::Close, _) => sink(Incoming::Close),
            (Opcode::Text | Opcode::Binary, None) if fin => message(opcode, payload, sink),
            (Opcode::Text | Opcode::Binary, fragments @ None) => {
                *fragments = Some(Box::new(Fragments { opcode, payload: payload.to_vec(), count: 1 }));
                Ok(())
            }
            (Opcode::Continuation, Some(fragments)) => {
                fragments.count += 1;
                if fragments.payload.len() + payload.len() > max_message || fragments.count > MAX_FRAGMENTS {
                    return Err(FrameError::TooBig.into());
                }
                fragments.payload.extend_from_slice(payload);
                match self.fragments.take_if(|_| fin) {
                    Some(whole) => message(whole.opcode, &whole.payload, sink),
                    None => Ok(()),
                }
            }
            (Opcode::Text | Opcode::Binary, Some(_)) | (Opcode::Continuation, None) => {
                Err(FrameError::Protocol.into())
            }
        }
    }

    /// Keeps the start of a frame, in a buffer as large as the whole frame will be, so that a large
    /// one is not copied again and again while it arrives.
    fn keep(&mut self, rest: &[u8], max_message: usize) {
        if rest.is_empty() {
            return;
        }
        let whole = match parse_header(rest, max_message) {
            Ok(Some(header)) => header.size + header.length,
            _ => rest.len(),
        };
        self.partial = Vec::with_capacity(whole);
        self.partial.extend_from_slice(rest);
    }
}

fn message<E: From<FrameError>>(
    opcode: Opcode,
    payload: &[u8],
    sink: &mut impl FnMut(Incoming<'_>) -> Result<(), E>,
) -> Result<(), E> {
    match opcode {
        Opcode::Text => sink(Incoming::Text(std::str::from_utf8(payload).map_err(|_| FrameError::NotUtf8)?)),
        _ => sink(Incoming::Binary(payload)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Debug, Clone, PartialEq)]
    enum Seen {
        Text(String),
        Binary(Vec<u8>),
        Ping(Vec<u8>),
        Other,
    }

    fn feed(assembler: &mut Assembler, bytes: &[u8], seen: &mut Vec<Seen>) -> Result<(), FrameError> {
        assembler.feed(&mut bytes.to_vec(), 10_000, |incoming| {
            seen.push(match incoming {
                Incoming::Text(text) => Seen::Text(text.to_owned()),
                Incoming::Binary(data) => Seen::Binary(data.to_vec()),
                Incoming::Ping(data) => Seen::Ping(data.to_vec()),
                Incoming::Pong | Incoming::Close => Seen::Other,
            });
            Ok(())
        })
    }

    fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
        let mask = [7, 11, 13, 17];
        let mut out = vec![first];
        if payload.len() < 126 {
            out.push(0x80 | payload.len() as u8);
        } else {
            out.push(0x80 | 126);
            out.extend_from_slice(&(payload.len() as u16).to_be_bytes());
        }
        out.extend_from_slice(&mask);
        let start = out.len();
        out.extend_from_slice(payload);
        unmask(&mut out[start..], mask);
        out
    }

    proptest! {
        #[test]
        fn any_cut_of_the_bytes_gives_the_same_messages(
            messages in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..300), 1..8),
            cuts in proptest::collection::vec(1usize..50, 1..200),
        ) {
            let stream: Vec<u8> = messages.iter().flat_map(|message| frame(0x82, message)).collect();
            let (mut assembler, mut seen, mut rest) = (Assembler::default(), Vec::new(), &stream[..]);
            for cut in cuts.iter().cycle() {
                if rest.is_empty() { break; }
                let (now, later) = rest.split_at((*cut).min(rest.len()));
                feed(&mut assembler, now, &mut seen).unwrap();
                rest = later;
            }
            prop_assert_eq!(seen, messages.into_iter().map(Seen::Binary).collect::<Vec<_>>());
            prop_assert!(!assembler.is_waiting());
        }
    }

    #[test]
    fn fragments_are_joined_and_a_ping_may_come_between() {
        let mut stream = frame(0x01, "gr".as_bytes());
        stream.extend(frame(0x89, b"!"));
        stream.extend(frame(0x80, "üße".as_bytes()));
        let (mut assembler, mut seen) = (Assembler::default(), Vec::new());
        feed(&mut assembler, &stream, &mut seen).unwrap();
        assert_eq!(seen, [Seen::Ping(b"!".to_vec()), Seen::Text("grüße".to_owned())]);
    }

    #[test]
    fn wrong_streams_are_refused() {
        let check = |stream: Vec<u8>, error| {
            assert_eq!(feed(&mut Assembler::default(), &stream, &mut Vec::new()), Err(error));
        };
        check(frame(0x80, b"no start"), FrameError::Protocol);
        check([frame(0x01, b"a"), frame(0x81, b"b")].concat(), FrameError::Protocol);
        check(frame(0x81, &[0xFF, 0xFE]), FrameError::NotUtf8);
        check([frame(0x02, &[0; 6000]), frame(0x80, &[0; 6000])].concat(), FrameError::TooBig);
        let mut flood = frame(0x02, b"");
        (0..2000).for_each(|_| flood.extend(frame(0x00, b"")));
        check(flood, FrameError::TooBig);
    }
}
