//! A real server on a free port, with a data folder of its own, within the test's process.

use std::net::SocketAddr;
use std::sync::Arc;

use parlor_app::PasswordCost;
use parlor_server::deps::Deps;
use parlor_server::{config, serve, start};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::http::Http;
use crate::person::Person;
use crate::postgres::Schema;

/// A running server.
pub struct Node {
    /// Where it listens.
    pub address: SocketAddr,
    /// What its handlers see.
    pub deps: Arc<Deps>,
    folder: TempDir,
    arguments: Vec<String>,
    password_cost: PasswordCost,
    stop: Option<oneshot::Sender<()>>,
    running: JoinHandle<()>,
}

impl Node {
    /// A server without rate limits: most tests ask more often than a person does.
    pub async fn start() -> Self {
        Self::with(&["--rate-limits=off"]).await
    }

    /// A server with these flags. Its passwords are cheap to check: most tests are not about them.
    pub async fn with(arguments: &[&str]) -> Self {
        Self::with_password_cost(arguments, PasswordCost { memory_kib: 64, passes: 1 }).await
    }

    /// A server with these flags and this cost of a password; over PostgreSQL where the environment asks for that.
    pub async fn with_password_cost(arguments: &[&str], cost: PasswordCost) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let mut arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        if std::env::var_os("PARLOR_TEST_NODES_ON_POSTGRES").is_some() {
            arguments.push(Schema::fresh().await.flag());
        }
        Self::open(folder, arguments, cost).await
    }

    /// A server over PostgreSQL, in this schema. Several may share one.
    pub async fn on_postgres(schema: &Schema) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let arguments = vec!["--rate-limits=off".to_owned(), schema.flag()];
        Self::open(folder, arguments, PasswordCost { memory_kib: 64, passes: 1 }).await
    }

    /// One of several servers over PostgreSQL, which tell each other over this bus.
    pub async fn among_others(schema: &Schema, bus: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let arguments = vec!["--rate-limits=off".to_owned(), schema.flag(), format!("--bus-url={bus}")];
        Self::open(folder, arguments, PasswordCost { memory_kib: 64, passes: 1 }).await
    }

    async fn open(folder: TempDir, arguments: Vec<String>, password_cost: PasswordCost) -> Self {
        let data = format!("--data={}", folder.path().display());
        // A judge is this program, started again: only a program that is made for it can be its own jail.
        let no_duels = "--duels=off".to_owned();
        let fixed = [data, "--tcp-bind=".to_owned(), "--bind=127.0.0.1:0".to_owned(), no_duels];
        let all = fixed.into_iter().chain(arguments.iter().cloned());
        let config = config::load(all, std::iter::empty()).expect("the flags of a test are right").config;
        let deps = Arc::new(start::open(config, password_cost).await.expect("a fresh folder can be opened"));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("there is a free port");
        let address = listener.local_addr().expect("it is bound");
        let (stop, stopped) = oneshot::channel();
        let running = tokio::spawn(serve(listener, None, deps.clone(), async {
            let _ = stopped.await;
        }));
        Self { address, deps, folder, arguments, password_cost, stop: Some(stop), running }
    }

    /// Stops it as SIGTERM would, and starts it anew on the same data.
    pub async fn restart(mut self) -> Self {
        drop(self.stop.take());
        self.running.await.expect("the server does not panic");
        drop(self.deps);
        Self::open(self.folder, self.arguments, self.password_cost).await
    }

    /// Ends it as a crash would: nothing is told or put in order.
    pub async fn dies(self) {
        self.running.abort();
        let _ = self.running.await;
    }

    /// Plain HTTP to it.
    #[must_use]
    pub fn http(&self) -> Http {
        Http { address: self.address }
    }

    /// Makes an account, `username` and a password of its own.
    pub async fn register(&self, username: &str) -> Person {
        Person::register(self.http(), username).await
    }

    /// Comes in as a guest without a group.
    pub async fn guest(&self, name: &str) -> Person {
        Person::guest(self.http(), name, None).await
    }

    /// The data folder.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }
}
