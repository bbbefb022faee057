//! How faces other than the native one hear what happens in groups: in one order, each event once, whoever has sockets
//! in the group. One cursor per group and node serves them all.

use parlor_core::{Event, GroupId, Position};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// A face with listeners in groups.
pub trait GroupFace: Send + Sync {
    /// The next event of a group that somebody follows, this face or another. Called under the group's lock: it must
    /// not wait, nor begin or end to follow a group, also not with a lock that is held while that is done.
    fn deliver(&self, event: &Arc<Event>);

    /// Nothing more comes from a group: it is gone, or its log has another life. Who still listens ends to follow it
    /// and may begin anew.
    fn gone(&self, group: GroupId);
}

/// What a face needs to hear of a group: the side of the node that delivers.
pub trait GroupRoad: Send + Sync {
    /// Follows a group until the answer is dropped: its events are delivered from the first [`Followed::enter`] on.
    fn follow(&self, group: GroupId) -> Box<dyn Followed>;
}

/// A group that is followed, by one listener of a face.
pub trait Followed: Send + Sync {
    /// Runs `enter` at the moment when all events up to `read` were delivered and none after it, so that what the
    /// listener has read and what it hears fit together without a hole. False where delivery is past it already: then
    /// nothing ran, and the listener reads again. `enter` runs under the group's lock, like [`GroupFace::deliver`].
    fn enter<'a>(
        &'a self,
        read: Position,
        enter: Box<dyn FnOnce() + Send + 'a>,
    ) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>>;
}
