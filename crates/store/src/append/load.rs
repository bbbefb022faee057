//! Loads what a batch speaks of: the ends of the logs, and the members who send.

use super::{AppendMessage, GroupState, MemberState};
use crate::rows::{self, Chunked};
use crate::tx::{Tx, Value};
use crate::{Failure, heads};
use parlor_core::SlowMode;
use std::collections::BTreeMap;

/// The groups that are there, by id.
pub(super) fn groups(tx: &mut dyn Tx, batch: &[AppendMessage]) -> Result<BTreeMap<i64, GroupState>, Failure> {
    static SQL: Chunked = Chunked::new(
        "WITH want(group_id) AS (VALUES",
        &["BIGINT"],
        ") SELECT h.group_id, h.epoch, h.head, h.messages, h.last_message, h.settled, h.tail_id, g.slow_mode_s, \
           g.expires_at, h.last_at FROM want JOIN heads h ON h.group_id = want.group_id \
           JOIN groups g ON g.id = want.group_id WHERE g.gone_at IS NULL",
    );
    // In the order of the ids: with several writers, locks are taken in one order by all.
    let mut ids: Vec<i64> = batch.iter().map(|message| message.group.get()).collect();
    ids.sort_unstable();
    ids.dedup();
    let params: Vec<Value<'_>> = ids.into_iter().map(Value::Int).collect();
    let mut groups = BTreeMap::new();
    tx.query_many(&SQL, &params, &mut |row| {
        let slow_mode = SlowMode::from_secs(row.int(7)?).map_err(Failure::internal)?;
        let expires_at = rows::time_or_null(row, 8)?;
        let head = heads::head(row, 1)?;
        let last_at = rows::time(row, 9)?;
        let state = GroupState { stored: head, head, last_at, slow_mode, expires_at, added: 0 };
        groups.insert(row.int(0)?, state);
        Ok(())
    })?;
    Ok(groups)
}

/// The members, by group and account.
pub(super) fn members(
    tx: &mut dyn Tx,
    batch: &[AppendMessage],
) -> Result<BTreeMap<(i64, i64), MemberState>, Failure> {
    static SQL: Chunked = Chunked::new(
        "WITH want(group_id, account_id) AS (VALUES",
        &["BIGINT", "BIGINT"],
        ") SELECT m.group_id, m.account_id, m.role, m.last_sent_at \
           FROM want JOIN members m ON m.group_id = want.group_id AND m.account_id = want.account_id",
    );
    let mut keys: Vec<(i64, i64)> = batch.iter().map(|m| (m.group.get(), m.by.id.get())).collect();
    keys.sort_unstable();
    keys.dedup();
    let params: Vec<Value<'_>> =
        keys.into_iter().flat_map(|(group, account)| [Value::Int(group), Value::Int(account)]).collect();
    let mut members = BTreeMap::new();
    tx.query_many(&SQL, &params, &mut |row| {
        let last_sent_at = rows::time_or_null(row, 3)?;
        let state = MemberState { role: rows::role(row.int(2)?)?, last_sent_at, sent: None };
        members.insert((row.int(0)?, row.int(1)?), state);
        Ok(())
    })?;
    Ok(members)
}
