//! The secrets that the server gives out: 256 random bits, stored only as their hash; to clients of an old face that know
//! no other form, 122 random bits as a UUID.

use crate::App;
use sha2::{Digest, Sha256};
use std::fmt;
use std::fmt::Write as _;

/// A secret of 256 random bits as 64 hex digits, or a key. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    fn from_random(random: [u8; 32]) -> Self {
        let mut text = String::with_capacity(64);
        for byte in random {
            write!(text, "{byte:02x}").expect("writing into a String does not fail");
        }
        Self(text)
    }

    /// A key: a UUID of version 4, of which 122 bits are random.
    fn key_from_random(mut random: [u8; 16]) -> Self {
        random[6] = random[6] & 0x0f | 0x40;
        random[8] = random[8] & 0x3f | 0x80;
        let mut text = String::with_capacity(36);
        for (place, byte) in random.iter().enumerate() {
            if matches!(place, 4 | 6 | 8 | 10) {
                text.push('-');
            }
            write!(text, "{byte:02x}").expect("writing into a String does not fail");
        }
        Self(text)
    }

    /// The secret, to be handed to its owner and to nobody else.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored of it.
    pub(crate) fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }

    /// Whether `guess` is this secret. What is compared is hashes, so the time tells nothing about the secret.
    pub(crate) fn is(&self, guess: &str) -> bool {
        hash_of(guess).is_some_and(|hash| hash == self.hash())
    }
}

/// What is stored of the token that `text` is; `None` when it can be none.
pub(crate) fn hash_of(text: &str) -> Option<[u8; 32]> {
    let could_be = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    could_be.then(|| Sha256::digest(text.as_bytes()).into())
}

/// What is stored of the key that `text` is, in whatever capitals; `None` when it can be none.
pub(crate) fn hash_of_key(text: &str) -> Option<[u8; 32]> {
    let is_key = text.len() == 36
        && text.bytes().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => byte == b'-',
            14 => byte == b'4',
            _ => byte.is_ascii_hexdigit(),
        });
    is_key.then(|| Sha256::digest(text.to_ascii_lowercase().as_bytes()).into())
}

impl App {
    pub(crate) fn new_key(&self) -> Token {
        Token::key_from_random(self.random())
    }

    pub(crate) fn new_token(&self) -> Token {
        Token::from_random(self.random())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Token(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_known_by_its_hash_and_never_shown() {
        let token = Token::from_random([7; 32]);
        assert_eq!(token.reveal().len(), 64);
        assert_eq!(hash_of(token.reveal()), Some(token.hash()));
        assert!(token.is(token.reveal()));
        assert!(!token.is(&"0".repeat(64)) && !token.is("") && !token.is(&"é".repeat(32)));
        assert_eq!(format!("{token:?}"), "Token(…)");
    }

    #[test]
    fn a_key_is_a_uuid_and_no_token() {
        let key = Token::key_from_random([0xff; 16]);
        assert_eq!(key.reveal(), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_eq!(hash_of_key(key.reveal()), Some(key.hash()));
        assert_eq!(hash_of_key(&key.reveal().to_uppercase()), Some(key.hash()));
        assert_eq!(hash_of(key.reveal()), None);
        let token = Token::from_random([7; 32]);
        for wrong in ["", token.reveal(), "ffffffff-ffff-8fff-bfff-ffffffffffff", &key.reveal()[1..]] {
            assert_eq!(hash_of_key(wrong), None, "{wrong}");
        }
    }
}
