//! A schema of a test's own in the PostgreSQL that `scripts/throwaway-postgres.sh` starts.

use crate::fixture::Place;
use parlor_store::Store;
use std::sync::atomic::{AtomicU32, Ordering};

pub fn fresh() -> PostgresSchema {
    static NUMBER: AtomicU32 = AtomicU32::new(1);
    let server = std::env::var("PARLOR_TEST_POSTGRES")
        .expect("PARLOR_TEST_POSTGRES is not set: run this by scripts/throwaway-postgres.sh");
    let name = format!("test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    // Its connections bear its name.
    let url = format!("{server}?application_name={name}&options=-c%20search_path%3D{name}");
    let place = PostgresSchema { url, name };
    place.execute(&format!("CREATE SCHEMA {}", place.name));
    place
}

#[derive(Clone)]
pub struct PostgresSchema {
    pub url: String,
    pub name: String,
}

impl PostgresSchema {
    /// Runs statements beside the store, in the same schema.
    pub fn execute(&self, sql: &str) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (client, connection) =
                tokio_postgres::connect(&self.url, tokio_postgres::NoTls).await.unwrap();
            tokio::spawn(connection);
            client.batch_execute(sql).await.unwrap();
        });
    }
}

impl Place for PostgresSchema {
    fn open(&self) -> Store {
        Store::open_postgres(&self.url).unwrap()
    }
}
