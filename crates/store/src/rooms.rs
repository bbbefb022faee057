//! Rooms: where two or three are together. That there is one is stored, so that every node knows it and a refresh finds
//! it again; nothing that is said in it ever is.

use crate::tx::{Row, Tx, Value, query_all, query_one};
use crate::write::Write;
use crate::{Failure, rows};
use parlor_core::{GroupId, RoomId, Timestamp};

/// A room without those who are in it: see [`crate::places::in_room`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    /// Which; a later room has a higher number.
    pub id: RoomId,
    /// Of which lobby.
    pub group: GroupId,
    /// Its name in the circle dialect.
    pub name: String,
    /// Since when.
    pub began_at: Timestamp,
    /// When the round of speed chat that it belongs to ends.
    pub round_ends_at: Option<Timestamp>,
}

/// Makes a room.
///
/// # Errors
/// What the database says.
pub fn insert(
    write: &mut Write<'_>,
    group: GroupId,
    name: &str,
    began_at: Timestamp,
    round_ends_at: Option<Timestamp>,
) -> Result<Room, Failure> {
    let sql =
        "INSERT INTO rooms (group_id, name, began_at, round_ends_at) VALUES ($1, $2, $3, $4) RETURNING id";
    let params = [
        Value::Int(group.get()),
        Value::Text(name),
        Value::Int(began_at.as_millis()),
        Value::int_or_null(round_ends_at.map(Timestamp::as_millis)),
    ];
    let id = query_one(write, sql, &params, |row| rows::room_id(row.int(0)?))?;
    let id = id.ok_or_else(|| Failure::internal("a new room has no number"))?;
    Ok(Room { id, group, name: name.to_owned(), began_at, round_ends_at })
}

/// One room.
///
/// # Errors
/// What the database says.
pub fn load(tx: &mut dyn Tx, id: RoomId) -> Result<Option<Room>, Failure> {
    let sql = "SELECT id, group_id, name, began_at, round_ends_at FROM rooms WHERE id = $1";
    query_one(tx, sql, &[Value::Int(id.get())], room)
}

/// The rooms of a lobby, oldest first.
///
/// # Errors
/// What the database says.
pub fn of_group(tx: &mut dyn Tx, group: GroupId) -> Result<Vec<Room>, Failure> {
    let sql = "SELECT id, group_id, name, began_at, round_ends_at FROM rooms WHERE group_id = $1 ORDER BY id";
    query_all(tx, sql, &[Value::Int(group.get())], room)
}

/// Takes a room away.
///
/// # Errors
/// What the database says.
pub fn delete(write: &mut Write<'_>, id: RoomId) -> Result<(), Failure> {
    write.execute("DELETE FROM rooms WHERE id = $1", &[Value::Int(id.get())])?;
    Ok(())
}

/// Lets a table of speed chat be a room like any other: those in it may go on for as long as they like.
///
/// # Errors
/// What the database says.
pub fn end_round(write: &mut Write<'_>, id: RoomId) -> Result<(), Failure> {
    write.execute("UPDATE rooms SET round_ends_at = NULL WHERE id = $1", &[Value::Int(id.get())])?;
    Ok(())
}

fn room(row: &dyn Row) -> Result<Room, Failure> {
    Ok(Room {
        id: rows::room_id(row.int(0)?)?,
        group: rows::group_id(row.int(1)?)?,
        name: row.text(2)?.to_owned(),
        began_at: rows::time(row, 3)?,
        round_ends_at: rows::time_or_null(row, 4)?,
    })
}
