//! Who met whom, how often and when last: what the pairing of a lobby remembers.

use crate::tx::{Tx, Value, query_all};
use crate::write::Write;
use crate::{Failure, rows};
use parlor_core::lobby::{History, LastPartners, Match, Met};
use parlor_core::{GroupId, RoomId, WaiterId};

/// Adds what somebody knows of others in a lobby: whom they met there, and with whom there is a block anywhere.
///
/// # Errors
/// What the database says.
pub fn add_known(
    tx: &mut dyn Tx,
    history: &mut History,
    group: GroupId,
    who: WaiterId,
) -> Result<(), Failure> {
    let sql = "SELECT other, times, last FROM meetings WHERE group_id = $1 AND who = $2";
    let params = [group.get(), rows::waiter_number(who)].map(Value::Int);
    tx.query(sql, &params, &mut |row| {
        let times = u32::try_from(row.int(1)?).unwrap_or(u32::MAX);
        let last = row.int(2)?.unsigned_abs();
        history.set_met(who, rows::waiter_id(row.int(0)?)?, Met { last, times });
        Ok(())
    })?;
    add_blocks(tx, history, who)
}

/// Adds with whom somebody has a block, and nothing else.
///
/// # Errors
/// What the database says.
pub fn add_blocks(tx: &mut dyn Tx, history: &mut History, who: WaiterId) -> Result<(), Failure> {
    let sql = "SELECT other FROM blocks WHERE who = $1";
    tx.query(sql, &[Value::Int(rows::waiter_number(who))], &mut |row| {
        history.block(who, rows::waiter_id(row.int(0)?)?);
        Ok(())
    })
}

/// Whom somebody met last in a lobby.
///
/// # Errors
/// What the database says.
pub fn last_partners(tx: &mut dyn Tx, group: GroupId, who: WaiterId) -> Result<LastPartners, Failure> {
    let sql = "SELECT other FROM meetings WHERE group_id = $1 AND who = $2 AND last = \
               (SELECT MAX(m.last) FROM meetings m WHERE m.group_id = $1 AND m.who = $2) ORDER BY other LIMIT 2";
    let params = [group.get(), rows::waiter_number(who)].map(Value::Int);
    let others = query_all(tx, sql, &params, |row| rows::waiter_id(row.int(0)?))?;
    Ok(match others[..] {
        [one, two] => LastPartners::two(one, two),
        [one] => LastPartners::one(one),
        _ => LastPartners::NONE,
    })
}

/// Notes that those of a match met in a room.
///
/// # Errors
/// What the database says.
pub fn add(write: &mut Write<'_>, group: GroupId, met: &Match, room: RoomId) -> Result<(), Failure> {
    let sql = "INSERT INTO meetings (group_id, who, other, times, last) VALUES ($1, $2, $3, 1, $4) \
               ON CONFLICT (group_id, who, other) DO UPDATE SET times = meetings.times + 1, last = excluded.last";
    for who in met.members() {
        for other in met.members().iter().filter(|other| *other != who) {
            let (who, other) = (rows::waiter_number(*who), rows::waiter_number(*other));
            write.execute(sql, &[group.get(), who, other, room.get()].map(Value::Int))?;
        }
    }
    Ok(())
}
