//! Rooms and lobbies as `/v1` shows them.

use parlor_app::lobby::speed_chat::LobbyState as AppLobbyState;
use parlor_bus::{Occupant as BusOccupant, RoomView};
use parlor_core::{DisplayName, WaiterId};
use parlor_wire::lobby::{LobbyState, Occupant, Room, Somebody, SpeedChat};

/// Lines that go along with a report; `parlor_app::lobby` keeps as many.
const REPORTED_LINES: u32 = parlor_app::lobby::REPORTED_LINES as u32;

/// A room as one of those in it sees it; `None` for anybody else.
pub fn room_for(room: &RoomView, who: WaiterId) -> Option<Room> {
    let me = room.find(who)?;
    Some(Room {
        room: room.id.into(),
        group: room.group.into(),
        me: occupant(me),
        partners: room.people.iter().filter(|other| other.who != who).map(occupant).collect(),
        began_at: room.began_at.into(),
        round_ends_at: room.round_ends_at.map(Into::into),
        reported_lines: REPORTED_LINES,
    })
}

/// A lobby.
pub fn lobby_state(state: &AppLobbyState) -> LobbyState {
    let speed_chat = state.speed_chat.as_ref().map(|chat| SpeedChat {
        tables: state
            .tables
            .iter()
            .map(|table| table.iter().map(|(who, name)| somebody(*who, name)).collect())
            .collect(),
        sitting_out: state.sitting_out.iter().map(|(who, name)| somebody(*who, name)).collect(),
        ..SpeedChat::from(chat)
    });
    LobbyState {
        group: state.group.into(),
        waiting: state.waiting,
        since: state.since.map(Into::into),
        speed_chat,
    }
}

/// Somebody, by a key that tells those of a room apart.
pub fn somebody(who: WaiterId, name: &DisplayName) -> Somebody {
    Somebody { key: key(who), id: who.account().map(Into::into), name: name.to_string() }
}

/// The key.
pub fn key(who: WaiterId) -> String {
    who.get().to_string()
}

fn occupant(occupant: &BusOccupant) -> Occupant {
    Occupant {
        key: key(occupant.who),
        id: occupant.account().map(Into::into),
        name: occupant.name.to_string(),
        keeps: occupant.keeps,
    }
}
