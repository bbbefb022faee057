//! Who may do what in a group: one table of role × action, and the one function that reads it.
//!
//! Whether somebody is a member at all is decided before: a stranger is answered `not_found`, never `forbidden`.

/// What a member is. Ordered: a later one ranks higher.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Came with a name and a code, or was restricted.
    Guest,
    /// A member.
    Member,
    /// Keeps order.
    Moderator,
    /// One in a group; those who kept a room together own its group together.
    Owner,
}

impl Role {
    /// Every role, lowest first.
    pub const ALL: [Self; 4] = [Self::Guest, Self::Member, Self::Moderator, Self::Owner];

    /// The role as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Guest => "guest",
            Self::Member => "member",
            Self::Moderator => "moderator",
            Self::Owner => "owner",
        }
    }

    /// Reads what [`Role::as_str`] wrote.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }
}

/// What a member can try. Some actions have a target: another member, or the author of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Read the log, the members and the group.
    Read,
    /// Send a message, answer one, be seen typing.
    Send,
    /// Put a reaction on a message or take the own one away.
    React,
    /// Change the text of one's own message.
    EditOwn,
    /// Delete one's own message.
    DeleteOwn,
    /// Delete somebody else's message (target: its author, if still a member).
    DeleteOthers,
    /// Read the former texts of somebody else's message.
    ReadOthersHistory,
    /// Send without waiting for slow mode.
    SkipSlowMode,
    /// Change the name, description, rules, slow mode or end.
    ChangeGroup,
    /// See, rotate and turn off the access code.
    ManageCode,
    /// Delete the group.
    DeleteGroup,
    /// Leave.
    Leave,
    /// Send somebody away (target).
    Kick,
    /// Send somebody away for good, and take it back (target).
    Ban,
    /// See who is banned.
    SeeBans,
    /// Give somebody another role (target).
    SetRole,
    /// Make somebody else the owner (target).
    HandOver,
    /// See and delete what was reported of the lobby.
    SeeReports,
    /// Start and stop speed chat, see who sits where.
    RunSpeedChat,
}

/// What a cell of the table says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum May {
    /// Yes.
    Yes,
    /// When the target ranks lower; one who is no member ranks lowest.
    Below,
    /// No.
    No,
}
use May::{Below, No, Yes};

/// The table. Columns: guest, member, moderator, owner.
#[rustfmt::skip]
const TABLE: [(Action, [May; 4]); 19] = [
    (Action::Read,              [Yes, Yes, Yes,   Yes]),
    (Action::Send,              [Yes, Yes, Yes,   Yes]),
    (Action::React,             [Yes, Yes, Yes,   Yes]),
    (Action::EditOwn,           [Yes, Yes, Yes,   Yes]),
    (Action::DeleteOwn,         [Yes, Yes, Yes,   Yes]),
    (Action::DeleteOthers,      [No,  No,  Below, Yes]),
    (Action::ReadOthersHistory, [No,  No,  Yes,   Yes]),
    (Action::SkipSlowMode,      [No,  No,  Yes,   Yes]),
    (Action::ChangeGroup,       [No,  No,  Yes,   Yes]),
    (Action::ManageCode,        [No,  No,  Yes,   Yes]),
    (Action::DeleteGroup,       [No,  No,  No,    Yes]),
    (Action::Leave,             [Yes, Yes, Yes,   No ]),
    (Action::Kick,              [No,  No,  Below, Below]),
    (Action::Ban,               [No,  No,  Below, Below]),
    (Action::SeeBans,           [No,  No,  Yes,   Yes]),
    (Action::SetRole,           [No,  No,  No,    Below]),
    (Action::HandOver,          [No,  No,  No,    Below]),
    (Action::SeeReports,        [No,  No,  Yes,   Yes]),
    (Action::RunSpeedChat,      [No,  No,  No,    Yes]),
];

/// Whether `actor` may do `action`, to `target` where the action has one (`None`: no member, or no target).
///
/// # Errors
/// [`Denied`], when not.
pub fn may(actor: Role, action: Action, target: Option<Role>) -> Result<(), Denied> {
    match cell(actor, action) {
        Yes => Ok(()),
        Below if target.is_none_or(|target| target < actor) => Ok(()),
        Below | No => Err(Denied),
    }
}

/// The role does not allow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("your role in this group does not allow that")]
pub struct Denied;

fn cell(actor: Role, action: Action) -> May {
    let row = TABLE.iter().find(|(of, _)| *of == action).map(|(_, row)| row);
    row.map_or(No, |row| row[actor as usize])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_exactly_one_row() {
        for (index, (action, _)) in TABLE.iter().enumerate() {
            assert!(!TABLE[..index].iter().any(|(other, _)| other == action), "{action:?} twice");
        }
        // A new action without a row would be denied to everybody: that is found here, by name.
        assert_eq!(TABLE.len(), Action::RunSpeedChat as usize + 1);
    }

    #[test]
    fn a_higher_role_may_what_a_lower_may_except_leave() {
        for (action, row) in TABLE {
            if action == Action::Leave {
                continue;
            }
            for pair in row.windows(2) {
                assert!(pair[0] == No || pair[1] != No, "{action:?}");
            }
        }
    }

    #[test]
    fn nobody_touches_an_equal_or_a_higher() {
        for actor in Role::ALL {
            for target in Role::ALL {
                for action in [Action::Kick, Action::Ban, Action::SetRole, Action::HandOver] {
                    if may(actor, action, Some(target)).is_ok() {
                        assert!(target < actor, "{actor:?} {action:?} {target:?}");
                    }
                }
            }
        }
        assert_eq!(may(Role::Moderator, Action::Kick, Some(Role::Member)), Ok(()));
        assert_eq!(may(Role::Moderator, Action::Ban, None), Ok(()));
        assert_eq!(may(Role::Owner, Action::Leave, None), Err(Denied));
    }

    #[test]
    fn roles_are_read_back_as_written() {
        for role in Role::ALL {
            assert_eq!(Role::from_name(role.as_str()), Some(role));
        }
        assert_eq!(Role::from_name("admin"), None);
    }
}
