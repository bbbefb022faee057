//! Every body of contracts/noomnim.md, and the events that carry a refusal.

use parlor_app::Failure;
use parlor_core::{AccountId, Event, GroupId, Message, Seq};
use parlor_socketio::Socket;
use serde::Serialize;

use crate::iso_time::iso;

/// `user_created`
#[derive(Serialize)]
pub(super) struct UserCreated<'a> {
    #[serde(rename = "_id")]
    pub(super) id: String,
    pub(super) username: &'a str,
    pub(super) group_list: [(); 0],
}

/// `user_found`
#[derive(Serialize)]
pub(super) struct UserFound<'a> {
    #[serde(rename = "_id")]
    pub(super) id: String,
    pub(super) username: &'a str,
    pub(super) current_group: Option<&'a str>,
    pub(super) group_list: Vec<&'a str>,
}

/// `group_created`
#[derive(Serialize)]
pub(super) struct GroupCreated<'a> {
    #[serde(rename = "_id")]
    pub(super) id: String,
    pub(super) group_name: &'a str,
    pub(super) user: [LastRead<'a>; 1],
}

#[derive(Serialize)]
pub(super) struct LastRead<'a> {
    #[serde(rename = "name_ID")]
    pub(super) name: &'a str,
    pub(super) last_read: String,
}

/// `join_success`, `leave_success`
#[derive(Serialize)]
pub(super) struct InGroup<'a> {
    pub(super) group_id: String,
    pub(super) group_name: &'a str,
}

/// `user_visited`
#[derive(Serialize)]
pub(super) struct UserVisited<'a> {
    #[serde(rename = "_id")]
    pub(super) id: String,
    pub(super) username: &'a str,
    pub(super) group_name: &'a str,
    pub(super) current_group: &'a str,
    pub(super) last_time_read_in_visiting_group: Option<String>,
}

/// `message_sent`
#[derive(Serialize)]
pub(super) struct MessageSent<'a> {
    #[serde(rename = "_id")]
    pub(super) id: String,
    pub(super) group_name: &'a str,
    pub(super) username: &'a str,
    pub(super) text: &'a str,
    pub(super) timestamp: String,
}

/// One message of `enter_group`
#[derive(Serialize)]
pub(super) struct Said<'a> {
    timestamp: String,
    username: &'a str,
    group_name: &'a str,
    text: &'a str,
}

#[derive(Serialize)]
struct Refused<'a> {
    #[serde(rename = "Error")]
    error: &'a str,
}

#[derive(Serialize)]
struct RefusedSmall<'a> {
    error: &'a str,
}

pub(super) fn account_id(account: AccountId) -> String {
    format!("{:024x}", account.get())
}

pub(super) fn group_id(group: GroupId) -> String {
    format!("{:024x}", group.get())
}

/// The id of a message: its group and its place there, 48 bits each. So ids are ordered as the messages of a group are,
/// and no two groups have the same. At a million messages a second 48 bits last for nine years.
pub(super) fn message_id(group: GroupId, seq: Seq) -> String {
    format!("{:012x}{:012x}", group.get(), seq.get())
}

/// A message that was sent.
pub(super) fn message_sent<'a>(event: &'a Event, group_name: &'a str, text: &'a str) -> MessageSent<'a> {
    MessageSent {
        id: message_id(event.group, event.seq),
        group_name,
        username: event.by.name.as_str(),
        text,
        timestamp: iso(event.at),
    }
}

/// Messages as `enter_group` shows them.
pub(super) fn said<'a>(messages: &'a [Message], group_name: &'a str) -> Vec<Said<'a>> {
    let there = messages.iter().filter_map(|message| Some((message, message.text.as_ref()?)));
    let said = there.map(|(message, text)| Said {
        timestamp: iso(message.at),
        username: message.by.name.as_str(),
        group_name,
        text: text.as_str(),
    });
    said.collect()
}

/// What [`Said`] takes beside text and username.
pub(super) fn frame_of(group_name: &str) -> usize {
    const AROUND: usize =
        r#"{"timestamp":"2026-11-20T10:46:01.123Z","username":"","group_name":"","text":""},"#.len();
    // In JSON a character of the name may take two bytes.
    AROUND + 2 * group_name.len()
}

pub(super) fn name_not_found(socket: &Socket) {
    refuse(socket, "name_not_found", "User could not be found.");
}

/// Both spellings: the old documentation has the one, its clients the other.
pub(super) fn group_not_found(socket: &Socket) {
    for event in ["group_not_found", "group not found"] {
        refuse(socket, event, "Group that user selects can not be found.");
    }
}

pub(super) fn group_not_join(socket: &Socket) {
    refuse(socket, "group_not_join", "User is not in the group.");
}

pub(super) fn refuse(socket: &Socket, event: &str, error: &str) {
    socket.emit(event, &Refused { error });
}

/// `join_error` and `leave_error` write the word small.
pub(super) fn refuse_small(socket: &Socket, event: &str, error: &str) {
    socket.emit(event, &RefusedSmall { error });
}

/// What is said where the fault is ours, which is logged here.
pub(super) fn ours(failure: &Failure) -> &'static str {
    tracing::error!(error = %failure, "a call of the noomnim dialect failed on our side");
    "The server cannot do that now; please try again."
}
