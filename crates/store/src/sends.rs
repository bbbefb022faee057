//! What makes a repeat harmless: which message an author sent to a group under which client id.
//!
//! The table `sends` holds 63 bits of the client id's hash and the message's place; whether it really is the same client
//! id is then read in the log. Two client ids of one author in one group that share these bits are not expected in the
//! life of a server; if they do, the second takes the next number that is free, and looking goes on there.
//!
//! Rows of `sends` lie by group and author, so each message would dirty a page of its own. They wait in memory instead
//! and are written in portions, sorted, many to a page: **settled**. What waits is in the log as well: every message
//! after `heads.sends_settled` is read back at start and after a transaction that failed.

use crate::Failure;
use crate::codec::MESSAGE;
use crate::rows::Chunked;
use crate::tx::{Row, Tx, Value, query_all, query_one};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// How many wait before a portion is sorted and written: about 2 MiB.
const GENERATION: usize = 16 * 1024;

/// Group, author, and the client id's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    pub(crate) group: i64,
    pub(crate) author: i64,
    pub(crate) number: i64,
}

impl Key {
    /// Where a client id belongs, if its number is free.
    pub(crate) fn new(group: i64, author: i64, client_id: &str) -> Self {
        let hash = Sha256::digest(client_id.as_bytes());
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&hash[..8]);
        Self { group, author, number: i64::from_be_bytes(bytes) & i64::MAX }
    }

    /// Where to look when another client id has the number.
    pub(crate) fn next(self) -> Self {
        Self { number: self.number.wrapping_add(1) & i64::MAX, ..self }
    }

    fn values(&self) -> [Value<'static>; 3] {
        [self.group, self.author, self.number].map(Value::Int)
    }
}

/// What the writer knows about sends that are not in the table.
pub(crate) struct Sends {
    /// Whether they may wait; with a database that several processes write to they may not.
    deferred: bool,
    /// What came last.
    young: HashMap<Key, i64>,
    /// What is being settled.
    old: HashMap<Key, i64>,
    /// The same, sorted against the order of the key: `pop` takes the first.
    queue: Vec<(Key, i64)>,
    /// Up to where each group is settled once `queue` is empty.
    reaches: HashMap<i64, i64>,
    /// Counts changes, so that a rollback knows whether memory and database still agree.
    changes: u64,
}

impl Sends {
    /// Reads back what is not settled.
    pub(crate) fn load(tx: &mut dyn Tx, deferred: bool) -> Result<Self, Failure> {
        let mut sends = Self {
            deferred,
            young: HashMap::new(),
            old: HashMap::new(),
            queue: Vec::new(),
            reaches: HashMap::new(),
            changes: 0,
        };
        if !deferred {
            return Ok(sends);
        }
        let sql = "SELECT group_id, sends_settled FROM heads WHERE sends_settled < head";
        let unsettled = query_all(tx, sql, &[], |row| Ok((row.int(0)?, row.int(1)?)))?;
        for (group, settled) in unsettled {
            let params = [group, settled, MESSAGE].map(Value::Int);
            tx.query(UNSETTLED, &params, &mut |row| sends.remember(row))?;
        }
        // A copy that is left in the tail says the same as its row in the log.
        let sql = "SELECT l.group_id, l.author_id, l.client_id, l.seq FROM log_tail l \
                   JOIN heads h ON h.group_id = l.group_id AND l.seq > h.sends_settled WHERE l.kind = $1";
        tx.query(sql, &[Value::Int(MESSAGE)], &mut |row| sends.remember(row))?;
        Ok(sends)
    }

    fn remember(&mut self, row: &dyn Row) -> Result<(), Failure> {
        let mut key = Key::new(row.int(0)?, row.int(1)?, row.text(2)?);
        let seq = row.int(3)?;
        while self.young.get(&key).is_some_and(|there| *there != seq) {
            key = key.next();
        }
        self.young.insert(key, seq);
        Ok(())
    }

    /// How many changes there were so far.
    pub(crate) fn changes(&self) -> u64 {
        self.changes
    }

    /// The places of those of `keys` that are there, whether settled or not.
    pub(crate) fn find(&self, tx: &mut dyn Tx, keys: &[Key]) -> Result<HashMap<Key, i64>, Failure> {
        static SQL: Chunked = Chunked::new(
            "WITH want(group_id, author_id, client_key) AS (VALUES",
            &["BIGINT", "BIGINT", "BIGINT"],
            ") SELECT s.group_id, s.author_id, s.client_key, s.seq \
               FROM want JOIN sends s ON s.group_id = want.group_id AND s.author_id = want.author_id \
               AND s.client_key = want.client_key",
        );
        let mut found = HashMap::new();
        let mut params = Vec::with_capacity(keys.len() * 3);
        for key in keys {
            match self.young.get(key).or_else(|| self.old.get(key)) {
                Some(seq) => drop(found.insert(*key, *seq)),
                None => params.extend(key.values()),
            }
        }
        tx.query_many(&SQL, &params, &mut |row| {
            let key = Key { group: row.int(0)?, author: row.int(1)?, number: row.int(2)? };
            found.insert(key, row.int(3)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// The place of one, whether settled or not.
    pub(crate) fn find_one(&self, tx: &mut dyn Tx, key: Key) -> Result<Option<i64>, Failure> {
        if let Some(seq) = self.young.get(&key).or_else(|| self.old.get(&key)) {
            return Ok(Some(*seq));
        }
        let sql = "SELECT seq FROM sends WHERE group_id = $1 AND author_id = $2 AND client_key = $3";
        query_one(tx, sql, &key.values(), |row| row.int(0))
    }

    /// Adds what was appended.
    pub(crate) fn add(&mut self, tx: &mut dyn Tx, new: &[(Key, i64)]) -> Result<(), Failure> {
        self.changes += 1;
        if self.deferred {
            self.young.extend(new.iter().copied());
            return Ok(());
        }
        let mut sorted = new.to_vec();
        sorted.sort_unstable();
        insert(tx, &sorted)
    }

    /// Settles a portion of about `rows`, when enough have come.
    pub(crate) fn settle_some(&mut self, tx: &mut dyn Tx, rows: usize) -> Result<(), Failure> {
        if self.queue.is_empty() {
            if self.young.len() < GENERATION {
                return Ok(());
            }
            self.begin_settling();
        }
        self.changes += 1;
        let portion = self.queue.split_off(self.queue.len().saturating_sub(rows));
        let in_order: Vec<(Key, i64)> = portion.into_iter().rev().collect();
        insert(tx, &in_order)?;
        if self.queue.is_empty() {
            self.end_settling(tx)?;
        }
        Ok(())
    }

    /// Settles everything, for an orderly end.
    pub(crate) fn settle_all(&mut self, tx: &mut dyn Tx) -> Result<(), Failure> {
        for _ in 0..2 {
            // The first round ends what is under way.
            if self.queue.is_empty() {
                self.begin_settling();
            }
            let all = self.queue.len();
            let in_order: Vec<(Key, i64)> = self.queue.drain(..).rev().collect();
            insert(tx, &in_order)?;
            self.end_settling(tx)?;
            tracing::debug!(rows = all, "sends settled");
        }
        tx.execute("UPDATE heads SET sends_settled = head WHERE sends_settled < head", &[])?;
        Ok(())
    }

    /// Forgets a group that is being taken away.
    pub(crate) fn forget(&mut self, group: i64) {
        self.changes += 1;
        self.young.retain(|key, _| key.group != group);
        self.old.retain(|key, _| key.group != group);
        self.queue.retain(|(key, _)| key.group != group);
        self.reaches.remove(&group);
    }

    fn begin_settling(&mut self) {
        self.old = std::mem::take(&mut self.young);
        self.queue = self.old.iter().map(|(key, seq)| (*key, *seq)).collect();
        self.queue.sort_unstable_by(|left, right| right.cmp(left));
        for (key, seq) in &self.queue {
            let reach = self.reaches.entry(key.group).or_insert(*seq);
            *reach = (*reach).max(*seq);
        }
    }

    fn end_settling(&mut self, tx: &mut dyn Tx) -> Result<(), Failure> {
        static SQL: Chunked = Chunked::new(
            "WITH new(group_id, reach) AS (VALUES",
            &["BIGINT", "BIGINT"],
            ") UPDATE heads SET sends_settled = new.reach FROM new WHERE heads.group_id = new.group_id",
        );
        self.old.clear();
        let mut reaches: Vec<(i64, i64)> = self.reaches.drain().collect();
        reaches.sort_unstable();
        let params: Vec<Value<'_>> =
            reaches.into_iter().flat_map(|(group, reach)| [group, reach].map(Value::Int)).collect();
        tx.execute_many(&SQL, &params)
    }
}

/// The messages of a group after the place up to which its sends are settled. Group by group: joined with `heads`, the
/// whole log would be read.
const UNSETTLED: &str = "SELECT group_id, author_id, client_id, seq FROM log \
                         WHERE group_id = $1 AND seq > $2 AND kind = $3";

/// Writes rows that may be there already, from before a crash.
fn insert(tx: &mut dyn Tx, sends: &[(Key, i64)]) -> Result<(), Failure> {
    static SQL: Chunked = Chunked::new(
        "INSERT INTO sends (group_id, author_id, client_key, seq) VALUES",
        &["BIGINT", "BIGINT", "BIGINT", "BIGINT"],
        " ON CONFLICT (group_id, author_id, client_key) DO NOTHING",
    );
    let params: Vec<Value<'_>> = sends
        .iter()
        .flat_map(|(key, seq)| [key.group, key.author, key.number, *seq].map(Value::Int))
        .collect();
    tx.execute_many(&SQL, &params)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate;
    use crate::sqlite::{SqliteTx, open_writer};

    #[test]
    fn a_start_looks_at_what_is_not_settled_only() {
        let folder = tempfile::tempdir().unwrap();
        let connection = open_writer(&folder.path().join("parlor.db")).unwrap();
        let mut tx = SqliteTx { connection: &connection };
        migrate::migrate(&mut tx, &migrate::SQLITE).unwrap();
        let params = [1, 2, MESSAGE].map(Value::Int);
        let plan = format!("EXPLAIN QUERY PLAN {UNSETTLED}");
        let plan = query_all(&mut tx, &plan, &params, |row| row.text(3).map(str::to_owned)).unwrap();
        assert_eq!(plan, ["SEARCH log USING PRIMARY KEY (group_id=? AND seq>?)"]);
    }

    #[test]
    fn two_client_ids_with_one_number_are_two() {
        let key = Key::new(1, 2, "a");
        assert_eq!(key, Key::new(1, 2, "a"));
        assert_ne!(key, Key::new(1, 2, "b"));
        assert_ne!(key, key.next());
        let last = Key { number: i64::MAX, ..key };
        assert_eq!(last.next().number, 0);
    }
}
