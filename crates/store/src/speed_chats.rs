//! The speed chat of a group as one row: its whole state as JSON, and when something is due in it.

use crate::tx::{Tx, Value, query_all, query_one};
use crate::write::Write;
use crate::{Failure, rows};
use parlor_core::lobby::{Ending, Match, Met, Plan, SpeedChat};
use parlor_core::{GroupId, Timestamp, WaiterId};
use serde::{Deserialize, Serialize};

/// The state of a group's speed chat, running or over; `None` when there never was one.
///
/// # Errors
/// What the database says.
pub fn load(tx: &mut dyn Tx, group: GroupId) -> Result<Option<SpeedChat>, Failure> {
    let sql = "SELECT state FROM speed_chats WHERE group_id = $1";
    query_one(tx, sql, &[Value::Int(group.get())], |row| decode(row.text(0)?))
}

/// Whether a group's speed chat runs or is about to begin.
///
/// # Errors
/// What the database says.
pub fn is_running(tx: &mut dyn Tx, group: GroupId) -> Result<bool, Failure> {
    let sql = "SELECT 1 FROM speed_chats WHERE group_id = $1 AND next_at IS NOT NULL";
    Ok(query_one(tx, sql, &[Value::Int(group.get())], |_| Ok(()))?.is_some())
}

/// The groups in whose speed chat something is due at `now`.
///
/// # Errors
/// What the database says.
pub fn due(tx: &mut dyn Tx, now: Timestamp) -> Result<Vec<GroupId>, Failure> {
    let sql = "SELECT group_id FROM speed_chats WHERE next_at <= $1 ORDER BY next_at LIMIT 100";
    query_all(tx, sql, &[Value::Int(now.as_millis())], |row| rows::group_id(row.int(0)?))
}

/// Writes the state down.
///
/// # Errors
/// What the database says.
pub fn save(write: &mut Write<'_>, group: GroupId, chat: &SpeedChat) -> Result<(), Failure> {
    let sql = "INSERT INTO speed_chats (group_id, next_at, state) VALUES ($1, $2, $3) \
               ON CONFLICT (group_id) DO UPDATE SET next_at = excluded.next_at, state = excluded.state";
    let state = encode(chat)?;
    let next_at = Value::int_or_null(chat.next_at().map(Timestamp::as_millis));
    write.execute(sql, &[Value::Int(group.get()), next_at, Value::Text(&state)])?;
    Ok(())
}

/// The stored shape. A field is only ever added, with a default; another meaning raises `v`.
#[derive(Serialize, Deserialize)]
struct Stored {
    v: u32,
    rounds: u32,
    minutes: u32,
    threes: bool,
    started_at: i64,
    round: u32,
    turn: u32,
    seats: Vec<Option<u64>>,
    byes: Vec<(u64, u32)>,
    /// Lower id, higher id, turn of the last time, how often.
    met: Vec<(u64, u64, u64, u32)>,
    tables: Vec<Vec<u64>>,
    sitting_out: Vec<u64>,
    ending: Option<String>,
}

fn encode(chat: &SpeedChat) -> Result<String, Failure> {
    let id = |who: &WaiterId| who.get();
    let stored = Stored {
        v: 1,
        rounds: chat.plan.rounds(),
        minutes: chat.plan.minutes(),
        threes: chat.plan.threes(),
        started_at: chat.started_at.as_millis(),
        round: chat.round,
        turn: chat.turn,
        seats: chat.seats.iter().map(|seat| seat.as_ref().map(id)).collect(),
        byes: chat.byes.iter().map(|(who, times)| (who.get(), *times)).collect(),
        met: chat.met.iter().map(|([a, b], met)| (a.get(), b.get(), met.last, met.times)).collect(),
        tables: chat.tables.iter().map(|table| table.members().iter().map(id).collect()).collect(),
        sitting_out: chat.sitting_out.iter().map(id).collect(),
        ending: chat.ending.map(|ending| match ending {
            Ending::Finished => "finished".to_owned(),
            Ending::Stopped => "stopped".to_owned(),
        }),
    };
    serde_json::to_string(&stored).map_err(Failure::internal)
}

fn decode(text: &str) -> Result<SpeedChat, Failure> {
    let stored: Stored = serde_json::from_str(text).map_err(Failure::internal)?;
    let plan = Plan::new(stored.rounds.into(), stored.minutes.into(), stored.threes);
    let started_at = Timestamp::from_millis(stored.started_at);
    let id = WaiterId::new;
    let met = |(a, b, last, times)| ([id(a), id(b)], Met { last, times });
    Ok(SpeedChat {
        round: stored.round,
        turn: stored.turn,
        seats: stored.seats.into_iter().map(|seat| seat.map(id)).collect(),
        byes: stored.byes.into_iter().map(|(who, times)| (id(who), times)).collect(),
        met: stored.met.into_iter().map(met).collect(),
        tables: stored.tables.iter().map(|table| table_of(table)).collect::<Result<_, _>>()?,
        sitting_out: stored.sitting_out.into_iter().map(id).collect(),
        ending: match stored.ending.as_deref() {
            None => None,
            Some("finished") => Some(Ending::Finished),
            Some(_) => Some(Ending::Stopped),
        },
        ..SpeedChat::new(plan.map_err(Failure::internal)?, started_at)
    })
}

fn table_of(ids: &[u64]) -> Result<Match, Failure> {
    match *ids {
        [a, b] => Ok(Match::Two([a, b].map(WaiterId::new))),
        [a, b, c] => Ok(Match::Three([a, b, c].map(WaiterId::new))),
        _ => Err(Failure::internal("a table of speed chat is neither for two nor for three")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use parlor_core::History;

    #[test]
    fn a_running_speed_chat_comes_back_as_it_was() {
        let begin = Timestamp::from_millis(1_800_000_000_000);
        let mut chat = SpeedChat::new(Plan::new(3, 5, true).unwrap(), begin);
        let people: Vec<WaiterId> = (1..=5).map(WaiterId::new).collect();
        chat.decide(&people, &History::new(), begin, &mut |_| 0);
        assert_eq!(decode(&encode(&chat).unwrap()).unwrap(), chat);
        chat.stop();
        assert_eq!(decode(&encode(&chat).unwrap()).unwrap(), chat);
    }

    #[test]
    fn the_stored_shape_is_read_for_ever() {
        let golden = r#"{"v":1,"rounds":3,"minutes":5,"threes":false,"started_at":1800000000000,"round":1,"turn":1,"seats":[1,2,3,null],"byes":[[3,1]],"met":[[1,2,1,1]],"tables":[[1,2]],"sitting_out":[3],"ending":null}"#;
        let chat = decode(golden).unwrap();
        assert_eq!(encode(&chat).unwrap(), golden);
        assert_eq!((chat.tables.len(), chat.sitting_out.len(), chat.round), (1, 1, 1));
        assert!(decode(r#"{"v":1}"#).is_err());
    }
}
