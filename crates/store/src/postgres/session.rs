//! One connection to PostgreSQL as a [`Tx`]: statements prepared once, requests that go ahead of the next one without
//! waiting for their own answers, and a deadline for every wait. The only file that knows the driver, with `address`.

use super::address::Address;
use crate::Failure;
use crate::batch::OpenTx;
use crate::rows::Chunked;
use crate::tx::{EachRow, Row, Tx, Value};
use bytes::BytesMut;
use futures_util::future;
use std::collections::HashMap;
use std::error::Error as _;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::time::error::Elapsed;
use tokio::time::timeout;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Client, Error, NoTls, Statement};

/// How long a connection may take to come about.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long what was sent may stay without a sign of life from the other machine.
pub(super) const TCP_USER_TIMEOUT: Duration = Duration::from_secs(10);
/// How long an answer may take: longer than the database's own limits below, which say better what was wrong.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(15);
/// How long a migration may take, and wait for the other nodes.
const MIGRATION_TIMEOUT: Duration = Duration::from_secs(15 * 60);
/// Statements that are kept prepared; there are fewer in all of the code.
const STATEMENTS: usize = 512;

/// What every connection is told first. A transaction whose node has stopped holds locks that others wait for, so it ends
/// after 4 s, before their patience does. All statements of the store are made to follow an index; the planner, which guesses from old
/// statistics, is not to find otherwise while tables grow.
const SET_UP: &str = "SET statement_timeout = '10s'; SET lock_timeout = '8s'; \
    SET idle_in_transaction_session_timeout = '4s'; SET synchronous_commit = on; SET jit = off; \
    SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_hashjoin = off; \
    SET enable_mergejoin = off; SET client_min_messages = warning; \
    SET default_transaction_isolation = 'read committed'";

/// What a transaction locks before it does anything.
#[derive(Clone, Copy)]
pub(super) enum Lock<'a> {
    /// Everything: it runs alone.
    All,
    /// These groups, which stand in the order of their ids.
    Groups(&'a [i64]),
}

/// A connection, with the runtime that it lives in: nothing happens on it but while somebody waits for an answer.
pub(super) struct Session {
    runtime: Runtime,
    client: Client,
    statements: HashMap<String, Statement>,
    /// What is sent together with the next request.
    ahead: String,
    /// A statement of the open transaction failed: until it is rolled back nothing else goes.
    failed: bool,
    /// Whether the connection is of no use any more.
    lost: bool,
    /// The lock of all lock of this schema.
    key: i64,
}

impl Session {
    /// Connects. Blocks for [`CONNECT_TIMEOUT`] at most for each address of the host.
    pub(super) fn connect(address: &Address) -> Result<Self, ConnectError> {
        let runtime = Builder::new_current_thread().enable_io().enable_time().build()?;
        let connected = runtime.block_on(async {
            let (client, connection) = address.config.connect(NoTls).await?;
            tokio::spawn(connection);
            client.batch_execute(SET_UP).await?;
            let sql = "SELECT CAST(current_setting('server_version_num') AS INTEGER), \
                       (SELECT CAST(oid AS BIGINT) FROM pg_namespace WHERE nspname = current_schema())";
            let row = client.query_one(sql, &[]).await?;
            Ok::<_, Error>((client, row.get::<_, i32>(0), row.get::<_, Option<i64>>(1)))
        });
        let (client, version, schema) = connected?;
        if version < 150_000 {
            return Err(ConnectError::TooOld(version / 10_000));
        }
        // "PARL", and the schema: several may share a database.
        let key = 0x5041_524C_0000_0000 | schema.ok_or(ConnectError::NoSchema)?;
        let (statements, ahead) = (HashMap::new(), String::new());
        Ok(Self { runtime, client, statements, ahead, failed: false, lost: false, key })
    }

    /// Whether it can still be used, as far as is known.
    pub(super) fn is_alive(&self) -> bool {
        // Lets the connection see that the other side has closed it: once to hear of it, once to read it, once to end.
        self.runtime.block_on(async {
            for _ in 0..3 {
                tokio::task::yield_now().await;
            }
        });
        !self.lost && !self.client.is_closed()
    }

    /// Begins a transaction that writes, and waits for its locks.
    pub(super) fn begin(&mut self, lock: Lock<'_>) -> Result<SessionTx<'_>, Failure> {
        self.failed = false;
        self.ahead.clear();
        let key = self.key;
        let tx = SessionTx { session: self };
        match lock {
            Lock::All => tx.session.simple(&format!("BEGIN; SELECT pg_advisory_xact_lock({key})"))?,
            Lock::Groups(groups) => {
                tx.session.ahead = format!("BEGIN; SELECT pg_advisory_xact_lock_shared({key})");
                let sql = "SELECT 1 FROM heads WHERE group_id = ANY($1) ORDER BY group_id FOR NO KEY UPDATE";
                tx.session.request(sql, &[Type::INT8_ARRAY], &[&groups])?;
            }
        }
        Ok(tx)
    }

    /// The same for bringing the schema up to date: it may take longer than others.
    pub(super) fn begin_migration(&mut self) -> Result<SessionTx<'_>, Failure> {
        let seconds = MIGRATION_TIMEOUT.as_secs();
        let key = self.key;
        let tx = SessionTx { session: self };
        tx.session.simple(&format!(
            "BEGIN; SET LOCAL statement_timeout = '{seconds}s'; SET LOCAL lock_timeout = '{seconds}s'; \
             SELECT pg_advisory_xact_lock({key})"
        ))?;
        Ok(tx)
    }

    /// Begins, with the first statement, a transaction that sees everything as of one moment.
    pub(super) fn begin_reading(&mut self) -> SessionTx<'_> {
        self.failed = false;
        self.ahead.clear();
        self.ahead.push_str("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        SessionTx { session: self }
    }

    /// Runs statements without parameters and without results, and what was to go ahead of them.
    fn simple(&mut self, sql: &str) -> Result<(), Failure> {
        let mut text = std::mem::take(&mut self.ahead);
        if !text.is_empty() {
            text.push_str("; ");
        }
        text.push_str(sql);
        let limit = if text.contains("SET LOCAL") { MIGRATION_TIMEOUT } else { ANSWER_TIMEOUT };
        let done = wait(&self.runtime, limit, self.client.batch_execute(&text));
        self.outcome(done)
    }

    /// Runs a statement with its parameters, and what was to go ahead of it.
    fn request(
        &mut self,
        sql: &str,
        types: &[Type],
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<tokio_postgres::Row>, Failure> {
        let statement = self.prepared(sql, types)?;
        let ahead = std::mem::take(&mut self.ahead);
        let client = &self.client;
        let both = async {
            if ahead.is_empty() {
                return client.query(&statement, params).await;
            }
            // Polled, and so sent, in this order.
            let (first, second) =
                future::join(client.batch_execute(&ahead), client.query(&statement, params)).await;
            first.and(second)
        };
        let done = wait(&self.runtime, ANSWER_TIMEOUT, both);
        self.outcome(done)
    }

    /// The same for a statement whose result is how many rows it changed.
    fn change(&mut self, sql: &str, types: &[Type], params: &[&(dyn ToSql + Sync)]) -> Result<u64, Failure> {
        let statement = self.prepared(sql, types)?;
        let ahead = std::mem::take(&mut self.ahead);
        let client = &self.client;
        let both = async {
            if ahead.is_empty() {
                return client.execute(&statement, params).await;
            }
            let (first, second) =
                future::join(client.batch_execute(&ahead), client.execute(&statement, params)).await;
            first.and(second)
        };
        let done = wait(&self.runtime, ANSWER_TIMEOUT, both);
        self.outcome(done)
    }

    fn prepared(&mut self, sql: &str, types: &[Type]) -> Result<Statement, Failure> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let done = wait(&self.runtime, ANSWER_TIMEOUT, self.client.prepare_typed(sql, types));
        let statement = self.outcome(done)?;
        if self.statements.len() == STATEMENTS {
            self.statements.clear();
        }
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    fn outcome<T>(&mut self, done: Result<Result<T, Error>, Elapsed>) -> Result<T, Failure> {
        match done {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => {
                self.failed = true;
                // Without a code it did not come from the database, but from what lies between.
                self.lost |= error.code().is_none_or(ends_the_connection);
                Err(failure(&error))
            }
            Err(_) => {
                (self.failed, self.lost) = (true, true);
                tracing::warn!("the database did not answer in time");
                Err(Failure::unavailable())
            }
        }
    }
}

/// Lets a connection work until `answer` is there, or `limit` is over.
fn wait<T>(runtime: &Runtime, limit: Duration, answer: impl Future<Output = T>) -> Result<T, Elapsed> {
    // The deadline has to be made inside the runtime whose clock it uses.
    runtime.block_on(async { timeout(limit, answer).await })
}

/// Why there is no session.
pub(super) enum ConnectError {
    /// What the driver or the database says.
    Postgres(Error),
    /// This machine.
    Io(std::io::Error),
    /// The major version that was found.
    TooOld(i32),
    /// The search path names no schema that is there.
    NoSchema,
}

impl From<Error> for ConnectError {
    fn from(error: Error) -> Self {
        Self::Postgres(error)
    }
}

impl From<std::io::Error> for ConnectError {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

/// A transaction on a session. Dropped without a commit it is rolled back.
pub(super) struct SessionTx<'s> {
    session: &'s mut Session,
}

impl SessionTx<'_> {
    /// Commits. An `Err` may mean that nobody knows whether it did.
    pub(super) fn commit(self) -> Result<(), Failure> {
        // The database would answer a COMMIT after a failure as if nothing were wrong, and roll back.
        if self.session.failed {
            return Err(Failure::unavailable());
        }
        let committed = self.session.simple("COMMIT");
        self.session.failed = committed.is_err();
        std::mem::forget(self);
        committed
    }
}

impl Drop for SessionTx<'_> {
    fn drop(&mut self) {
        let session = &mut *self.session;
        // Where not even the beginning was sent there is nothing to end.
        let untouched = session.ahead.starts_with("BEGIN");
        session.ahead.clear();
        if !untouched && !session.lost && session.simple("ROLLBACK").is_err() {
            session.lost = true;
        }
    }
}

impl Tx for SessionTx<'_> {
    fn query(&mut self, sql: &str, params: &[Value<'_>], each: &mut EachRow<'_>) -> Result<(), Failure> {
        let rows = self.session.request(sql, &types(params), &bound(params))?;
        rows.iter().try_for_each(|row| each(&SessionRow(row)))
    }

    fn execute(&mut self, sql: &str, params: &[Value<'_>]) -> Result<u64, Failure> {
        self.session.change(sql, &types(params), &bound(params))
    }

    fn query_many(
        &mut self,
        statement: &Chunked,
        params: &[Value<'_>],
        each: &mut EachRow<'_>,
    ) -> Result<(), Failure> {
        let Some(sql) = statement.whole() else {
            return statement.each(params, |sql, portion| self.query(sql, portion, each));
        };
        if params.is_empty() {
            return Ok(());
        }
        let columns = Columns::of(statement, params);
        let rows = self.session.request(sql, &columns.types(), &columns.bound())?;
        rows.iter().try_for_each(|row| each(&SessionRow(row)))
    }

    fn execute_many(&mut self, statement: &Chunked, params: &[Value<'_>]) -> Result<(), Failure> {
        let Some(sql) = statement.whole() else {
            return statement.each(params, |sql, portion| self.execute(sql, portion).map(drop));
        };
        if params.is_empty() {
            return Ok(());
        }
        let columns = Columns::of(statement, params);
        self.session.change(sql, &columns.types(), &columns.bound()).map(drop)
    }
}

/// One column of many rows, as an array.
fn column<'v>(index: usize, kind: &str, width: usize, params: &[Value<'v>]) -> Column<'v> {
    let values = params.iter().skip(index).step_by(width);
    if kind == "TEXT" {
        Column::Texts(
            values.map(|value| if let Value::Text(text) = value { Some(*text) } else { None }).collect(),
        )
    } else {
        Column::Ints(
            values.map(|value| if let Value::Int(int) = value { Some(*int) } else { None }).collect(),
        )
    }
}

enum Column<'v> {
    Ints(Vec<Option<i64>>),
    Texts(Vec<Option<&'v str>>),
}

impl Column<'_> {
    fn bound(&self) -> &(dyn ToSql + Sync) {
        match self {
            Self::Ints(ints) => ints,
            Self::Texts(texts) => texts,
        }
    }
}

/// What a statement of many rows is given.
struct Columns<'v>(Vec<Column<'v>>);

impl<'v> Columns<'v> {
    fn of(statement: &Chunked, params: &[Value<'v>]) -> Self {
        let kinds = statement.columns();
        Self(kinds.iter().enumerate().map(|(index, kind)| column(index, kind, kinds.len(), params)).collect())
    }

    fn types(&self) -> Vec<Type> {
        let kind = |column: &Column<'_>| match column {
            Column::Ints(_) => Type::INT8_ARRAY,
            Column::Texts(_) => Type::TEXT_ARRAY,
        };
        self.0.iter().map(kind).collect()
    }

    fn bound(&self) -> Vec<&(dyn ToSql + Sync)> {
        self.0.iter().map(Column::bound).collect()
    }
}

impl OpenTx for SessionTx<'_> {
    fn savepoint(&mut self) -> Result<(), Failure> {
        self.session.send_ahead("SAVEPOINT job");
        Ok(())
    }

    fn release(&mut self) -> Result<(), Failure> {
        if self.session.failed {
            return Err(Failure::internal("a job went on after a statement of it had failed"));
        }
        self.session.send_ahead("RELEASE SAVEPOINT job");
        Ok(())
    }

    fn roll_back_to_savepoint(&mut self) -> Result<(), Failure> {
        self.session.send_ahead("ROLLBACK TO SAVEPOINT job");
        self.session.failed = false;
        Ok(())
    }

    fn has_ended(&self) -> bool {
        self.session.lost
    }
}

impl Session {
    fn send_ahead(&mut self, sql: &str) {
        if !self.ahead.is_empty() {
            self.ahead.push_str("; ");
        }
        self.ahead.push_str(sql);
    }
}

/// What the parameters are: said when a statement is prepared, so that the database does not have to guess.
fn types(params: &[Value<'_>]) -> Vec<Type> {
    let one = |value: &Value<'_>| match value {
        Value::Null => Type::UNKNOWN,
        Value::Int(_) => Type::INT8,
        Value::Text(_) => Type::TEXT,
        Value::Bytes(_) => Type::BYTEA,
    };
    params.iter().map(one).collect()
}

fn bound<'v>(params: &'v [Value<'_>]) -> Vec<&'v (dyn ToSql + Sync)> {
    params.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

impl ToSql for Value<'_> {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(value) => match *kind {
                Type::INT4 => i32::try_from(*value)?.to_sql(kind, out),
                _ => value.to_sql(kind, out),
            },
            Self::Text(value) => value.to_sql(kind, out),
            Self::Bytes(value) => value.to_sql(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

struct SessionRow<'r>(&'r tokio_postgres::Row);

impl Row for SessionRow<'_> {
    fn int(&self, column: usize) -> Result<i64, Failure> {
        self.int_or_null(column)?.ok_or_else(|| unexpected(column))
    }

    fn int_or_null(&self, column: usize) -> Result<Option<i64>, Failure> {
        let kind = self.0.columns().get(column).map(|column| column.type_().clone());
        match kind {
            Some(Type::INT8) => self.0.try_get(column).map_err(|_| unexpected(column)),
            Some(Type::INT4) => {
                let value: Option<i32> = self.0.try_get(column).map_err(|_| unexpected(column))?;
                Ok(value.map(i64::from))
            }
            _ => Err(unexpected(column)),
        }
    }

    fn text(&self, column: usize) -> Result<&str, Failure> {
        self.text_or_null(column)?.ok_or_else(|| unexpected(column))
    }

    fn text_or_null(&self, column: usize) -> Result<Option<&str>, Failure> {
        self.0.try_get(column).map_err(|_| unexpected(column))
    }

    fn value(&self, column: usize) -> Result<Value<'_>, Failure> {
        match self.0.columns().get(column).map(|column| column.type_().clone()) {
            Some(Type::TEXT) => Ok(Value::text_or_null(self.text_or_null(column)?)),
            Some(Type::BYTEA) => {
                let bytes: Option<&[u8]> = self.0.try_get(column).map_err(|_| unexpected(column))?;
                Ok(bytes.map_or(Value::Null, Value::Bytes))
            }
            _ => Ok(Value::int_or_null(self.int_or_null(column)?)),
        }
    }
}

fn unexpected(column: usize) -> Failure {
    Failure::internal(format!("column {column} holds a value of another type than the schema says"))
}

/// Whether nothing more can come of a connection on which this was said: the server stops or has crashed, or it has become
/// one that only reads.
fn ends_the_connection(code: &SqlState) -> bool {
    let code = code.code();
    code.starts_with("08") || code.starts_with("57P") || code == "25006" || code == "25P03"
}

/// Tells what passes by itself (a lost connection, a lock, a full disk) from what is a fault of ours.
fn failure(error: &Error) -> Failure {
    let passes = error.code().is_none_or(|code| {
        let class = &code.code()[..2];
        // Connection, cannot connect now or cancelled, resources, the system, transaction rollback, read-only, lock.
        matches!(class, "08" | "57" | "53" | "58" | "40")
            || ["25006", "25P03", "55P03"].contains(&code.code())
    });
    if passes {
        tracing::warn!(db.error = %reason(error), "the database is not available");
        Failure::unavailable()
    } else {
        Failure::internal(reason(error))
    }
}

/// What went wrong, without the values that a detail may hold.
pub(super) fn reason(error: &Error) -> String {
    match error.as_db_error() {
        Some(error) => format!("{} {}", error.code().code(), error.message()),
        None => error.source().map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}")),
    }
}
