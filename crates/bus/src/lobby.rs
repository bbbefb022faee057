//! What happens in lobbies and rooms, from node to node. Nothing of it is ever stored: what was said is here and in the
//! memory of the nodes that have somebody in the room, and nowhere else.

use parlor_core::lobby::Departure;
use parlor_core::{AccountId, DisplayName, GroupId, RoomId, Timestamp, WaiterId};
use std::fmt;
use std::sync::Arc;

/// One thing that happened.
#[derive(Clone, Debug)]
pub enum LobbyNotice {
    /// A room has these people now: they came together, somebody joined them, or somebody is back.
    Room {
        /// The room as it is.
        room: Arc<RoomView>,
        /// Who it is news for.
        news: News,
    },
    /// Something was said.
    Said(Arc<Said>),
    /// Somebody writes, or has stopped.
    Typing {
        /// Where.
        room: RoomId,
        /// Who.
        by: WaiterId,
        /// Writes.
        on: bool,
    },
    /// Somebody has seen with whom they are and would talk.
    Ready {
        /// Where.
        room: RoomId,
        /// Who.
        by: WaiterId,
    },
    /// Somebody would keep the room, or no more.
    Keeps {
        /// Which.
        room: RoomId,
        /// Who.
        by: WaiterId,
        /// Would.
        on: bool,
    },
    /// Somebody is no longer in a room.
    Left {
        /// Which.
        room: RoomId,
        /// Who.
        who: WaiterId,
        /// As what they were known.
        name: DisplayName,
        /// Why.
        why: Departure,
        /// Whether they wait again.
        waits: bool,
    },
    /// A room is gone for all who are in it, who wait again or have gone on already.
    Over {
        /// Which.
        room: RoomId,
        /// Why.
        why: Departure,
    },
    /// A room is a group now, and gone.
    Kept {
        /// Which.
        room: RoomId,
        /// The group.
        group: GroupId,
    },
    /// Somebody is in no lobby any more, and not by their own wish.
    Out {
        /// Who.
        who: WaiterId,
        /// Of which lobby.
        group: GroupId,
        /// Why.
        why: Departure,
    },
    /// How many wait in a lobby has changed, or its speed chat has.
    Changed {
        /// Whose lobby.
        group: GroupId,
    },
    /// Something was said in the circle dialect that is no message to a room of two: in a named place, in the lobby
    /// itself, or to a room by its server.
    SaidAloud(Arc<SaidAloud>),
}

impl LobbyNotice {
    /// Whether it may be dropped where there is too much.
    #[must_use]
    pub const fn is_signal(&self) -> bool {
        matches!(self, Self::Typing { .. } | Self::Changed { .. })
    }
}

/// For whom a room is news.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// For all in it. The newcomer is the one whose coming made it, where somebody's did.
    Everybody {
        /// Who came last.
        newcomer: Option<WaiterId>,
    },
    /// One joined those who were there: for them it is news of one, for the one it is a room.
    Joined(WaiterId),
    /// One is back with another socket; the others have not noticed that they were away.
    Back(WaiterId),
}

/// A room with everybody in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomView {
    /// Which.
    pub id: RoomId,
    /// Of which lobby.
    pub group: GroupId,
    /// Its name in the circle dialect.
    pub name: String,
    /// Since when.
    pub began_at: Timestamp,
    /// When the round of speed chat that it belongs to ends.
    pub round_ends_at: Option<Timestamp>,
    /// Those in it: two or three, and one when the others have left.
    pub people: Vec<Occupant>,
}

impl RoomView {
    /// Somebody in it.
    #[must_use]
    pub fn find(&self, who: WaiterId) -> Option<&Occupant> {
        self.people.iter().find(|occupant| occupant.who == who)
    }
}

/// Somebody in a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occupant {
    /// Who; an account, or a connection without one.
    pub who: WaiterId,
    /// What they are called there.
    pub name: DisplayName,
    /// The public id of their newest socket.
    pub socket: String,
    /// Which node has it.
    pub node: i64,
    /// Whether they would keep the room.
    pub keeps: bool,
}

impl Occupant {
    /// The account, where there is one.
    #[must_use]
    pub fn account(&self) -> Option<AccountId> {
        self.who.account()
    }
}

/// Something said in a room.
#[derive(Clone, PartialEq, Eq)]
pub struct Said {
    /// Where.
    pub room: RoomId,
    /// By whom.
    pub by: WaiterId,
    /// As what they are known.
    pub name: DisplayName,
    /// When.
    pub at: Timestamp,
    /// What, as text.
    pub text: String,
    /// What, as the circle dialect sent it: a JSON object.
    pub raw: Option<Box<str>>,
}

/// Something said in the circle dialect that is no message to a room of two.
#[derive(Clone, PartialEq, Eq)]
pub struct SaidAloud {
    /// Where.
    pub place: Place,
    /// A JSON value, passed on as it is.
    pub raw: Box<str>,
}

/// Whom something said in the circle dialect is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A name that anybody may join.
    Named(Box<str>),
    /// Those who wait in a group's lobby.
    Lobby(GroupId),
    /// Those in a room who are there through the circle dialect: something that its server says.
    Room(RoomId),
}

// What was said is in no log line.
impl fmt::Debug for Said {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Said").field("room", &self.room).field("by", &self.by).finish_non_exhaustive()
    }
}

impl fmt::Debug for SaidAloud {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("SaidAloud").finish_non_exhaustive()
    }
}
