//! What the face of Social Community knows besides (contracts/social.md): people by email, and messages by one number.

use crate::{GroupId, ID_LIMIT, Invalid, Seq, text};
use std::fmt;
use std::sync::Arc;

/// An address of email, in lower case: that is how two are compared. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Email(Arc<str>);

impl Email {
    /// Most characters: what a mail server takes (RFC 5321, 4.5.3.1).
    pub const MOST: usize = 254;

    /// Trims, brings into lower case and checks that it can be one. Whether it is somebody's is not asked.
    ///
    /// # Errors
    /// `email`, when it is too long, holds blanks or what no line may hold, or has not a name and a host around one `@`.
    pub fn parse(input: &str) -> Result<Self, Invalid> {
        let email = text::check_line("email", input, 3, Self::MOST)?.to_lowercase();
        let parts = email.split_once('@').filter(|(name, host)| {
            !name.is_empty()
                && !host.is_empty()
                && !host.contains('@')
                && !email.contains(char::is_whitespace)
        });
        parts.ok_or(Invalid { field: "email", rule: "must be a name and a host with @ between" })?;
        Ok(Self(email.into()))
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

impl fmt::Debug for Email {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Email(…)")
    }
}

/// A first or a last name: up to 80 characters in one line; a last name may be empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonName(Arc<str>);

impl PersonName {
    /// Most characters.
    pub const MOST: usize = 80;

    /// Trims and checks a name that nobody is without.
    ///
    /// # Errors
    /// `first_name`, when it is empty, too long or holds a character that [`text`] refuses.
    pub fn first(input: &str) -> Result<Self, Invalid> {
        text::check_line("first_name", input, 1, Self::MOST).map(|line| Self(line.into()))
    }

    /// Trims and checks a name that may be empty.
    ///
    /// # Errors
    /// `last_name`, when it is too long or holds a character that [`text`] refuses.
    pub fn last(input: &str) -> Result<Self, Invalid> {
        text::check_line("last_name", input, 0, Self::MOST).map(|line| Self(line.into()))
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

/// A picture as its owner sent it: an address, or a small picture within one. Kept, never looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture(Arc<str>);

impl Picture {
    /// Most characters: as of an address, so that a list of people stays small.
    pub const MOST: usize = 2_048;

    /// Checks the length and that it is one line.
    ///
    /// # Errors
    /// `picture`, when it is too long or holds a character that [`text`] refuses.
    pub fn parse(input: &str) -> Result<Self, Invalid> {
        text::check_line("picture", input, 0, Self::MOST).map(|line| Self(line.into()))
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

/// A message by one number, where a face has no room for group and position: both stand in it, so no table has to
/// remember it and it is the same for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageNumber(i64);

impl MessageNumber {
    /// A group has place for 67 million events, a server for 134 million groups.
    const SEQ_BITS: u32 = 26;

    /// The number of a message; `None` where group or position have grown beyond what fits.
    #[must_use]
    pub fn of(group: GroupId, seq: Seq) -> Option<Self> {
        let fits = group.get() < ID_LIMIT >> Self::SEQ_BITS && seq.get() < 1 << Self::SEQ_BITS;
        fits.then_some(Self(group.get() << Self::SEQ_BITS | seq.get()))
    }

    /// Reads a number from outside.
    #[must_use]
    pub fn new(value: i64) -> Option<Self> {
        let number = Self(value);
        (0..ID_LIMIT).contains(&value).then(|| number.parts()).flatten().map(|_| number)
    }

    /// Which message it is, unless it can be none.
    #[must_use]
    pub fn parts(self) -> Option<(GroupId, Seq)> {
        let seq = Seq::new(self.0 & ((1 << Self::SEQ_BITS) - 1)).filter(|seq| *seq != Seq::START)?;
        Some((GroupId::new(self.0 >> Self::SEQ_BITS)?, seq))
    }

    /// The bare number, below 2^53.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_email_is_compared_in_lower_case() {
        assert_eq!(Email::parse(" Ada@Example.ORG ").unwrap().as_str(), "ada@example.org");
        for wrong in ["", "ada", "@", "a@", "@b", "a@b@c", "a b@c", "a\n@b", "a\0@b", &"x@".repeat(200)] {
            assert_eq!(Email::parse(wrong).err().map(|invalid| invalid.field), Some("email"), "{wrong:?}");
        }
        assert_eq!(format!("{:?}", Email::parse("a@b").unwrap()), "Email(…)");
    }

    #[test]
    fn a_last_name_may_be_empty() {
        assert!(PersonName::first(" ").is_err());
        assert_eq!(PersonName::last(" ").unwrap().as_str(), "");
        assert!(PersonName::last(&"x".repeat(81)).is_err());
    }

    #[test]
    fn what_does_not_fit_has_no_number() {
        let number = |group, seq| MessageNumber::of(GroupId::new(group).unwrap(), Seq::new(seq).unwrap());
        assert!(number((1 << 27) - 1, (1 << 26) - 1).is_some());
        assert_eq!(number(1 << 27, 1), None);
        assert_eq!(number(1, 1 << 26), None);
        for nothing in [-1, 0, 5, 1 << 26, ID_LIMIT, i64::MIN, i64::MAX] {
            assert_eq!(MessageNumber::new(nothing), None, "{nothing}");
        }
    }

    proptest! {
        #[test]
        fn a_number_is_of_one_message(group in 1_i64..1 << 27, seq in 1_i64..1 << 26) {
            let (group, seq) = (GroupId::new(group).unwrap(), Seq::new(seq).unwrap());
            let number = MessageNumber::of(group, seq).unwrap();
            prop_assert!(number.get() < ID_LIMIT);
            prop_assert_eq!(MessageNumber::new(number.get()).and_then(MessageNumber::parts), Some((group, seq)));
        }
    }
}
