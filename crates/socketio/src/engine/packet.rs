//! Engine.IO packets and how a polling payload carries several of them, in versions 3 and 4.
//! Knows nothing of Socket.IO, streams or sessions.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;

/// The versions of the Engine.IO protocol that are spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineVersion {
    /// Engine.IO 3, spoken by Socket.IO 2.x clients: the client pings.
    V3,
    /// Engine.IO 4, spoken by Socket.IO 3.x and 4.x clients: the server pings.
    V4,
}

/// A packet that a client may send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Packet<'a> {
    Close,
    Ping(&'a str),
    Pong,
    Text(&'a str),
    Binary(Bytes),
    Upgrade,
    Noop,
}

/// The bytes are no packet or payload of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

/// Separates packets in a version 4 payload.
const SEPARATOR: char = '\x1e';

/// Reads the packet in one websocket text frame, or one text packet of a payload.
pub(crate) fn decode_text(text: &str) -> Result<Packet<'_>, Malformed> {
    let rest = text.get(1..).ok_or(Malformed)?;
    match text.as_bytes()[0] {
        b'1' if rest.is_empty() => Ok(Packet::Close),
        b'2' => Ok(Packet::Ping(rest)),
        b'3' => Ok(Packet::Pong),
        b'4' => Ok(Packet::Text(rest)),
        b'5' if rest.is_empty() => Ok(Packet::Upgrade),
        b'6' if rest.is_empty() => Ok(Packet::Noop),
        _ => Err(Malformed),
    }
}

/// Reads the packet in one websocket binary frame: version 3 puts the packet type in its first byte.
pub(crate) fn decode_binary(version: EngineVersion, data: &[u8]) -> Result<Packet<'static>, Malformed> {
    match version {
        EngineVersion::V4 => Ok(Packet::Binary(Bytes::copy_from_slice(data))),
        EngineVersion::V3 => match data {
            [4, rest @ ..] => Ok(Packet::Binary(Bytes::copy_from_slice(rest))),
            _ => Err(Malformed),
        },
    }
}

/// Reads the body of a polling POST and hands on its packets in order. `binary` says that its
/// content type was `application/octet-stream`, which version 3 alone uses.
pub(crate) fn decode_payload<E: From<Malformed>>(
    version: EngineVersion,
    body: &[u8],
    binary: bool,
    mut sink: impl FnMut(Packet<'_>) -> Result<(), E>,
) -> Result<(), E> {
    if version == EngineVersion::V3 && binary {
        return decode_binary_payload(body, &mut sink);
    }
    let body = std::str::from_utf8(body).map_err(|_| Malformed)?;
    match version {
        EngineVersion::V4 => {
            for packet in body.split(SEPARATOR) {
                match packet.strip_prefix('b') {
                    Some(data) => sink(Packet::Binary(from_base64(data)?))?,
                    None => sink(decode_text(packet)?)?,
                }
            }
            Ok(())
        }
        EngineVersion::V3 => decode_counted_payload(body, &mut sink),
    }
}

/// Version 3, text: `<length>:<packet>` again and again, the length in UTF-16 code units as JavaScript counts.
fn decode_counted_payload<E: From<Malformed>>(
    mut body: &str,
    sink: &mut impl FnMut(Packet<'_>) -> Result<(), E>,
) -> Result<(), E> {
    if body.is_empty() {
        return Err(Malformed.into());
    }
    while !body.is_empty() {
        let (length, rest) = body.split_once(':').ok_or(Malformed)?;
        let length = decimal(length.as_bytes())?;
        let packet = utf16_prefix(rest, length).ok_or(Malformed)?;
        match packet.strip_prefix("b4") {
            Some(data) => sink(Packet::Binary(from_base64(data)?))?,
            None => sink(decode_text(packet)?)?,
        }
        body = &rest[packet.len()..];
    }
    Ok(())
}

/// Version 3, binary: `<0 text | 1 binary><length, one digit a byte><255><packet>` again and again.
fn decode_binary_payload<E: From<Malformed>>(
    mut body: &[u8],
    sink: &mut impl FnMut(Packet<'_>) -> Result<(), E>,
) -> Result<(), E> {
    if body.is_empty() {
        return Err(Malformed.into());
    }
    while let [kind, rest @ ..] = body {
        // A length of more than ten digits is a lie; not looking further bounds the search.
        let end = rest.iter().take(11).position(|byte| *byte == 255).ok_or(Malformed)?;
        let mut length = 0usize;
        for digit in &rest[..end] {
            if *digit > 9 {
                return Err(Malformed.into());
            }
            length = length * 10 + usize::from(*digit);
        }
        let packet = rest.get(end + 1..).and_then(|rest| rest.get(..length)).ok_or(Malformed)?;
        match kind {
            0 => sink(decode_text(std::str::from_utf8(packet).map_err(|_| Malformed)?)?)?,
            1 => sink(decode_binary(EngineVersion::V3, packet)?)?,
            _ => return Err(Malformed.into()),
        }
        body = &rest[end + 1 + length..];
    }
    Ok(())
}

/// A packet on its way to a client: its text with the type digit, or the bytes of a binary message.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Outgoing<'a> {
    Text(&'a str),
    Binary(&'a [u8]),
}

/// The body of a polling answer and its content type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Payload {
    pub(crate) body: Vec<u8>,
    pub(crate) content_type: &'static str,
}

/// Writes the answer to a poll. `binary` says that a version 3 client can take binary payloads.
pub(crate) fn encode_payload(version: EngineVersion, binary: bool, packets: &[Outgoing<'_>]) -> Payload {
    let has_binary = packets.iter().any(|packet| matches!(packet, Outgoing::Binary(_)));
    let mut body = Vec::new();
    match version {
        EngineVersion::V4 => {
            for (index, packet) in packets.iter().enumerate() {
                if index > 0 {
                    body.push(SEPARATOR as u8);
                }
                match packet {
                    Outgoing::Text(text) => body.extend_from_slice(text.as_bytes()),
                    Outgoing::Binary(data) => {
                        body.push(b'b');
                        body.extend_from_slice(BASE64.encode(data).as_bytes());
                    }
                }
            }
        }
        EngineVersion::V3 if binary && has_binary => {
            for packet in packets {
                let (kind, head, data) = match packet {
                    Outgoing::Text(text) => (0, &[][..], text.as_bytes()),
                    Outgoing::Binary(data) => (1, &[4][..], *data),
                };
                body.push(kind);
                body.extend((head.len() + data.len()).to_string().bytes().map(|digit| digit - b'0'));
                body.push(255);
                body.extend_from_slice(head);
                body.extend_from_slice(data);
            }
            return Payload { body, content_type: "application/octet-stream" };
        }
        EngineVersion::V3 => {
            for packet in packets {
                let encoded;
                let (length, data) = match packet {
                    Outgoing::Text(text) => (text.encode_utf16().count(), *text),
                    Outgoing::Binary(data) => {
                        encoded = format!("b4{}", BASE64.encode(data));
                        (encoded.len(), encoded.as_str())
                    }
                };
                body.extend_from_slice(length.to_string().as_bytes());
                body.push(b':');
                body.extend_from_slice(data.as_bytes());
            }
        }
    }
    Payload { body, content_type: "text/plain; charset=UTF-8" }
}

fn from_base64(data: &str) -> Result<Bytes, Malformed> {
    BASE64.decode(data).map(Bytes::from).map_err(|_| Malformed)
}

fn decimal(digits: &[u8]) -> Result<usize, Malformed> {
    if digits.is_empty() || digits.len() > 10 || !digits.iter().all(u8::is_ascii_digit) {
        return Err(Malformed);
    }
    Ok(digits.iter().fold(0, |number, digit| number * 10 + usize::from(digit - b'0')))
}

/// The start of `text` that is `units` UTF-16 code units long, if there is one.
fn utf16_prefix(text: &str, units: usize) -> Option<&str> {
    let mut left = units;
    let mut end = 0;
    for character in text.chars() {
        if left == 0 {
            break;
        }
        left = left.checked_sub(character.len_utf16())?;
        end += character.len_utf8();
    }
    (left == 0).then(|| &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Clone, Debug, PartialEq)]
    enum Message {
        Text(String),
        Binary(Vec<u8>),
    }

    fn messages() -> impl Strategy<Value = Vec<Message>> {
        // The separator itself cannot stand in a version 4 text packet; JSON escapes it.
        let text = "[^\u{1e}]{0,40}".prop_map(Message::Text);
        let binary = proptest::collection::vec(any::<u8>(), 0..60).prop_map(Message::Binary);
        proptest::collection::vec(prop_oneof![text, binary], 1..6)
    }

    fn round_trip(version: EngineVersion, binary: bool, messages: &[Message]) -> Vec<Message> {
        let texts: Vec<String> = messages
            .iter()
            .map(|message| match message {
                Message::Text(text) => format!("4{text}"),
                Message::Binary(_) => String::new(),
            })
            .collect();
        let packets: Vec<Outgoing<'_>> = messages
            .iter()
            .zip(&texts)
            .map(|(message, text)| match message {
                Message::Text(_) => Outgoing::Text(text),
                Message::Binary(data) => Outgoing::Binary(data),
            })
            .collect();
        let payload = encode_payload(version, binary, &packets);
        let mut seen = Vec::new();
        decode_payload(
            version,
            &payload.body,
            payload.content_type == "application/octet-stream",
            |packet| {
                seen.push(match packet {
                    Packet::Text(text) => Message::Text(text.to_owned()),
                    Packet::Binary(data) => Message::Binary(data.to_vec()),
                    other => panic!("not sent: {other:?}"),
                });
                Ok::<(), Malformed>(())
            },
        )
        .unwrap();
        seen
    }

    proptest! {
        #[test]
        fn payloads_survive_the_journey(messages in messages()) {
            prop_assert_eq!(&round_trip(EngineVersion::V4, false, &messages), &messages);
            prop_assert_eq!(&round_trip(EngineVersion::V3, false, &messages), &messages);
            prop_assert_eq!(&round_trip(EngineVersion::V3, true, &messages), &messages);
        }
    }

    #[test]
    fn payloads_read_as_the_protocol_documents_show() {
        let packets = [Outgoing::Text("4hello"), Outgoing::Binary(&[1, 2, 3, 4])];
        assert_eq!(encode_payload(EngineVersion::V4, true, &packets).body, b"4hello\x1ebAQIDBA==");
        assert_eq!(encode_payload(EngineVersion::V3, false, &packets).body, b"6:4hello10:b4AQIDBA==");
        assert_eq!(
            encode_payload(EngineVersion::V3, true, &packets).body,
            [0, 6, 255, 52, 104, 101, 108, 108, 111, 1, 5, 255, 4, 1, 2, 3, 4]
        );
        assert_eq!(
            encode_payload(EngineVersion::V3, false, &[Outgoing::Text("4€𝄞")]).body,
            "4:4€𝄞".as_bytes()
        );
    }

    #[test]
    fn lies_are_refused() {
        let check = |version, body: &[u8], binary| {
            let result = decode_payload(version, body, binary, |_| Ok::<(), Malformed>(()));
            assert_eq!(result, Err(Malformed), "{body:?}");
        };
        for body in [&b""[..], b"abc", b"4a\x1e", b"bnot base64", b"\xff"] {
            check(EngineVersion::V4, body, false);
        }
        for body in [&b""[..], b"abc", b"10:4a", b"-1:4", b"99999999999:4", b"1:", b"2:4\xF0\x9D\x84\x9E"] {
            check(EngineVersion::V3, body, false);
        }
        for body in
            [&[][..], &[0, 255], &[0, 1], &[2, 1, 255, 52], &[0, 9, 255, 52], &[1, 1, 255, 3], &[0, 200, 255]]
        {
            check(EngineVersion::V3, body, true);
        }
    }
}
