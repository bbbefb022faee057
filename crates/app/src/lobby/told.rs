//! How the faces hear what happens in lobbies and rooms: in the order in which it comes over the bus, each thing once,
//! with the room as it is then.

use super::speed_chat::LobbyState;
use crate::{App, Failure};
use parlor_bus::{LobbyNotice, News, Notice, Received, RoomView, Subscription};
use parlor_core::lobby::Departure;
use parlor_core::{GroupId, RoomId, WaiterId};
use parlor_store::{nodes, places};
use std::collections::HashSet;
use std::sync::Arc;

/// A face that people are in a lobby through: it has their sockets. Neither of these may wait.
pub trait LobbyFace: Send + Sync {
    /// Something happened. `room` is the room of it as it is now, with those who are still in it; `None` where nobody
    /// of it is on this node, or the notice is of no room.
    fn tell(&self, notice: &LobbyNotice, room: Option<&RoomView>);

    /// How many wait, or the speed chat, is different now.
    fn crowd(&self, state: &LobbyState);

    /// The group is gone, and its lobby with it.
    fn group_gone(&self, group: GroupId);

    /// Whether somebody has a socket in a lobby through this face.
    fn has(&self, who: WaiterId) -> bool;

    /// Some of what happened was lost on the way: whoever is no longer in a lobby was perhaps not told.
    fn lost_some(&self) {}
}

impl App {
    /// Passes on to the faces what happens in lobbies, until the bus is gone; whoever starts the server runs it.
    pub async fn follow_lobbies(&self, faces: Vec<Arc<dyn LobbyFace>>) {
        let subscription = self.subscribe();
        self.follow(subscription, &faces).await;
    }

    pub(super) async fn follow(&self, mut subscription: Subscription, faces: &[Arc<dyn LobbyFace>]) {
        while let Some(received) = subscription.receive().await {
            match received {
                Received::Notice(notice) => self.hear(notice, faces).await,
                Received::Missed => {
                    // What is left of before the loss comes first: compared with the database it would be old news.
                    while let Some(received) = subscription.try_receive() {
                        if let Received::Notice(notice) = received {
                            self.hear(notice, faces).await;
                        }
                    }
                    if let Err(error) = self.compare_rooms(faces).await {
                        tracing::warn!(error = %error, "cannot compare the rooms with the database");
                    }
                }
            }
        }
    }

    async fn hear(&self, notice: Notice, faces: &[Arc<dyn LobbyFace>]) {
        match notice {
            Notice::Lobby(LobbyNotice::Changed { group }) => match self.crowd(group).await {
                Ok(state) => faces.iter().for_each(|face| face.crowd(&state)),
                // The next change tells it anew.
                Err(error) => tracing::warn!(error = %error, "cannot count who waits in a lobby"),
            },
            Notice::Lobby(notice) => self.pass_on(&notice, faces),
            Notice::GroupGone { group } => {
                self.inner.lobby.forget_group(group);
                faces.iter().for_each(|face| face.group_gone(group));
            }
            _ => {}
        }
    }

    fn pass_on(&self, notice: &LobbyNotice, faces: &[Arc<dyn LobbyFace>]) {
        let room = self.inner.lobby.take(notice, self.inner.node, self.now());
        faces.iter().for_each(|face| face.tell(notice, room.as_deref()));
    }

    /// After notices were lost: tells the faces the rooms of this node as the database has them. What was said
    /// meanwhile is lost, as it always is with what nobody keeps.
    async fn compare_rooms(&self, faces: &[Arc<dyn LobbyFace>]) -> Result<(), Failure> {
        tracing::warn!("notices were lost on the way; comparing the rooms with the database");
        let node = self.inner.node;
        let rooms = self
            .store()
            .read::<_, Failure>(move |tx| {
                let places: Vec<(WaiterId, RoomId)> = places::in_rooms_on(tx, node)?;
                let there: HashSet<RoomId> = places.into_iter().map(|(_, room)| room).collect();
                let mut views = Vec::with_capacity(there.len());
                for room in there {
                    views.extend(super::pairing::view_of(tx, room)?);
                }
                Ok(views)
            })
            .await?;
        let there = rooms.iter().map(|room| room.id).collect();
        for room in self.inner.lobby.retain_rooms(&there) {
            let over = LobbyNotice::Over { room: room.id, why: Departure::Vanished };
            faces.iter().for_each(|face| face.tell(&over, Some(&room)));
        }
        for room in rooms {
            self.pass_on(&LobbyNotice::Room { room, news: News::Everybody { newcomer: None } }, faces);
        }
        faces.iter().for_each(|face| face.lost_some());
        self.appear_all(faces).await
    }

    /// Takes back what other nodes noted while they took this one for dead: who is here all the same.
    async fn appear_all(&self, faces: &[Arc<dyn LobbyFace>]) -> Result<(), Failure> {
        let node = self.inner.node;
        let vanished = self.store().read::<_, Failure>(move |tx| nodes::vanished_on(tx, node)).await?;
        for who in vanished.into_iter().filter(|who| faces.iter().any(|face| face.has(*who))) {
            self.appear_in_lobby(who).await;
        }
        Ok(())
    }
}
