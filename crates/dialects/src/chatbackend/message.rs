//! A message, in the history and over the push socket; and by which id its sender is known to whom.

use parlor_core::{AccountId, Author, Seq, Timestamp};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Message<'a> {
    sender: Sender<'a>,
    msg: Said<'a>,
}

#[derive(Serialize)]
struct Sender<'a> {
    uuid: &'a str,
    username: &'a str,
}

#[derive(Serialize)]
struct Said<'a> {
    #[serde(rename = "msgId")]
    id: i64,
    txt: &'a str,
    timestamp: f64,
}

/// A message as somebody sees it: `uuid` is what they know its sender by.
pub(super) fn message<'a>(
    uuid: &'a str,
    by: &'a Author,
    (seq, at): (Seq, Timestamp),
    text: &'a str,
) -> Message<'a> {
    let sender = Sender { uuid, username: by.name.as_str() };
    // Milliseconds of our time are far below 2^53.
    let timestamp = at.as_millis() as f64 / 1_000.0;
    Message { sender, msg: Said { id: seq.get(), txt: text, timestamp } }
}

/// What everybody but themselves knows somebody by. Of version 8, which is free for such use; keys are of version 4, so
/// this can never be one.
pub(super) fn public_id(account: AccountId) -> String {
    let id = account.get();
    // 53 bits, in the last 12 digits and the two before them.
    format!("00000000-0000-8000-80{:02x}-{:012x}", id >> 48, id & 0xffff_ffff_ffff)
}

#[cfg(test)]
mod tests {
    use super::*;
    use parlor_core::DisplayName;

    #[test]
    fn a_message_is_as_it_was() {
        let by = Author { id: AccountId::new(7).unwrap(), name: DisplayName::parse("Mikolaj").unwrap() };
        let at = Timestamp::from_millis(1_548_067_274_468);
        let seq = Seq::START.plus(36);
        let json = serde_json::to_string(&message("u", &by, (seq, at), "hello")).unwrap();
        let expected = r#"{"sender":{"uuid":"u","username":"Mikolaj"},"msg":{"msgId":36,"txt":"hello","timestamp":1548067274.468}}"#;
        assert_eq!(json, expected);
    }

    #[test]
    fn a_public_id_is_a_uuid_for_each_account() {
        let id = |number| public_id(AccountId::new(number).unwrap());
        assert_eq!(id(7), "00000000-0000-8000-8000-000000000007");
        assert_eq!(id((1 << 53) - 1), "00000000-0000-8000-801f-ffffffffffff");
    }
}
