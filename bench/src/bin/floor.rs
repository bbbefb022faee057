//! The floor: a server that does nothing but the system calls. `floor PORT write|coalesce`.
//!
//! It speaks just enough of the handshake for `load` (its `Sec-WebSocket-Accept` is a constant), then for each
//! event builds one frame and either sends it to every connection with one `send()` each (`write`), or collects
//! all frames of a tick and sends them to every connection with one `send()` (`coalesce`). What a socket does
//! not take is queued. No server that gives each connection its own system call can cost less.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};

use parlor_bench::frame;
use parlor_bench::sys::{self, Poller};

const LISTENER: usize = usize::MAX;

struct Connection {
    stream: TcpStream,
    input: Vec<u8>,
    queue: Vec<u8>,
    upgraded: bool,
    joined: bool,
}

struct Floor {
    poller: Poller,
    connections: Vec<Option<Connection>>,
    coalesce: bool,
    tick: Vec<u8>,
    buffer: Vec<u8>,
}

fn main() -> io::Result<()> {
    let mut words = std::env::args().skip(1);
    let port = words.next().and_then(|p| p.parse().ok()).ok_or(io::ErrorKind::InvalidInput)?;
    let coalesce = words.next().is_some_and(|mode| mode == "coalesce");
    sys::raise_open_files(65_536);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    let poller = Poller::new()?;
    poller.add(&listener, LISTENER)?;
    let mut floor =
        Floor { poller, connections: Vec::new(), coalesce, tick: Vec::new(), buffer: vec![0; 1 << 16] };
    loop {
        let ready = floor.poller.wait(None)?;
        for i in 0..ready {
            let (token, writable) = floor.poller.event(i);
            if token == LISTENER {
                floor.accept(listener.accept()?.0)?;
            } else {
                floor.serve(token, writable)?;
            }
        }
        if !floor.tick.is_empty() {
            let frames = std::mem::take(&mut floor.tick);
            floor.broadcast(&frames)?;
            floor.tick = frames;
            floor.tick.clear();
        }
    }
}

impl Floor {
    fn accept(&mut self, stream: TcpStream) -> io::Result<()> {
        stream.set_nonblocking(true)?;
        stream.set_nodelay(true)?;
        self.poller.add(&stream, self.connections.len())?;
        self.connections.push(Some(Connection {
            stream,
            input: Vec::new(),
            queue: Vec::new(),
            upgraded: false,
            joined: false,
        }));
        Ok(())
    }

    fn serve(&mut self, token: usize, writable: bool) -> io::Result<()> {
        let Some(connection) = self.connections[token].as_mut() else { return Ok(()) };
        if writable && !connection.queue.is_empty() {
            let queue = std::mem::take(&mut connection.queue);
            connection.send(&queue);
            let done = connection.queue.is_empty();
            if done {
                self.poller.want_write(&connection.stream, token, false)?;
            }
        }
        match connection.stream.read(&mut self.buffer) {
            Ok(n) if n > 0 => connection.input.extend_from_slice(&self.buffer[..n]),
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => return Ok(()),
            Ok(_) | Err(_) => {
                self.connections[token] = None;
                return Ok(());
            }
        }
        if !connection.upgraded {
            connection.upgrade();
        }
        let mut frames = Vec::new();
        connection.take_events(&mut frames);
        if self.coalesce {
            self.tick.extend(frames.iter().flatten());
        } else {
            for frame in &frames {
                self.broadcast(frame)?;
            }
        }
        Ok(())
    }

    fn broadcast(&mut self, bytes: &[u8]) -> io::Result<()> {
        for (token, slot) in self.connections.iter_mut().enumerate() {
            let Some(connection) = slot.as_mut().filter(|c| c.joined) else { continue };
            if connection.queue.is_empty() {
                connection.send(bytes);
                if !connection.queue.is_empty() {
                    self.poller.want_write(&connection.stream, token, true)?;
                }
            } else {
                connection.queue.extend_from_slice(bytes);
            }
        }
        Ok(())
    }
}

impl Connection {
    /// One `send()`; what is not taken is queued. A broken connection is noticed by the next read.
    fn send(&mut self, bytes: &[u8]) {
        let sent = self.stream.write(bytes).unwrap_or(0);
        self.queue.extend_from_slice(&bytes[sent..]);
    }

    fn upgrade(&mut self) {
        let Some(end) = self.input.windows(4).position(|w| w == b"\r\n\r\n") else { return };
        self.input.drain(..end + 4);
        self.upgraded = true;
        let mut answer = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
            Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n"
            .to_vec();
        let open = br#"0{"sid":"floor","upgrades":[],"pingInterval":900000,"pingTimeout":900000,"maxPayload":1000000}"#;
        frame::push_text(&mut answer, open);
        self.send(&answer);
    }

    /// Handles what has come; every event becomes one frame with the same text.
    fn take_events(&mut self, frames: &mut Vec<Vec<u8>>) {
        let mut at = 0;
        while self.upgraded
            && let Some((_, payload, used)) = frame::split_masked(&mut self.input[at..])
        {
            let payload = &self.input[at + payload.start..at + payload.end];
            at += used;
            if payload.starts_with(b"42") {
                let mut bytes = Vec::with_capacity(payload.len() + 4);
                frame::push_text(&mut bytes, payload);
                frames.push(bytes);
            } else if payload.starts_with(b"40") {
                self.joined = true;
                let mut bytes = Vec::new();
                frame::push_text(&mut bytes, br#"40{"sid":"floor"}"#);
                // The frame is short and the connection new: it fits.
                let _ = self.stream.write(&bytes);
            }
        }
        self.input.drain(..at);
        if self.input.is_empty() {
            self.input = Vec::new();
        }
    }
}
