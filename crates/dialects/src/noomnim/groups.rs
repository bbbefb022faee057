//! To make a group, to come into one, to leave it for good.

use parlor_app::members::MemberError;
use parlor_app::named_groups::{Inside, NamedGroupError};
use parlor_core::GroupName;
use parlor_socketio::{Event, Socket, Values};

use super::answers::{self, GroupCreated, InGroup, LastRead};
use super::people::{FACE, Present};
use super::visiting::Wish;
use super::{Call, Named, Noomnim};
use crate::client;
use crate::iso_time::iso;
use crate::payload;

/// A name that no group can have.
const UNFIT: &str = "A group has a name of 1 to 80 characters in one line.";

impl Noomnim {
    /// `create_group`
    pub(super) async fn create_group(&self, socket: &Socket, event: &Event) {
        let Some((call, present)) = self.heard_from(socket, event).await else { return };
        let refuse = |error: &str| answers::refuse(socket, "group_already_created", error);
        let Some(name) = group_name(&call) else { return refuse(UNFIT) };
        let made = self
            .app
            .create_named_group(FACE, &present.caller, name.clone(), &client::of_socket(socket))
            .await;
        match made {
            Ok(inside) => {
                let user = LastRead { name: present.name(), last_read: iso(inside.at) };
                let (id, group_name) = (answers::group_id(inside.group), name.as_str());
                let created = GroupCreated { id, group_name, user: [user] };
                let told = ("group_created", Values::one(&created));
                self.come_in(socket, &present, &name, inside, told).await;
            }
            Err(NamedGroupError::NameTaken) => refuse("Group has already been created."),
            Err(error) => refuse(&sentence(&error)),
        }
    }

    /// `join_group`
    pub(super) async fn join_group(&self, socket: &Socket, event: &Event) {
        let Some((call, present)) = self.heard_from(socket, event).await else { return };
        let refuse = |error: &str| answers::refuse_small(socket, "join_error", error);
        let Some(name) = group_name(&call) else { return refuse(UNFIT) };
        match self.app.join_named_group(FACE, &present.caller, name.clone()).await {
            Ok(inside) => {
                let joined = in_group(&inside, &name);
                let told = ("join_success", Values::one(&joined));
                self.come_in(socket, &present, &name, inside, told).await;
            }
            Err(error) => refuse(&sentence(&error)),
        }
    }

    /// `leave_group`
    pub(super) async fn leave_group(&self, socket: &Socket, event: &Event) {
        let Some((call, present)) = self.heard_from(socket, event).await else { return };
        let refuse = |error: &str| answers::refuse_small(socket, "leave_error", error);
        let group = match self.group(socket, &call).await {
            Ok(Some(group)) => group,
            Ok(None) => return refuse("Group that user selects can not be found."),
            Err(failure) => return refuse(answers::ours(&failure)),
        };
        match self.app.remove_member(&present.caller, group.id, present.account()).await {
            Ok(()) => {
                // The same comes over the log, for their other sockets; nothing follows this answer.
                drop(self.seats.stand_up(socket, group.id));
                let group_id = answers::group_id(group.id);
                socket.emit("leave_success", &InGroup { group_id, group_name: &group.name });
            }
            Err(MemberError::NotFound | MemberError::NoSuchMember) => refuse("User is not in the group."),
            Err(MemberError::Failure(failure)) => refuse(answers::ours(&failure)),
            Err(error) => refuse(&error.to_string()),
        }
    }

    /// Somebody is in a group: before their first visit it is the one that their socket hears.
    async fn come_in(
        &self,
        socket: &Socket,
        present: &Present,
        name: &GroupName,
        inside: Inside,
        (event, body): (&'static str, Values),
    ) {
        let group = Named { id: inside.group, name: name.as_str().into() };
        if self.seats.has_visited(socket)
            || self.hear(socket, present, &group, Wish::BeIn(event, body.clone())).await.is_err()
        {
            // They are in, and hear it once they visit it.
            socket.emit_values(event, &body);
        }
    }
}

fn group_name(call: &Call) -> Option<GroupName> {
    payload::text(&call.group_name).and_then(|name| GroupName::parse(name).ok())
}

fn in_group<'a>(inside: &Inside, name: &'a GroupName) -> InGroup<'a> {
    InGroup { group_id: answers::group_id(inside.group), group_name: name.as_str() }
}

fn sentence(error: &NamedGroupError) -> String {
    match error {
        NamedGroupError::NotFound => "Group that user selects can not be found.".to_owned(),
        NamedGroupError::Failure(failure) => answers::ours(failure).to_owned(),
        other => other.to_string(),
    }
}
