//! What a writing job is given: the open transaction, and the list of what is told once it is committed.

use crate::Failure;
use crate::rows::Chunked;
use crate::sends::Sends;
use crate::tail::Tail;
use crate::tx::{EachRow, Tx, Value};
use parlor_core::Event;
use std::sync::Arc;

/// What a job wants done once it is committed.
pub(crate) type AfterCommit = Box<dyn FnOnce() + Send>;

/// A transaction that may write. Everything it appends to a log is told when, and only when, it is committed.
pub struct Write<'a> {
    pub(crate) tx: &'a mut dyn Tx,
    pub(crate) tail: &'a mut Tail,
    pub(crate) sends: &'a mut Sends,
    pub(crate) events: &'a mut Vec<Arc<Event>>,
    pub(crate) after: &'a mut Vec<AfterCommit>,
}

impl Write<'_> {
    /// Runs `then` when, and only when, this job is committed: in the order of the commits, before anybody is answered,
    /// on the writing thread, so it must not wait.
    pub fn after_commit(&mut self, then: impl FnOnce() + Send + 'static) {
        self.after.push(Box::new(then));
    }
}

impl Tx for Write<'_> {
    fn query(&mut self, sql: &str, params: &[Value<'_>], each: &mut EachRow<'_>) -> Result<(), Failure> {
        self.tx.query(sql, params, each)
    }

    fn execute(&mut self, sql: &str, params: &[Value<'_>]) -> Result<u64, Failure> {
        self.tx.execute(sql, params)
    }

    fn query_many(
        &mut self,
        statement: &Chunked,
        params: &[Value<'_>],
        each: &mut EachRow<'_>,
    ) -> Result<(), Failure> {
        self.tx.query_many(statement, params, each)
    }

    fn execute_many(&mut self, statement: &Chunked, params: &[Value<'_>]) -> Result<(), Failure> {
        self.tx.execute_many(statement, params)
    }
}
