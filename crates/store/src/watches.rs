//! What a group watches together, as it is after all changes in its log: written in the transaction that appends them.

use crate::codec::player::{
    account, control, control_json, ids, ids_json, item, item_json, nullable, play, play_json,
};
use crate::tx::{Row, Tx, Value, query_all, query_one};
use crate::write::Write;
use crate::{Failure, rows};
use parlor_core::watch::{Change, Entry, Item, Phase, Queue, Rev, Waits, Watch};
use parlor_core::{AccountId, Author, DisplayName, Event, GroupId, Seq, Timestamp};
use serde_json::{Value as Json, json};
use std::collections::VecDeque;

/// Commands that are remembered, so that a repeat of one whose answer was lost does nothing.
const REMEMBERED: usize = 64;

/// A group's player, with what is kept beside it.
#[derive(Clone, Debug)]
pub struct StoredWatch {
    /// The state.
    pub watch: Watch,
    /// Who caused the last change: what comes of it by itself is told under their name.
    pub last_by: Option<Author>,
    /// The last commands that were carried out: 63 bits of a hash of author and `client_id`.
    pub commands: VecDeque<i64>,
    /// When the server last noted that it was alive while this played.
    pub alive_at: Timestamp,
}

impl StoredWatch {
    /// Remembers a command; false if it was there.
    pub fn remember(&mut self, command: i64) -> bool {
        if self.commands.contains(&command) {
            return false;
        }
        if self.commands.len() == REMEMBERED {
            self.commands.pop_front();
        }
        self.commands.push_back(command);
        true
    }
}

/// A group's player; `None` when nothing was ever watched there.
///
/// # Errors
/// What the database says.
pub fn load(tx: &mut dyn Tx, group: GroupId) -> Result<Option<StoredWatch>, Failure> {
    let sql = "SELECT state, queue, alive_at FROM watches WHERE group_id = $1";
    query_one(tx, sql, &[Value::Int(group.get())], stored)
}

/// Writes the state down after a change, and among what was watched what it put on.
///
/// # Errors
/// What the database says.
pub fn save(
    write: &mut Write<'_>,
    group: GroupId,
    stored: &StoredWatch,
    change: &Change,
    event: &Event,
) -> Result<(), Failure> {
    let watch = &stored.watch;
    let plays = matches!(watch.play.phase, Phase::Playing | Phase::Preparing { .. });
    let state = state_json(stored).to_string();
    let queue = queue_json(&watch.queue).to_string();
    let sql = "INSERT INTO watches (group_id, state, queue, alive_at, plays) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (group_id) DO UPDATE SET state = excluded.state, queue = excluded.queue, \
               alive_at = excluded.alive_at, plays = excluded.plays";
    let params = [
        Value::Int(group.get()),
        Value::Text(&state),
        Value::Text(&queue),
        Value::Int(stored.alive_at.as_millis()),
        Value::Int(i64::from(plays)),
    ];
    write.execute(sql, &params)?;
    match (change, &watch.current) {
        (Change::Loaded { .. } | Change::Advanced { .. }, Some(item)) => put_on(write, group, item, event),
        _ => Ok(()),
    }
}

fn put_on(write: &mut Write<'_>, group: GroupId, item: &Item, event: &Event) -> Result<(), Failure> {
    let sql = "UPDATE watched SET until_seq = $1 WHERE group_id = $2 AND until_seq IS NULL";
    write.execute(sql, &[event.seq.get(), group.get()].map(Value::Int))?;
    let sql = "INSERT INTO watched (group_id, seq, at, item) VALUES ($1, $2, $3, $4)";
    let item = item_json(item).to_string();
    let params = [
        Value::Int(group.get()),
        Value::Int(event.seq.get()),
        Value::Int(event.at.as_millis()),
        Value::Text(&item),
    ];
    write.execute(sql, &params)?;
    Ok(())
}

/// Notes that the server is alive, for all that plays.
///
/// # Errors
/// What the database says.
pub fn note_alive(write: &mut Write<'_>, now: Timestamp) -> Result<(), Failure> {
    write.execute("UPDATE watches SET alive_at = $1 WHERE plays = 1", &[Value::Int(now.as_millis())])?;
    Ok(())
}

/// Something that was watched.
#[derive(Clone, Debug)]
pub struct Watched {
    /// What.
    pub item: Item,
    /// The event that put it on.
    pub from: Seq,
    /// When.
    pub at: Timestamp,
    /// The event that put on what came after it.
    pub until: Option<Seq>,
}

/// What was watched, newest first, before the event `before`; at most `limit`.
///
/// # Errors
/// What the database says.
pub fn watched(
    tx: &mut dyn Tx,
    group: GroupId,
    before: Option<Seq>,
    limit: usize,
) -> Result<Vec<Watched>, Failure> {
    let sql = "SELECT seq, at, item, until_seq FROM watched WHERE group_id = $1 AND seq < $2 \
               ORDER BY seq DESC LIMIT $3";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let params = [group.get(), before.map_or(i64::MAX, Seq::get), limit].map(Value::Int);
    query_all(tx, sql, &params, |row| {
        let read: Json = serde_json::from_str(row.text(2)?).map_err(Failure::internal)?;
        Ok(Watched {
            from: rows::seq(row.int(0)?)?,
            at: rows::time(row, 1)?,
            item: item(&read)?,
            until: row.int_or_null(3)?.map(rows::seq).transpose()?,
        })
    })
}

fn stored(row: &dyn Row) -> Result<StoredWatch, Failure> {
    let state: Json = serde_json::from_str(row.text(0)?).map_err(Failure::internal)?;
    let queue: Json = serde_json::from_str(row.text(1)?).map_err(Failure::internal)?;
    Ok(StoredWatch {
        watch: watch(&state, &queue)?,
        last_by: nullable(&state["last_by"], author)?,
        commands: numbers(&state["commands"])?.into(),
        alive_at: rows::time(row, 2)?,
    })
}

fn state_json(stored: &StoredWatch) -> Json {
    let watch = &stored.watch;
    let waits: Vec<Json> = watch
        .waits
        .remembered()
        .iter()
        .map(|(at, whom)| json!({"at": at.as_millis(), "whom": ids_json(whom)}))
        .collect();
    json!({
        "v": 1,
        "play": play_json(&watch.play),
        "current": watch.current.as_ref().map(item_json),
        "current_since": watch.current_since.get(),
        "control": control_json(watch.control),
        "host": watch.host.map(AccountId::get),
        "skip_votes": ids_json(&watch.skip_votes),
        "waits": waits,
        "sought_at": watch.sought_at.map(Timestamp::as_millis),
        "items": watch.items,
        "last_by": stored.last_by.as_ref().map(|by| json!({"id": by.id.get(), "name": by.name.as_str()})),
        "commands": stored.commands,
    })
}

fn watch(state: &Json, queue: &Json) -> Result<Watch, Failure> {
    let wait = |json: &Json| {
        let at = json["at"].as_i64().ok_or_else(broken)?;
        Ok::<_, Failure>((Timestamp::from_millis(at), ids(&json["whom"])?))
    };
    let waits = state["waits"].as_array().ok_or_else(broken)?;
    Ok(Watch {
        play: play(&state["play"])?,
        current: nullable(&state["current"], item)?,
        current_since: Rev::new(state["current_since"].as_u64().ok_or_else(broken)?),
        queue: queue_of(queue)?,
        control: control(&state["control"])?,
        host: nullable(&state["host"], account)?,
        skip_votes: ids(&state["skip_votes"])?,
        waits: Waits::from_stored(waits.iter().map(wait).collect::<Result<_, _>>()?),
        sought_at: state["sought_at"].as_i64().map(Timestamp::from_millis),
        items: state["items"].as_i64().ok_or_else(broken)?,
    })
}

fn queue_json(queue: &Queue) -> Json {
    let entries: Vec<Json> = queue
        .entries()
        .iter()
        .map(|entry| json!({"item": item_json(&entry.item), "votes": ids_json(&entry.votes)}))
        .collect();
    json!({"v": 1, "entries": entries})
}

fn queue_of(json: &Json) -> Result<Queue, Failure> {
    let entry =
        |json: &Json| Ok::<_, Failure>(Entry { item: item(&json["item"])?, votes: ids(&json["votes"])? });
    let entries = json["entries"].as_array().ok_or_else(broken)?;
    Ok(Queue::from_stored(entries.iter().map(entry).collect::<Result<_, _>>()?))
}

fn author(json: &Json) -> Result<Author, Failure> {
    let name = json["name"].as_str().ok_or_else(broken)?;
    Ok(Author { id: account(&json["id"])?, name: DisplayName::from_stored(name) })
}

fn numbers(json: &Json) -> Result<Vec<i64>, Failure> {
    let numbers = json.as_array().ok_or_else(broken)?.iter().map(Json::as_i64);
    numbers.collect::<Option<_>>().ok_or_else(broken)
}

fn broken() -> Failure {
    Failure::internal("the stored state of a player is broken")
}
