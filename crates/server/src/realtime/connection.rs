//! Who is at a socket: decided once, when it connects, and again the moment its session ends.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use parlor_app::Caller;
use parlor_core::{DisplayName, GroupId};
use parlor_socketio::{ConnectError, ConnectRequest, Origin, Socket};
use parlor_wire::problem::{Code, Problem};
use parlor_wire::socket::{Connect, ConnectErrorData};

use super::Realtime;
use crate::http::problem::Failed;
use crate::http::session::cookie_in;

/// Sockets of one account on this node, where there are limits: more than any person's devices, fewer than would fill
/// the memory with what waits for them.
const MOST_SOCKETS: usize = 1_000;

/// What a socket keeps.
pub(super) struct Visitor {
    /// Shared with the calls under way; replaced when the account takes another name.
    caller: Mutex<Arc<Caller>>,
    /// The groups that it has open.
    opened: Mutex<BTreeSet<GroupId>>,
    /// Whether it was ever let into a lobby.
    in_a_lobby: AtomicBool,
}

impl Visitor {
    /// Of a socket of this namespace.
    pub(super) fn of(socket: &Socket) -> &Visitor {
        socket.state().expect("authorize gave every socket one")
    }

    /// Who is there.
    pub(super) fn caller(&self) -> Arc<Caller> {
        self.caller.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What is sent from now on is sent under this name.
    pub(super) fn rename(&self, name: &DisplayName) {
        let mut caller = self.caller.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::make_mut(&mut caller).account.display_name = name.clone();
    }

    /// True if it was not open before.
    pub(super) fn add(&self, group: GroupId) -> bool {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner).insert(group)
    }

    /// True if it was open.
    pub(super) fn remove(&self, group: GroupId) -> bool {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner).remove(&group)
    }

    pub(super) fn has_been_in_a_lobby(&self) {
        self.in_a_lobby.store(true, Ordering::Relaxed);
    }

    pub(super) fn was_in_a_lobby(&self) -> bool {
        self.in_a_lobby.load(Ordering::Relaxed)
    }

    fn take_all(&self) -> BTreeSet<GroupId> {
        std::mem::take(&mut *self.opened.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The token of `auth`; without one, the cookie, where a page of ours connects.
pub(super) async fn authorize(
    realtime: Option<Realtime>,
    request: ConnectRequest,
) -> Result<Visitor, ConnectError> {
    let realtime =
        realtime.ok_or_else(|| refused(&Problem::new(Code::Unavailable, "the server is stopping")))?;
    let connect: Connect =
        parlor_wire::parse::object(request.auth_json().as_bytes()).map_err(|problem| refused(&problem))?;
    let handshake = request.handshake();
    let token = match &connect.token {
        Some(token) => token.reveal(),
        None => match handshake.header("cookie").and_then(cookie_in) {
            Some(_) if handshake.origin() == Origin::Foreign => {
                return Err(refused(&Problem::new(
                    Code::Forbidden,
                    "a cookie counts only for pages of this site",
                )));
            }
            Some(token) => token,
            None => "",
        },
    };
    match realtime.0.app.authenticate(token).await {
        Ok(caller) if realtime.0.limited && realtime.0.people.of(caller.account.id).len() >= MOST_SOCKETS => {
            let problem = Problem::new(Code::RateLimited, "this account has too many sockets open");
            Err(refused(&problem.retry_after(60)))
        }
        Ok(caller) => Ok(Visitor {
            caller: Mutex::new(Arc::new(caller)),
            opened: Mutex::default(),
            in_a_lobby: AtomicBool::new(false),
        }),
        Err(error) => Err(refused(&Failed::from(error).0)),
    }
}

/// Lists the socket, so that it is found when its session ends; one that ended in between is found now.
pub(super) async fn connected(realtime: Realtime, socket: Socket) {
    let caller = Visitor::of(&socket).caller();
    realtime.0.people.add(caller.account.id, &socket);
    match realtime.0.app.ended_sessions(vec![caller.session]).await {
        Ok(ended) if ended.is_empty() => {}
        Ok(_) => socket.disconnect(),
        // The slow tick asks again.
        Err(error) => tracing::warn!(error = %error, "cannot tell whether a session is still there"),
    }
}

/// Forgets the socket, and tells the groups in which it was the account's last one.
pub(super) async fn disconnected(realtime: Realtime, socket: Socket) {
    let visitor = Visitor::of(&socket);
    realtime.0.people.remove(visitor.caller().account.id, &socket);
    for group in visitor.take_all() {
        realtime.depart(&socket, group);
    }
    realtime.close_watches(&socket);
    realtime.gone_from_duels(&socket);
    realtime.gone_from_lobby(&socket).await;
}

impl Realtime {
    /// Takes a socket out of a group's followers.
    pub(super) fn depart(&self, socket: &Socket, group: GroupId) {
        let caller = Visitor::of(socket).caller();
        if self.0.follows.leave(group, caller.account.id, socket) {
            self.0.app.presence(&caller, group, false);
        }
    }
}

fn refused(problem: &Problem) -> ConnectError {
    let data = ConnectErrorData { code: problem.code, retry_after: problem.retry_after };
    let data = serde_json::to_value(data).expect("a code is JSON");
    ConnectError::with_data(problem.detail.clone(), data)
}
