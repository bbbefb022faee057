//! A Socket.IO client on a bare websocket: packets are written by hand and read as text.

use std::net::SocketAddr;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use super::websocket::{Frame, Websocket};

pub const V4: &str = "EIO=4&transport=websocket";
pub const V3: &str = "EIO=3&transport=websocket";

pub struct Client<S = TcpStream> {
    pub websocket: Websocket<S>,
    next_ack: u64,
}

impl Client {
    /// Connected to the main namespace.
    pub async fn connect(address: SocketAddr) -> Client {
        Client::over(Websocket::open(address, V4).await).await
    }

    /// The same, with a small buffer in its kernel.
    pub async fn connect_narrow(address: SocketAddr) -> Client {
        Client::over(Websocket::open_narrow(address, V4).await).await
    }
}

impl<S: AsyncRead + AsyncWrite> Client<S> {
    pub async fn over(mut websocket: Websocket<S>) -> Client<S> {
        let open = websocket.reader.text().await;
        assert!(open.starts_with(r#"0{"sid":""#), "{open}");
        let mut client = Client { websocket, next_ack: 0 };
        client.join_namespace("").await;
        client
    }

    /// `""` is the main namespace, others end in a comma.
    pub async fn join_namespace(&mut self, namespace: &str) {
        self.send(&format!("40{namespace}")).await;
        let answer = self.packet().await;
        assert!(answer.starts_with(&format!(r#"40{namespace}{{"sid":""#)), "{answer}");
    }

    pub async fn send(&mut self, packet: &str) {
        self.websocket.text(packet).await;
    }

    /// `arguments` as JSON, without brackets.
    pub async fn emit(&mut self, event: &str, arguments: &str) {
        let comma = if arguments.is_empty() { "" } else { "," };
        self.send(&format!(r#"42["{event}"{comma}{arguments}]"#)).await;
    }

    /// Emits and returns the acknowledgement's JSON; events that come before it are dropped.
    pub async fn ask(&mut self, event: &str, arguments: &str) -> String {
        let ack = self.next_ack;
        self.next_ack += 1;
        let comma = if arguments.is_empty() { "" } else { "," };
        self.send(&format!(r#"42{ack}["{event}"{comma}{arguments}]"#)).await;
        loop {
            if let Some(answer) = self.packet().await.strip_prefix(&format!("43{ack}[")) {
                return format!("[{answer}");
            }
        }
    }

    /// The next packet that is no ping; pings are answered.
    pub async fn packet(&mut self) -> String {
        loop {
            match self.websocket.next().await {
                Some(Frame::Text(text)) if text == "2" => self.send("3").await,
                Some(Frame::Text(text)) => return text,
                other => panic!("{other:?} instead of a packet"),
            }
        }
    }

    /// The next event of that name with one argument: its JSON.
    pub async fn event(&mut self, event: &str) -> String {
        let packet = self.packet().await;
        let argument =
            packet.strip_prefix(&format!(r#"42["{event}","#)).and_then(|rest| rest.strip_suffix(']'));
        argument.unwrap_or_else(|| panic!("{packet} instead of {event}")).to_owned()
    }

    /// The next event of that name with a number.
    pub async fn number(&mut self, event: &str) -> u64 {
        self.event(event).await.parse().expect("a number")
    }

    /// Reads to the end; the close frame's code.
    pub async fn closed(&mut self) -> Option<u16> {
        self.websocket.closed().await
    }
}
