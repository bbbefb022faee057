//! Opening: the schema, the connections, the threads.

use super::address::Address;
use super::link::Link;
use super::{readers, writers};
use crate::batch::{self, OnCommit};
use crate::open::{Purpose, refuse_half_a_copy, spawn};
use crate::tx::query_one;
use crate::{Database, Inner, OpenError, Store, migrate};
use std::sync::Arc;

/// Connections that read.
const READERS: usize = 4;

pub(crate) fn open(url: &str, purpose: Purpose) -> Result<Store, OpenError> {
    let address = Arc::new(Address::parse(url)?);
    let mut own = Link::open(&address)?;
    bring_up_to_date(&mut own, purpose)?;
    let on_commit = OnCommit::default();
    let (writes, write_queue) = crossbeam_channel::bounded(batch::QUEUE);
    let (reads, read_queue) = crossbeam_channel::bounded(crate::readers::QUEUE);
    let links = (0..writers::SHARDS).map(|_| Link::open(&address)).collect::<Result<_, _>>()?;
    let (dispatcher, shards) = writers::writers(own, links, &on_commit);
    let mut threads = vec![spawn("write", move || dispatcher.run(&write_queue))?];
    for (number, shard) in shards.into_iter().enumerate() {
        threads.push(spawn(&format!("write-{}", number + 1), move || shard.run())?);
    }
    for number in 1..=READERS {
        let (link, queue) = (Link::open(&address)?, read_queue.clone());
        threads.push(spawn(&format!("read-{number}"), move || readers::run(link, &queue))?);
    }
    let database = Database::Postgres;
    let inner = Inner { writes: Some(writes), reads: Some(reads), on_commit, threads, database };
    Ok(Store { inner: Arc::new(inner) })
}

/// Several nodes may do this at once: the first does it, the others find it done.
fn bring_up_to_date(link: &mut Link, purpose: Purpose) -> Result<(), OpenError> {
    let shown = link.shown().to_owned();
    let session = link.session().map_err(OpenError::migration)?;
    let mut tx = session.begin_migration().map_err(OpenError::migration)?;
    let sql = "SELECT CAST(has_schema_privilege(current_schema(), 'CREATE') AS INTEGER), current_schema()";
    let schema = query_one(&mut tx, sql, &[], |row| Ok((row.int(0)? != 0, row.text(1)?.to_owned())));
    if let Some((false, schema)) = schema.map_err(OpenError::migration)? {
        return Err(OpenError::new(format!(
            "the user of the database {shown} may not make tables in its schema {schema}; GRANT CREATE ON SCHEMA {schema}"
        )));
    }
    migrate::migrate(&mut tx, &migrate::POSTGRES)?;
    refuse_half_a_copy(&mut tx, purpose)?;
    tx.commit().map_err(OpenError::migration)
}
