//! The calls of a client that concern one message or one group: each parses, calls one operation, acknowledges.
//!
//! Those that write let the socket's next call start as soon as theirs is with the writer, which keeps their order.

use parlor_app::messages::{Changed, Draft};
use parlor_core::{ClientId, Emoji, GroupId, MessageText, Refusal, Seq};
use parlor_socketio::{Event, Socket};
use parlor_wire::message::{Changed as WireChanged, Sent, Unread};
use parlor_wire::number::Id;
use parlor_wire::problem::Problem;
use parlor_wire::socket::{
    Ack, CloseGroup, DeleteCall, Done, EditCall, ReactCall, ReadCall, SendMessage, TypingCall,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Realtime;
use super::connection::Visitor;
use crate::http::problem::Failed;

/// `send`
pub(super) async fn send(realtime: Realtime, socket: Socket, mut event: Event) {
    let sent = match parse(&event).and_then(|call: SendMessage| draft(&call)) {
        Ok((group, draft)) => {
            let committed = realtime.0.app.submit_message(&Visitor::of(&socket).caller(), group, draft);
            event.let_go();
            committed.await.map_err(refused)
        }
        Err(problem) => Err(problem),
    };
    let answer = sent.map(|sent| Sent { event: sent.event.as_ref().into(), duplicate: sent.duplicate });
    acknowledge(&mut event, answer);
}

fn draft(call: &SendMessage) -> Result<(GroupId, Draft), Problem> {
    let draft = Draft {
        client_id: ClientId::parse(&call.client_id).map_err(refused)?,
        text: MessageText::parse(call.text.reveal()).map_err(refused)?,
        reply_to: call.reply_to.map(parlor_wire::number::Seq::to_core),
        files: parlor_wire::message::named_files(call.files.as_deref()).map_err(refused)?,
    };
    Ok((group_of(call.group)?, draft))
}

/// `edit`
pub(super) async fn edit(realtime: Realtime, socket: Socket, mut event: Event) {
    let changed = match parse(&event).and_then(|call: EditCall| new_text(&call)) {
        Ok((group, seq, text)) => {
            let committed = realtime.0.app.edit_message(&Visitor::of(&socket).caller(), group, seq, text);
            event.let_go();
            committed.await.map_err(refused)
        }
        Err(problem) => Err(problem),
    };
    acknowledge(&mut event, changed.map(|change| wire_change(&change)));
}

fn new_text(call: &EditCall) -> Result<(GroupId, Seq, MessageText), Problem> {
    let text = MessageText::parse(call.text.reveal()).map_err(refused)?;
    Ok((group_of(call.group)?, call.seq.to_core(), text))
}

/// `delete`
pub(super) async fn delete(realtime: Realtime, socket: Socket, mut event: Event) {
    let call = parse(&event).and_then(|call: DeleteCall| Ok((group_of(call.group)?, call.seq.to_core())));
    let changed = match call {
        Ok((group, seq)) => {
            let committed = realtime.0.app.delete_message(&Visitor::of(&socket).caller(), group, seq);
            event.let_go();
            committed.await.map_err(refused)
        }
        Err(problem) => Err(problem),
    };
    acknowledge(&mut event, changed.map(|change| wire_change(&change)));
}

/// `react`
pub(super) async fn react(realtime: Realtime, socket: Socket, mut event: Event) {
    let changed = match parse(&event).and_then(|call: ReactCall| reaction(&call)) {
        Ok((group, seq, emoji, on)) => {
            let committed = realtime.0.app.react(&Visitor::of(&socket).caller(), group, seq, emoji, on);
            event.let_go();
            committed.await.map_err(refused)
        }
        Err(problem) => Err(problem),
    };
    acknowledge(&mut event, changed.map(|change| wire_change(&change)));
}

fn reaction(call: &ReactCall) -> Result<(GroupId, Seq, Emoji, bool), Problem> {
    let emoji = Emoji::parse(&call.emoji).map_err(refused)?;
    Ok((group_of(call.group)?, call.seq.to_core(), emoji, call.on))
}

/// `read`
pub(super) async fn read(realtime: Realtime, socket: Socket, mut event: Event) {
    let call = parse(&event).and_then(|call: ReadCall| Ok((group_of(call.group)?, call.seq.to_core())));
    let unread = match call {
        Ok((group, seq)) => {
            let committed = realtime.0.app.mark_read(&Visitor::of(&socket).caller(), group, seq);
            event.let_go();
            committed.await.map_err(refused)
        }
        Err(problem) => Err(problem),
    };
    let answer = unread.map(|state| Unread {
        unread: u64::try_from(state.unread).unwrap_or(0),
        last_read: state.last_read.into(),
    });
    acknowledge(&mut event, answer);
}

/// `typing`
pub(super) async fn typing(realtime: Realtime, socket: Socket, mut event: Event) {
    let call = parse(&event).and_then(|call: TypingCall| Ok((group_of(call.group)?, call.on)));
    let done = match call {
        Ok((group, on)) => {
            realtime.0.app.typing(&Visitor::of(&socket).caller(), group, on).await.map_err(refused)
        }
        Err(problem) => Err(problem),
    };
    acknowledge(&mut event, done.map(|()| Done {}));
}

/// `close`
pub(super) async fn close(realtime: Realtime, socket: Socket, mut event: Event) {
    let group = parse(&event).and_then(|call: CloseGroup| group_of(call.group));
    let closed = group.map(|group| {
        if Visitor::of(&socket).remove(group) {
            realtime.depart(&socket, group);
        }
        Done {}
    });
    acknowledge(&mut event, closed);
}

/// The one argument of a call.
pub(super) fn parse<T: DeserializeOwned>(event: &Event) -> Result<T, Problem> {
    parlor_wire::parse::object(event.arguments().json(0).unwrap_or_default().as_bytes())
}

/// What an operation refused, as REST would say it.
pub(super) fn refused(refusal: impl Refusal + 'static) -> Problem {
    Failed::from(refusal).0
}

pub(super) fn acknowledge<T: Serialize>(event: &mut Event, answer: Result<T, Problem>) {
    match answer {
        Ok(answer) => event.acknowledge(&Ack::ok(answer)),
        Err(problem) => event.acknowledge(&Ack::<T>::refused(problem)),
    }
}

/// An id out of range is no group's.
pub(super) fn group_of(Id(id): Id) -> Result<GroupId, Problem> {
    GroupId::new(id).ok_or_else(|| Failed::not_found().0)
}

fn wire_change(change: &Changed) -> WireChanged {
    WireChanged { event: change.event.as_deref().map(Into::into) }
}
