//! One emoji, as a reaction: a small grammar over code point ranges, no table of every sequence.
//!
//! Accepted: one pictograph with its selector, skin tone or tags, joined to others by ZWJ; a flag of two letters; a
//! keycap. Refused: letters, words, two emoji in a row, anything longer than 32 characters. New emoji of later Unicode
//! versions fall into the same blocks and are accepted without a change here.

use crate::Invalid;

/// Exactly one emoji.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Emoji(Box<str>);

impl Emoji {
    /// Most characters of the longest sequence that is accepted.
    pub const MOST: usize = 32;

    /// Checks.
    ///
    /// # Errors
    /// `emoji`, when it is not exactly one.
    pub fn parse(input: &str) -> Result<Self, Invalid> {
        let characters: Vec<char> = input.chars().take(Self::MOST + 1).collect();
        if characters.len() <= Self::MOST && is_one_emoji(&characters) {
            Ok(Self(input.into()))
        } else {
            Err(Invalid { field: "emoji", rule: "must be one emoji" })
        }
    }

    /// Takes what the database holds, where only a parsed one was ever written.
    #[must_use]
    pub fn from_stored(text: &str) -> Self {
        Self(text.into())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

const ZERO_WIDTH_JOINER: char = '\u{200D}';
const EMOJI_STYLE: char = '\u{FE0F}';

fn is_one_emoji(characters: &[char]) -> bool {
    match characters {
        [left, right] if is_flag_letter(*left) && is_flag_letter(*right) => true,
        [key, EMOJI_STYLE, '\u{20E3}'] | [key, '\u{20E3}'] if is_keycap(*key) => true,
        _ => characters.split(|character| *character == ZERO_WIDTH_JOINER).all(is_element),
    }
}

fn is_element(characters: &[char]) -> bool {
    let Some((first, modifiers)) = characters.split_first() else { return false };
    is_pictograph(*first) && modifiers.iter().all(|character| is_modifier(*character))
}

fn is_flag_letter(character: char) -> bool {
    matches!(character, '\u{1F1E6}'..='\u{1F1FF}')
}

fn is_keycap(character: char) -> bool {
    matches!(character, '0'..='9' | '#' | '*')
}

fn is_modifier(character: char) -> bool {
    matches!(character, EMOJI_STYLE | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0020}'..='\u{E007F}')
}

fn is_pictograph(character: char) -> bool {
    matches!(character,
        '\u{A9}' | '\u{AE}' | '\u{203C}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{2194}'..='\u{21AA}'
        | '\u{231A}'..='\u{23FF}' | '\u{24C2}' | '\u{25AA}'..='\u{25FE}' | '\u{2600}'..='\u{27BF}'
        | '\u{2934}' | '\u{2935}' | '\u{2B05}'..='\u{2B55}' | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}'
        | '\u{1F000}'..='\u{1F1E5}' | '\u{1F200}'..='\u{1F3FA}' | '\u{1F400}'..='\u{1FAFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_emoji_of_every_form() {
        for fine in ["👍", "❤️", "❤", "👍🏽", "👩‍💻", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🇩🇪", "1️⃣", "#⃣", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "©️", "🅰️", "☕"]
        {
            assert!(Emoji::parse(fine).is_ok(), "{fine:?}");
        }
    }

    #[test]
    fn nothing_else() {
        for wrong in
            ["", "a", "lol", "👍👍", "👍 ", "1", "\u{200D}", "👍\u{200D}", "🇩", "é", "<b>", "\u{FE0F}", "\0"]
        {
            assert!(Emoji::parse(wrong).is_err(), "{wrong:?}");
        }
        assert!(Emoji::parse(&format!("👍{}", "\u{FE0F}".repeat(40))).is_err());
    }
}
