//! Names and other short texts of accounts and groups, parsed once at the border.

use crate::{Invalid, text};
use std::fmt;
use std::sync::Arc;
use unicode_normalization::UnicodeNormalization;

macro_rules! shared_text {
    ($name:ident) => {
        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Takes a text that the database holds, where only a parsed one was ever written.
            #[must_use]
            pub fn from_stored(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&self.0)
            }
        }
    };
}

/// What others see: 1 to 40 characters in one line. Not unique.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DisplayName(Arc<str>);
shared_text!(DisplayName);

impl DisplayName {
    /// Most characters.
    pub const MOST: usize = 40;

    /// Trims and checks.
    ///
    /// # Errors
    /// `display_name`, when it is empty, too long or holds a character that [`text`] refuses.
    pub fn parse(input: &str) -> Result<Self, Invalid> {
        text::check_line("display_name", input, 1, Self::MOST).map(|line| Self(line.into()))
    }
}

/// What one signs in with: 3 to 32 letters of any script, digits, `.`, `_`, `-`. Unique by [`Username::key`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Username(Arc<str>);
shared_text!(Username);

impl Username {
    /// Fewest characters.
    pub const LEAST: usize = 3;
    /// Most characters.
    pub const MOST: usize = 32;

    /// Composes (NFC) and checks.
    ///
    /// # Errors
    /// `username`, when its length or a character is not allowed.
    pub fn parse(input: &str) -> Result<Self, Invalid> {
        let invalid = |rule| Invalid { field: "username", rule };
        // Composition shortens at most to a third: what is longer than this cannot become short enough.
        if text::longer_than(input, Self::MOST * 4) {
            return Err(invalid("is too long"));
        }
        let name: String = input.nfc().collect();
        if text::longer_than(&name, Self::MOST) {
            return Err(invalid("is too long"));
        }
        if name.chars().count() < Self::LEAST {
            return Err(invalid("is too short"));
        }
        if !name.chars().all(is_username_character) {
            return Err(invalid("may hold letters, digits, '.', '_' and '-' only"));
        }
        Ok(Self(name.into()))
    }

    /// The form that is compared: compatibility-composed and case-folded, so that `Ada`, `ADA` and `ａｄａ` are one.
    #[must_use]
    pub fn key(&self) -> String {
        fold_case(&self.0)
    }
}

/// The compared form of a username, for text that need not be one (a mention).
#[must_use]
pub fn fold_case(name: &str) -> String {
    // Upper and then lower, character by character, is Unicode's full case folding but for a handful of letters in
    // Cherokee, which differ consistently; it needs no table beyond the standard library's.
    name.nfkc().flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfkc().collect()
}

/// Whether `character` may stand in a username.
#[must_use]
pub fn is_username_character(character: char) -> bool {
    // The Hangul fillers are letters by category and show nothing.
    let filler = matches!(character, '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}');
    (character.is_alphanumeric() && !filler) || matches!(character, '.' | '_' | '-')
}

/// What a group is called: 1 to 80 characters in one line.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GroupName(Arc<str>);
shared_text!(GroupName);

impl GroupName {
    /// Most characters.
    pub const MOST: usize = 80;

    /// Trims and checks.
    ///
    /// # Errors
    /// `name`, when it is empty, too long or holds a character that [`text`] refuses.
    pub fn parse(input: &str) -> Result<Self, Invalid> {
        text::check_line("name", input, 1, Self::MOST).map(|line| Self(line.into()))
    }
}

/// What a group is about: up to 1,000 characters, may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Description(Arc<str>);
shared_text!(Description);

impl Description {
    /// Most characters.
    pub const MOST: usize = 1_000;

    /// Checks as a body; blank text becomes empty.
    ///
    /// # Errors
    /// `description`, when it is too long or holds a character that [`text`] refuses.
    pub fn parse(input: &str) -> Result<Self, Invalid> {
        optional_body("description", input, Self::MOST).map(Self)
    }
}

/// What holds in a group: up to 8,000 characters, may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Rules(Arc<str>);
shared_text!(Rules);

impl Rules {
    /// Most characters.
    pub const MOST: usize = 8_000;

    /// Checks as a body; blank text becomes empty.
    ///
    /// # Errors
    /// `rules`, when it is too long or holds a character that [`text`] refuses.
    pub fn parse(input: &str) -> Result<Self, Invalid> {
        optional_body("rules", input, Self::MOST).map(Self)
    }
}

/// Why somebody was banned: up to 500 characters, may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct BanReason(Arc<str>);
shared_text!(BanReason);

impl BanReason {
    /// Most characters.
    pub const MOST: usize = 500;

    /// Checks as a body; blank text becomes empty.
    ///
    /// # Errors
    /// `reason`, when it is too long or holds a character that [`text`] refuses.
    pub fn parse(input: &str) -> Result<Self, Invalid> {
        optional_body("reason", input, Self::MOST).map(Self)
    }
}

/// Why somebody was reported: up to 500 characters, may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ReportReason(Arc<str>);
shared_text!(ReportReason);

impl ReportReason {
    /// Most characters.
    pub const MOST: usize = 500;

    /// Checks as a body; blank text becomes empty.
    ///
    /// # Errors
    /// `reason`, when it is too long or holds a character that [`text`] refuses.
    pub fn parse(input: &str) -> Result<Self, Invalid> {
        optional_body("reason", input, Self::MOST).map(Self)
    }
}

fn optional_body(field: &'static str, input: &str, most: usize) -> Result<Arc<str>, Invalid> {
    let body = input.trim();
    if body.is_empty() {
        return Ok("".into());
    }
    text::check_body(field, body, most)?;
    Ok(body.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usernames_are_one_however_they_are_typed() {
        let key = |name: &str| Username::parse(name).unwrap().key();
        assert_eq!(key("Ada.L"), key("aDA.l"));
        assert_eq!(key("straße"), key("STRASSE"));
        assert_eq!(key("Jos\u{e9}"), key("JOSE\u{301}"));
        assert_eq!(key("ΣΑΣ"), key("σας"));
        assert_eq!(key("ａｄａ"), key("ada"));
        assert_ne!(key("ada"), key("adb"));
    }

    #[test]
    fn usernames_have_letters_of_any_script_and_three_signs() {
        for fine in ["ada", "Ада", "李小龍", "a_b-c.9", "ठाकर"] {
            assert!(Username::parse(fine).is_ok(), "{fine:?}");
        }
        for wrong in
            ["", "ab", "a b", "ada!", "ada\u{200D}x", "ad\u{202E}a", "ㅤㅤㅤ", " ada", "a@b.c", &"x".repeat(33)]
        {
            assert!(Username::parse(wrong).is_err(), "{wrong:?}");
        }
        assert!(Username::parse(&"字".repeat(32)).is_ok());
    }

    #[test]
    fn names_are_trimmed_and_limited_in_characters() {
        assert_eq!(DisplayName::parse("  Ada  ").unwrap().as_str(), "Ada");
        assert!(DisplayName::parse(&"字".repeat(40)).is_ok());
        assert!(DisplayName::parse(&"字".repeat(41)).is_err());
        assert!(GroupName::parse(&"x".repeat(81)).is_err());
        assert_eq!(Description::parse(" \n ").unwrap().as_str(), "");
        assert!(Rules::parse("one\ntwo").is_ok());
    }

    #[test]
    fn markup_is_text() {
        assert_eq!(DisplayName::parse("<img onerror=x>").unwrap().as_str(), "<img onerror=x>");
    }
}
