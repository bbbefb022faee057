//! What becomes due while a group watches: all are ready, it is over, somebody has no data, the host is gone. And who
//! watches, for the faces to show.

use super::change::Change;
use super::rooms::Task;
use super::{WatchError, WatchView};
use crate::{App, Failure};
use parlor_bus::{Notice, Received, Subscription};
use parlor_core::watch::{Audience, due};
use parlor_core::{EventBody, GroupId, Timestamp};
use parlor_store::{heads, watches};
use std::sync::Arc;
use std::time::Duration;

pub use super::rooms::ShownViewer;

/// How often it is looked what is due: so late a start comes at most, well below what a network adds.
const EVERY: Duration = Duration::from_millis(20);
/// How often viewers are shown each other, in turns of the above.
const SHOW_EVERY: u64 = 50;
/// How often it is noted that the server is alive while something plays, in the same turns: so exact is where it stands
/// after a crash.
const NOTE_EVERY: u64 = 250;
/// After a failure the same is tried again this much later.
const AGAIN: Duration = Duration::from_secs(1);

/// A face through which people watch. Must not wait.
pub trait WatchFace: Send + Sync {
    /// Who watches, and how their players are.
    fn viewers(&self, group: GroupId, viewers: &[ShownViewer]);
}

impl App {
    /// Keeps the time of all players with viewers on this node, until the bus is gone; whoever starts the server runs it.
    pub async fn follow_watches(&self, faces: Vec<Arc<dyn WatchFace>>) {
        let mut subscription = self.subscribe();
        let mut ticks = tokio::time::interval(EVERY);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        for turn in 0_u64.. {
            ticks.tick().await;
            if !self.hear_news(&mut subscription) {
                return;
            }
            for (group, task) in self.inner.watches.tasks(self.media_clock()) {
                tokio::spawn(self.clone().do_task(group, task));
            }
            if turn % SHOW_EVERY == 0 {
                for (group, viewers) in self.inner.watches.shown(self.media_clock()) {
                    faces.iter().for_each(|face| face.viewers(group, &viewers));
                }
            }
            if turn % NOTE_EVERY == 0 && self.inner.watches.any_plays() {
                self.note_alive().await;
            }
        }
    }

    /// Takes everything that has come since the last turn; false once the bus is gone.
    fn hear_news(&self, subscription: &mut Subscription) -> bool {
        while let Some(received) = subscription.try_receive() {
            match received {
                Received::Notice(Notice::Viewer { group, account, news }) => {
                    self.inner.watches.viewer(group, account, news, self.media_clock());
                }
                Received::Notice(Notice::Events(events)) => {
                    for event in events.iter() {
                        if let EventBody::Player(_) = &event.body {
                            self.inner.watches.hear(event);
                        }
                    }
                }
                // A change of the player on another node comes as its place in the log.
                Received::Notice(Notice::Head { group, .. }) => self.inner.watches.read_again(group),
                Received::Notice(Notice::GroupGone { group }) => self.inner.watches.forget(group),
                Received::Notice(_) => {}
                Received::Missed => self.inner.watches.read_all_again(),
            }
        }
        !subscription.is_over()
    }

    async fn do_task(self, group: GroupId, task: Task) {
        let done = match task {
            Task::Read => self.read_again(group).await,
            Task::Change(audience) => self.make_due(group, audience).await,
        };
        let now = self.media_clock();
        let again = match done {
            Ok(()) => now,
            Err(error) => {
                tracing::warn!(error = %error, group.id = group.get(), "a player is behind the clock");
                now.plus(AGAIN)
            }
        };
        self.inner.watches.done(group, again);
    }

    async fn make_due(&self, group: GroupId, audience: Audience) -> Result<(), WatchError> {
        let app = self.clone();
        let ordered = Change { group, by: None, number: None };
        let changed = self.change_watch(ordered, move |_, watch| {
            Ok::<_, WatchError>(due(watch, &audience, app.media_clock()))
        });
        changed.await.map(drop)
    }

    async fn read_again(&self, group: GroupId) -> Result<(), WatchError> {
        let now: Timestamp = self.media_clock();
        let read = self.store().read::<_, Failure>(move |tx| {
            let head = heads::load(tx, group)?;
            let stored = watches::load(tx, group)?;
            Ok(head.zip(stored).map(|(head, stored)| WatchView {
                watch: stored.watch,
                position: head.position,
                now,
            }))
        });
        self.inner.watches.refresh(group, read.await?);
        Ok(())
    }

    async fn note_alive(&self) {
        let now = self.now();
        if let Err(error) =
            self.store().write::<_, Failure>(move |write| watches::note_alive(write, now)).await
        {
            tracing::warn!(error = %error, "cannot note that the players are alive");
        }
    }
}
