//! A process that was started here: it can be killed, frozen and thawed, and does not outlive its owner.

use std::fs::File;
use std::io;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::process::{Child, Command};

/// How long a process may take to end after it was asked to.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running process.
#[derive(Debug)]
pub struct Process {
    child: Child,
}

impl Process {
    /// Starts it; what it says is added to a file.
    ///
    /// # Errors
    /// The program cannot be started.
    pub fn start(mut command: Command, log: &Path) -> io::Result<Self> {
        let out = File::options().create(true).append(true).open(log)?;
        let err = out.try_clone()?;
        let child = command.stdin(Stdio::null()).stdout(out).stderr(err).kill_on_drop(true).spawn()?;
        Ok(Self { child })
    }

    /// Ends it at once, as a power cut would, and waits until it is gone.
    pub async fn kill(&mut self) {
        self.signal(Signal::CONT);
        // It may have ended by itself.
        let _ = self.child.kill().await;
    }

    /// Asks it to end, and gives its exit code.
    ///
    /// # Errors
    /// It does not end in time.
    pub async fn terminate(&mut self) -> Result<Option<i32>, String> {
        self.signal(Signal::TERM);
        match tokio::time::timeout(PATIENCE, self.child.wait()).await {
            Ok(Ok(status)) => Ok(status.code()),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err(format!("a process does not end within {PATIENCE:?} of SIGTERM")),
        }
    }

    /// It stands still; its connections stay.
    pub fn freeze(&self) {
        self.signal(Signal::STOP);
    }

    /// It goes on.
    pub fn thaw(&self) {
        self.signal(Signal::CONT);
    }

    /// The code with which it has ended, if it has.
    pub fn ended(&mut self) -> Option<Option<i32>> {
        self.child.try_wait().ok().flatten().map(|status| status.code())
    }

    fn signal(&self, signal: Signal) {
        let pid = self.child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        if let Some(pid) = pid {
            // It has ended in between: then there is nobody to tell.
            let _ = kill_process(pid, signal);
        }
    }
}
