//! SQLite as a [`Tx`], and how its connections are set up. The only file that knows rusqlite, with `backup`.

use crate::private_file::create_if_missing;
use crate::tx::{EachRow, Row, Tx, Value};
use crate::{Failure, OpenError};
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, ToSql};
use std::path::Path;
use std::time::Duration;

/// How long a statement waits for a lock that another process holds before it fails as unavailable.
const BUSY_TIMEOUT: Duration = Duration::from_secs(2);
/// Prepared statements kept per connection; there are fewer in all of the code.
const STATEMENTS: usize = 256;
/// Pages that the writer keeps in memory, once it has needed them: 64 MiB. The index of sends is what it looks into most.
const WRITER_CACHE_KIB: i64 = 64 * 1024;
/// Pages that each reader keeps in memory, once it has needed them: 16 MiB.
const READER_CACHE_KIB: i64 = 16 * 1024;

/// Opens the connection that writes; makes the file when there is none.
pub(crate) fn open_writer(path: &Path) -> Result<Connection, OpenError> {
    create_if_missing(path).map_err(|error| OpenError::cannot_open(path, &error))?;
    let connection = Connection::open(path).map_err(|error| OpenError::cannot_open(path, &error))?;
    let set_up = || -> rusqlite::Result<()> {
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        keep_plans(&connection)?;
        // FULL: what is committed survives the loss of power. Checkpoints are run by `checkpoint`, not by a commit.
        // FAST: what is deleted is overwritten where that costs no extra write.
        connection.execute_batch(&format!(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF; \
             PRAGMA temp_store = MEMORY; PRAGMA secure_delete = FAST; PRAGMA wal_autocheckpoint = 0; \
             PRAGMA cache_size = -{WRITER_CACHE_KIB};"
        ))
    };
    set_up().map_err(|error| OpenError::cannot_open(path, &error))?;
    Ok(connection)
}

/// Opens a connection that reads a database that is there.
pub(crate) fn open_reader(path: &Path) -> Result<Connection, OpenError> {
    // Not read-only by flag: a reader takes part in the WAL's bookkeeping. `query_only` keeps it from writing.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection =
        Connection::open_with_flags(path, flags).map_err(|e| OpenError::cannot_open(path, &e))?;
    let set_up = || -> rusqlite::Result<()> {
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        keep_plans(&connection)?;
        connection.execute_batch(&format!(
            "PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -{READER_CACHE_KIB};"
        ))
    };
    set_up().map_err(|error| OpenError::cannot_open(path, &error))?;
    Ok(connection)
}

/// Lets a prepared statement keep its plan. Without it SQLite plans anew whenever a LIMIT (and some others) is bound to
/// another value, and a statement that goes back to the cache loses its values each time: measured, half of what a page
/// of history cost.
fn keep_plans(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map(drop)
}

/// Opens a connection that only checkpoints.
pub(crate) fn open_checkpointer(path: &Path) -> Result<Connection, OpenError> {
    let connection = Connection::open(path).map_err(|error| OpenError::cannot_open(path, &error))?;
    connection
        .execute_batch("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;")
        .map_err(|error| OpenError::cannot_open(path, &error))?;
    Ok(connection)
}

/// A transaction that somebody has begun on this connection.
pub(crate) struct SqliteTx<'c> {
    pub(crate) connection: &'c Connection,
}

impl Tx for SqliteTx<'_> {
    fn query(&mut self, sql: &str, params: &[Value<'_>], each: &mut EachRow<'_>) -> Result<(), Failure> {
        let mut statement = self.connection.prepare_cached(sql).map_err(failure)?;
        bind(&mut statement, params)?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(failure)? {
            each(&SqliteRow(row))?;
        }
        Ok(())
    }

    fn execute(&mut self, sql: &str, params: &[Value<'_>]) -> Result<u64, Failure> {
        let mut statement = self.connection.prepare_cached(sql).map_err(failure)?;
        bind(&mut statement, params)?;
        let changed = statement.raw_execute().map_err(failure)?;
        Ok(changed as u64)
    }
}

fn bind(statement: &mut rusqlite::Statement<'_>, params: &[Value<'_>]) -> Result<(), Failure> {
    for (index, value) in params.iter().enumerate() {
        statement.raw_bind_parameter(index + 1, value).map_err(failure)?;
    }
    Ok(())
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(value) => ValueRef::Integer(*value),
            Self::Text(value) => ValueRef::Text(value.as_bytes()),
            Self::Bytes(value) => ValueRef::Blob(value),
        }))
    }
}

struct SqliteRow<'r, 's>(&'r rusqlite::Row<'s>);

impl SqliteRow<'_, '_> {
    fn column(&self, column: usize) -> Result<ValueRef<'_>, Failure> {
        self.0.get_ref(column).map_err(failure)
    }
}

impl Row for SqliteRow<'_, '_> {
    fn int(&self, column: usize) -> Result<i64, Failure> {
        self.int_or_null(column)?.ok_or_else(|| unexpected(column))
    }

    fn int_or_null(&self, column: usize) -> Result<Option<i64>, Failure> {
        match self.column(column)? {
            ValueRef::Null => Ok(None),
            ValueRef::Integer(value) => Ok(Some(value)),
            _ => Err(unexpected(column)),
        }
    }

    fn text(&self, column: usize) -> Result<&str, Failure> {
        self.text_or_null(column)?.ok_or_else(|| unexpected(column))
    }

    fn text_or_null(&self, column: usize) -> Result<Option<&str>, Failure> {
        match self.column(column)? {
            ValueRef::Null => Ok(None),
            ValueRef::Text(bytes) => std::str::from_utf8(bytes).map(Some).map_err(Failure::internal),
            _ => Err(unexpected(column)),
        }
    }

    fn value(&self, column: usize) -> Result<Value<'_>, Failure> {
        match self.column(column)? {
            ValueRef::Null => Ok(Value::Null),
            ValueRef::Integer(value) => Ok(Value::Int(value)),
            ValueRef::Text(bytes) => std::str::from_utf8(bytes).map(Value::Text).map_err(Failure::internal),
            ValueRef::Blob(bytes) => Ok(Value::Bytes(bytes)),
            ValueRef::Real(_) => Err(unexpected(column)),
        }
    }
}

fn unexpected(column: usize) -> Failure {
    Failure::internal(format!("column {column} holds a value of another type than the schema says"))
}

/// Tells what passes by itself (full disk, lock, IO) from what is a fault of ours.
pub(crate) fn failure(error: rusqlite::Error) -> Failure {
    match error.sqlite_error_code() {
        Some(
            code @ (ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::DiskFull
            | ErrorCode::SystemIoFailure
            | ErrorCode::OutOfMemory
            | ErrorCode::ReadOnly
            | ErrorCode::CannotOpen),
        ) => {
            tracing::warn!(db.error = ?code, "the database is not available");
            Failure::unavailable()
        }
        _ => Failure::internal(error),
    }
}
