//! The newest rows of the log, in the order in which they came.
//!
//! A row that goes straight to its place in `log` dirties a page of its group: with a thousand groups that is a page of
//! 4 KiB and more per message, and writing pages is what a commit costs (measured, together with `sends`: 22 of 34 µs
//! per message). So a row goes to `log_tail` first, where all groups share the last page, and is **settled** into
//! `log` together with its neighbours: 64 of a group at a time, or fewer once the tail is [`MOST_ROWS`] long. History
//! stays clustered by group, and appending stays sequential.
//!
//! - `heads.settled` says up to where a group's events lie in `log`; those after it (at most 64) are found from
//!   `heads.tail_id` on, each row naming the one before it.
//! - What was settled stays in the tail as a copy that nobody reads, until all rows before it are settled, too: rows
//!   are deleted from the old end only, page by page.
//! - The writer keeps in memory which rows are where, so that a row can be changed. It is all in the database, too:
//!   [`Tail::load`] reads it back at start and after a transaction that failed.
//!
//! With PostgreSQL, which does not cluster, the tail is switched off and stays empty.

use crate::Failure;
use crate::rows::Chunked;
use crate::tx::{Tx, Value};
use std::collections::HashMap;

/// Most rows of one group in the tail that are not settled.
const PORTION: usize = 64;
/// Rows in the tail, copies included, from which on the older half is cleared.
const MOST_ROWS: i64 = 32 * 1024;

/// What the writer knows about `log_tail`.
pub(crate) struct Tail {
    enabled: bool,
    /// By group: rows that are not settled; never an empty list.
    fresh: HashMap<i64, Rows>,
    /// By group: copies of settled rows that are still there.
    copies: HashMap<i64, Vec<Rows>>,
    /// Rows from which on the older half is cleared; another number in tests only.
    most_rows: i64,
    /// The oldest row.
    first_id: i64,
    /// The next row.
    next_id: i64,
    /// The clearing that is under way.
    clearing: Option<Clearing>,
    /// Counts changes, so that a rollback knows whether memory and database still agree.
    changes: u64,
}

/// Rows of one group with consecutive places in the log.
#[derive(Default)]
struct Rows {
    first_seq: i64,
    ids: Vec<i64>,
}

/// Rows before `until` are to go: first the groups of `waiting` are settled, then the rows deleted.
struct Clearing {
    until: i64,
    waiting: Vec<i64>,
}

/// Where a row of the log lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In `log`.
    Log,
    /// In `log_tail`, at this id.
    Tail(i64),
}

impl Tail {
    /// Reads what lies in the tail; `enabled` false for a database that does not use it.
    pub(crate) fn load(tx: &mut dyn Tx, enabled: bool) -> Result<Self, Failure> {
        let mut tail = Self {
            enabled,
            fresh: HashMap::new(),
            copies: HashMap::new(),
            most_rows: MOST_ROWS,
            first_id: 1,
            next_id: 1,
            clearing: None,
            changes: 0,
        };
        if !enabled {
            return Ok(tail);
        }
        let sql = "SELECT t.id, t.group_id, t.seq, h.settled FROM log_tail t \
                   LEFT JOIN heads h ON h.group_id = t.group_id ORDER BY t.id";
        let mut first = None;
        tx.query(sql, &[], &mut |row| {
            let (id, group, seq) = (row.int(0)?, row.int(1)?, row.int(2)?);
            first.get_or_insert(id);
            tail.next_id = id + 1;
            // Without a head the group was purged: its rows are nobody's copies.
            if row.int_or_null(3)?.is_none_or(|settled| seq <= settled) {
                tail.remember_copy(group, seq, id);
            } else {
                tail.remember(group, seq, id);
            }
            Ok(())
        })?;
        tail.first_id = first.unwrap_or(tail.next_id);
        Ok(tail)
    }

    /// How many changes there were so far.
    pub(crate) fn changes(&self) -> u64 {
        self.changes
    }

    /// Whether `more` rows of a group still find room among its rows in the tail.
    pub(crate) fn has_room(&self, group: i64, more: usize) -> bool {
        self.enabled && self.fresh.get(&group).map_or(0, |fresh| fresh.ids.len()) + more <= PORTION
    }

    /// Takes the next id for a row of `group` at `seq`; answers it and the id of the row before.
    pub(crate) fn push(&mut self, group: i64, seq: i64) -> (i64, Option<i64>) {
        let id = self.next_id;
        self.next_id += 1;
        let previous = self.fresh.get(&group).and_then(|fresh| fresh.ids.last().copied());
        self.remember(group, seq, id);
        self.changes += 1;
        (id, previous)
    }

    /// Where the row that counts lies.
    pub(crate) fn place(&self, group: i64, seq: i64) -> Place {
        let id = self.fresh.get(&group).and_then(|fresh| fresh.id_of(seq));
        id.map_or(Place::Log, Place::Tail)
    }

    /// Where a copy lies that nobody reads, but that still holds the row's text.
    pub(crate) fn copy(&self, group: i64, seq: i64) -> Option<i64> {
        self.copies.get(&group)?.iter().find_map(|rows| rows.id_of(seq))
    }

    /// The last row of a group in the tail that is not settled.
    pub(crate) fn last_id(&self, group: i64) -> Option<i64> {
        self.fresh.get(&group).and_then(|fresh| fresh.ids.last().copied())
    }

    /// Copies a group's rows into `log`. The caller then sets `heads.settled`, in the same transaction.
    pub(crate) fn settle(&mut self, tx: &mut dyn Tx, group: i64) -> Result<(), Failure> {
        static ROWS: Chunked = Chunked::new(
            "WITH want(id) AS (VALUES",
            &["BIGINT"],
            ") INSERT INTO log (group_id, seq, at, kind, marks, author_id, author_name, client_id, target, text, data, \
               messages, prev_message, edited_text, edited_at) \
               SELECT t.group_id, t.seq, t.at, t.kind, t.marks, t.author_id, t.author_name, t.client_id, t.target, t.text, \
               t.data, t.messages, t.prev_message, t.edited_text, t.edited_at \
               FROM want JOIN log_tail t ON t.id = want.id",
        );
        let Some(rows) = self.fresh.remove(&group) else { return Ok(()) };
        self.changes += 1;
        let ids: Vec<Value<'_>> = rows.ids.iter().map(|id| Value::Int(*id)).collect();
        tx.execute_many(&ROWS, &ids)?;
        self.copies.entry(group).or_default().push(rows);
        Ok(())
    }

    /// Settles a group that is not written to at the moment, `heads` included.
    pub(crate) fn settle_quiet(&mut self, tx: &mut dyn Tx, group: i64) -> Result<(), Failure> {
        self.settle(tx, group)?;
        tx.execute(
            "UPDATE heads SET settled = head, tail_id = NULL WHERE group_id = $1",
            &[Value::Int(group)],
        )?;
        Ok(())
    }

    /// Does a portion of the clearing that keeps the tail short, about `rows` rows of work; nothing while it is short.
    pub(crate) fn clear_some(&mut self, tx: &mut dyn Tx, rows: usize) -> Result<(), Failure> {
        if self.clearing.is_none() && self.next_id - self.first_id >= self.most_rows {
            self.start_clearing(self.first_id + self.most_rows / 2);
        }
        let Some(mut clearing) = self.clearing.take() else { return Ok(()) };
        self.changes += 1;
        let mut work = rows;
        while work > 0 {
            let Some(group) = clearing.waiting.pop() else { break };
            if self.fresh.get(&group).is_some_and(|fresh| fresh.ids[0] < clearing.until) {
                work = work.saturating_sub(self.fresh[&group].ids.len());
                self.settle_quiet(tx, group)?;
            }
        }
        if work > 0 {
            let some = i64::try_from(work.saturating_mul(4)).unwrap_or(i64::MAX);
            let end = clearing.until.min(self.first_id.saturating_add(some));
            self.delete_before(tx, end)?;
        }
        if self.first_id < clearing.until {
            self.clearing = Some(clearing);
        }
        Ok(())
    }

    /// How many rows are not settled.
    pub(crate) fn waiting(&self) -> usize {
        self.fresh.values().map(|rows| rows.ids.len()).sum()
    }

    /// Lets everything that is in the tail be cleared, however short it is.
    pub(crate) fn clear_from_now(&mut self) {
        self.start_clearing(self.next_id);
    }

    /// Settles everything and empties the tail, for an orderly end.
    pub(crate) fn clear_all(&mut self, tx: &mut dyn Tx) -> Result<(), Failure> {
        self.start_clearing(self.next_id);
        while self.clearing.is_some() {
            self.clear_some(tx, usize::MAX / 8)?;
        }
        Ok(())
    }

    fn start_clearing(&mut self, until: i64) {
        let old = self.fresh.iter().filter(|(_, fresh)| fresh.ids[0] < until);
        let mut waiting: Vec<i64> = old.map(|(group, _)| *group).collect();
        // From the end: `pop` then goes through the groups in the order of the key.
        waiting.sort_unstable_by(|left, right| right.cmp(left));
        self.clearing = Some(Clearing { until, waiting });
    }

    fn delete_before(&mut self, tx: &mut dyn Tx, end: i64) -> Result<(), Failure> {
        tx.execute("DELETE FROM log_tail WHERE id < $1", &[Value::Int(end)])?;
        self.first_id = end;
        self.copies.retain(|_, groups| {
            groups.retain(|rows| rows.ids.last().is_some_and(|last| *last >= end));
            !groups.is_empty()
        });
        Ok(())
    }

    fn remember(&mut self, group: i64, seq: i64, id: i64) {
        let rows = self.fresh.entry(group).or_default();
        if rows.ids.is_empty() {
            rows.first_seq = seq;
        }
        rows.ids.push(id);
    }

    fn remember_copy(&mut self, group: i64, seq: i64, id: i64) {
        let groups = self.copies.entry(group).or_default();
        match groups.last_mut() {
            Some(rows) if rows.first_seq + rows.ids.len() as i64 == seq => rows.ids.push(id),
            _ => groups.push(Rows { first_seq: seq, ids: vec![id] }),
        }
    }
}

impl Rows {
    fn id_of(&self, seq: i64) -> Option<i64> {
        let index = usize::try_from(seq.checked_sub(self.first_seq)?).ok()?;
        self.ids.get(index).copied()
    }
}
