//! From the bus to the sockets. The bus is a hint: what it lost, doubled or swapped is mended from the log.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use parlor_bus::{EndedSessions, Notice, Received, Signal, SignalKind, Subscription};
use parlor_core::{AccountId, DisplayName, GroupId, Position};
use parlor_socketio::Values;
use parlor_wire::signal::{Signal as WireSignal, SignalWhat};
use parlor_wire::socket::Resume;

use super::connection::Visitor;
use super::follow::{Follow, lock};
use super::{Realtime, Shared};

/// How often the ends of quiet groups are compared with their logs: so late a lost last event comes. A node that is
/// alone loses one only where its own queue was full, which it is told.
const COMPARE_HEADS: Duration = Duration::from_secs(5);
/// The same for one of several nodes, of whose hints any may be lost.
const COMPARE_HEADS_AMONG_OTHERS: Duration = Duration::from_secs(2);
/// How often sockets are asked whether their session has expired meanwhile.
const COMPARE_SESSIONS: Duration = Duration::from_secs(30);
/// Groups or sessions in one question to the database.
const BATCH: usize = 500;

/// Takes what comes over the bus, one after another, as long as the realtime layer is there.
pub(super) async fn run(mut subscription: Subscription, shared: Weak<Shared>) {
    while let Some(received) = subscription.receive().await {
        let Some(realtime) = shared.upgrade().map(Realtime) else { return };
        match received {
            Received::Notice(notice) => take(&realtime, notice),
            Received::Missed => {
                tracing::warn!("notices were lost on the way; comparing with the log");
                tokio::spawn(async move {
                    let groups = realtime.0.follows.groups();
                    compare_heads(&realtime, groups).await;
                    compare_sessions(&realtime).await;
                });
            }
        }
    }
}

/// The slow tick.
pub(super) async fn look_around(shared: Weak<Shared>, among_others: bool) {
    let every = if among_others { COMPARE_HEADS_AMONG_OTHERS } else { COMPARE_HEADS };
    let mut sessions_compared: Option<tokio::time::Instant> = None;
    let mut ticks = tokio::time::interval(every);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let Some(realtime) = shared.upgrade().map(Realtime) else { return };
        let groups = realtime.0.follows.groups();
        compare_heads(&realtime, groups).await;
        // While the bus is away nobody says that a session has ended.
        let is_deaf = !realtime.0.app.is_told_by_others();
        if is_deaf || sessions_compared.is_none_or(|at| at.elapsed() >= COMPARE_SESSIONS) {
            sessions_compared = Some(tokio::time::Instant::now());
            compare_sessions(&realtime).await;
        }
    }
}

fn take(realtime: &Realtime, notice: Notice) {
    match notice {
        Notice::Events(events) => {
            for event in events.iter() {
                let Some(follow) = realtime.0.follows.find(event.group) else { continue };
                let is_whole = realtime.deliver(&mut lock(&follow), event);
                if !is_whole {
                    fill_later(realtime, follow);
                }
            }
        }
        Notice::Head { group, position } => hear(realtime, group, position),
        Notice::Signal(signal) => pass_on(realtime, &signal),
        Notice::SessionsEnded(ended) => disconnect(realtime, ended),
        // The same comes as an event, in order; but to duels nothing comes of the log.
        Notice::Membership { group, account, role: None } => {
            realtime.send_away_from_duels(group, Some(account));
        }
        Notice::Membership { role: Some(_), .. } => {}
        Notice::ReadMoved { group, account, last_read, unread } => {
            let what =
                SignalWhat::Read { last_read: last_read.into(), unread: unread.try_into().unwrap_or(0) };
            let values = Values::one(&WireSignal { group: group.into(), what });
            for socket in realtime.0.people.of(account) {
                socket.emit_volatile("signal", &values);
            }
        }
        Notice::Renamed { account, name } => rename(realtime, account, &name),
        // Lobbies have a road of their own, see lobby_told.
        Notice::Lobby(_) => {}
        // Nor do viewers concern the log, see watch_told.
        Notice::Viewer { .. } => {}
        // What of these is to be shown comes as a signal.
        Notice::Here { .. } | Notice::NoLongerHere { .. } | Notice::WhoIsHere { .. } => {}
        Notice::GroupGone { group } => {
            gone(realtime, group);
            realtime.send_away_from_duels(group, None);
        }
    }
}

/// Compares what was delivered of some groups with the ends of their logs.
pub(super) async fn compare_heads(realtime: &Realtime, groups: Vec<GroupId>) {
    for batch in groups.chunks(BATCH) {
        match realtime.0.app.heads(batch.to_vec()).await {
            Ok(heads) => {
                let there: HashSet<GroupId> = heads.iter().map(|(group, _)| *group).collect();
                for (group, position) in heads {
                    hear(realtime, group, position);
                }
                for group in batch.iter().filter(|group| !there.contains(group)) {
                    gone(realtime, *group);
                }
            }
            // The next turn asks again.
            Err(error) => tracing::warn!(error = %error, "cannot compare with the log"),
        }
    }
}

async fn compare_sessions(realtime: &Realtime) {
    for batch in realtime.0.people.sessions().chunks(BATCH) {
        match realtime.0.app.ended_sessions(batch.iter().map(|(_, session)| *session).collect()).await {
            Ok(ended) => {
                for (account, session) in batch.iter().filter(|(_, session)| ended.contains(session)) {
                    disconnect(
                        realtime,
                        EndedSessions { account: *account, only: Some(*session), except: None },
                    );
                }
            }
            Err(error) => tracing::warn!(error = %error, "cannot tell which sessions are still there"),
        }
    }
}

fn hear(realtime: &Realtime, group: GroupId, position: Position) {
    let Some(follow) = realtime.0.follows.find(group) else { return };
    let is_behind = {
        let mut follow = lock(&follow);
        follow.hear(position);
        follow.cursor.is_some_and(|cursor| cursor.behind(position).is_some())
    };
    if is_behind {
        fill_later(realtime, follow);
    }
}

fn fill_later(realtime: &Realtime, follow: Arc<Mutex<Follow>>) {
    let realtime = realtime.clone();
    tokio::spawn(async move { fill(&realtime, &follow).await });
}

/// Reads from the log what is missing and delivers it. Several at once do no harm: each event is delivered once.
pub(super) async fn fill(realtime: &Realtime, follow: &Arc<Mutex<Follow>>) {
    loop {
        let (group, after) = {
            let follow = lock(follow);
            let (Some(cursor), Some(heard)) = (follow.cursor, follow.heard) else { return };
            match cursor.behind(heard) {
                None => return,
                Some(parlor_core::cursor::Step::Gap { after, .. }) => (follow.group, after),
                Some(_) => {
                    let group = follow.group;
                    drop(follow);
                    return start_anew(realtime, group);
                }
            }
        };
        match realtime.0.app.events_after(group, after).await {
            Ok(Some(page)) if !page.reload => {
                let mut follow = lock(follow);
                if page.events.is_empty() {
                    // Heard of more than there is: a hint of another life of the log, or of none.
                    follow.heard = Some(page.position);
                }
                for event in &page.events {
                    realtime.deliver(&mut follow, event);
                }
            }
            Ok(Some(_)) => return start_anew(realtime, group),
            Ok(None) => return gone(realtime, group),
            Err(error) => {
                // The slow tick finds it again.
                tracing::warn!(error = %error, "cannot read a group's log");
                return;
            }
        }
    }
}

/// The log has another life than the one that was followed: every client must look for itself.
fn start_anew(realtime: &Realtime, group: GroupId) {
    tracing::warn!(group.id = group.get(), "a group's log was replaced");
    gone(realtime, group);
}

/// Nothing comes from the group any more: its clients are told to open it again, and learn what became of it.
fn gone(realtime: &Realtime, group: GroupId) {
    let sockets = realtime.0.follows.forget(group);
    for socket in &sockets {
        Visitor::of(socket).remove(group);
        socket.emit("resume", &Resume::Group { group: group.into() });
    }
    realtime.tell_absence(&sockets, group);
    realtime.faces().for_each(|face| face.gone(group));
}

fn pass_on(realtime: &Realtime, signal: &Signal) {
    let Some(follow) = realtime.0.follows.find(signal.group) else { return };
    let by = (&signal.by).into();
    let what = match &signal.kind {
        SignalKind::Typing { on } => SignalWhat::Typing { by, on: *on },
        SignalKind::Presence { online } => SignalWhat::Presence { by, online: *online },
        SignalKind::Cheer { emoji } => SignalWhat::Cheer { by, emoji: emoji.as_str().to_owned() },
    };
    let follow = lock(&follow);
    let mut others = realtime.namespace().to(follow.room.clone());
    // Who is there is not said again: a reader for whom it is too much is told to open the group anew, and learns it.
    if !matches!(signal.kind, SignalKind::Presence { .. }) {
        others = others.volatile();
    }
    for own in follow.sockets_of(signal.by.id) {
        others = others.except(own);
    }
    others.emit("signal", &WireSignal { group: signal.group.into(), what });
}

/// What they do from now on on an open socket is done under the new name.
fn rename(realtime: &Realtime, account: AccountId, name: &DisplayName) {
    for socket in realtime.0.people.of(account) {
        Visitor::of(&socket).rename(name);
    }
}

fn disconnect(realtime: &Realtime, ended: EndedSessions) {
    for socket in realtime.0.people.of(ended.account) {
        if ended.includes(ended.account, Visitor::of(&socket).caller().session) {
            socket.disconnect();
        }
    }
}
