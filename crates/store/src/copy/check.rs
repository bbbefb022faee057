//! Whether a copy is the same as what it was made of.

use super::tables::Table;
use super::{Copied, CopyError};
use crate::tx::{Tx, Value, query_all, query_one};
use crate::{Failure, Pending, Store};
use sha2::{Digest as _, Sha256};

/// Events that are read at once.
const PORTION: i64 = 2_000;
/// Groups whose numbers are read at once.
const GROUPS: i64 = 1_000;

/// Compares the numbers of rows, and the logs group by group.
pub(super) fn compare(source: &Store, target: &Store, tables: &[Table]) -> Result<Copied, CopyError> {
    let mut rows = 0;
    for table in tables {
        let [one, other] = [source, target].map(|store| {
            let sql = format!("SELECT COUNT(*) FROM {}", table.name);
            store.read::<_, Failure>(move |tx| query_one(tx, &sql, &[], |row| row.int(0)))
        });
        let (one, other) = (one.wait()?.unwrap_or(0), other.wait()?.unwrap_or(0));
        if one != other {
            return Err(CopyError::Differs(format!("{}: {one} and {other} rows", table.name)));
        }
        rows += one.unsigned_abs();
    }
    let groups = compare_logs(source, target)?;
    Ok(Copied { rows, groups })
}

fn compare_logs(source: &Store, target: &Store) -> Result<u64, CopyError> {
    let (mut compared, mut last) = (0, 0);
    loop {
        let ids = source.read::<_, Failure>(move |tx| {
            let sql = "SELECT group_id FROM heads WHERE group_id > $1 ORDER BY group_id LIMIT $2";
            query_all(tx, sql, &[last, GROUPS].map(Value::Int), |row| row.int(0))
        });
        let ids = ids.wait()?;
        let Some(end) = ids.last() else { return Ok(compared) };
        last = *end;
        for group in ids {
            let hashes = [source, target].map(|store| store.read(move |tx| hash_of_log(tx, group)));
            let [one, other] = hashes.map(Pending::wait);
            if one? != other? {
                return Err(CopyError::Differs(format!("the log of group {group}")));
            }
            compared += 1;
        }
    }
}

/// A hash of all that the log of a group says, in its order.
fn hash_of_log(tx: &mut dyn Tx, group: i64) -> Result<[u8; 32], Failure> {
    let sql = "SELECT seq, at, kind, marks, author_id, author_name, client_id, target, text, data, messages, \
               prev_message, edited_text, edited_at FROM log WHERE group_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";
    let (mut hash, mut last) = (Sha256::new(), 0);
    loop {
        let before = last;
        tx.query(sql, &[group, last, PORTION].map(Value::Int), &mut |row| {
            last = row.int(0)?;
            for column in 0..14 {
                feed(&mut hash, row.value(column)?);
            }
            Ok(())
        })?;
        if last == before {
            return Ok(hash.finalize().into());
        }
    }
}

/// Each value with its kind and length, so that no two rows read the same.
fn feed(hash: &mut Sha256, value: Value<'_>) {
    let mut part = |kind: u8, bytes: &[u8]| {
        hash.update([kind]);
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    };
    match value {
        Value::Null => part(0, &[]),
        Value::Int(value) => part(1, &value.to_le_bytes()),
        Value::Text(text) => part(2, text.as_bytes()),
        Value::Bytes(bytes) => part(3, bytes),
    }
}
