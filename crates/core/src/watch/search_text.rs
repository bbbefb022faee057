//! What somebody types to find something to watch.

use crate::names::fold_case;
use crate::{Invalid, text};
use std::sync::Arc;

/// What is looked for: 1 to 100 characters in one line, white space of any kind being one blank.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SearchText(Arc<str>);

impl SearchText {
    /// Most characters.
    pub const MOST: usize = 100;

    /// Trims and checks.
    ///
    /// # Errors
    /// `q`, when it is empty, too long or holds a character that [`text`] refuses.
    pub fn parse(input: &str) -> Result<Self, Invalid> {
        let line = text::check_line("q", input, 1, Self::MOST)?;
        Ok(Self(line.split_whitespace().collect::<Vec<_>>().join(" ").into()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form that is compared: texts that differ in case or width only find the same.
    #[must_use]
    pub fn key(&self) -> String {
        fold_case(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_one_visible_line_of_at_most_100_characters() {
        assert_eq!(SearchText::parse("  big  buck\u{3000}bunny ").unwrap().as_str(), "big buck bunny");
        assert!(SearchText::parse(&"字".repeat(100)).is_ok());
        for wrong in ["", "  ", "a\0b", "a\nb", "\u{202E}a", "\u{200B}", &"x".repeat(101)] {
            assert_eq!(SearchText::parse(wrong).unwrap_err().field, "q", "{wrong:?}");
        }
    }

    #[test]
    fn case_and_width_make_no_difference() {
        let key = |text| SearchText::parse(text).unwrap().key();
        assert_eq!(key("Big  BUCK Ｂunny"), key("big buck bunny"));
        assert_ne!(key("bigbuck"), key("big buck"));
    }
}
