//! Why somebody is no longer in a room. What is said there is nobody's business but theirs, and is not here either.

/// Why somebody left, told to those who stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Departure {
    /// They left, or reported or blocked somebody: which of them is not told.
    Left,
    /// They went on to somebody else.
    Next,
    /// Their connection was lost and did not come back in time.
    Vanished,
    /// Their time was over: a connection record that expired.
    Expired,
    /// They are no longer in the group, or there is no such group any more.
    GroupLeft,
    /// A round of speed chat ended.
    RoundOver,
    /// Their partner left a table of speed chat, and they joined two others.
    Moved,
    /// All of them pressed keep: it is a group now.
    Kept,
}

impl Departure {
    /// The reason as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Next => "next",
            Self::Vanished => "vanished",
            Self::Expired => "expired",
            Self::GroupLeft => "group_left",
            Self::RoundOver => "round_over",
            Self::Moved => "moved",
            Self::Kept => "kept",
        }
    }

    /// Reads what [`Departure::as_str`] wrote.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "left" => Some(Self::Left),
            "next" => Some(Self::Next),
            "vanished" => Some(Self::Vanished),
            "expired" => Some(Self::Expired),
            "group_left" => Some(Self::GroupLeft),
            "round_over" => Some(Self::RoundOver),
            "moved" => Some(Self::Moved),
            "kept" => Some(Self::Kept),
            _ => None,
        }
    }
}
