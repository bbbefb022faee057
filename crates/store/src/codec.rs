//! An event as a row of the log and back.
//!
//! | kind | event | columns besides the common ones |
//! |---|---|---|
//! | 1 | message | `text`, `client_id`, `target` = `reply_to`, `data` `{v, files}` where there are some |
//! | 2 | edit | `text`, `target` = the message |
//! | 3 | delete | `target` |
//! | 4 | reaction | `target`, `data` `{v, emoji, on}` |
//! | 5 | member_joined | `data` `{v, account, role}` |
//! | 6 | member_left | `data` `{v, account, reason}` |
//! | 7 | member_role | `data` `{v, account, role}` |
//! | 8 | group_updated | `data` `{v, …}` |
//! | 9 | player | `data` `{v, change, …}`, see `player` |
//! | above | later capabilities | `data` `{v, type, …}`: a version that does not know it passes it on under `type` |
//!
//! A kind keeps its number and `data` its meaning for ever; a change of shape raises `v`.

pub(crate) mod player;

use crate::tx::Row;
use crate::{Failure, attachments, rows};
use parlor_core::{
    Account, Author, ClientId, Description, DisplayName, Emoji, Epoch, Event, EventBody, GroupChange,
    GroupId, GroupName, LeaveReason, MessageText, Role, Rules, SlowMode, Timestamp, Username,
};
use serde_json::{Map, Value as Json, json};

/// The number of a message.
pub(crate) const MESSAGE: i64 = 1;
/// The number of an edit.
pub(crate) const EDIT: i64 = 2;
/// The mark of a message that was deleted.
pub(crate) const DELETED: i64 = 1;
/// The mark of a message that has had a reaction.
pub(crate) const REACTED: i64 = 2;
/// The mark of a message that was edited.
pub(crate) const EDITED: i64 = 4;

/// The mark of a message with files in it.
pub(crate) const ATTACHED: i64 = 8;

/// The columns that [`event`] reads, in its order.
pub(crate) const EVENT_COLUMNS: &str = "seq, at, kind, author_id, author_name, client_id, target, text, data";

/// What of an event goes into columns of its own kind.
pub(crate) struct Columns<'a> {
    pub(crate) kind: i64,
    pub(crate) target: Option<i64>,
    pub(crate) text: Option<&'a str>,
    pub(crate) data: Option<String>,
}

/// An event's body as columns; messages are written by `append`.
pub(crate) fn columns(body: &EventBody) -> Result<Columns<'_>, Failure> {
    let plain = |kind, target: Option<parlor_core::Seq>| Columns {
        kind,
        target: target.map(parlor_core::Seq::get),
        text: None,
        data: None,
    };
    let with = |kind, data: Json| Columns { data: Some(data.to_string()), ..plain(kind, None) };
    Ok(match body {
        EventBody::Message { .. } => {
            return Err(Failure::internal("messages are appended in batches, not one by one"));
        }
        EventBody::Edit { seq, text } => {
            Columns { text: text.as_ref().map(MessageText::as_str), ..plain(EDIT, Some(*seq)) }
        }
        EventBody::Delete { seq } => plain(3, Some(*seq)),
        EventBody::Reaction { seq, emoji, on } => {
            Columns { target: Some(seq.get()), ..with(4, json!({"v": 1, "emoji": emoji.as_str(), "on": on})) }
        }
        EventBody::MemberJoined { account, role } => {
            with(5, json!({"v": 1, "account": account_json(account), "role": role.as_str()}))
        }
        EventBody::MemberLeft { account, reason } => {
            with(6, json!({"v": 1, "account": account_json(account), "reason": reason.as_str()}))
        }
        EventBody::MemberRole { account, role } => {
            with(7, json!({"v": 1, "account": account_json(account), "role": role.as_str()}))
        }
        EventBody::GroupUpdated(change) => with(8, change_json(change)),
        EventBody::Player(change) => {
            let mut data = player::change_json(change);
            data.insert("v".into(), 1.into());
            with(9, Json::Object(data))
        }
        EventBody::Other { kind, .. } => {
            return Err(Failure::internal(format!(
                "an event of the unknown kind {kind} is passed on, not written"
            )));
        }
    })
}

/// The columns of [`EVENT_COLUMNS`], which begin at column `first`, as an event.
pub(crate) fn event(row: &dyn Row, first: usize, group: GroupId, epoch: Epoch) -> Result<Event, Failure> {
    Ok(Event {
        group,
        epoch,
        seq: rows::seq(row.int(first)?)?,
        at: rows::time(row, first + 1)?,
        by: Author {
            id: rows::account_id(row.int(first + 3)?)?,
            name: DisplayName::from_stored(row.text(first + 4)?),
        },
        body: body(row, first)?,
    })
}

fn body(row: &dyn Row, first: usize) -> Result<EventBody, Failure> {
    let kind = row.int(first + 2)?;
    let target = || row.int(first + 6).and_then(rows::seq);
    let text = || Ok::<_, Failure>(row.text_or_null(first + 7)?.map(MessageText::from_stored));
    match kind {
        MESSAGE => Ok(EventBody::Message {
            text: text()?,
            client_id: ClientId::from_stored(row.text(first + 5)?),
            reply_to: row.int_or_null(first + 6)?.map(rows::seq).transpose()?,
            files: attachments::read(row.text_or_null(first + 8)?)?,
        }),
        EDIT => Ok(EventBody::Edit { seq: target()?, text: text()? }),
        3 => Ok(EventBody::Delete { seq: target()? }),
        _ => {
            let data = row.text_or_null(first + 8)?.unwrap_or("{}");
            let json: Json = serde_json::from_str(data).map_err(Failure::internal)?;
            if kind == 4 {
                let emoji = Emoji::from_stored(string(&json, "emoji")?);
                return Ok(EventBody::Reaction { seq: target()?, emoji, on: json["on"] == true });
            }
            body_of_data(kind, &json, data)
        }
    }
}

fn body_of_data(kind: i64, json: &Json, data: &str) -> Result<EventBody, Failure> {
    Ok(match kind {
        5 => EventBody::MemberJoined { account: account(json)?, role: role(json)? },
        6 => EventBody::MemberLeft {
            account: account(json)?,
            reason: LeaveReason::from_name(string(json, "reason")?).ok_or_else(|| broken("reason"))?,
        },
        7 => EventBody::MemberRole { account: account(json)?, role: role(json)? },
        8 => EventBody::GroupUpdated(change(json)?),
        9 => EventBody::Player(player::change(json)?.into()),
        _ => EventBody::Other { kind: json["type"].as_str().unwrap_or("unknown").into(), data: data.into() },
    })
}

fn account_json(account: &Account) -> Json {
    json!({
        "id": account.id.get(),
        "username": account.username.as_ref().map(Username::as_str),
        "display_name": account.display_name.as_str(),
        "guest": account.guest,
    })
}

fn account(json: &Json) -> Result<Account, Failure> {
    let json = &json["account"];
    Ok(Account {
        id: rows::account_id(json["id"].as_i64().unwrap_or(0))?,
        username: json["username"].as_str().map(Username::from_stored),
        display_name: DisplayName::from_stored(string(json, "display_name")?),
        guest: json["guest"] == true,
    })
}

fn role(json: &Json) -> Result<Role, Failure> {
    Role::from_name(string(json, "role")?).ok_or_else(|| broken("role"))
}

fn change_json(change: &GroupChange) -> Json {
    let mut json = Map::new();
    json.insert("v".into(), 1.into());
    if let Some(name) = &change.name {
        json.insert("name".into(), name.as_str().into());
    }
    if let Some(description) = &change.description {
        json.insert("description".into(), description.as_str().into());
    }
    if let Some(rules) = &change.rules {
        json.insert("rules".into(), rules.as_str().into());
    }
    if let Some(owner_id) = change.owner_id {
        json.insert("owner_id".into(), owner_id.get().into());
    }
    if let Some(slow_mode) = change.slow_mode {
        json.insert("slow_mode_s".into(), slow_mode.as_secs().into());
    }
    if let Some(lobby_threes) = change.lobby_threes {
        json.insert("lobby_threes".into(), lobby_threes.into());
    }
    if let Some(expires_at) = change.expires_at {
        json.insert("expires_at".into(), expires_at.map(Timestamp::as_millis).into());
    }
    Json::Object(json)
}

fn change(json: &Json) -> Result<GroupChange, Failure> {
    let slow_mode = json["slow_mode_s"].as_i64().map(SlowMode::from_secs).transpose();
    Ok(GroupChange {
        name: json["name"].as_str().map(GroupName::from_stored),
        description: json["description"].as_str().map(Description::from_stored),
        rules: json["rules"].as_str().map(Rules::from_stored),
        owner_id: json["owner_id"].as_i64().map(rows::account_id).transpose()?,
        slow_mode: slow_mode.map_err(|_| broken("slow_mode_s"))?,
        lobby_threes: json["lobby_threes"].as_bool(),
        expires_at: json.get("expires_at").map(|at| at.as_i64().map(Timestamp::from_millis)),
    })
}

fn string<'a>(json: &'a Json, name: &'static str) -> Result<&'a str, Failure> {
    json[name].as_str().ok_or_else(|| broken(name))
}

fn broken(name: &str) -> Failure {
    Failure::internal(format!("the data of an event lacks {name}"))
}
