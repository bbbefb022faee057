//! The tables as SQLite describes them, which both databases have alike, and portions of their rows.

use crate::Failure;
use crate::tx::{Row, Tx, Value, query_all, query_one};
use serde_json::{Value as Json, json};
use std::fmt::Write as _;

/// Rows of one portion: one transaction of the target.
const PORTION: i64 = 2_000;
/// Rows of one statement.
const ROWS: usize = 100;

/// A table.
#[derive(Clone)]
pub(super) struct Table {
    pub(super) name: String,
    columns: Vec<Column>,
    /// Which of the columns are its key, in the key's order.
    key: Vec<usize>,
    /// Whether the database gives out its ids.
    pub(super) is_numbered: bool,
}

#[derive(Clone)]
struct Column {
    name: String,
    /// BIGINT, TEXT or BLOB.
    kind: String,
}

/// A value that outlives its row.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Owned {
    Null,
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl Owned {
    fn of(value: Value<'_>) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Int(value) => Self::Int(value),
            Value::Text(value) => Self::Text(value.to_owned()),
            Value::Bytes(value) => Self::Bytes(value.to_owned()),
        }
    }

    fn borrowed(&self) -> Value<'_> {
        match self {
            Self::Null => Value::Null,
            Self::Int(value) => Value::Int(*value),
            Self::Text(value) => Value::Text(value),
            Self::Bytes(value) => Value::Bytes(value),
        }
    }
}

/// All tables that hold what people did. The tail of the log is empty while nobody writes; the others are notes of a
/// database about itself.
pub(super) fn all(tx: &mut dyn Tx) -> Result<Vec<Table>, Failure> {
    let sql = "SELECT m.name, p.name, p.type, p.pk, CASE WHEN m.sql LIKE '%AUTOINCREMENT%' THEN 1 ELSE 0 END \
               FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' \
               AND m.name NOT IN ('schema_version', 'backup_mark', 'copy_progress', 'log_tail', 'sqlite_sequence') \
               ORDER BY m.name, p.cid";
    let mut tables: Vec<Table> = Vec::new();
    let mut keys: Vec<(i64, usize)> = Vec::new();
    tx.query(sql, &[], &mut |row| {
        let name = row.text(0)?;
        if tables.last().is_none_or(|table| table.name != name) {
            keys.clear();
            let is_numbered = row.int(4)? != 0;
            tables.push(Table { name: name.to_owned(), columns: Vec::new(), key: Vec::new(), is_numbered });
        }
        let Some(table) = tables.last_mut() else { return Ok(()) };
        if row.int(3)? > 0 {
            keys.push((row.int(3)?, table.columns.len()));
            keys.sort_unstable();
            table.key = keys.iter().map(|(_, column)| *column).collect();
        }
        let kind = if row.text(2)? == "INTEGER" { "BIGINT" } else { row.text(2)? };
        table.columns.push(Column { name: row.text(1)?.to_owned(), kind: kind.to_owned() });
        Ok(())
    })?;
    match tables.iter().find(|table| table.key.is_empty()) {
        Some(table) => Err(Failure::internal(format!("{} has no key to copy it by", table.name))),
        None => Ok(tables),
    }
}

/// The key of the last row that is here, empty where there is none; `None` where the table is here as a whole.
pub(super) fn last_key(tx: &mut dyn Tx, table: &str) -> Result<Option<Vec<Owned>>, Failure> {
    let sql = "SELECT last_key FROM copy_progress WHERE name = $1";
    let found = query_one(tx, sql, &[Value::Text(table)], |row| Ok(row.text_or_null(0)?.map(str::to_owned)))?;
    match found {
        None => Ok(Some(Vec::new())),
        Some(None) => Ok(None),
        Some(Some(text)) => {
            let key: Vec<Json> = serde_json::from_str(&text).map_err(Failure::internal)?;
            let value = |json: Json| match json {
                Json::String(text) => Ok(Owned::Text(text)),
                json => json
                    .as_i64()
                    .map(Owned::Int)
                    .ok_or_else(|| Failure::internal("a key of a copy is broken")),
            };
            Ok(Some(key.into_iter().map(value).collect::<Result<_, _>>()?))
        }
    }
}

impl Table {
    /// The rows after the one with the key `after`, or the first where that is empty.
    pub(super) fn portion(&self, tx: &mut dyn Tx, after: &[Owned]) -> Result<Vec<Vec<Owned>>, Failure> {
        let names: Vec<&str> = self.columns.iter().map(|column| column.name.as_str()).collect();
        let key: Vec<&str> = self.key.iter().map(|column| names[*column]).collect();
        let mut sql = format!("SELECT {} FROM {}", names.join(", "), self.name);
        if !after.is_empty() {
            let numbers: Vec<String> = (1..=after.len()).map(|number| format!("${number}")).collect();
            append(&mut sql, format_args!(" WHERE ({}) > ({})", key.join(", "), numbers.join(", ")));
        }
        append(&mut sql, format_args!(" ORDER BY {} LIMIT {PORTION}", key.join(", ")));
        let params: Vec<Value<'_>> = after.iter().map(Owned::borrowed).collect();
        query_all(tx, &sql, &params, |row| self.row(row))
    }

    fn row(&self, row: &dyn Row) -> Result<Vec<Owned>, Failure> {
        (0..self.columns.len()).map(|column| Ok(Owned::of(row.value(column)?))).collect()
    }

    /// The key of a row.
    pub(super) fn key_of(&self, row: &[Owned]) -> Vec<Owned> {
        self.key.iter().map(|column| row[*column].clone()).collect()
    }

    /// Inserts a portion and notes how far that is; an empty portion says that this was all.
    pub(super) fn insert(&self, tx: &mut dyn Tx, portion: &[Vec<Owned>]) -> Result<(), Failure> {
        let (many, one) = (self.insert_text(ROWS), self.insert_text(1));
        let (full, rest) = portion.as_chunks::<ROWS>();
        let statements = full.iter().map(|rows| (&many, rows.as_slice()));
        for (sql, rows) in statements.chain(rest.chunks(1).map(|row| (&one, row))) {
            let params: Vec<Value<'_>> = rows.iter().flatten().map(Owned::borrowed).collect();
            tx.execute(sql, &params)?;
        }
        let key = portion.last().map(|row| {
            let value = |column: &usize| match &row[*column] {
                Owned::Text(text) => json!(text),
                Owned::Int(int) => json!(int),
                Owned::Null | Owned::Bytes(_) => Json::Null,
            };
            Json::Array(self.key.iter().map(value).collect()).to_string()
        });
        let sql = "INSERT INTO copy_progress (name, last_key) VALUES ($1, $2) \
                   ON CONFLICT (name) DO UPDATE SET last_key = excluded.last_key";
        tx.execute(sql, &[Value::Text(&self.name), Value::text_or_null(key.as_deref())])?;
        Ok(())
    }

    fn insert_text(&self, rows: usize) -> String {
        let names: Vec<&str> = self.columns.iter().map(|column| column.name.as_str()).collect();
        let mut sql = format!("INSERT INTO {} ({}) VALUES", self.name, names.join(", "));
        let mut number = 0;
        for row in 0..rows {
            sql.push_str(if row == 0 { " (" } else { ", (" });
            for (index, column) in self.columns.iter().enumerate() {
                number += 1;
                let comma = if index == 0 { "" } else { ", " };
                match column.kind.as_str() {
                    // Both call it by another name, and none is ever NULL.
                    "BLOB" => append(&mut sql, format_args!("{comma}${number}")),
                    kind => append(&mut sql, format_args!("{comma}CAST(${number} AS {kind})")),
                }
            }
            sql.push(')');
        }
        sql
    }
}

fn append(text: &mut String, more: std::fmt::Arguments<'_>) {
    text.write_fmt(more).expect("writing into a String does not fail");
}
