//! Schemas in the PostgreSQL that `scripts/throwaway-postgres.sh` starts for tests.

use std::sync::atomic::{AtomicU32, Ordering};

use tokio_postgres::NoTls;

/// A schema of a test's own, without tables.
#[derive(Debug)]
pub struct Schema {
    /// How a node opens it. Its connections bear the schema's name.
    pub url: String,
    name: String,
}

impl Schema {
    /// Makes one; panics where no PostgreSQL is there.
    pub async fn fresh() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(1);
        let server = std::env::var("PARLOR_TEST_POSTGRES")
            .expect("PARLOR_TEST_POSTGRES is not set: run this by scripts/throwaway-postgres.sh");
        let name = format!("node_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let url = format!("{server}?application_name={name}&options=-c%20search_path%3D{name}");
        let schema = Self { url, name };
        schema.execute(&format!("CREATE SCHEMA {}", schema.name)).await;
        schema
    }

    /// The flag of a server that uses it.
    #[must_use]
    pub fn flag(&self) -> String {
        format!("--database-url={}", self.url)
    }

    /// Ends every connection of the nodes, as an operator or a failing network would.
    pub async fn cuts_all(&self) {
        let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                   WHERE application_name = current_setting('application_name') AND pid <> pg_backend_pid()";
        self.execute(sql).await;
    }

    async fn execute(&self, sql: &str) {
        let (client, connection) =
            tokio_postgres::connect(&self.url, NoTls).await.expect("the PostgreSQL of the tests is there");
        let connection = tokio::spawn(connection);
        client.batch_execute(sql).await.expect("the test may do that");
        drop(client);
        let _ = connection.await;
    }
}
