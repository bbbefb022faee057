//! The sockets of each account on this node: for what concerns a person and not a group.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use parlor_core::{AccountId, SessionId};
use parlor_socketio::Socket;

use super::connection::Visitor;

/// Who is connected.
#[derive(Default)]
pub(super) struct People(Mutex<HashMap<AccountId, Vec<Socket>>>);

impl People {
    pub(super) fn add(&self, account: AccountId, socket: &Socket) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(account)
            .or_default()
            .push(socket.clone());
    }

    pub(super) fn remove(&self, account: AccountId, socket: &Socket) {
        let mut people = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sockets) = people.get_mut(&account) {
            sockets.retain(|other| other != socket);
            if sockets.is_empty() {
                people.remove(&account);
            }
        }
    }

    /// The sockets of an account.
    pub(super) fn of(&self, account: AccountId) -> Vec<Socket> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&account).cloned().unwrap_or_default()
    }

    /// Every session that has a socket, with its account.
    pub(super) fn sessions(&self) -> Vec<(AccountId, SessionId)> {
        let people = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let sockets =
            people.iter().flat_map(|(account, sockets)| sockets.iter().map(|socket| (*account, socket)));
        let mut sessions: Vec<_> =
            sockets.map(|(account, socket)| (account, Visitor::of(socket).caller().session)).collect();
        sessions.sort_unstable();
        sessions.dedup();
        sessions
    }
}
