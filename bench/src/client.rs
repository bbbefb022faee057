//! One Socket.IO connection over websocket: handshake, answers to pings, reading without an allocation.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddrV4, TcpStream};
use std::time::{Duration, Instant};

use crate::frame::{self, Frame};
use crate::sys;

/// Where to connect and as whom.
#[derive(Debug, Clone)]
pub struct Target {
    /// The server; loopback.
    pub address: SocketAddrV4,
    /// `""` for the default namespace, else for example `/v1`.
    pub namespace: String,
}

impl Target {
    /// What stands between a packet's type and its data: nothing, or `/v1,`.
    pub fn qualifier(&self) -> String {
        if self.namespace.is_empty() { String::new() } else { format!("{},", self.namespace) }
    }
}

/// Whether the connection is still there after a read.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub enum After {
    /// It is.
    Open,
    /// The server closed it, or it broke.
    Closed,
}

/// A connection that has finished its handshake and its namespace CONNECT.
#[derive(Debug)]
pub struct Client {
    /// The socket, not blocking.
    pub stream: TcpStream,
    rest: Vec<u8>,
    out: Vec<u8>,
}

impl Client {
    /// Connects and joins the namespace, blocking, within ten seconds.
    pub fn connect(
        target: &Target,
        auth: &str,
        source: Ipv4Addr,
        receive_buffer: Option<usize>,
    ) -> Result<Self, String> {
        let stream =
            sys::connect_from(source, target.address, receive_buffer).map_err(|e| format!("connect: {e}"))?;
        let mut client = Self { stream, rest: Vec::new(), out: Vec::new() };
        let deadline = Instant::now() + Duration::from_secs(10);
        client.handshake(target, auth, deadline).map_err(|e| format!("handshake: {e}"))?;
        client.stream.set_read_timeout(None).map_err(|e| e.to_string())?;
        client.stream.set_nonblocking(true).map_err(|e| e.to_string())?;
        Ok(client)
    }

    fn handshake(&mut self, target: &Target, auth: &str, deadline: Instant) -> Result<(), String> {
        let request = format!(
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\n\
             Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: cGFybG9yLWJlbmNoLWtleQ==\r\n\r\n",
            target.address
        );
        self.stream.write_all(request.as_bytes()).map_err(|e| e.to_string())?;
        let head_end = loop {
            if let Some(at) = self.rest.windows(4).position(|w| w == b"\r\n\r\n") {
                break at + 4;
            }
            self.read_some(deadline)?;
        };
        if !self.rest.starts_with(b"HTTP/1.1 101") {
            return Err(String::from_utf8_lossy(&self.rest[..head_end]).into_owned());
        }
        self.rest.drain(..head_end);
        self.wait_text(deadline, |text| text.starts_with(b"0{"))?;
        self.queue(format!("40{}{auth}", target.qualifier()).as_bytes());
        self.flush().map_err(|e| e.to_string())?;
        let joined = format!("40{}{{", target.qualifier());
        self.wait_text(deadline, |text| text.starts_with(joined.as_bytes()))
    }

    /// Sends an event with an ack id and waits, blocking, for its ack's data: for set-up, before any measuring.
    pub fn call(&mut self, target: &Target, id: u32, event: &str) -> Result<String, String> {
        let deadline = Instant::now() + Duration::from_secs(10);
        self.stream.set_nonblocking(false).map_err(|e| e.to_string())?;
        self.queue(format!("42{}{id}{event}", target.qualifier()).as_bytes());
        self.flush().map_err(|e| e.to_string())?;
        let prefix = format!("43{}{id}[", target.qualifier());
        let mut answer = String::new();
        self.wait_text(deadline, |text| {
            let found = text.starts_with(prefix.as_bytes());
            if found {
                answer = String::from_utf8_lossy(&text[prefix.len() - 1..]).into_owned();
            }
            found
        })?;
        self.stream.set_nonblocking(true).map_err(|e| e.to_string())?;
        Ok(answer)
    }

    /// Reads, blocking, until a text satisfies `wanted`; earlier texts are dropped, later ones are kept.
    fn wait_text(&mut self, deadline: Instant, mut wanted: impl FnMut(&[u8]) -> bool) -> Result<(), String> {
        loop {
            while let Some((frame, used)) = frame::split(&self.rest)? {
                let mut found = false;
                let mut pong = false;
                match frame {
                    Frame::Text(b"2") => pong = true,
                    Frame::Text(text) if text.starts_with(b"44") => {
                        return Err(format!("refused: {}", String::from_utf8_lossy(text)));
                    }
                    Frame::Text(text) => found = wanted(text),
                    Frame::Close => return Err("closed by the server".to_owned()),
                    Frame::Ping(_) | Frame::Other => {}
                }
                self.rest.drain(..used);
                if pong {
                    self.queue(b"3");
                }
                if found {
                    return Ok(());
                }
            }
            self.read_some(deadline)?;
        }
    }

    fn read_some(&mut self, deadline: Instant) -> Result<(), String> {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err("no answer in time".to_owned());
        }
        self.stream.set_read_timeout(Some(left)).map_err(|e| e.to_string())?;
        let mut buffer = [0; 4096];
        match self.stream.read(&mut buffer) {
            Ok(0) => Err("closed by the server".to_owned()),
            Ok(n) => {
                self.rest.extend_from_slice(&buffer[..n]);
                Ok(())
            }
            Err(e) => Err(e.to_string()),
        }
    }

    /// Queues a text; [`Client::flush`] sends it.
    pub fn queue(&mut self, text: &[u8]) {
        frame::push_masked(&mut self.out, 1, text);
    }

    /// Sends what is queued, as far as the socket takes it now.
    pub fn flush(&mut self) -> io::Result<()> {
        let mut sent = 0;
        while sent < self.out.len() {
            match (&self.stream).write(&self.out[sent..]) {
                Ok(n) => sent += n,
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => break,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        self.out.drain(..sent);
        Ok(())
    }

    /// Whether something queued has not been taken by the socket.
    pub fn is_pending(&self) -> bool {
        !self.out.is_empty()
    }

    /// Reads once (the poller says that there is something) and hands every text but pings to `each`.
    #[inline]
    pub fn read(&mut self, buffer: &mut [u8], mut each: impl FnMut(&[u8])) -> Result<After, String> {
        let kept = self.rest.len();
        buffer[..kept].copy_from_slice(&self.rest);
        let got = match (&self.stream).read(&mut buffer[kept..]) {
            Ok(0) => return Ok(After::Closed),
            Ok(n) => n,
            Err(e) if e.kind() == io::ErrorKind::WouldBlock || e.kind() == io::ErrorKind::Interrupted => {
                return Ok(After::Open);
            }
            Err(_) => return Ok(After::Closed),
        };
        let bytes = &buffer[..kept + got];
        let mut at = 0;
        while let Some((frame, used)) = frame::split(&bytes[at..])? {
            at += used;
            match frame {
                Frame::Text(b"2") => self.queue(b"3"),
                Frame::Text(text) => each(text),
                Frame::Ping(payload) => frame::push_masked(&mut self.out, 10, payload),
                Frame::Close => return Ok(After::Closed),
                Frame::Other => {}
            }
        }
        self.rest.clear();
        self.rest.extend_from_slice(&bytes[at..]);
        if !self.out.is_empty() && self.flush().is_err() {
            return Ok(After::Closed);
        }
        Ok(After::Open)
    }
}

/// The loopback address from which connection number `i` comes: 20,000 share one, and no two processes do soon after
/// each other, since a closed connection keeps its port for a minute.
pub fn source_of(i: usize) -> Ipv4Addr {
    Ipv4Addr::new(127, 0, 1 + (std::process::id() % 200) as u8, 1 + (i / 20_000) as u8)
}
