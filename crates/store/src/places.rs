//! Who is in a lobby: waiting, or in a room. One row a person.

use crate::tx::{Row, Tx, Value, query_all, query_one};
use crate::write::Write;
use crate::{Failure, rows};
use parlor_core::lobby::{LastPartners, PLACE_KEPT};
use parlor_core::{AccountId, DisplayName, GroupId, RoomId, Timestamp, Waiter, WaiterId};

/// Somebody's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Whose.
    pub who: WaiterId,
    /// In which lobby.
    pub group: GroupId,
    /// What they are called there.
    pub name: DisplayName,
    /// Which node has their sockets.
    pub node: i64,
    /// The public id of their newest socket.
    pub socket: String,
    /// Since when they wait, or waited before they came into the room.
    pub since: Timestamp,
    /// Whom they met last.
    pub last: LastPartners,
    /// Where they are; `None` while they wait.
    pub room: Option<RoomId>,
    /// Whether they pressed keep in that room.
    pub keeps: bool,
    /// When their last socket went; `None` while one is there.
    pub vanished_at: Option<Timestamp>,
    /// A number by which one without an account may come back.
    pub comes_back_as: Option<i64>,
    /// When the record of one without an account ends.
    pub expires_at: Option<Timestamp>,
}

impl Place {
    /// As the pairing sees them.
    #[must_use]
    pub fn waiter(&self) -> Waiter {
        Waiter { id: self.who, since: self.since, last: self.last }
    }
}

macro_rules! columns {
    () => {
        "who, group_id, name, node, socket, since, last_a, last_b, room_id, keeps, vanished_at, comes_back_as, expires_at"
    };
}

/// Somebody's place, wherever it is.
///
/// # Errors
/// What the database says.
pub fn load(tx: &mut dyn Tx, who: WaiterId) -> Result<Option<Place>, Failure> {
    let sql = concat!("SELECT ", columns!(), " FROM places WHERE who = $1");
    query_one(tx, sql, &[Value::Int(rows::waiter_number(who))], place)
}

/// The place of a lobby that is kept for one who may come back with this number. When several gave the same name from
/// the same address, one in a room before one that waits, then the one that vanished last.
///
/// # Errors
/// What the database says.
pub fn kept_for(
    tx: &mut dyn Tx,
    group: GroupId,
    comes_back_as: i64,
    now: Timestamp,
) -> Result<Option<Place>, Failure> {
    // The plus keeps the database from going through the whole group: few have vanished, many may be there.
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM places WHERE vanished_at > $1 AND +group_id = $2 AND comes_back_as = $3 \
         ORDER BY room_id IS NULL, vanished_at DESC LIMIT 1"
    );
    let kept_since = now.minus(PLACE_KEPT).as_millis();
    query_one(tx, sql, &[kept_since, group.get(), comes_back_as].map(Value::Int), place)
}

/// Everybody in a room.
///
/// # Errors
/// What the database says.
pub fn in_room(tx: &mut dyn Tx, room: RoomId) -> Result<Vec<Place>, Failure> {
    let sql = concat!("SELECT ", columns!(), " FROM places WHERE room_id = $1 ORDER BY since, who");
    query_all(tx, sql, &[Value::Int(room.get())], place)
}

/// Everybody in a lobby, those in its rooms too.
///
/// # Errors
/// What the database says.
pub fn in_group(tx: &mut dyn Tx, group: GroupId) -> Result<Vec<Place>, Failure> {
    let sql = concat!("SELECT ", columns!(), " FROM places WHERE group_id = $1 ORDER BY since, who");
    query_all(tx, sql, &[Value::Int(group.get())], place)
}

/// Everybody whose sockets are on a node and who is in a room.
///
/// # Errors
/// What the database says.
pub fn in_rooms_on(tx: &mut dyn Tx, node: i64) -> Result<Vec<(WaiterId, RoomId)>, Failure> {
    let sql = "SELECT who, room_id FROM places WHERE room_id IS NOT NULL AND node = $1";
    query_all(tx, sql, &[Value::Int(node)], |row| {
        Ok((rows::waiter_id(row.int(0)?)?, rows::room_id(row.int(1)?)?))
    })
}

/// Who waits in a lobby at `now` and is there, so may be paired.
///
/// # Errors
/// What the database says.
pub fn waiting(tx: &mut dyn Tx, group: GroupId, now: Timestamp) -> Result<Vec<Waiter>, Failure> {
    let sql = "SELECT who, since, last_a, last_b FROM places \
               WHERE group_id = $1 AND room_id IS NULL AND vanished_at IS NULL \
               AND (expires_at IS NULL OR expires_at > $2) ORDER BY since, who";
    query_all(tx, sql, &[group.get(), now.as_millis()].map(Value::Int), |row| {
        Ok(Waiter {
            id: rows::waiter_id(row.int(0)?)?,
            since: rows::time(row, 1)?,
            last: last_partners(row, 2)?,
        })
    })
}

/// How many wait in a lobby, and since when the first of them does.
///
/// # Errors
/// What the database says.
pub fn count_waiting(tx: &mut dyn Tx, group: GroupId) -> Result<(u64, Option<Timestamp>), Failure> {
    let sql = "SELECT COUNT(*), MIN(since) FROM places \
               WHERE group_id = $1 AND room_id IS NULL AND vanished_at IS NULL";
    let counted = query_one(tx, sql, &[Value::Int(group.get())], |row| {
        Ok((u64::try_from(row.int(0)?).unwrap_or(0), rows::time_or_null(row, 1)?))
    })?;
    Ok(counted.unwrap_or((0, None)))
}

/// Lobbies whose group allows threes, and in which somebody has waited since before `since`.
///
/// # Errors
/// What the database says.
pub fn left_over_since(tx: &mut dyn Tx, since: Timestamp) -> Result<Vec<GroupId>, Failure> {
    let sql = "SELECT p.group_id FROM places p JOIN groups g ON g.id = p.group_id \
               WHERE p.room_id IS NULL AND p.vanished_at IS NULL AND g.lobby_threes = 1 \
               AND EXISTS (SELECT 1 FROM rooms r WHERE r.group_id = p.group_id) \
               GROUP BY p.group_id HAVING COUNT(*) = 1 AND MAX(p.since) <= $1";
    query_all(tx, sql, &[Value::Int(since.as_millis())], |row| rows::group_id(row.int(0)?))
}

/// Whose places are given up at `now`: vanished for too long, or expired. At most `limit`.
///
/// # Errors
/// What the database says.
pub fn given_up(tx: &mut dyn Tx, now: Timestamp, limit: i64) -> Result<Vec<WaiterId>, Failure> {
    let sql = "SELECT who FROM places WHERE vanished_at <= $1 \
               UNION SELECT who FROM places WHERE expires_at <= $2 LIMIT $3";
    let params = [now.minus(PLACE_KEPT).as_millis(), now.as_millis(), limit].map(Value::Int);
    query_all(tx, sql, &params, |row| rows::waiter_id(row.int(0)?))
}

/// Puts somebody there, or writes what changed of their place.
///
/// # Errors
/// What the database says.
pub fn put(write: &mut Write<'_>, place: &Place) -> Result<(), Failure> {
    let sql = concat!(
        "INSERT INTO places (",
        columns!(),
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
         ON CONFLICT (who) DO UPDATE SET group_id = excluded.group_id, name = excluded.name, node = excluded.node, \
         socket = excluded.socket, since = excluded.since, last_a = excluded.last_a, last_b = excluded.last_b, \
         room_id = excluded.room_id, keeps = excluded.keeps, vanished_at = excluded.vanished_at, \
         comes_back_as = excluded.comes_back_as, expires_at = excluded.expires_at"
    );
    let mut last = place.last.iter().map(rows::waiter_number);
    let (last_a, last_b) = (last.next(), last.next());
    let params = [
        Value::Int(rows::waiter_number(place.who)),
        Value::Int(place.group.get()),
        Value::Text(place.name.as_str()),
        Value::Int(place.node),
        Value::Text(&place.socket),
        Value::Int(place.since.as_millis()),
        Value::int_or_null(last_a),
        Value::int_or_null(last_b),
        Value::int_or_null(place.room.map(RoomId::get)),
        Value::Int(i64::from(place.keeps)),
        Value::int_or_null(place.vanished_at.map(Timestamp::as_millis)),
        Value::int_or_null(place.comes_back_as),
        Value::int_or_null(place.expires_at.map(Timestamp::as_millis)),
    ];
    write.execute(sql, &params)?;
    Ok(())
}

/// Takes somebody out of the lobby; whether they were there.
///
/// # Errors
/// What the database says.
pub fn delete(write: &mut Write<'_>, who: WaiterId) -> Result<bool, Failure> {
    let sql = "DELETE FROM places WHERE who = $1";
    Ok(write.execute(sql, &[Value::Int(rows::waiter_number(who))])? > 0)
}

/// Notes that somebody's last socket on a node went, unless another node has taken their place over; whether it did.
///
/// # Errors
/// What the database says.
pub fn vanish(write: &mut Write<'_>, who: WaiterId, node: i64, now: Timestamp) -> Result<bool, Failure> {
    let sql = "UPDATE places SET vanished_at = $1 WHERE who = $2 AND node = $3 AND vanished_at IS NULL";
    let params = [now.as_millis(), rows::waiter_number(who), node].map(Value::Int);
    Ok(write.execute(sql, &params)? > 0)
}

/// Notes that somebody is there all the same, on this node.
///
/// # Errors
/// What the database says.
pub fn appear(write: &mut Write<'_>, who: WaiterId, node: i64) -> Result<(), Failure> {
    let sql = "UPDATE places SET vanished_at = NULL WHERE who = $1 AND node = $2";
    write.execute(sql, &[rows::waiter_number(who), node].map(Value::Int))?;
    Ok(())
}

/// Notes that the sockets of every node but this one are gone: for a database that one process has for itself, when it
/// starts.
///
/// # Errors
/// What the database says.
pub fn vanish_elsewhere(write: &mut Write<'_>, node: i64, now: Timestamp) -> Result<(), Failure> {
    let sql = "UPDATE places SET vanished_at = $1 WHERE node <> $2 AND vanished_at IS NULL";
    write.execute(sql, &[now.as_millis(), node].map(Value::Int))?;
    Ok(())
}

/// Whether a group lets a third join two, and whether it is there at `now`; `None` when it is not.
///
/// # Errors
/// What the database says.
pub fn allows_threes(tx: &mut dyn Tx, group: GroupId, now: Timestamp) -> Result<Option<bool>, Failure> {
    let sql = "SELECT lobby_threes FROM groups WHERE id = $1 AND gone_at IS NULL \
               AND (expires_at IS NULL OR expires_at > $2)";
    query_one(tx, sql, &[group.get(), now.as_millis()].map(Value::Int), |row| Ok(row.int(0)? != 0))
}

/// The account's name now, for one who comes in with an account.
///
/// # Errors
/// What the database says.
pub fn rename(write: &mut Write<'_>, account: AccountId, name: &DisplayName) -> Result<(), Failure> {
    let sql = "UPDATE places SET name = $1 WHERE who = $2";
    write.execute(sql, &[Value::Text(name.as_str()), Value::Int(account.get())])?;
    Ok(())
}

fn place(row: &dyn Row) -> Result<Place, Failure> {
    Ok(Place {
        who: rows::waiter_id(row.int(0)?)?,
        group: rows::group_id(row.int(1)?)?,
        name: DisplayName::from_stored(row.text(2)?),
        node: row.int(3)?,
        socket: row.text(4)?.to_owned(),
        since: rows::time(row, 5)?,
        last: last_partners(row, 6)?,
        room: row.int_or_null(8)?.map(rows::room_id).transpose()?,
        keeps: row.int(9)? != 0,
        vanished_at: rows::time_or_null(row, 10)?,
        comes_back_as: row.int_or_null(11)?,
        expires_at: rows::time_or_null(row, 12)?,
    })
}

fn last_partners(row: &dyn Row, first: usize) -> Result<LastPartners, Failure> {
    let one = row.int_or_null(first)?.map(rows::waiter_id).transpose()?;
    let two = row.int_or_null(first + 1)?.map(rows::waiter_id).transpose()?;
    Ok(match (one, two) {
        (Some(one), Some(two)) => LastPartners::two(one, two),
        (Some(one), None) | (None, Some(one)) => LastPartners::one(one),
        (None, None) => LastPartners::NONE,
    })
}
