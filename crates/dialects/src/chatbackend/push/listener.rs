//! One push socket. Its shard writes to it at once where nothing waits; what the kernel does not take waits here, and its
//! own task writes that on, reads what the client should not say, and finds that it is gone.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, IoSlice};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use parlor_core::AccountId;
use tokio::io::Interest;
use tokio::net::TcpStream;
use tokio::sync::Notify;

/// Bytes that wait for one slow reader; beyond, it is closed and reads the history. The same as for a Socket.IO client.
const MOST_WAITING: usize = 1 << 20;
/// How long a reader may take none of what waits.
const PATIENCE: Duration = Duration::from_secs(30);
/// Bytes that a client may say after its greeting; they are read and mean nothing.
const MOST_SAID: usize = 4 * 1024;
/// Messages in one write.
const AT_ONCE: usize = 64;

pub(super) struct Listener {
    stream: TcpStream,
    /// Whose it is.
    pub(super) account: AccountId,
    /// The key that it showed, by which it knows itself.
    pub(super) key: Arc<str>,
    waiting: Mutex<Waiting>,
    /// That something waits that the shard does not write, or that it is to be closed.
    changed: Notify,
    closed: AtomicBool,
}

#[derive(Default)]
struct Waiting {
    lines: VecDeque<Bytes>,
    /// Bytes of them.
    bytes: usize,
    /// Its task writes them on, once the kernel has room.
    is_behind: bool,
}

impl Listener {
    pub(super) fn new(stream: TcpStream, account: AccountId, key: Arc<str>) -> Self {
        Self {
            stream,
            account,
            key,
            waiting: Mutex::default(),
            changed: Notify::new(),
            closed: AtomicBool::new(false),
        }
    }

    /// Ends it; its task does the rest.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.changed.notify_one();
    }

    /// Lays a line at the end of what waits; whether nothing waited before.
    pub(super) fn lay(&self, line: Bytes) -> bool {
        let mut waiting = self.waiting();
        let was_empty = waiting.lines.is_empty();
        waiting.bytes += line.len();
        if waiting.bytes > MOST_WAITING {
            drop(waiting);
            self.close();
            return false;
        }
        waiting.lines.push_back(line);
        was_empty
    }

    /// Writes what was laid, as far as the kernel takes it; the rest is left to its task.
    pub(super) fn flush(&self) {
        let mut waiting = self.waiting();
        if waiting.is_behind {
            return;
        }
        match waiting.write(&self.stream) {
            Ok(true) => {}
            Ok(false) => {
                waiting.is_behind = true;
                self.changed.notify_one();
            }
            Err(_) => {
                drop(waiting);
                self.close();
            }
        }
    }

    /// Until it is gone, or was closed.
    pub(super) async fn run(&self) {
        let mut said = 0;
        while !self.closed.load(Ordering::Acquire) {
            let is_behind = self.waiting().is_behind;
            let interest =
                if is_behind { Interest::READABLE | Interest::WRITABLE } else { Interest::READABLE };
            let patience = async {
                if is_behind { tokio::time::sleep(PATIENCE).await } else { std::future::pending().await }
            };
            tokio::select! {
                () = self.changed.notified() => {}
                () = patience => return,
                ready = self.stream.ready(interest) => {
                    let Ok(ready) = ready else { return };
                    if ready.is_writable() && !self.write_on() {
                        return;
                    }
                    if ready.is_readable() && !self.read_on(&mut said) {
                        return;
                    }
                }
            }
        }
    }

    /// Whether it can still be written to.
    fn write_on(&self) -> bool {
        let mut waiting = self.waiting();
        let written = waiting.write(&self.stream);
        waiting.is_behind = matches!(written, Ok(false));
        written.is_ok()
    }

    /// Whether the client is there, and says no more than it may.
    fn read_on(&self, said: &mut usize) -> bool {
        let mut portion = [0; 512];
        match self.stream.try_read(&mut portion) {
            Ok(0) => false,
            Ok(count) => {
                *said += count;
                *said <= MOST_SAID
            }
            Err(error) => error.kind() == ErrorKind::WouldBlock,
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    /// Writes until nothing waits (true) or the kernel takes no more (false).
    fn write(&mut self, stream: &TcpStream) -> io::Result<bool> {
        while !self.lines.is_empty() {
            let wrote = if self.lines.len() == 1 {
                stream.try_write(&self.lines[0])
            } else {
                let slices: Vec<_> = self.lines.iter().take(AT_ONCE).map(|line| IoSlice::new(line)).collect();
                stream.try_write_vectored(&slices)
            };
            match wrote {
                Ok(count) => self.take_away(count),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }

    fn take_away(&mut self, mut count: usize) {
        self.bytes -= count;
        while let Some(line) = self.lines.front_mut() {
            if line.len() > count {
                let _ = line.split_to(count);
                return;
            }
            count -= line.len();
            self.lines.pop_front();
        }
    }
}
