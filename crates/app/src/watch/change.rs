//! One change of a group's player: decided, appended to the log and written down in one transaction.

use super::{WatchError, WatchView};
use crate::App;
use parlor_core::watch::{Change as WatchChange, Phase, Watch};
use parlor_core::{AccountId, Author, ClientId, Epoch, Event, EventBody, GroupId, Timestamp};
use parlor_store::watches::{self, StoredWatch};
use parlor_store::{Failure, Write, groups, log};
use sha2::{Digest, Sha256};
use std::collections::VecDeque;
use std::sync::Arc;

/// Whose change it is, and of what.
pub(super) struct Change {
    pub(super) group: GroupId,
    /// Who asked for it; `None` for what becomes due by itself, which is told under the name of whoever was last.
    pub(super) by: Option<Author>,
    /// The number of the command, which is carried out once.
    pub(super) number: Option<i64>,
}

/// 63 bits of a hash: two commands of the last 64 in one group are never taken for each other.
pub(super) fn command_number(account: AccountId, client_id: &ClientId) -> i64 {
    let mut hash = Sha256::new();
    hash.update(account.get().to_le_bytes());
    hash.update(client_id.as_str());
    let bytes: [u8; 32] = hash.finalize().into();
    i64::from_le_bytes([0, 1, 2, 3, 4, 5, 6, 7].map(|at: usize| bytes[at])) & i64::MAX
}

impl App {
    /// The life of the clock that players speak of: another at each start. Nodes that hear each other share one: each of
    /// their clocks began as the wall clock, so films are as far apart as the nodes' clocks are.
    pub(super) fn media_epoch(&self) -> Epoch {
        if self.is_among_others() {
            return Epoch::new(1).expect("1 is an epoch");
        }
        Epoch::new(self.inner.node).expect("a node's number was made as an epoch")
    }

    /// Makes a change of the state as it is in the database, if `decide` finds one.
    pub(super) async fn change_watch<E>(
        &self,
        ordered: Change,
        decide: impl FnOnce(&mut Write<'_>, &Watch) -> Result<Option<WatchChange>, E> + Send + 'static,
    ) -> Result<Option<Arc<Event>>, E>
    where
        E: From<Failure> + Send + 'static,
    {
        let app = self.clone();
        let Change { group, by, number } = ordered;
        self.store()
            .write_in(group, move |write| {
                let mut stored = app.load_alive(write, group)?;
                if number.is_some_and(|number| !stored.remember(number)) {
                    return Ok(None);
                }
                let Some(change) = decide(write, &stored.watch)? else { return Ok(None) };
                if by.is_some() {
                    stored.last_by = by;
                }
                Ok(Some(app.append_change(write, group, &mut stored, &change)?))
            })
            .await
    }

    /// Brings a player that was left by an earlier life of the server into this one: it stands where it was.
    pub(super) async fn bring_to_life(&self, group: GroupId) -> Result<(), WatchError> {
        let (epoch, app) = (self.media_epoch(), self.clone());
        let is_old = self.store().read::<_, Failure>(move |tx| {
            Ok(watches::load(tx, group)?.is_some_and(|stored| stored.watch.play.epoch != epoch))
        });
        if is_old.await? {
            self.store()
                .write_in::<_, Failure>(group, move |write| app.load_alive(write, group).map(drop))
                .await?;
        }
        Ok(())
    }

    fn load_alive(&self, write: &mut Write<'_>, group: GroupId) -> Result<StoredWatch, Failure> {
        let (epoch, steady) = (self.media_epoch(), self.media_clock());
        let Some(mut stored) = watches::load(write, group)? else {
            let watch = Watch::new(epoch, steady);
            return Ok(StoredWatch { watch, last_by: None, commands: VecDeque::new(), alive_at: self.now() });
        };
        if stored.watch.play.epoch != epoch {
            let last_alive = played_until(&stored);
            let change = stored.watch.restart(epoch, last_alive, steady);
            self.append_change(write, group, &mut stored, &change)?;
        }
        Ok(stored)
    }

    fn append_change(
        &self,
        write: &mut Write<'_>,
        group: GroupId,
        stored: &mut StoredWatch,
        change: &WatchChange,
    ) -> Result<Arc<Event>, Failure> {
        let now = self.now();
        let by = match &stored.last_by {
            Some(by) => by.clone(),
            None => owner(write, group, now)?,
        };
        stored.watch.apply(change);
        stored.alive_at = now;
        let event = log::append(write, group, &by, now, EventBody::Player(Arc::new(change.clone())))?;
        watches::save(write, group, stored, change, &event)?;
        let position = event.position();
        let (app, watch) = (self.clone(), stored.watch.clone());
        write.after_commit(move || {
            let now = app.media_clock();
            app.inner.watches.update(group, WatchView { watch, position, now });
        });
        Ok(event)
    }
}

/// The server noted the wall clock every few seconds while it played, and the player speaks of a clock that began with
/// it and is not set: the two differ by as much as the wall clock was set since, which is usually nothing.
fn played_until(stored: &StoredWatch) -> Timestamp {
    match stored.watch.play.phase {
        Phase::Playing => stored.alive_at.max(stored.watch.play.at),
        _ => stored.watch.play.at,
    }
}

/// Under whose name a change is told that nobody asked for in a group where nobody ever asked for any.
fn owner(write: &mut Write<'_>, group: GroupId, now: Timestamp) -> Result<Author, Failure> {
    let group = groups::load(write, group, now)?.ok_or_else(|| Failure::internal("a group is not there"))?;
    let owner = parlor_store::accounts::load(write, group.owner_id)?;
    Ok(owner.ok_or_else(|| Failure::internal("an owner is not there"))?.account.author())
}
