//! A websocket client of bare bytes. It checks what the server sends and sends whatever it is told to.

use std::net::SocketAddr;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::net::{TcpSocket, TcpStream};

use super::{PATIENCE, within};

/// What a server may send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    Text(String),
    Binary(Vec<u8>),
    Ping(Vec<u8>),
    Pong(Vec<u8>),
    /// With its code, if it has one.
    Close(Option<u16>),
}

pub struct Websocket<S = TcpStream> {
    pub reader: Reader<S>,
    pub writer: Writer<S>,
}

pub struct Reader<S = TcpStream> {
    half: ReadHalf<S>,
    buffer: Vec<u8>,
    start: usize,
}

pub struct Writer<S = TcpStream>(WriteHalf<S>);

/// The request of a websocket handshake.
pub fn handshake(query: &str) -> String {
    format!(
        "GET /socket.io/?{query} HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
}

impl Websocket {
    /// The default handshake of an Engine.IO client of that version.
    pub async fn open(address: SocketAddr, query: &str) -> Websocket {
        Websocket::over(TcpStream::connect(address).await.unwrap(), query).await
    }

    /// One whose kernel buffer for what comes in is as small as it can be.
    pub async fn open_narrow(address: SocketAddr, query: &str) -> Websocket {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4096).unwrap();
        Websocket::over(socket.connect(address).await.unwrap(), query).await
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Websocket<S> {
    /// The stream itself, for what only a stream can do.
    pub fn into_stream(self) -> S {
        self.reader.half.unsplit(self.writer.0)
    }
}

impl<S: AsyncRead + AsyncWrite> Websocket<S> {
    pub async fn over(stream: S, query: &str) -> Websocket<S> {
        let (half, mut write) = tokio::io::split(stream);
        write.write_all(handshake(query).as_bytes()).await.unwrap();
        let mut reader = Reader { half, buffer: Vec::new(), start: 0 };
        let head = within(PATIENCE, reader.head()).await.expect("the handshake is answered");
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        assert!(head.to_ascii_lowercase().contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo="));
        Websocket { reader, writer: Writer(write) }
    }

    pub async fn text(&mut self, text: &str) {
        self.writer.text(text).await;
    }

    pub async fn binary(&mut self, data: &[u8]) {
        self.writer.binary(data).await;
    }

    /// The next frame; `None` at the end of the stream.
    pub async fn next(&mut self) -> Option<Frame> {
        self.reader.next().await
    }

    /// Reads to the end and returns the close frame's code, if there was one.
    pub async fn closed(&mut self) -> Option<u16> {
        let mut code = None;
        let end = within(PATIENCE, async {
            while let Some(frame) = self.next().await {
                if let Frame::Close(with) = frame {
                    code = with;
                }
            }
        });
        end.await.expect("the connection is closed");
        code
    }
}

impl<S: AsyncRead> Reader<S> {
    /// The next text; pings of Engine.IO are skipped. Panics at anything else.
    pub async fn text(&mut self) -> String {
        loop {
            match self.next().await {
                Some(Frame::Text(text)) if text == "2" => {}
                Some(Frame::Text(text)) => return text,
                other => panic!("{other:?} instead of a text"),
            }
        }
    }

    pub async fn next(&mut self) -> Option<Frame> {
        within(PATIENCE, self.frame()).await.expect("something comes, or the stream ends")
    }

    /// The next frame, however long it takes.
    pub async fn frame(&mut self) -> Option<Frame> {
        self.need(2).await?;
        let [first, second] = [self.buffer[self.start], self.buffer[self.start + 1]];
        assert_eq!(first & 0xF0, 0x80, "a server's frames are whole, without reserved bits");
        assert_eq!(second & 0x80, 0, "a server does not mask");
        let extra = match second {
            126 => 2,
            127 => 8,
            _ => 0,
        };
        self.need(2 + extra).await?;
        let length = match second {
            0..126 => usize::from(second),
            _ => self.buffer[self.start + 2..][..extra]
                .iter()
                .fold(0, |sum, byte| sum << 8 | usize::from(*byte)),
        };
        self.need(2 + extra + length).await?;
        let payload = self.buffer[self.start + 2 + extra..][..length].to_vec();
        self.start += 2 + extra + length;
        Some(match first & 0x0F {
            1 => Frame::Text(String::from_utf8(payload).expect("texts are UTF-8")),
            2 => Frame::Binary(payload),
            8 => Frame::Close(payload.first_chunk::<2>().map(|code| u16::from_be_bytes(*code))),
            9 => Frame::Ping(payload),
            10 => Frame::Pong(payload),
            other => panic!("the server sent opcode {other}"),
        })
    }

    /// Whether a frame is there without waiting for more than what has arrived.
    pub async fn is_silent(&mut self) -> bool {
        within(std::time::Duration::ZERO, self.need(1)).await.is_none()
    }

    async fn need(&mut self, count: usize) -> Option<()> {
        while self.buffer.len() - self.start < count {
            if self.start > 0 {
                self.buffer.drain(..self.start);
                self.start = 0;
            }
            self.buffer.reserve(32 * 1024);
            // A reset is an end like any other.
            if !matches!(self.half.read_buf(&mut self.buffer).await, Ok(1..)) {
                return None;
            }
        }
        Some(())
    }

    async fn head(&mut self) -> String {
        loop {
            if let Some(end) = self.buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                self.start = end + 4;
                return String::from_utf8_lossy(&self.buffer[..end]).into_owned();
            }
            let seen = self.buffer.len();
            if self.need(seen + 1).await.is_none() {
                return String::from_utf8_lossy(&self.buffer).into_owned();
            }
        }
    }
}

impl<S: AsyncWrite> Writer<S> {
    pub async fn text(&mut self, text: &str) {
        self.raw(&frame(0x81, text.as_bytes())).await;
    }

    pub async fn binary(&mut self, data: &[u8]) {
        self.raw(&frame(0x82, data)).await;
    }

    /// Bytes as they are. That the server has closed the stream shows when it is read.
    pub async fn raw(&mut self, bytes: &[u8]) {
        let written = within(PATIENCE, self.0.write_all(bytes)).await;
        let _ = written.expect("the server reads, or closes");
    }

    pub async fn flush(&mut self) {
        let _ = self.0.flush().await;
    }

    pub async fn end(&mut self) {
        let _ = self.0.shutdown().await;
    }
}

/// A masked frame with that first byte.
pub fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mask = [0x37, 0xFA, 0x21, 0x3D];
    let mut out = header(first, payload.len() as u64);
    out.extend_from_slice(&mask);
    out.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, key)| byte ^ key));
    out
}

/// The first bytes of a frame, up to its mask.
pub fn header(first: u8, length: u64) -> Vec<u8> {
    let mut out = vec![first];
    match length {
        0..126 => out.push(0x80 | length as u8),
        126..65_536 => {
            out.push(0x80 | 126);
            out.extend_from_slice(&(length as u16).to_be_bytes());
        }
        _ => {
            out.push(0x80 | 127);
            out.extend_from_slice(&length.to_be_bytes());
        }
    }
    out
}
