//! One Socket.IO connection over a websocket, written from the protocol and not from our own server.

use std::net::SocketAddr;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{WebSocketStream, client_async};

/// A connection that was lost, or never came to be.
#[derive(Debug)]
pub struct Lost;

/// What the server said.
#[derive(Debug)]
pub enum Told {
    /// An event.
    Event {
        /// Its name.
        name: String,
        /// Its argument.
        body: Value,
    },
    /// The answer to a call.
    Answer {
        /// As [`Session::call`] gave it.
        call: u64,
        /// What the ack carries.
        body: Value,
    },
}

/// A connection in the namespace `/v1`.
pub struct Session {
    socket: WebSocketStream<TcpStream>,
    calls: u64,
}

impl Session {
    /// Connects with a token.
    ///
    /// # Errors
    /// Nobody is there, or the namespace is refused.
    pub async fn connect(address: SocketAddr, token: &str) -> Result<Self, Lost> {
        let stream = TcpStream::connect(address).await.map_err(|_| Lost)?;
        let url = format!("ws://{address}/socket.io/?EIO=4&transport=websocket");
        let (socket, _) = client_async(url, stream).await.map_err(|_| Lost)?;
        let mut session = Self { socket, calls: 0 };
        session.packet_with("0{").await?;
        session.say(format!("40/v1,{}", json!({ "token": token }))).await?;
        session.packet_with("40/v1,").await?;
        Ok(session)
    }

    /// Calls something; the answer comes by [`Session::told`].
    ///
    /// # Errors
    /// The connection is lost.
    pub async fn call(&mut self, event: &str, body: &Value) -> Result<u64, Lost> {
        self.calls += 1;
        self.say(format!("42/v1,{}{}", self.calls, json!([event, body]))).await?;
        Ok(self.calls)
    }

    /// The next thing that the server says. Nothing is lost where this is given up while it waits.
    ///
    /// # Errors
    /// The connection is lost.
    pub async fn told(&mut self) -> Result<Told, Lost> {
        loop {
            let packet = self.packet().await?;
            let Some(rest) = packet.strip_prefix("4") else { continue };
            let Some((kind, rest)) = rest.split_once("/v1,") else { return Err(Lost) };
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let (id, data) = rest.split_at(digits);
            let mut values: Vec<Value> = serde_json::from_str(data).map_err(|_| Lost)?;
            match (kind, id.parse()) {
                ("3", Ok(call)) => return Ok(Told::Answer { call, body: values.pop().unwrap_or_default() }),
                ("2", _) if values.len() == 2 => {
                    let body = values.pop().unwrap_or_default();
                    let name = values[0].as_str().unwrap_or_default().to_owned();
                    return Ok(Told::Event { name, body });
                }
                // The namespace ends.
                _ => return Err(Lost),
            }
        }
    }

    /// Ends it properly.
    pub async fn close(mut self) {
        // It may be lost already.
        let _ = self.socket.close(None).await;
    }

    async fn packet_with(&mut self, beginning: &str) -> Result<(), Lost> {
        self.packet().await?.starts_with(beginning).then_some(()).ok_or(Lost)
    }

    /// The next Engine.IO packet; pings are answered.
    async fn packet(&mut self) -> Result<String, Lost> {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) if text.as_str() == "2" => self.say("3".to_owned()).await?,
                Some(Ok(Message::Text(text))) => return Ok(text.as_str().to_owned()),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                _ => return Err(Lost),
            }
        }
    }

    async fn say(&mut self, packet: String) -> Result<(), Lost> {
        self.socket.send(Message::text(packet)).await.map_err(|_| Lost)
    }
}
