//! Socket.IO packets (protocol 4 and 5): `<type>[<attachments>-][<namespace>,][<ack id>][<JSON>]`.
//! Knows nothing of connections; reads and writes text.

/// The types of the protocol, in the order of their digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PacketType {
    Connect,
    Disconnect,
    Event,
    Ack,
    ConnectError,
    BinaryEvent,
    BinaryAck,
}

/// A packet as it came, its JSON still text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Packet<'a> {
    pub(crate) kind: PacketType,
    pub(crate) attachments: usize,
    pub(crate) namespace: &'a str,
    /// What a version 2 client put behind the namespace: `/admin?token=…`.
    pub(crate) query: Option<&'a str>,
    pub(crate) ack: Option<u64>,
    /// The rest of the packet: JSON, or nothing.
    pub(crate) data: &'a str,
}

/// The text is no packet of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

/// The largest ack id: JavaScript counts exactly up to here.
const MAX_ACK: u64 = 1 << 53;

/// Reads a packet. Of its JSON only the first character is looked at; [`crate::arguments`] does the rest.
pub(crate) fn decode(text: &str, max_attachments: usize) -> Result<Packet<'_>, Malformed> {
    let kind = match text.as_bytes().first() {
        Some(b'0') => PacketType::Connect,
        Some(b'1') => PacketType::Disconnect,
        Some(b'2') => PacketType::Event,
        Some(b'3') => PacketType::Ack,
        Some(b'4') => PacketType::ConnectError,
        Some(b'5') => PacketType::BinaryEvent,
        Some(b'6') => PacketType::BinaryAck,
        _ => return Err(Malformed),
    };
    let mut rest = &text[1..];
    let mut attachments = 0;
    if matches!(kind, PacketType::BinaryEvent | PacketType::BinaryAck) {
        let (count, after) = rest.split_once('-').ok_or(Malformed)?;
        attachments = usize::try_from(number(count)?).map_err(|_| Malformed)?;
        if attachments > max_attachments {
            return Err(Malformed);
        }
        rest = after;
    }
    let (mut namespace, mut query) = ("/", None);
    if rest.starts_with('/') {
        let (name, after) = rest.split_once(',').unwrap_or((rest, ""));
        (namespace, query) = match name.split_once('?') {
            Some((name, query)) => (name, Some(query)),
            None => (name, None),
        };
        rest = after;
    }
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let ack = match digits {
        0 => None,
        _ => Some(number(&rest[..digits])?),
    };
    let data = &rest[digits..];
    let fits = match kind {
        PacketType::Connect => ack.is_none() && (data.is_empty() || data.starts_with('{')),
        PacketType::Disconnect => ack.is_none() && data.is_empty(),
        PacketType::Event | PacketType::BinaryEvent => data.starts_with('['),
        PacketType::Ack | PacketType::BinaryAck => ack.is_some() && data.starts_with('['),
        // Only a server sends it; what a client puts there does not matter, it is refused later.
        PacketType::ConnectError => true,
    };
    if !fits {
        return Err(Malformed);
    }
    Ok(Packet { kind, attachments, namespace, query, ack, data })
}

/// Writes the part of a packet before its JSON, behind the Engine.IO message type `4`.
pub(crate) fn encode_head(
    out: &mut Vec<u8>,
    kind: PacketType,
    attachments: usize,
    namespace: &str,
    ack: Option<u64>,
) {
    out.push(b'4');
    out.push(match kind {
        PacketType::Connect => b'0',
        PacketType::Disconnect => b'1',
        PacketType::Event => b'2',
        PacketType::Ack => b'3',
        PacketType::ConnectError => b'4',
        PacketType::BinaryEvent => b'5',
        PacketType::BinaryAck => b'6',
    });
    if matches!(kind, PacketType::BinaryEvent | PacketType::BinaryAck) {
        out.extend_from_slice(attachments.to_string().as_bytes());
        out.push(b'-');
    }
    if namespace != "/" {
        out.extend_from_slice(namespace.as_bytes());
        out.push(b',');
    }
    if let Some(ack) = ack {
        out.extend_from_slice(ack.to_string().as_bytes());
    }
}

/// Names that the protocol keeps for itself: no client may send them as events.
pub(crate) fn is_reserved(event: &str) -> bool {
    matches!(
        event,
        "connect"
            | "connect_error"
            | "disconnect"
            | "disconnecting"
            | "error"
            | "newListener"
            | "removeListener"
            | "__proto__"
    )
}

fn number(digits: &str) -> Result<u64, Malformed> {
    if digits.is_empty() || digits.len() > 16 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(Malformed);
    }
    digits.parse().ok().filter(|number| *number <= MAX_ACK).ok_or(Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn kinds() -> impl Strategy<Value = PacketType> {
        prop_oneof![
            Just(PacketType::Event),
            Just(PacketType::BinaryEvent),
            Just(PacketType::Ack),
            Just(PacketType::BinaryAck)
        ]
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            kind in kinds(),
            attachments in 0usize..10,
            namespace in "/[a-z/_-]{0,12}",
            ack in 0u64..MAX_ACK,
            data in r#"\["[a-z,{}0-9 -]{0,20}"\]"#,
        ) {
            let binary = matches!(kind, PacketType::BinaryEvent | PacketType::BinaryAck);
            let mut out = Vec::new();
            encode_head(&mut out, kind, attachments, &namespace, Some(ack));
            out.extend_from_slice(data.as_bytes());
            let text = std::str::from_utf8(&out[1..]).unwrap();
            let packet = Packet {
                kind,
                attachments: if binary { attachments } else { 0 },
                namespace: &namespace,
                query: None,
                ack: Some(ack),
                data: &data,
            };
            prop_assert_eq!(decode(text, 10), Ok(packet));
        }
    }

    #[test]
    fn packets_read_as_the_protocol_document_shows() {
        let packet = decode("51-/admin,456[\"baz\",{\"_placeholder\":true,\"num\":0}]", 10).unwrap();
        assert_eq!((packet.kind, packet.attachments), (PacketType::BinaryEvent, 1));
        assert_eq!((packet.namespace, packet.ack), ("/admin", Some(456)));
        let packet = decode("0/admin?token=1&x=2,", 10).unwrap();
        assert_eq!((packet.namespace, packet.query), ("/admin", Some("token=1&x=2")));
        assert_eq!(decode("0/custom", 10).unwrap().namespace, "/custom");
        assert_eq!(decode("1", 10).unwrap().kind, PacketType::Disconnect);
    }

    #[test]
    fn wrong_packets_are_refused() {
        for text in [
            "",
            "7",
            "abc",
            "2{}",
            "2",
            "2abc[1]",
            "3[1]",
            "0[1]",
            "0abc",
            "1{}",
            "5[\"a\"]",
            "5-[\"a\"]",
            "511-[\"a\"]",
            "299999999999999999999[\"a\"]",
            "51000000000-[\"a\"]",
        ] {
            assert_eq!(decode(text, 10), Err(Malformed), "{text}");
        }
    }
}
