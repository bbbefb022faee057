//! Servers under test as processes: started, waited for, and ended by the handle that started them.

use std::fs::File;
use std::net::{Ipv4Addr, SocketAddrV4, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

/// A running server; it ends when this is dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddrV4,
}

impl Server {
    /// Starts a command (its output goes to a file) and waits until its port takes connections.
    pub fn start(
        words: &[String],
        environment: &[(String, String)],
        port: u16,
        core: Option<usize>,
        log: &Path,
    ) -> Result<Self, String> {
        let mut server = Self::spawn(words, environment, port, core, log)?;
        server.wait_port(Duration::from_secs(20)).map_err(|e| format!("{e}; see {}", log.display()))?;
        Ok(server)
    }

    /// Starts a command without waiting.
    pub fn spawn(
        words: &[String],
        environment: &[(String, String)],
        port: u16,
        core: Option<usize>,
        log: &Path,
    ) -> Result<Self, String> {
        // util-linux: the server dies with this program even if this program is killed.
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "--"]);
        if let Some(core) = core {
            command.args(["taskset", "-c", &core.to_string()]);
        }
        let out = File::create(log).map_err(|e| format!("{}: {e}", log.display()))?;
        let err = out.try_clone().map_err(|e| e.to_string())?;
        let child = command
            .args(words)
            .envs(environment.iter().cloned())
            .stdin(Stdio::null())
            .stdout(out)
            .stderr(err)
            .spawn()
            .map_err(|e| format!("{}: {e}", words.join(" ")))?;
        Ok(Self { child, address: SocketAddrV4::new(Ipv4Addr::LOCALHOST, port) })
    }

    /// Waits until the port takes connections.
    pub fn wait_port(&mut self, patience: Duration) -> Result<(), String> {
        let deadline = Instant::now() + patience;
        loop {
            if TcpStream::connect(self.address).is_ok() {
                return Ok(());
            }
            if let Ok(Some(status)) = self.child.try_wait() {
                return Err(format!("the server ended: {status}"));
            }
            if Instant::now() > deadline {
                return Err("the server does not listen".to_owned());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Its process id; `setpriv` and `taskset` have become the server itself.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that is free now and below the range from which the kernel takes the ports of clients: while one waits
/// for a server on a port of that range, the kernel may connect the waiting socket to itself.
pub fn free_port() -> Result<u16, String> {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let start = std::process::id() as u16 % 8_000;
    (0..1_000)
        .map(|_| 20_000 + (start + NEXT.fetch_add(1, Ordering::Relaxed)) % 10_000)
        .find(|&port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok())
        .ok_or_else(|| "no free port between 20000 and 30000".to_owned())
}

/// Runs a command to its end, at most for a time, and returns what it printed.
pub fn run(words: &[String], patience: Duration) -> Result<String, String> {
    let mut command = Command::new("timeout");
    let output = command
        .arg(patience.as_secs().to_string())
        .args(words)
        .stderr(Stdio::inherit())
        .output()
        .map_err(|e| format!("{}: {e}", words.join(" ")))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!("{} ended with {}", words.join(" "), output.status))
    }
}
