//! RFC 6455 as far as Engine.IO needs it: no extensions, no client side.

pub(crate) mod assembler;
pub(crate) mod frame;

use base64::Engine as _;
use sha1::{Digest, Sha1};

/// The answer to a `Sec-WebSocket-Key` (RFC 6455, section 4.2.2); `None` if the key is not one.
pub(crate) fn accept_key(key: &[u8]) -> Option<String> {
    let decoded = base64::engine::general_purpose::STANDARD.decode(key).ok()?;
    if decoded.len() != 16 {
        return None;
    }
    let mut hash = Sha1::new();
    hash.update(key);
    hash.update(b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    Some(base64::engine::general_purpose::STANDARD.encode(hash.finalize()))
}

#[cfg(test)]
mod tests {
    use super::accept_key;

    #[test]
    fn the_example_of_the_rfc() {
        assert_eq!(accept_key(b"dGhlIHNhbXBsZSBub25jZQ==").as_deref(), Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
        assert_eq!(accept_key("dGhlIHNhbXBsZSBub25jZÄ==".as_bytes()), None);
        assert_eq!(accept_key(b"dG9vIHNob3J0"), None);
    }
}
