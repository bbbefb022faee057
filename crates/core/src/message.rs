//! What a message is made of, and a message as a page shows it.

use crate::{Attachment, Author, Emoji, Invalid, Seq, Timestamp, text};
use std::fmt;

/// The text of a message: 1 to 8,000 characters by the body rule of [`text`], stored exactly as it came.
/// `Debug` prints its length only.
#[derive(Clone, PartialEq, Eq)]
pub struct MessageText(Box<str>);

impl MessageText {
    /// Most characters.
    pub const MOST: usize = 8_000;

    /// Checks; changes nothing.
    ///
    /// # Errors
    /// `text`, when it is blank, too long or holds a character that [`text`] refuses.
    pub fn parse(input: &str) -> Result<Self, Invalid> {
        text::check_body("text", input, Self::MOST)?;
        Ok(Self(input.into()))
    }

    /// Takes a text that the database holds, where only a parsed one was ever written.
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

impl fmt::Debug for MessageText {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "MessageText({} bytes)", self.0.len())
    }
}

/// The sender's own name for a message: 1 to 64 visible ASCII characters. Makes a repeat harmless.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientId(Box<str>);

impl ClientId {
    /// Most characters.
    pub const MOST: usize = 64;

    /// Checks.
    ///
    /// # Errors
    /// `client_id`, when it is empty, too long or holds anything but visible ASCII.
    pub fn parse(input: &str) -> Result<Self, Invalid> {
        if input.is_empty() || input.len() > Self::MOST || !input.bytes().all(|byte| byte.is_ascii_graphic())
        {
            return Err(Invalid { field: "client_id", rule: "must be 1 to 64 visible ASCII characters" });
        }
        Ok(Self(input.into()))
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

/// A message with everything folded in that happened to it since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its place in the log.
    pub seq: Seq,
    /// When it was sent.
    pub at: Timestamp,
    /// Who sent it.
    pub by: Author,
    /// The newest text; `None` once it is deleted.
    pub text: Option<MessageText>,
    /// The sender's name for it.
    pub client_id: ClientId,
    /// The message that it answers.
    pub reply_to: Option<Seq>,
    /// The files in it; none once it is deleted.
    pub files: Vec<Attachment>,
    /// When it was last edited.
    pub edited_at: Option<Timestamp>,
    /// Whether it was deleted.
    pub deleted: bool,
    /// The reactions to it, in the order in which each emoji first came.
    pub reactions: Vec<ReactionCount>,
}

/// How many reacted with one emoji.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReactionCount {
    /// Which one.
    pub emoji: Emoji,
    /// How many.
    pub count: u32,
    /// Whether the one who asks is among them.
    pub me: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_kept_exactly_and_never_shown_by_debug() {
        let text = MessageText::parse("  <b>x</b>\n ").unwrap();
        assert_eq!(text.as_str(), "  <b>x</b>\n ");
        assert_eq!(format!("{text:?}"), "MessageText(12 bytes)");
    }

    #[test]
    fn a_client_id_is_visible_ascii() {
        assert!(ClientId::parse("550e8400-e29b-41d4-a716-446655440000").is_ok());
        for wrong in ["", "a b", "é", "a\n", &"x".repeat(65)] {
            assert_eq!(ClientId::parse(wrong).unwrap_err().field, "client_id");
        }
    }
}
