//! The lobby of a group: people wait, are put together two by two, talk in a room that nobody stores, and go on.
//!
//! Who waits, who is in which room and who met whom is in the database, so every decision is one transaction and holds
//! on every node. What is said goes over the bus and lives in the memory of the nodes that have somebody in the room.
//!
//! Reading order: `enter`, coming in by account or by code; `pairing`, who is put with whom, within a transaction;
//! `leave`, going on, going away, vanishing; [`room`] and [`reports`], what is done in a room; [`speed_chat`], rounds; `keep_time`, what
//! is due by the clock; `memory`, what this node knows; [`told`], how the faces hear of it.

mod enter;
mod keep_time;
mod leave;
mod memory;
mod pairing;
pub mod reports;
pub mod room;
pub mod speed_chat;
#[cfg(test)]
mod tests;
pub mod told;

pub use enter::Stranger;
pub use memory::LINES as REPORTED_LINES;
pub(crate) use memory::Memory;
pub(crate) use pairing::expel;

use crate::edges::Entropy;
use crate::limits::Limit;
use crate::{App, Failure};
use parlor_bus::{LobbyNotice, Notice, RoomView};
use parlor_core::permission::Denied;
use parlor_core::{Code, DisplayName, GroupId, Refusal, Timestamp, WaiterId};
use parlor_store::{Write, places};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

/// Where somebody is after they came in or went on.
#[derive(Clone, Debug)]
pub enum Standing {
    /// In the lobby.
    Waiting {
        /// Since when.
        since: Timestamp,
    },
    /// In a room: everybody with a socket in it is told of it, too.
    InRoom(Arc<RoomView>),
}

/// One who is in a lobby, and where.
#[derive(Clone, Debug)]
pub struct Entered {
    /// Of which group.
    pub group: GroupId,
    /// Who they are there: for one without an account the same as before if they came back.
    pub who: WaiterId,
    /// Where.
    pub standing: Standing,
}

/// Why something in a lobby was refused. Nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum LobbyError {
    /// There is no such group, or the caller is no member; or no group has that code.
    #[error("there is no such group")]
    NotFound,
    /// The caller's role does not allow it.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The caller is in a room of another lobby.
    #[error("you are in a room elsewhere: leave it first")]
    InRoomElsewhere,
    /// The caller is not in that room.
    #[error("you are not in that room")]
    NotInRoom,
    /// In a round of speed chat it is the clock that brings the next one.
    #[error("the next round brings the next one")]
    RoundRuns,
    /// Somebody in the room has no account, so it can not become a group.
    #[error("somebody in the room has no account, so it can not be kept")]
    NotAllHaveAccounts,
    /// Nobody else is left in the room.
    #[error("nobody else is there any more")]
    Alone,
    /// Too often.
    #[error("too many tries")]
    TooOften {
        /// When to try again.
        retry_after: Duration,
    },
    /// Ours.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl Refusal for LobbyError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound | Self::NotInRoom => Code::NotFound,
            Self::Denied(_) => Code::Forbidden,
            Self::InRoomElsewhere | Self::RoundRuns | Self::NotAllHaveAccounts | Self::Alone => {
                Code::Conflict
            }
            Self::TooOften { .. } => Code::RateLimited,
            Self::Failure(failure) => failure.code(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooOften { retry_after } => Some(*retry_after),
            Self::Failure(failure) => failure.retry_after(),
            _ => None,
        }
    }
}

/// One who comes in.
#[derive(Clone, Debug)]
pub(crate) struct Newcomer {
    who: WaiterId,
    name: DisplayName,
    /// The public id of the socket.
    socket: String,
    stranger: Option<Stranger>,
}

/// What a decision is made with, and what is to be told of it once it is committed.
pub(crate) struct Scene {
    now: Timestamp,
    node: i64,
    entropy: Arc<dyn Entropy>,
    told: Vec<LobbyNotice>,
    /// Groups in whose speed chat somebody left a table: looked at once, at the end of the decision.
    tables_left: BTreeSet<GroupId>,
}

impl Scene {
    pub(crate) fn tell(&mut self, notice: LobbyNotice) {
        self.told.push(notice);
    }

    /// A number below `bound`, each as likely but for one part in 2^64.
    fn chance(&self) -> impl FnMut(u64) -> u64 + use<> {
        let entropy = self.entropy.clone();
        move |bound| {
            let mut bytes = [0; 8];
            entropy.fill(&mut bytes);
            let scaled = (u128::from(u64::from_le_bytes(bytes)) * u128::from(bound)) >> 64;
            u64::try_from(scaled).unwrap_or(0)
        }
    }
}

impl App {
    pub(crate) fn scene(&self) -> Scene {
        Scene {
            now: self.now(),
            node: self.inner.node,
            entropy: self.inner.edges.entropy.clone(),
            told: Vec::new(),
            tables_left: BTreeSet::new(),
        }
    }

    /// One decision: what the job tells the scene is told in the order of the commits.
    pub(crate) async fn decide<T, E>(
        &self,
        job: impl FnOnce(&mut Write<'_>, &mut Scene) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Failure> + Send + 'static,
    {
        let mut scene = self.scene();
        let app = self.clone();
        self.store()
            .write(move |write| {
                let done = job(write, &mut scene)?;
                app.finish(write, scene)?;
                Ok(done)
            })
            .await
    }

    /// Ends a decision: lets speed chat follow, and tells what has changed once it is committed.
    pub(crate) fn finish(&self, write: &mut Write<'_>, mut scene: Scene) -> Result<(), Failure> {
        for group in std::mem::take(&mut scene.tables_left) {
            speed_chat::advance(write, &mut scene, group)?;
        }
        if scene.told.is_empty() {
            return Ok(());
        }
        let app = self.clone();
        write.after_commit(move || {
            for notice in scene.told {
                match notice {
                    // How many wait is told a few times a second, not for everybody who comes.
                    LobbyNotice::Changed { group } => app.inner.lobby.mark_changed(group),
                    notice => {
                        match &notice {
                            // Whoever is answered that they are in a room may speak there at once …
                            LobbyNotice::Room { .. } => {
                                app.inner.lobby.take(&notice, app.inner.node, app.now());
                            }
                            // … and whoever has left one no more, though the others hear of it a moment later.
                            LobbyNotice::Left { room, who, .. } => app.inner.lobby.mark_left(*room, *who),
                            _ => {}
                        }
                        app.tell(Notice::Lobby(notice));
                    }
                }
            }
        });
        Ok(())
    }

    /// Whether somebody is in a lobby, waiting or in a room.
    ///
    /// # Errors
    /// Ours only.
    pub async fn is_in_lobby(&self, who: WaiterId) -> Result<bool, Failure> {
        self.store().read(move |tx| Ok(places::load(tx, who)?.is_some())).await
    }

    fn may_move(&self, who: WaiterId) -> Result<(), LobbyError> {
        let key = self.limits().waiter(who);
        self.limits()
            .take(Limit::Lobby, key, self.now())
            .map_err(|retry_after| LobbyError::TooOften { retry_after })
    }
}
