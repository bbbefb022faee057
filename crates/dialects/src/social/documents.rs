//! What stands in `data`: users, groups, members, messages, players, each nested in the others.

use parlor_app::social::{Person, SocialGroup, SocialMember, SocialMessage, SocialPlayer};
use parlor_core::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

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
    created_at: String,
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
            created_at: rfc3339(message.created_at),
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

/// `2026-11-20T12:00:00.5Z`
fn rfc3339(at: Timestamp) -> String {
    let moment = OffsetDateTime::from_unix_timestamp_nanos(i128::from(at.as_millis()) * 1_000_000);
    // Beyond the year 9999, which no clock shows, there is no such text.
    moment.ok().and_then(|moment| moment.format(&Rfc3339).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_utc_with_milliseconds() {
        assert_eq!(rfc3339(Timestamp::from_millis(0)), "1970-01-01T00:00:00Z");
        assert_eq!(rfc3339(Timestamp::from_millis(1_795_173_600_123)), "2026-11-20T12:00:00.123Z");
        assert_eq!(rfc3339(Timestamp::from_millis(i64::MAX)), "");
    }
}
