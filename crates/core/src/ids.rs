//! Ids and positions: 64-bit integers below 2^53, so that every JSON parser keeps them exact.
//!
//! They are no secrets. A number from outside becomes an id only through `new`, which answers `None` for what can not
//! be one; the caller then says `not_found`, the same as for an id that nobody has.

use std::fmt;

/// The first number that a JavaScript client could no longer tell from its neighbour.
pub const ID_LIMIT: i64 = 1 << 53;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, from $least:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i64);

        impl $name {
            /// The value, when it lies in the range of this type and below 2^53.
            #[must_use]
            pub const fn new(value: i64) -> Option<Self> {
                if value >= $least && value < ID_LIMIT { Some(Self(value)) } else { None }
            }

            /// The bare number, for a statement or for JSON.
            #[must_use]
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(out, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(out)
            }
        }

        impl std::str::FromStr for $name {
            type Err = NotAnId;

            /// Plain decimal digits only: no sign, no space, no leading zero.
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                decimal(text).and_then(Self::new).ok_or(NotAnId)
            }
        }
    };
}

id! {
    /// Someone known to the server.
    AccountId, from 1
}
id! {
    /// The durable place that people share.
    GroupId, from 1
}
id! {
    /// One sign-in of an account. Not the token: the token is a secret, this is not.
    SessionId, from 1
}
id! {
    /// A place for two or three who were put together in a lobby.
    RoomId, from 1
}
id! {
    /// What somebody reported.
    ReportId, from 1
}
id! {
    /// A place in a group's log: 1, 2, 3 … without gaps. 0 is the place before the first event.
    Seq, from 0
}
id! {
    /// A file that somebody brought.
    UploadId, from 1
}
id! {
    /// A match in which people write the same function.
    DuelId, from 1
}
id! {
    /// One item that a group watches or has in its queue; counted within the group, never used again.
    ItemId, from 1
}
id! {
    /// Which life of a log a [`Seq`] belongs to; changes only when a log is lost or restored.
    Epoch, from 1
}

impl Seq {
    /// Before the first event.
    pub const START: Self = Self(0);

    /// The place after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// The place `count` further on.
    #[must_use]
    pub const fn plus(self, count: i64) -> Self {
        Self(self.0 + count)
    }
}

/// A place in a group's log that says of which life of the log it speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Position {
    /// The life of the log.
    pub epoch: Epoch,
    /// The place in it; `Seq::START` for "nothing yet".
    pub seq: Seq,
}

impl fmt::Display for Position {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.epoch, self.seq)
    }
}

impl std::str::FromStr for Position {
    type Err = NotAnId;

    /// `<epoch>:<seq>`, as REST writes it.
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let (epoch, seq) = text.split_once(':').ok_or(NotAnId)?;
        Ok(Self { epoch: epoch.parse()?, seq: seq.parse()? })
    }
}

/// The text is no id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct NotAnId;

fn decimal(text: &str) -> Option<i64> {
    let plain = !text.is_empty() && text.len() <= 16 && text.bytes().all(|byte| byte.is_ascii_digit());
    let canonical = plain && (text == "0" || !text.starts_with('0'));
    if canonical { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_positive_and_below_two_to_the_53() {
        assert_eq!(GroupId::new(0), None);
        assert_eq!(GroupId::new(-1), None);
        assert_eq!(GroupId::new(ID_LIMIT), None);
        assert_eq!(GroupId::new(ID_LIMIT - 1).map(GroupId::get), Some(ID_LIMIT - 1));
        assert_eq!(Seq::new(0), Some(Seq::START));
    }

    #[test]
    fn text_is_an_id_only_in_its_one_spelling() {
        assert_eq!("42".parse::<GroupId>().map(GroupId::get), Ok(42));
        for wrong in
            ["", "+1", "-1", "01", " 1", "1 ", "1e3", "9007199254740992", "99999999999999999999", "0"]
        {
            assert_eq!(wrong.parse::<GroupId>(), Err(NotAnId), "{wrong:?}");
        }
    }

    #[test]
    fn a_position_is_read_back_as_written() {
        let position = Position { epoch: Epoch::new(7).unwrap(), seq: Seq::START };
        assert_eq!(position.to_string(), "7:0");
        assert_eq!("7:0".parse(), Ok(position));
        for wrong in ["7", ":1", "7:", "0:1", "7:1:2", "7:-1"] {
            assert!(wrong.parse::<Position>().is_err(), "{wrong:?}");
        }
    }
}
