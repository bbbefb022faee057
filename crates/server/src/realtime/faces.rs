//! The other faces on the road of the log: they hear what the native sockets hear, from the same cursor.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, Weak};

use parlor_app::group_faces::{Followed, GroupFace, GroupRoad};
use parlor_core::{Cursor, GroupId, Position};

use super::follow::{Follow, lock};
use super::{Realtime, fan_out};

impl Realtime {
    /// Who hears of groups besides the native sockets. Said once, at start. Looked at, not owned: they own this.
    pub fn set_group_faces(&self, faces: &[Arc<dyn GroupFace>]) {
        let _ = self.0.faces.set(faces.iter().map(Arc::downgrade).collect());
    }

    pub(super) fn faces(&self) -> impl Iterator<Item = Arc<dyn GroupFace>> {
        self.0.faces.get().into_iter().flatten().filter_map(Weak::upgrade)
    }
}

impl GroupRoad for Realtime {
    fn follow(&self, group: GroupId) -> Box<dyn Followed> {
        // Counted like a socket of the group: the last one to go forgets it.
        let follow = self.0.follows.take(group);
        Box::new(Listener { realtime: self.clone(), group, follow })
    }
}

/// One listener of a face in one group.
struct Listener {
    realtime: Realtime,
    group: GroupId,
    follow: Arc<Mutex<Follow>>,
}

impl Followed for Listener {
    fn enter<'a>(
        &'a self,
        read: Position,
        enter: Box<dyn FnOnce() + Send + 'a>,
    ) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>> {
        Box::pin(async move {
            let delivery_is_behind = {
                let mut follow = lock(&self.follow);
                follow.hear(read);
                follow.cursor.is_some_and(|cursor| cursor.behind(read).is_some())
            };
            if delivery_is_behind {
                fan_out::fill(&self.realtime, &self.follow).await;
            }
            let more_was_heard = {
                let mut follow = lock(&self.follow);
                let cursor = *follow.cursor.get_or_insert(Cursor::new(read));
                if cursor.position() != read {
                    return false;
                }
                enter();
                // Heard before anybody had read: delivered now that this listener is in.
                follow.heard.is_some_and(|heard| cursor.behind(heard).is_some())
            };
            if more_was_heard {
                fan_out::fill(&self.realtime, &self.follow).await;
            }
            true
        })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.realtime.0.follows.release(self.group);
    }
}
