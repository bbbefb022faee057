//! `open`: everything after a position, and live from there without a hole.
//!
//! Follow first, then read. What was read ends at some place, what this node has delivered at another; only when both
//! are the same place does the socket enter, and its answer is put before all that is delivered after it.

use std::collections::BTreeSet;
use std::sync::{Arc, MutexGuard};

use parlor_app::Caller;
use parlor_app::resume::{MOST_BYTES, MOST_EVENTS, Resumed, Since};
use parlor_core::{Cursor, Event as LogEvent, EventBody, GroupId, Position};
use parlor_socketio::{Event, Socket};
use parlor_wire::number::Id;
use parlor_wire::problem::{Code, Problem};
use parlor_wire::signal::{Signal, SignalWhat};
use parlor_wire::socket::{
    Ack, Behind, OpenGroups, OpenRefused, Opened, OpenedGroup, OpenedGroups, Reload, True,
};

use super::Realtime;
use super::calls::{parse, refused};
use super::connection::Visitor;
use super::fan_out;
use super::follow::{Follow, Hold, lock};
use crate::http::problem::Failed;

/// Groups in one call.
const MOST_GROUPS: usize = 500;
/// Bytes of one answer. More would not fit beside what may wait for a slow reader; the groups beyond are answered with
/// `behind`, each by itself.
const MOST_ACK_BYTES: usize = 768 * 1024;
/// How often a flood may run ahead of the reading before the client is asked to come again.
const MOST_TRIES: usize = 50;

/// One group on its way to being open.
struct Opening<'a> {
    id: Id,
    after: Option<Position>,
    state: State<'a>,
}

enum State<'a> {
    /// Read; not entered yet.
    Read(Reading<'a>),
    /// Nothing to enter.
    Answered(OpenedGroup),
}

impl State<'_> {
    /// The same where its events fit, both into what one group may have and into what is left of `room`.
    fn within(self, room: &mut usize) -> Self {
        let State::Read(Reading { head, events, id, .. }) = &self else { return self };
        let size = encoded_size(events);
        if size > MOST_BYTES || size > *room {
            let (epoch, head) = (head.epoch.into(), head.seq.into());
            return State::Answered(OpenedGroup::Behind(Behind { id: *id, epoch, head, behind: True }));
        }
        *room -= size;
        self
    }
}

/// What was read of a group, up to `head`.
struct Reading<'a> {
    id: Id,
    hold: Hold<'a>,
    head: Position,
    events: Vec<Arc<LogEvent>>,
}

/// Handles the call.
pub(super) async fn open(realtime: Realtime, socket: Socket, mut event: Event) {
    let wanted = match parse::<OpenGroups>(&event).and_then(checked) {
        Ok(wanted) => wanted,
        Err(problem) => return event.acknowledge(&Ack::<OpenedGroups>::refused(problem)),
    };
    let caller = Visitor::of(&socket).caller();
    if let Err(too_often) = realtime.0.app.may_open(&caller) {
        return event.acknowledge(&Ack::<OpenedGroups>::refused(refused(too_often)));
    }
    let mut openings = Vec::with_capacity(wanted.groups.len());
    let mut room = MOST_ACK_BYTES;
    for group in wanted.groups {
        let after = group.after.map(parlor_wire::number::Position::to_core);
        let state = read(&realtime, &caller, group.id, after).await.within(&mut room);
        openings.push(Opening { id: group.id, after, state });
    }
    for _ in 0..MOST_TRIES {
        if enter(&realtime, &socket, &caller, &mut openings, &mut event) {
            greet(&realtime, &socket, &caller, &openings);
            return;
        }
        for opening in &mut openings {
            catch_up(&realtime, &caller, opening, &mut room).await;
        }
    }
    let problem = Problem::new(Code::Unavailable, "too much is being written; try again").retry_after(1);
    event.acknowledge(&Ack::<OpenedGroups>::refused(problem));
}

fn checked(wanted: OpenGroups) -> Result<OpenGroups, Problem> {
    let different: BTreeSet<Id> = wanted.groups.iter().map(|group| group.id).collect();
    if different.len() < wanted.groups.len() {
        return Err(Problem::invalid("groups", "the same group stands there twice"));
    }
    if wanted.groups.len() > MOST_GROUPS {
        return Err(Problem::invalid("groups", "too many groups at once"));
    }
    Ok(wanted)
}

/// Follows the group and reads what the client has missed.
async fn read<'a>(realtime: &'a Realtime, caller: &Caller, id: Id, after: Option<Position>) -> State<'a> {
    let Some(group) = GroupId::new(id.0) else {
        return State::Answered(refused_group(id, &Failed::not_found().0));
    };
    let hold = realtime.0.follows.hold(group);
    match realtime.0.app.resume(caller, group, after).await {
        Ok(resumed) => state_of(hold, id, resumed),
        Err(error) => State::Answered(refused_group(id, &refused(error))),
    }
}

fn state_of(hold: Hold<'_>, id: Id, Resumed { position, since, .. }: Resumed) -> State<'_> {
    let (epoch, head) = (position.epoch.into(), position.seq.into());
    match since {
        Since::Events(events) => State::Read(Reading { id, hold, head: position, events }),
        Since::Behind => State::Answered(OpenedGroup::Behind(Behind { id, epoch, head, behind: True })),
        Since::Reload => State::Answered(OpenedGroup::Reload(Reload { id, epoch, head, reload: True })),
    }
}

/// Enters all groups at once and acknowledges, if of each what was read ends where delivery is. The locks are held
/// together so that nothing of any group comes before the answer; they are taken in the order of the ids.
fn enter(
    realtime: &Realtime,
    socket: &Socket,
    caller: &Caller,
    openings: &mut [Opening<'_>],
    event: &mut Event,
) -> bool {
    for opening in openings.iter().filter(|opening| matches!(&opening.state, State::Answered(_))) {
        // Whoever is not told everything hears nothing: an earlier opening of the group ends here.
        if let Some(group) = GroupId::new(opening.id.0).filter(|group| Visitor::of(socket).remove(*group)) {
            realtime.depart(socket, group);
        }
    }
    let mut answers: Vec<Option<OpenedGroup>> = openings
        .iter()
        .map(|opening| match &opening.state {
            State::Answered(answer) => Some(answer.clone()),
            State::Read { .. } => None,
        })
        .collect();
    let mut order: Vec<usize> = (0..openings.len()).collect();
    order.sort_unstable_by_key(|index| openings[*index].id);
    let mut locked: Vec<(usize, &Reading<'_>, MutexGuard<'_, Follow>)> = Vec::new();
    for index in order {
        let State::Read(reading) = &openings[index].state else { continue };
        let follow = lock(&reading.hold.follow);
        if follow.cursor.is_some_and(|cursor| cursor.position() != reading.head) {
            return false;
        }
        locked.push((index, reading, follow));
    }
    for (index, reading, follow) in &mut locked {
        let answer = enter_group(realtime, socket, caller, openings[*index].id, reading, follow);
        answers[*index] = Some(answer);
    }
    event.acknowledge(&Ack::ok(OpenedGroups { groups: answers.iter().flatten().cloned().collect() }));
    drop(locked);
    // Only now: a hold takes the table's lock when it is dropped, which comes before those of the groups.
    for (opening, answer) in openings.iter_mut().zip(answers) {
        opening.state = State::Answered(answer.expect("every group was answered above"));
    }
    true
}

fn enter_group(
    realtime: &Realtime,
    socket: &Socket,
    caller: &Caller,
    id: Id,
    reading: &Reading<'_>,
    follow: &mut Follow,
) -> OpenedGroup {
    let head = reading.head;
    if socket.join(follow.room.clone()).is_err() {
        let problem = Problem::new(Code::Conflict, "this socket has too many groups open");
        return refused_group(id, &problem);
    }
    let cursor = follow.cursor.get_or_insert(Cursor::new(head));
    if follow.heard.is_some_and(|heard| cursor.behind(heard).is_some()) {
        // Heard of more before the first socket had read: that is delivered now, after this answer.
        let (realtime, follow) = (realtime.clone(), reading.hold.follow.clone());
        tokio::spawn(async move { fan_out::fill(&realtime, &follow).await });
    }
    Visitor::of(socket).add(follow.group);
    if follow.enter(caller.account.id, socket) {
        realtime.0.app.presence(caller, follow.group, true);
    }
    OpenedGroup::Opened(Opened {
        id,
        epoch: head.epoch.into(),
        head: head.seq.into(),
        events: reading.events.iter().map(|event| event.as_ref().into()).collect(),
    })
}

/// Brings what was read and what was delivered to one place.
async fn catch_up<'a>(realtime: &'a Realtime, caller: &Caller, opening: &mut Opening<'a>, room: &mut usize) {
    let State::Read(Reading { hold, head, events, .. }) = &mut opening.state else { return };
    let (delivered, newer) = {
        let mut follow = lock(&hold.follow);
        follow.hear(*head);
        let newer = follow.delivered_after(head.seq);
        (Realtime::delivered(&follow), newer)
    };
    match delivered {
        None => {}
        Some(delivered) if delivered == head.seq => {}
        // Delivery is behind the log: help it.
        Some(delivered) if delivered < head.seq => fan_out::fill(realtime, &hold.follow).await,
        // The log went on while it was read.
        Some(_) => match newer.filter(|newer| may_follow(caller, opening.after, events, newer)) {
            Some(newer) => {
                if let Some(last) = newer.last() {
                    head.seq = last.seq;
                }
                if opening.after.is_some() {
                    events.extend(newer);
                }
            }
            None => opening.state = read(realtime, caller, opening.id, opening.after).await.within(room),
        },
    }
}

/// Whether newer events can be put behind those that were read without asking the database again: the caller is still
/// a member after them, and the answer stays within its bound.
fn may_follow(
    caller: &Caller,
    after: Option<Position>,
    events: &[Arc<LogEvent>],
    newer: &[Arc<LogEvent>],
) -> bool {
    let is_removed = newer.iter().any(
        |event| matches!(&event.body, EventBody::MemberLeft { account, .. } if account.id == caller.account.id),
    );
    let fits = || {
        events.len() + newer.len() <= MOST_EVENTS && encoded_size(events) + encoded_size(newer) <= MOST_BYTES
    };
    !is_removed && (after.is_none() || fits())
}

/// Tells a socket who is there.
fn greet(realtime: &Realtime, socket: &Socket, caller: &Caller, openings: &[Opening<'_>]) {
    for opening in openings {
        let State::Answered(OpenedGroup::Opened(opened)) = &opening.state else { continue };
        let Some(group) = GroupId::new(opened.id.0) else { continue };
        realtime.0.app.with_present(group, |present| {
            let accounts = present.into_iter().filter(|account| *account != caller.account.id);
            let what = SignalWhat::Here { accounts: accounts.map(Into::into).collect() };
            socket.emit("signal", &Signal { group: opened.id, what });
        });
    }
}

/// Bytes of events as they are sent. They are few, and counting them takes no memory.
fn encoded_size(events: &[Arc<LogEvent>]) -> usize {
    let mut count = Count(0);
    for event in events {
        let event = parlor_wire::event::Event::from(event.as_ref());
        serde_json::to_writer(&mut count, &event).expect("an event is JSON");
    }
    count.0
}

/// Counts what is written.
struct Count(usize);

impl std::io::Write for Count {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn refused_group(id: Id, problem: &Problem) -> OpenedGroup {
    OpenedGroup::Refused(OpenRefused { id, error: problem.clone().into() })
}
