//! Everything from SQLite to PostgreSQL, or back: table by table, in portions, each with a note of how far it has come in
//! the same transaction, so that a copy that was cut off goes on where it was. Nobody may use either database meanwhile.
//! At the end both are compared: how many rows each table has, and a hash of each group's log.

mod check;
mod tables;

use crate::tx::{Tx, Value, query_one};
use crate::{Failure, OpenError, Store, open};
use parlor_core::Epoch;
use std::path::PathBuf;
use tables::Table;

/// Where a database is.
#[derive(Clone)]
pub enum Place {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// `postgres://…`
    Postgres(String),
}

/// What a copy has to say while it works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It goes on with what an earlier one began.
    Resumed,
    /// So many rows of a table have come in this run.
    Rows {
        /// Of which.
        table: String,
        /// How many.
        rows: u64,
    },
    /// Both are being compared.
    Checking,
}

/// What was copied and found to be the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Rows in all tables.
    pub rows: u64,
    /// Groups whose logs have the same hash.
    pub groups: u64,
}

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// One of the two is not to be opened, and why.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Only between the two kinds is there a copy.
    #[error(
        "a copy goes from SQLite to PostgreSQL or back; for others of one kind there are `parlor backup` and pg_dump"
    )]
    SameKind,
    /// The target is in use.
    #[error("the database to copy to holds data already ({0}); give an empty one")]
    NotEmpty(String),
    /// They differ in the end.
    #[error(
        "the copy is not the same as what it was made of ({0}); was one of the two in use? Begin anew with an empty one"
    )]
    Differs(String),
    /// One of the two broke off; the same command goes on later.
    #[error("the copy broke off, and goes on when the same command is given again")]
    Failure(#[from] Failure),
}

/// Copies everything. Blocks until it is done.
///
/// A backup that is copied begins another life with `epoch_if_restored`, as if it were opened.
///
/// # Errors
/// See [`CopyError`].
pub fn copy(
    from: &Place,
    to: &Place,
    epoch_if_restored: Epoch,
    tell: &mut dyn FnMut(Progress),
) -> Result<Copied, CopyError> {
    if matches!((from, to), (Place::Sqlite(_), Place::Sqlite(_)) | (Place::Postgres(_), Place::Postgres(_))) {
        return Err(CopyError::SameKind);
    }
    let source = open_tidy(from, epoch_if_restored)?;
    let target = open_to_fill(to, epoch_if_restored)?;
    let sqlite = if source.is_alone() { &source } else { &target };
    let tables = sqlite.read::<_, Failure>(|tx| tables::all(tx)).wait()?;
    if target.read::<_, Failure>(begun).wait()? {
        tell(Progress::Resumed);
    } else {
        refuse_other_data(&target, &tables)?;
    }
    for table in &tables {
        copy_table(&source, &target, table, tell)?;
    }
    tell(Progress::Checking);
    let copied = check::compare(&source, &target, &tables)?;
    finish(&source, &target, tables)?;
    Ok(copied)
}

/// Opened twice: the first closing brings all that waits to its place.
fn open_tidy(place: &Place, epoch: Epoch) -> Result<Store, OpenError> {
    let open = || match place {
        Place::Sqlite(path) if !path.is_file() => {
            Err(OpenError::new(format!("there is no database at {}", path.display())))
        }
        Place::Sqlite(path) => Store::open_sqlite(path, epoch),
        Place::Postgres(url) => Store::open_postgres(url),
    };
    drop(open()?);
    open()
}

fn open_to_fill(place: &Place, epoch: Epoch) -> Result<Store, OpenError> {
    match place {
        Place::Sqlite(path) => open::open_sqlite(path, epoch, open::Purpose::Fill),
        Place::Postgres(url) => crate::postgres::open(url, open::Purpose::Fill),
    }
}

/// Whether a copy into this database was begun and not finished.
///
/// # Errors
/// What the database says.
pub(crate) fn begun(tx: &mut dyn Tx) -> Result<bool, Failure> {
    Ok(query_one(tx, "SELECT 1 FROM copy_progress LIMIT 1", &[], |_| Ok(()))?.is_some())
}

fn refuse_other_data(target: &Store, tables: &[Table]) -> Result<(), CopyError> {
    for table in tables {
        let name = table.name.clone();
        let sql = format!("SELECT 1 FROM {name} LIMIT 1");
        if target.read::<_, Failure>(move |tx| query_one(tx, &sql, &[], |_| Ok(()))).wait()?.is_some() {
            return Err(CopyError::NotEmpty(name));
        }
    }
    Ok(())
}

fn copy_table(
    source: &Store,
    target: &Store,
    table: &Table,
    tell: &mut dyn FnMut(Progress),
) -> Result<(), CopyError> {
    let name = table.name.clone();
    let mut rows = 0;
    let Some(mut last) = target.read::<_, Failure>(move |tx| tables::last_key(tx, &name)).wait()? else {
        return Ok(());
    };
    loop {
        let of = table.clone();
        let portion = source.read::<_, Failure>(move |tx| of.portion(tx, &last)).wait()?;
        last = portion.last().map(|row| table.key_of(row)).unwrap_or_default();
        let (to, count) = (table.clone(), portion.len() as u64);
        target.write::<_, Failure>(move |write| to.insert(write, &portion)).wait()?;
        rows += count;
        tell(Progress::Rows { table: table.name.clone(), rows });
        if count == 0 {
            return Ok(());
        }
    }
}

/// Lets the target go on where the source is: no number is given twice, and it may be opened for serving.
fn finish(source: &Store, target: &Store, tables: Vec<Table>) -> Result<(), CopyError> {
    let numbered: Vec<String> =
        tables.into_iter().filter(|table| table.is_numbered).map(|table| table.name).collect();
    let from_sqlite = source.is_alone();
    let last_ids = source.read::<_, Failure>(move |tx| {
        let ids = numbered.into_iter().map(|name| Ok((last_id(tx, &name, from_sqlite)?, name)));
        ids.collect::<Result<Vec<_>, _>>()
    });
    let last_ids = last_ids.wait()?;
    let done = target.write::<_, Failure>(move |write| {
        for (id, name) in last_ids.iter().filter(|(id, _)| *id > 0) {
            let params = [Value::Int(*id), Value::Text(name)];
            if from_sqlite {
                let sql = "SELECT setval(CAST(pg_get_serial_sequence($2, 'id') AS regclass), $1)";
                write.query(sql, &params, &mut |_| Ok(()))?;
            } else if write.execute("UPDATE sqlite_sequence SET seq = $1 WHERE name = $2", &params)? == 0 {
                write.execute("INSERT INTO sqlite_sequence (seq, name) VALUES ($1, $2)", &params)?;
            }
        }
        // All of it lies in its place.
        write.execute("UPDATE heads SET settled = head, sends_settled = head, tail_id = NULL", &[])?;
        write.execute("DELETE FROM copy_progress", &[]).map(drop)
    });
    Ok(done.wait()?)
}

fn last_id(tx: &mut dyn Tx, table: &str, is_sqlite: bool) -> Result<i64, Failure> {
    let sql = if is_sqlite {
        "SELECT seq FROM sqlite_sequence WHERE name = $1"
    } else {
        "SELECT pg_sequence_last_value(CAST(pg_get_serial_sequence($1, 'id') AS regclass))"
    };
    let last = query_one(tx, sql, &[Value::Text(table)], |row| row.int_or_null(0))?;
    Ok(last.flatten().unwrap_or(0))
}
