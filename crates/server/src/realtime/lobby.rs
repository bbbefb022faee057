//! Lobbies and rooms over `/v1`: what a client calls. What happens there comes over `lobby_told`.

use parlor_app::lobby::room::{Kept, Utterance};
use parlor_app::lobby::{Entered, LobbyError, Standing};
use parlor_core::lobby::Departure;
use parlor_core::{GroupId, MessageText, ReportReason, RoomId, WaiterId};
use parlor_socketio::{Event, Socket};
use parlor_wire::lobby::{
    LeaveLobby, LobbyState, OfLobby, OfRoom, RoomBlock, RoomKeep, RoomKept, RoomReport, RoomReported,
    RoomSend, RoomSent, RoomSignalCall, RoomSignalKind, Standing as WireStanding,
};
use parlor_wire::number::Id;
use parlor_wire::problem::Problem;
use parlor_wire::socket::Done;

use super::Realtime;
use super::calls::{acknowledge, group_of, parse, refused};
use super::connection::Visitor;
use super::lobby_view::{lobby_state, room_for};
use crate::http::problem::Failed;

/// `lobby_enter`
pub(super) async fn enter(realtime: Realtime, socket: Socket, mut event: Event) {
    let group = parse(&event).and_then(|call: OfLobby| group_of(call.group));
    let entered = match group {
        Ok(group) => realtime.enter_lobby(&socket, group).await,
        Err(problem) => Err(problem),
    };
    acknowledge(&mut event, entered);
}

/// `lobby_leave`
pub(super) async fn leave(realtime: Realtime, socket: Socket, mut event: Event) {
    let until = realtime.0.attendance.moment();
    let left = match parse(&event) {
        Ok(LeaveLobby {}) => realtime.0.app.leave_lobby(who(&socket)).await.map_err(refused),
        Err(problem) => Err(problem),
    };
    if left.is_ok() {
        realtime.everybody_leaves(who(&socket), until, &socket);
    }
    acknowledge(&mut event, left.map(|()| Done {}));
}

/// `lobby_state`
pub(super) async fn state(realtime: Realtime, socket: Socket, mut event: Event) {
    let group = parse(&event).and_then(|call: OfLobby| group_of(call.group));
    let state: Result<LobbyState, Problem> = match group {
        Ok(group) => {
            let caller = Visitor::of(&socket).caller();
            let state = realtime.0.app.lobby_state(&caller, group).await;
            state.map(|state| lobby_state(&state)).map_err(refused)
        }
        Err(problem) => Err(problem),
    };
    acknowledge(&mut event, state);
}

/// `room_send`
pub(super) async fn send(realtime: Realtime, socket: Socket, mut event: Event) {
    let sent = parse(&event).and_then(|call: RoomSend| {
        let text = MessageText::parse(call.text.reveal()).map_err(refused)?;
        let said = realtime.0.app.say_in_room(who(&socket), room_of(call.room)?, Utterance::Text(text));
        Ok(RoomSent { at: said.map_err(refused)?.into() })
    });
    acknowledge(&mut event, sent);
}

/// `room_signal`
pub(super) async fn signal(realtime: Realtime, socket: Socket, mut event: Event) {
    let done = parse(&event).and_then(|call: RoomSignalCall| {
        let room = room_of(call.room)?;
        match call.kind {
            RoomSignalKind::Typing => {
                realtime.0.app.typing_in_room(who(&socket), room, call.on).map_err(refused)
            }
            RoomSignalKind::Ready => realtime.0.app.ready_in_room(who(&socket), room).map_err(refused),
        }
    });
    acknowledge(&mut event, done.map(|()| Done {}));
}

/// `room_leave`
pub(super) async fn leave_room(realtime: Realtime, socket: Socket, mut event: Event) {
    let until = realtime.0.attendance.moment();
    let left = match parse(&event).and_then(|call: OfRoom| room_of(call.room)) {
        Ok(room) => realtime.0.app.leave_room(who(&socket), room).await.map_err(refused),
        Err(problem) => Err(problem),
    };
    if left.is_ok() {
        realtime.everybody_leaves(who(&socket), until, &socket);
    }
    acknowledge(&mut event, left.map(|()| Done {}));
}

/// `room_next`
pub(super) async fn next(realtime: Realtime, socket: Socket, mut event: Event) {
    let entered = match parse(&event).and_then(|call: OfRoom| room_of(call.room)) {
        Ok(room) => {
            let entered = realtime.0.app.next_room(who(&socket), room).await.map_err(refused);
            if entered.is_ok() {
                realtime.show_others_the_end(who(&socket), &socket, room);
            }
            entered
        }
        Err(problem) => Err(problem),
    };
    acknowledge(&mut event, entered.map(|entered| standing(&entered)));
}

/// `room_keep`
pub(super) async fn keep(realtime: Realtime, socket: Socket, mut event: Event) {
    let call = parse(&event).and_then(|call: RoomKeep| Ok((room_of(call.room)?, call.on)));
    let kept = match call {
        Ok((room, on)) => realtime.0.app.keep_room(who(&socket), room, on).await.map_err(refused),
        Err(problem) => Err(problem),
    };
    let answer = kept.map(|kept| match kept {
        Kept::NotYet => RoomKept { group: None },
        Kept::Group(group) => RoomKept { group: Some(group.into()) },
    });
    acknowledge(&mut event, answer);
}

/// `room_report`
pub(super) async fn report(realtime: Realtime, socket: Socket, mut event: Event) {
    let call = parse(&event).and_then(|call: RoomReport| {
        let reason = call.reason.as_ref().map_or("", |reason| reason.reveal());
        let reason = ReportReason::parse(reason).map_err(refused)?;
        Ok((room_of(call.room)?, key_of(call.about.as_deref())?, reason))
    });
    let reported = match call {
        Ok((room, about, reason)) => {
            realtime.0.app.report(who(&socket), room, about, reason).await.map_err(refused)
        }
        Err(problem) => Err(problem),
    };
    acknowledge(&mut event, reported.map(|report| RoomReported { report: report.into() }));
}

/// `room_block`
pub(super) async fn block(realtime: Realtime, socket: Socket, mut event: Event) {
    let call =
        parse(&event).and_then(|call: RoomBlock| Ok((room_of(call.room)?, key_of(call.about.as_deref())?)));
    let blocked = match call {
        Ok((room, about)) => realtime.0.app.block(who(&socket), room, about).await.map_err(refused),
        Err(problem) => Err(problem),
    };
    acknowledge(&mut event, blocked.map(|()| Done {}));
}

impl Realtime {
    async fn enter_lobby(&self, socket: &Socket, group: GroupId) -> Result<WireStanding, Problem> {
        let caller = Visitor::of(socket).caller();
        let who = WaiterId::from(caller.account.id);
        let is_new = self.0.attendance.list(who, socket);
        let entered = match self.0.app.enter_lobby(&caller, group, socket.id()).await {
            Ok(entered) => entered,
            Err(error) => {
                if is_new {
                    self.0.attendance.leave(who, socket);
                }
                return Err(refused(error));
            }
        };
        Visitor::of(socket).has_been_in_a_lobby();
        let sockets = self.0.attendance.settle(who, group, socket);
        if let Standing::InRoom(room) = &entered.standing {
            self.join_room(socket, room.id);
        }
        if sockets > 1 {
            // Another one of theirs may have left for all of them at the same moment.
            self.send_away_if_gone(who, group, Departure::Left).await;
        }
        if !socket.is_connected() {
            self.gone_from_lobby(socket).await;
        }
        Ok(standing(&entered))
    }

    /// A socket is gone: if it was the last one of its place here, the place is empty.
    pub(super) async fn gone_from_lobby(&self, socket: &Socket) {
        if !Visitor::of(socket).was_in_a_lobby() {
            return;
        }
        let who = who(socket);
        self.0.attendance.leave(who, socket);
        if self.0.attendance.sockets(who).is_empty() {
            self.0.app.vanish_from_lobby(who).await;
            if !self.0.attendance.sockets(who).is_empty() {
                self.0.app.appear_in_lobby(who).await;
            }
        }
    }
}

pub(super) fn who(socket: &Socket) -> WaiterId {
    WaiterId::from(Visitor::of(socket).caller().account.id)
}

fn standing(entered: &Entered) -> WireStanding {
    let group = entered.group.into();
    match &entered.standing {
        Standing::Waiting { since } => {
            WireStanding { group, waiting_since: Some((*since).into()), room: None }
        }
        Standing::InRoom(room) => {
            WireStanding { group, waiting_since: None, room: room_for(room, entered.who) }
        }
    }
}

/// An id out of range is no room's.
fn room_of(Id(id): Id) -> Result<RoomId, Problem> {
    RoomId::new(id).ok_or_else(|| refused(LobbyError::NotInRoom))
}

/// The `key` of somebody in a room; one that can be nobody's is refused like one of somebody who is not there.
fn key_of(key: Option<&str>) -> Result<Option<WaiterId>, Problem> {
    let parse = |key: &str| key.parse().map(WaiterId::new).map_err(|_| Failed::not_found().0);
    key.map(parse).transpose()
}
