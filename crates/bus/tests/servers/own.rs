//! Servers that a test starts, stops and ends by itself.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpStream;

/// A process of ours; it ends with this.
pub struct Server {
    child: Child,
    pub port: u16,
    // Goes with the server.
    _folder: TempDir,
}

impl Server {
    /// A Redis with further arguments.
    pub async fn redis(port: u16, arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let port_text = port.to_string();
        let mut command = Command::new("redis-server");
        command.args(["--port", &port_text, "--bind", "127.0.0.1", "--save", "", "--dir"]).arg(folder.path());
        command.args(arguments);
        Self::start(command, port, folder).await
    }

    /// A NATS with this configuration beside its port.
    pub async fn nats(port: u16, configuration: &str) -> Self {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let file = folder.path().join("nats.conf");
        std::fs::write(&file, format!("listen: \"127.0.0.1:{port}\"\n{configuration}"))
            .expect("a file can be written");
        let mut command = Command::new("nats-server");
        command.arg("--config").arg(file);
        Self::start(command, port, folder).await
    }

    async fn start(mut command: Command, port: u16, folder: TempDir) -> Self {
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let child = child.unwrap_or_else(|error| {
            panic!("these tests need redis-server and nats-server; install them: {command:?}: {error}")
        });
        let server = Self { child, port, _folder: folder };
        until("the server listens", async || TcpStream::connect(("127.0.0.1", port)).await.is_ok()).await;
        server
    }

    /// Lets it hang: its connections stay open and nothing answers.
    pub fn pause(&self) {
        self.signal("STOP");
    }

    /// Lets it go on.
    pub fn go_on(&self) {
        self.signal("CONT");
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("sh").arg("-c").arg(format!("kill -{name} {}", self.child.id())).status();
        assert!(sent.is_ok_and(|status| status.success()), "a process of ours takes signals");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that nobody has at this moment.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    listener.local_addr().expect("it is bound").port()
}

/// Waits for a condition, for half a minute at most.
pub async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    let waiting = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), waiting)
        .await
        .unwrap_or_else(|_| panic!("not in time: {what}"));
}
