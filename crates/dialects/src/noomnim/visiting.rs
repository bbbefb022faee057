//! Which group a socket hears, and what it missed there.
//!
//! What is read of a group ends at some place; the socket begins to hear it exactly there, and in the same moment hears
//! the one before no more. So nothing is missing between the two and nothing comes twice; and the group before is noted
//! as read exactly up to where it was heard.

use std::sync::Arc;

use parlor_app::group_faces::Followed;
use parlor_app::groups::GroupError;
use parlor_core::{Position, Seq, Timestamp};
use parlor_socketio::{Event, Socket, Values};

use super::answers::{self, UserVisited};
use super::people::Present;
use super::seats::Left;
use super::{Named, Noomnim};
use crate::iso_time::iso;

/// How often a flood may run ahead of the reading before a call is given up.
const MOST_TRIES: usize = 50;

/// What a socket wants that is to hear a group.
pub(super) enum Wish {
    /// It has made it or come into it, which it is told with this.
    BeIn(&'static str, Values),
    /// To visit it.
    Visit,
    /// To have what it missed.
    CatchUp,
}

/// What was read of a group, up to where, and what is said of it.
struct Read {
    position: Position,
    event: &'static str,
    body: Values,
    /// Up to where they have read with this, and when.
    mark: Option<(Seq, Timestamp)>,
}

/// Why a socket does not hear a group.
pub(super) enum Deaf {
    /// There is no such group, or they are not in it.
    NotIn,
    /// Not now; the sentence is for people.
    NotNow(&'static str),
}

impl Noomnim {
    /// `visit_group`
    pub(super) async fn visit_group(&self, socket: &Socket, event: &Event) {
        self.go_to(socket, event, Wish::Visit).await;
    }

    /// `enter_group`
    pub(super) async fn enter_group(&self, socket: &Socket, event: &Event) {
        self.go_to(socket, event, Wish::CatchUp).await;
    }

    async fn go_to(&self, socket: &Socket, event: &Event, wish: Wish) {
        let Some((call, present)) = self.heard_from(socket, event).await else { return };
        let group = match self.group(socket, &call).await {
            Ok(Some(group)) => group,
            Ok(None) => return answers::group_not_found(socket),
            Err(failure) => return answers::refuse(socket, "group_not_join", answers::ours(&failure)),
        };
        if matches!(wish, Wish::Visit) && self.seats.visits(socket, group.id) {
            let error = "User is already in selected chatroom.";
            return answers::refuse(socket, "already_in_the_group", error);
        }
        match self.hear(socket, &present, &group, wish).await {
            Ok(()) => {}
            Err(Deaf::NotIn) => answers::group_not_join(socket),
            Err(Deaf::NotNow(sentence)) => answers::refuse(socket, "group_not_join", sentence),
        }
    }

    /// Reads a group until its delivery is at the place that was read; there the socket is told what was read, and hears
    /// what follows.
    pub(super) async fn hear(
        &self,
        socket: &Socket,
        present: &Present,
        group: &Named,
        wish: Wish,
    ) -> Result<(), Deaf> {
        let road = self.road.get().ok_or(Deaf::NotNow("The server is starting."))?;
        let is_visit = !matches!(wish, Wish::BeIn(..));
        // First followed, then read: what happens between the two is remembered.
        let followed: Arc<dyn Followed> = road.follow(group.id).into();
        for _ in 0..MOST_TRIES {
            let Read { position, event, body, mark } = self.read(present, group, &wish).await?;
            let mut left = None;
            let has_all = mark.is_none_or(|(seq, _)| seq == position.seq);
            let enter = || {
                let tell = || socket.emit_values(event, &body);
                let place = (position.seq, is_visit);
                left = self.seats.sit_down(socket, group, place, has_all, followed.clone(), tell);
            };
            if followed.enter(position, Box::new(enter)).await {
                if is_visit {
                    self.note_visit(present, group, mark, left).await;
                }
                return Ok(());
            }
        }
        Err(Deaf::NotNow("Too much is being written; please try again."))
    }

    async fn read(&self, present: &Present, group: &Named, wish: &Wish) -> Result<Read, GroupError> {
        let caller = &present.caller;
        if let Wish::CatchUp = wish {
            let caught_up = self.app.catch_up(caller, group.id, answers::frame_of(&group.name)).await?;
            let [unread, read] = [&caught_up.unread, &caught_up.read];
            let body = Values::one(&[answers::said(unread, &group.name), answers::said(read, &group.name)]);
            let (position, mark) = (caught_up.position, Some(caught_up.mark));
            return Ok(Read { position, event: "enter_group", body, mark });
        }
        let standing = self.app.standing_in(caller, group.id).await?;
        let (event, body) = match wish {
            Wish::BeIn(event, body) => (*event, body.clone()),
            _ => ("user_visited", Values::one(&visited(present, group, standing.last_read))),
        };
        Ok(Read { position: standing.position, event, body, mark: None })
    }

    /// Notes where somebody is, and up to where they have read it and the group that they left for it.
    async fn note_visit(
        &self,
        present: &Present,
        group: &Named,
        mark: Option<(Seq, Timestamp)>,
        left: Option<Left>,
    ) {
        let noted = async {
            if let Some((seq, at)) = mark {
                self.app.mark_visited(&present.caller, group.id, seq, Some(at)).await?;
            }
            self.app.visit(&present.caller, group.id).await
        };
        if let Err(failure) = noted.await {
            // They get the same once more.
            answers::ours(&failure);
        }
        self.leave_behind(present, left.filter(|left| left.group != group.id)).await;
    }

    /// Notes up to where somebody has heard a group that they visited.
    pub(super) async fn leave_behind(&self, present: &Present, left: Option<Left>) {
        if let Some(left) = left
            && left.has_read
            && let Err(failure) = self.app.mark_visited(&present.caller, left.group, left.heard, None).await
        {
            answers::ours(&failure);
        }
    }
}

fn visited<'a>(present: &'a Present, group: &'a Named, last_read: Option<Timestamp>) -> UserVisited<'a> {
    UserVisited {
        id: answers::account_id(present.account()),
        username: present.name(),
        group_name: &group.name,
        current_group: &group.name,
        last_time_read_in_visiting_group: last_read.map(iso),
    }
}

impl From<GroupError> for Deaf {
    fn from(error: GroupError) -> Self {
        match error {
            GroupError::NotFound | GroupError::Denied(_) => Self::NotIn,
            GroupError::Failure(failure) => Self::NotNow(answers::ours(&failure)),
        }
    }
}
