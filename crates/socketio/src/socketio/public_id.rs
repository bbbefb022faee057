//! The id under which a socket may be told to others, and the wait until there is a good one.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::socket::Socket;
use crate::engine::packet::EngineVersion;
use crate::engine::session::Session;

/// A client that upgrades begins as soon as it is connected: one whose connection is older than this and that has not
/// begun stays on long-polling.
const UPGRADES_WITHIN: Duration = Duration::from_secs(1);

impl Socket {
    /// The id that the client itself knows as `socket.id`, where others may know it too.
    ///
    /// Clients of Engine.IO 4 were told [`Socket::id`]. Those of Engine.IO 3 make theirs from the id of their
    /// connection: `<sid>` in the main namespace, `<namespace>#<sid>` elsewhere. Whoever knows that one could poll in the
    /// client's name, but for a connection that a websocket carries, where nothing answers to it any more. So while
    /// such a client is on long-polling this is [`Socket::id`], which it does not know: see [`Socket::upgraded`].
    pub fn public_id(&self) -> String {
        let session = &self.0.seat.session;
        match (session.version, self.namespace()) {
            (EngineVersion::V3, "/") if session.is_on_websocket() => session.sid.as_str().to_owned(),
            (EngineVersion::V3, namespace) if session.is_on_websocket() => {
                format!("{namespace}#{}", session.sid.as_str())
            }
            _ => self.id().to_owned(),
        }
    }

    /// The version of Engine.IO that the client speaks.
    pub fn engine_version(&self) -> EngineVersion {
        self.0.seat.session.version
    }

    /// Waits until a websocket has taken over from long-polling, where that is likely to be under way. A young connection
    /// has `to_begin` for that; one whose websocket is asking already has `to_end` more. No wait at all where neither
    /// is so. Whether a websocket carries the connection then.
    pub async fn upgraded(&self, to_begin: Duration, to_end: Duration) -> bool {
        let session = &self.0.seat.session;
        if !session.is_on_websocket() && self.may_begin_to_upgrade(session) {
            let _ = tokio::time::timeout(to_begin, session.taken_over()).await;
        }
        if !session.is_on_websocket() && session.upgrading.load(Ordering::Acquire) {
            let _ = tokio::time::timeout(to_end, session.taken_over()).await;
        }
        session.is_on_websocket()
    }

    fn may_begin_to_upgrade(&self, session: &Session) -> bool {
        let Some(engine) = self.0.namespace.engine() else { return false };
        let age = engine.shards.clock.now().saturating_sub(session.opened_at);
        engine.config.websocket && u128::from(age) < UPGRADES_WITHIN.as_millis()
    }
}
