//! One supervisor process and the socket to it.

use super::{Options, StartError};
use crate::frame;
use parlor_wire::judge::{FromJudge, Hello, Tier, ToJudge, VERSION};
use std::io;
use std::os::fd::OwnedFd;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::process::{Child, Command};
use tokio::sync::mpsc;

/// How long the supervisor may try its locks; a tenth of it on a quiet machine.
const HELLO_DEADLINE: Duration = Duration::from_secs(60);
/// Messages that were read and not yet looked at. When it is full, the supervisor waits.
const MOST_UNREAD: usize = 64;

/// A supervisor that has greeted. Dropping it kills the process, and with it every jail.
pub(super) struct Connection {
    to: OwnedWriteHalf,
    /// Ends when the supervisor does.
    pub(super) from: mpsc::Receiver<FromJudge>,
    _process: Child,
}

/// Starts a supervisor and waits for its greeting.
pub(super) async fn open(options: &Options) -> Result<(Connection, Hello), StartError> {
    let (ours, theirs) = std::os::unix::net::UnixStream::pair()?;
    ours.set_nonblocking(true)?;
    let process = command(options).stdin(Stdio::from(OwnedFd::from(theirs))).spawn()?;
    let (mut from, to) = UnixStream::from_std(ours)?.into_split();
    let hello = match tokio::time::timeout(HELLO_DEADLINE, read(&mut from)).await {
        Ok(Ok(FromJudge::Hello(hello))) if hello.version == VERSION => hello,
        Ok(Ok(FromJudge::Hello(_))) => {
            return Err(StartError::Silent("the program on disk is of another version".to_owned()));
        }
        Ok(Ok(FromJudge::Event { .. })) => return Err(StartError::Silent("no greeting".to_owned())),
        Ok(Err(error)) => return Err(StartError::Silent(error.to_string())),
        Err(_) => return Err(StartError::Silent("no greeting within 60 s".to_owned())),
    };
    let (sender, messages) = mpsc::channel(MOST_UNREAD);
    tokio::spawn(async move {
        while let Ok(message) = read(&mut from).await {
            if sender.send(message).await.is_err() {
                return;
            }
        }
    });
    Ok((Connection { to, from: messages, _process: process }, hello))
}

fn command(options: &Options) -> Command {
    let mut command = Command::new(&options.program);
    command.arg(crate::SUPERVISOR);
    if options.best_tier == Some(Tier::Landlock) {
        command.arg("--best-tier=landlock");
    }
    if let Some(python) = &options.python {
        let mut argument = std::ffi::OsString::from("--python=");
        argument.push(python);
        command.arg(argument);
    }
    // No secret in its environment, no log of ours in its hands; and a Ctrl-C is for the server alone, which lets
    // running jobs end.
    command.env_clear().stdout(Stdio::null()).stderr(Stdio::null()).process_group(0).kill_on_drop(true);
    command
}

async fn read(from: &mut OwnedReadHalf) -> io::Result<FromJudge> {
    let mut length = [0; 4];
    from.read_exact(&mut length).await?;
    let mut body = vec![0; frame::checked(length)?];
    from.read_exact(&mut body).await?;
    Ok(serde_json::from_slice(&body)?)
}

impl Connection {
    /// Says something to the supervisor, which reads all the time.
    pub(super) async fn say(&mut self, message: &ToJudge) -> io::Result<()> {
        self.to.write_all(&frame::encode(message)?).await
    }
}
