//! The secrets that the server gives out: 256 random bits, stored only as their hash.

use crate::App;
use sha2::{Digest, Sha256};
use std::fmt;
use std::fmt::Write as _;

/// A secret of 256 random bits as 64 hex digits. `Debug` does not show it.
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

impl App {
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
}
