//! The one small door to a database: query and execute. Everything above is written once, against this.
//!
//! A statement is written so that SQLite and PostgreSQL both understand it: parameters `$1, $2 …` numbered in the order
//! of their first appearance (one driver binds by number, the other by appearance), integers and text only, `ON CONFLICT`
//! and `RETURNING` rather than a prior SELECT, booleans as 0 and 1, `CAST` around parameters that stand alone in a
//! VALUES list.

use crate::Failure;
use crate::rows::Chunked;

/// A parameter of a statement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// SQL NULL.
    Null,
    /// BIGINT.
    Int(i64),
    /// TEXT.
    Text(&'a str),
    /// BLOB or BYTEA.
    Bytes(&'a [u8]),
}

impl Value<'_> {
    /// A number or NULL.
    #[must_use]
    pub fn int_or_null(value: Option<i64>) -> Self {
        value.map_or(Self::Null, Self::Int)
    }
}

impl<'a> Value<'a> {
    /// A text or NULL.
    #[must_use]
    pub fn text_or_null(value: Option<&'a str>) -> Self {
        value.map_or(Self::Null, Self::Text)
    }
}

/// A row of a result, columns counted from 0.
pub trait Row {
    /// A number that is not NULL.
    ///
    /// # Errors
    /// When the column holds something else.
    fn int(&self, column: usize) -> Result<i64, Failure>;

    /// A number or NULL.
    ///
    /// # Errors
    /// When the column holds something else.
    fn int_or_null(&self, column: usize) -> Result<Option<i64>, Failure>;

    /// A text that is not NULL.
    ///
    /// # Errors
    /// When the column holds something else.
    fn text(&self, column: usize) -> Result<&str, Failure>;

    /// A text or NULL.
    ///
    /// # Errors
    /// When the column holds something else.
    fn text_or_null(&self, column: usize) -> Result<Option<&str>, Failure>;

    /// Whatever the column holds.
    ///
    /// # Errors
    /// When it is nothing that a [`Value`] can be.
    fn value(&self, column: usize) -> Result<Value<'_>, Failure>;
}

/// What [`Tx::query`] calls for each row.
pub type EachRow<'a> = dyn FnMut(&dyn Row) -> Result<(), Failure> + 'a;

/// An open transaction.
pub trait Tx {
    /// Runs a statement and hands every row of its result to `each`.
    ///
    /// # Errors
    /// What the database or `each` says.
    fn query(&mut self, sql: &str, params: &[Value<'_>], each: &mut EachRow<'_>) -> Result<(), Failure>;

    /// Runs a statement and answers how many rows it changed.
    ///
    /// # Errors
    /// What the database says.
    fn execute(&mut self, sql: &str, params: &[Value<'_>]) -> Result<u64, Failure>;

    /// Runs a statement of many rows, and hands every row of its results to `each`.
    ///
    /// # Errors
    /// What the database or `each` says.
    fn query_many(
        &mut self,
        statement: &Chunked,
        params: &[Value<'_>],
        each: &mut EachRow<'_>,
    ) -> Result<(), Failure> {
        statement.each(params, |sql, portion| self.query(sql, portion, each))
    }

    /// Runs a statement of many rows that has no result.
    ///
    /// # Errors
    /// What the database says.
    fn execute_many(&mut self, statement: &Chunked, params: &[Value<'_>]) -> Result<(), Failure> {
        statement.each(params, |sql, portion| self.execute(sql, portion).map(drop))
    }
}

/// The first row of a result, mapped; `None` when there is none.
///
/// # Errors
/// What the database or `map` says.
pub fn query_one<T>(
    tx: &mut dyn Tx,
    sql: &str,
    params: &[Value<'_>],
    mut map: impl FnMut(&dyn Row) -> Result<T, Failure>,
) -> Result<Option<T>, Failure> {
    let mut first = None;
    tx.query(sql, params, &mut |row| {
        if first.is_none() {
            first = Some(map(row)?);
        }
        Ok(())
    })?;
    Ok(first)
}

/// Every row of a result, mapped.
///
/// # Errors
/// What the database or `map` says.
pub fn query_all<T>(
    tx: &mut dyn Tx,
    sql: &str,
    params: &[Value<'_>],
    mut map: impl FnMut(&dyn Row) -> Result<T, Failure>,
) -> Result<Vec<T>, Failure> {
    let mut all = Vec::new();
    tx.query(sql, params, &mut |row| {
        all.push(map(row)?);
        Ok(())
    })?;
    Ok(all)
}
