//! Secrets that people type: passwords and access codes. Neither is ever printed by `Debug`.

use crate::{Invalid, text};
use std::fmt;
use unicode_normalization::UnicodeNormalization;

/// A password as typed, composed (NFC) so that two keyboards agree: 8 to 256 characters, any of them.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Fewest characters.
    pub const LEAST: usize = 8;
    /// Most characters.
    pub const MOST: usize = 256;

    /// Composes and checks the length.
    ///
    /// # Errors
    /// `password`, when it is too short or too long.
    pub fn parse(input: &str) -> Result<Self, Invalid> {
        Self::of_length(input, Self::LEAST)
    }

    /// The same for people of an older service, which took a password of any length and whose clients have no word for
    /// one that is too short: 1 to 256 characters.
    ///
    /// # Errors
    /// `password`, when it is empty or too long.
    pub fn of_older_service(input: &str) -> Result<Self, Invalid> {
        Self::of_length(input, 1)
    }

    fn of_length(input: &str, least: usize) -> Result<Self, Invalid> {
        let invalid = |rule| Invalid { field: "password", rule };
        if text::longer_than(input, Self::MOST) {
            return Err(invalid("is too long"));
        }
        let password: String = input.nfc().collect();
        if password.chars().count() < least {
            return Err(invalid("is too short"));
        }
        Ok(Self(password))
    }

    /// What is hashed.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Password(…)")
    }
}

/// What lets somebody into a group. Made by us with 80 bits of chance; compared without case, spaces and hyphens.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct AccessCode(String);

impl AccessCode {
    /// Random bytes that [`AccessCode::from_random`] needs: 80 bits.
    pub const RANDOM_BYTES: usize = 10;
    /// Most characters that are looked at.
    pub const MOST: usize = 64;
    // Crockford's 32: without i, l, o and u. `parse` reads i and l as 1, o as 0: what is read aloud is not mistaken.
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

    /// Makes a code of 16 characters from chance.
    #[must_use]
    pub fn from_random(random: [u8; Self::RANDOM_BYTES]) -> Self {
        let mut bits = random.iter().fold(0u128, |bits, byte| bits << 8 | u128::from(*byte));
        let mut code = String::with_capacity(16);
        for _ in 0..16 {
            code.push(char::from(Self::ALPHABET[(bits & 31) as usize]));
            bits >>= 5;
        }
        Self(code)
    }

    /// Makes a code of 8 hex digits (contracts/circle.md): short enough to be guessed, so wrong ones are counted there.
    #[must_use]
    pub fn short_from_random(random: [u8; 4]) -> Self {
        Self(format!("{:08x}", u32::from_be_bytes(random)))
    }

    /// Whether it has the form of a short code, whoever made it.
    #[must_use]
    pub fn is_short(&self) -> bool {
        self.0.len() == 8 && self.0.bytes().all(|byte| byte.is_ascii_hexdigit())
    }

    /// Brings what was typed into the form that is compared. A code that none of ours can be is still a code: it is
    /// wrong, and a wrong code is `not_found`.
    ///
    /// # Errors
    /// `access_code`, when nothing is left of it or it is longer than 64 characters.
    pub fn parse(input: &str) -> Result<Self, Invalid> {
        let invalid = |rule| Invalid { field: "access_code", rule };
        if text::longer_than(input, Self::MOST) {
            return Err(invalid("is too long"));
        }
        let typed = input.chars().filter(|c| !c.is_whitespace() && *c != '-').flat_map(char::to_lowercase);
        let code: String = typed.map(read_alike).collect();
        if code.is_empty() {
            return Err(invalid("must not be empty"));
        }
        if code.chars().any(char::is_control) {
            return Err(invalid("holds a control character"));
        }
        Ok(Self(code))
    }

    /// The form that is compared, stored and shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn read_alike(character: char) -> char {
    match character {
        'i' | 'l' => '1',
        'o' => '0',
        other => other,
    }
}

impl fmt::Debug for AccessCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("AccessCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_compared_as_composed_and_never_shown() {
        assert_eq!(Password::parse("cafe\u{301}1234").unwrap(), Password::parse("caf\u{e9}1234").unwrap());
        assert!(Password::parse("1234567").is_err());
        assert!(Password::of_older_service("1").is_ok() && Password::of_older_service("").is_err());
        assert!(Password::parse(&"字".repeat(256)).is_ok());
        assert!(Password::parse(&"x".repeat(257)).is_err());
        assert_eq!(format!("{:?}", Password::parse("hunter2hunter2").unwrap()), "Password(…)");
    }

    #[test]
    fn a_code_survives_being_read_aloud() {
        let code = AccessCode::from_random([0xA5; AccessCode::RANDOM_BYTES]);
        assert_eq!(code.as_str().len(), 16);
        let (left, right) = code.as_str().split_at(8);
        assert_eq!(AccessCode::parse(&format!(" {}-{} ", left.to_uppercase(), right)).unwrap(), code);
        assert_eq!(AccessCode::parse(" - ").unwrap_err().field, "access_code");
        assert!(!format!("{code:?}").contains(code.as_str()));
    }

    #[test]
    fn a_short_code_is_eight_hex_digits_and_is_read_as_it_is_shown() {
        let code = AccessCode::short_from_random([0, 0x1f, 0xab, 9]);
        assert_eq!(code.as_str(), "001fab09");
        assert_eq!(AccessCode::parse("001FAB09").unwrap(), code);
        assert!(code.is_short());
        assert!(!AccessCode::from_random([7; AccessCode::RANDOM_BYTES]).is_short());
    }

    #[test]
    fn other_chance_makes_another_code() {
        let one = AccessCode::from_random([0; AccessCode::RANDOM_BYTES]);
        for bit in 0..80 {
            let mut random = [0; AccessCode::RANDOM_BYTES];
            random[bit / 8] = 1 << (bit % 8);
            assert_ne!(AccessCode::from_random(random), one, "bit {bit}");
        }
    }
}
