//! What stands in `data`: users, groups, members, messages, players, each nested in the others.

use parlor_app::social::{Person, SocialGroup, SocialMember, SocialMessage, SocialPlayer};
use parlor_wire::time::Time;
use serde::Serialize;
use serde_json::value::RawValue;

/// A user; `email` only for whom it is shown to, `picture` only where there is one. Never a password.
#[derive(Serialize)]
pub(super) struct User<'a> {
    id: i64,
    first_name: &'a str,
    last_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    picture: Option<&'a str>,
}

#[derive(Serialize)]
pub(super) struct Group<'a> {
    id: i64,
    name: &'a str,
    owner_fk: Option<User<'a>>,
    secondary_user_fk: Option<&'a RawValue>,
}

#[derive(Serialize)]
pub(super) struct Member<'a> {
    id: i64,
    group_fk: Group<'a>,
    member_fk: Option<User<'a>>,
}

#[derive(Serialize)]
pub(super) struct Message<'a> {
    id: i64,
    message: &'a str,
    owner_fk: Option<User<'a>>,
    group_fk: Group<'a>,
    /// RFC 3339 in UTC.
    created_at: Time,
}

/// A message as it is announced to those who joined the room of its group.
#[derive(Serialize)]
pub(super) struct Announced<'a> {
    room: i64,
    #[serde(flatten)]
    message: Message<'a>,
}

#[derive(Serialize)]
pub(super) struct Player<'a> {
    id: i64,
    name: &'a str,
    group_fk: Group<'a>,
}

impl<'a> From<&'a Person> for User<'a> {
    fn from(person: &'a Person) -> Self {
        Self {
            id: person.id.get(),
            first_name: person.first_name.as_str(),
            last_name: person.last_name.as_str(),
            email: person.email.as_ref().map(|email| email.as_str()),
            picture: person.picture.as_ref().map(|picture| picture.as_str()),
        }
    }
}

impl<'a> From<&'a SocialGroup> for Group<'a> {
    fn from(group: &'a SocialGroup) -> Self {
        Self {
            id: group.id.get(),
            name: group.name.as_str(),
            owner_fk: group.owner.as_deref().map(User::from),
            // What is stored was JSON when it came.
            secondary_user_fk: group
                .secondary_user
                .as_deref()
                .and_then(|json| serde_json::from_str(json).ok()),
        }
    }
}

impl<'a> From<&'a SocialMember> for Member<'a> {
    fn from(member: &'a SocialMember) -> Self {
        Self {
            id: member.number,
            group_fk: member.group.as_ref().into(),
            member_fk: member.person.as_deref().map(User::from),
        }
    }
}

impl<'a> From<&'a SocialMessage> for Message<'a> {
    fn from(message: &'a SocialMessage) -> Self {
        Self {
            id: message.number.get(),
            message: message.text.as_str(),
            owner_fk: message.owner.as_deref().map(User::from),
            group_fk: message.group.as_ref().into(),
            created_at: message.created_at.into(),
        }
    }
}

impl<'a> From<&'a SocialMessage> for Announced<'a> {
    fn from(message: &'a SocialMessage) -> Self {
        Self { room: message.group.id.get(), message: message.into() }
    }
}

impl<'a> From<&'a SocialPlayer> for Player<'a> {
    fn from(player: &'a SocialPlayer) -> Self {
        Self { id: player.group.id.get(), name: &player.name, group_fk: player.group.as_ref().into() }
    }
}
