//! PostgreSQL, Redis and NATS as they come from Debian, on free ports, in a temporary folder.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::process::Command;

use crate::process::Process;

const PATIENCE: Duration = Duration::from_secs(30);

/// Which program carries the notices from node to node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BusKind {
    /// `redis-server`
    Redis,
    /// `nats-server`
    Nats,
}

/// The program behind the bus.
#[derive(Debug)]
pub struct BusEngine {
    kind: BusKind,
    /// Where it listens, also after it was started anew.
    pub address: SocketAddr,
    folder: TempDir,
    process: Process,
}

impl BusEngine {
    /// Starts it and waits until it takes connections.
    ///
    /// # Errors
    /// What is missing, in words.
    pub async fn start(kind: BusKind) -> Result<Self, String> {
        let address = free_address()?;
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let process = Self::run(kind, address, folder.path()).await?;
        Ok(Self { kind, address, folder, process })
    }

    async fn run(kind: BusKind, address: SocketAddr, folder: &Path) -> Result<Process, String> {
        let port = address.port().to_string();
        let mut command = match kind {
            BusKind::Redis => {
                let mut command = Command::new("redis-server");
                command.args(["--port", &port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]);
                command
            }
            BusKind::Nats => {
                let mut command = Command::new("nats-server");
                command.args(["--port", &port, "--addr", "127.0.0.1"]);
                command
            }
        };
        command.current_dir(folder);
        let process = Process::start(command, &folder.join("log"))
            .map_err(|error| format!("{kind:?} cannot be started: {error}"))?;
        listens(address).await?;
        Ok(process)
    }

    /// `redis://…` or `nats://…` by way of an address.
    #[must_use]
    pub fn url(&self, by_way_of: SocketAddr) -> String {
        match self.kind {
            BusKind::Redis => format!("redis://{by_way_of}"),
            BusKind::Nats => format!("nats://{by_way_of}"),
        }
    }

    /// Ends it at once.
    pub async fn kill(&mut self) {
        self.process.kill().await;
    }

    /// Starts it anew at the same address.
    ///
    /// # Errors
    /// It does not start.
    pub async fn start_anew(&mut self) -> Result<(), String> {
        self.process = Self::run(self.kind, self.address, self.folder.path()).await?;
        Ok(())
    }

    /// It stands still; its connections stay.
    pub fn freeze(&self) {
        self.process.freeze();
    }

    /// It goes on.
    pub fn thaw(&self) {
        self.process.thaw();
    }
}

/// A PostgreSQL of its own, with the durability that it has by default.
#[derive(Debug)]
pub struct Postgres {
    /// Where it listens, also after it was started anew.
    pub address: SocketAddr,
    folder: TempDir,
    programs: PathBuf,
}

impl Postgres {
    /// Makes a cluster and starts it.
    ///
    /// # Errors
    /// What is missing, in words.
    pub async fn start() -> Result<Self, String> {
        let programs = programs()?;
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        if let Some((user, group)) = other_user().await? {
            // It refuses to run as root.
            chown(folder.path(), Some(user), Some(group)).map_err(|error| error.to_string())?;
        }
        let postgres = Self { address: free_address()?, folder, programs };
        let data = postgres.data();
        postgres
            .call("initdb", &["-D", &data, "-U", "parlor", "--auth=trust", "-E", "UTF8", "--no-sync"])
            .await?;
        postgres.control("start").await?;
        Ok(postgres)
    }

    /// `postgres://…` by way of an address.
    #[must_use]
    pub fn url(by_way_of: SocketAddr) -> String {
        format!("postgres://parlor@{by_way_of}/postgres")
    }

    /// Ends it as a crash of the process would, and starts it again: it recovers from its log.
    ///
    /// # Errors
    /// It does not start.
    pub async fn crash_and_restart(&self) -> Result<(), String> {
        self.control("stop").await?;
        self.control("start").await
    }

    async fn control(&self, what: &str) -> Result<(), String> {
        let options = format!("-p {} -h 127.0.0.1 -k {}", self.address.port(), self.folder.path().display());
        let log = self.folder.path().join("log").display().to_string();
        let data = self.data();
        let mut words = vec!["-D", &data, "-s", "-w", "-t", "30"];
        match what {
            "start" => words.extend(["-o", &options, "-l", &log]),
            _ => words.extend(["-m", "immediate"]),
        }
        words.push(what);
        self.call("pg_ctl", &words).await
    }

    async fn call(&self, program: &str, words: &[&str]) -> Result<(), String> {
        let program = self.programs.join(program);
        let mut command = match other_user().await? {
            Some(_) => {
                let mut command = Command::new("runuser");
                command.args(["-u", "postgres", "--"]).arg(&program);
                command
            }
            None => Command::new(&program),
        };
        // To a file: what it starts in the background keeps the descriptors open.
        let said = tempfile::NamedTempFile::new().map_err(|error| error.to_string())?;
        let out = said.reopen().map_err(|error| error.to_string())?;
        let err = said.reopen().map_err(|error| error.to_string())?;
        let status = command.args(words).current_dir("/").stdout(out).stderr(err).status().await;
        let status = status.map_err(|error| format!("{}: {error}", program.display()))?;
        if status.success() {
            return Ok(());
        }
        let said = std::fs::read_to_string(said.path()).unwrap_or_default();
        Err(format!("{} {}: {status}: {said}", program.display(), words.join(" ")))
    }

    fn data(&self) -> String {
        self.folder.path().join("data").display().to_string()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // The postmaster's id is the first line of its file; its children end with it.
        let file = self.folder.path().join("data/postmaster.pid");
        let id = std::fs::read_to_string(file).ok().and_then(|text| text.lines().next()?.parse().ok());
        if let Some(id) = id.and_then(rustix::process::Pid::from_raw) {
            let _ = rustix::process::kill_process(id, rustix::process::Signal::QUIT);
        }
    }
}

/// The newest version that Debian has installed.
fn programs() -> Result<PathBuf, String> {
    let missing = || "there is no PostgreSQL; install the Debian package postgresql".to_owned();
    let versions = std::fs::read_dir("/usr/lib/postgresql").map_err(|_| missing())?;
    let newest = versions
        .filter_map(|version| {
            let path = version.ok()?.path();
            Some((path.file_name()?.to_str()?.parse::<u32>().ok()?, path.join("bin")))
        })
        .max();
    newest.map(|(_, path)| path).ok_or_else(missing)
}

/// Whom PostgreSQL runs as where this runs as root.
async fn other_user() -> Result<Option<(u32, u32)>, String> {
    if !rustix::process::geteuid().is_root() {
        return Ok(None);
    }
    let id = async |flag: &str| {
        let output = Command::new("id").args([flag, "postgres"]).output().await.map_err(|e| e.to_string())?;
        let text = String::from_utf8_lossy(&output.stdout);
        text.trim()
            .parse::<u32>()
            .map_err(|_| "there is no user postgres, whom PostgreSQL could run as")
            .map_err(str::to_owned)
    };
    Ok(Some((id("-u").await?, id("-g").await?)))
}

/// A free address on the loopback interface, below the ports that the kernel gives to clients.
///
/// # Errors
/// There is none.
pub fn free_address() -> Result<SocketAddr, String> {
    use std::sync::atomic::{AtomicU16, Ordering};
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let start = std::process::id() as u16 % 8_000;
    (0..2_000)
        .map(|_| 20_000 + (start + NEXT.fetch_add(1, Ordering::Relaxed)) % 10_000)
        .map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
        .find(|address| TcpListener::bind(address).is_ok())
        .ok_or_else(|| "there is no free port between 20000 and 30000".to_owned())
}

/// Waits until somebody takes connections there.
///
/// # Errors
/// Nobody does.
pub async fn listens(address: SocketAddr) -> Result<(), String> {
    let began = Instant::now();
    while TcpStream::connect(address).await.is_err() {
        if began.elapsed() > PATIENCE {
            return Err(format!("nobody listens on {address}"));
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Ok(())
}
