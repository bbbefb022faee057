//! The one thing that a push client says: a JSON object, with or without a line break after it.

use std::io::ErrorKind;

use serde::Deserialize;
use tokio::net::TcpStream;

/// Most bytes of it.
const MOST: usize = 4 * 1024;

/// Who listens, and to which room.
#[derive(Deserialize)]
pub(super) struct Greeting {
    pub(super) uuid: String,
    pub(super) room_gid: String,
}

/// Reads it; `None` where it is no such object, is longer than 4 KiB, or the client is gone.
pub(super) async fn read(stream: &TcpStream) -> Option<Greeting> {
    let mut said = Vec::with_capacity(256);
    let mut portion = [0; 1024];
    loop {
        stream.readable().await.ok()?;
        match stream.try_read(&mut portion) {
            Ok(0) => return None,
            Ok(count) => said.extend_from_slice(&portion[..count]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => continue,
            Err(_) => return None,
        }
        if said.len() > MOST {
            return None;
        }
        match parse(&said) {
            Parsed::Whole(greeting) => return Some(greeting),
            Parsed::Begun => {}
            Parsed::Wrong => return None,
        }
    }
}

enum Parsed {
    Whole(Greeting),
    Begun,
    Wrong,
}

fn parse(said: &[u8]) -> Parsed {
    if said.iter().all(u8::is_ascii_whitespace) {
        return Parsed::Begun;
    }
    // Told by the first byte: what is no object needs not be waited for.
    if said.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return Parsed::Wrong;
    }
    let mut objects = serde_json::Deserializer::from_slice(said).into_iter::<serde_json::Value>();
    match objects.next() {
        Some(Ok(object)) => {
            // Behind it there is nothing but white space.
            let rest = &said[objects.byte_offset()..];
            match serde_json::from_value(object) {
                Ok(greeting) if rest.iter().all(u8::is_ascii_whitespace) => Parsed::Whole(greeting),
                _ => Parsed::Wrong,
            }
        }
        Some(Err(error)) if error.is_eof() => Parsed::Begun,
        _ => Parsed::Wrong,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_waited_for_and_anything_else_is_not() {
        let said = |text: &str| match parse(text.as_bytes()) {
            Parsed::Whole(Greeting { uuid, room_gid }) => format!("{uuid} {room_gid}"),
            Parsed::Begun => "begun".to_owned(),
            Parsed::Wrong => "wrong".to_owned(),
        };
        let whole = r#"{"uuid": "u", "room_gid": "r"}"#;
        for end in 0..whole.len() {
            assert_eq!(said(&whole[..end]), "begun");
        }
        for fine in [whole, &format!(" \n{whole}\r\n"), r#"{"room_gid":"r","uuid":"u","more":[1]}"#] {
            assert_eq!(said(fine), "u r", "{fine}");
        }
        for wrong in [
            "{'uuid': 'u', 'room_gid': 'r'}",
            "nonsense",
            "[",
            "\"",
            "{}",
            r#"{"uuid": 1, "room_gid": "r"}"#,
            r#"{"uuid": "u"}"#,
            &format!("{whole}{whole}"),
            &format!("{whole} x"),
        ] {
            assert_eq!(said(wrong), "wrong", "{wrong}");
        }
    }
}
