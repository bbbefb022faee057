//! Redis, or Valkey, between the nodes: one channel, to which every node publishes and is subscribed, over one connection.
//!
//! RESP3 lets a connection that is subscribed publish as well, so there is one thing that can be away, not two. Where
//! the server is one of a cluster the channel is sharded: it lives on the node that has its slot and is not copied to
//! all the others. This file knows no notice, only frames.

use crate::ears::Hearing;
use crate::network::{Carrier, Line, LineError};
use ::redis::aio::MultiplexedConnection;
use ::redis::{
    AsyncConnectionConfig, Client, ConnectionAddr, ConnectionInfo, ErrorKind, IntoConnectionInfo as _,
    ProtocolVersion, PushInfo, PushKind, RedisError, Value,
};
use std::collections::HashMap;
use std::time::Duration;

/// An answer that takes longer is none; the connection is given up.
const ANSWER_WITHIN: Duration = Duration::from_secs(4);

/// Where a Redis is and which channel is ours.
pub(crate) struct Redis {
    server: ConnectionInfo,
    channel: String,
}

/// A connection that hears and speaks.
pub(crate) struct RedisLine {
    connection: MultiplexedConnection,
    publish: &'static str,
    channel: String,
    place: String,
}

/// Reads an address; `None` when it is none. The number of a database is of no concern: channels are outside of them.
pub(crate) fn parse(url: &str) -> Option<ConnectionInfo> {
    let server = url.into_connection_info().ok()?;
    if matches!(server.addr(), ConnectionAddr::Unix(_)) {
        return None;
    }
    let login = server.redis_settings().clone().set_db(0).set_protocol(ProtocolVersion::RESP3);
    Some(server.set_redis_settings(login))
}

impl Redis {
    pub(crate) fn new(server: ConnectionInfo, channel: String) -> Self {
        Self { server, channel }
    }

    async fn connect_to(&self, server: ConnectionInfo, hearing: Hearing) -> Result<RedisLine, RedisError> {
        let take = move |push: PushInfo| {
            take(&hearing, &push);
            Ok::<(), std::convert::Infallible>(())
        };
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(ANSWER_WITHIN))
            .set_response_timeout(Some(ANSWER_WITHIN))
            .set_push_sender(take);
        let place = server.addr().to_string();
        let client = Client::open(server)?;
        let mut connection = client.get_multiplexed_async_connection_with_config(&config).await?;
        let greeting: HashMap<String, Value> =
            ::redis::cmd("HELLO").arg(3).query_async(&mut connection).await?;
        let is_cluster = matches!(greeting.get("mode"), Some(Value::BulkString(mode)) if mode == b"cluster");
        let publish = if is_cluster {
            let subscribe = ::redis::cmd("SSUBSCRIBE").arg(&self.channel).take();
            let _: Value = subscribe.query_async(&mut connection).await?;
            "SPUBLISH"
        } else {
            connection.subscribe(&self.channel).await?;
            "PUBLISH"
        };
        Ok(RedisLine { connection, publish, channel: self.channel.clone(), place })
    }
}

impl Carrier for Redis {
    type Line = RedisLine;

    async fn connect(&self, hearing: Hearing) -> Result<RedisLine, LineError> {
        match self.connect_to(self.server.clone(), hearing.clone()).await {
            Ok(line) => Ok(line),
            Err(error) => {
                // The slot of our channel is on another node of the cluster.
                let Some(server) = error.redirect_node().and_then(|(node, _)| self.elsewhere(node)) else {
                    return Err(judge(&error, &self.place()));
                };
                self.connect_to(server, hearing).await.map_err(|error| judge(&error, &self.place()))
            }
        }
    }

    fn place(&self) -> String {
        format!("the Redis at {}", self.server.addr())
    }
}

impl Redis {
    fn elsewhere(&self, node: &str) -> Option<ConnectionInfo> {
        let (host, port) = node.rsplit_once(':')?;
        let port = port.parse().ok()?;
        let addr = match self.server.addr().clone() {
            // A node that does not know its own name is reached by the one that we know.
            ConnectionAddr::Tcp(known, _) => {
                ConnectionAddr::Tcp(if host.is_empty() { known } else { host.to_owned() }, port)
            }
            ConnectionAddr::TcpTls { host: known, insecure, tls_params, .. } => {
                let host = if host.is_empty() { known } else { host.to_owned() };
                ConnectionAddr::TcpTls { host, port, insecure, tls_params }
            }
            _ => return None,
        };
        Some(self.server.clone().set_addr(addr))
    }
}

impl Line for RedisLine {
    async fn send(&mut self, frames: Vec<Vec<u8>>) -> Result<(), LineError> {
        let mut commands = ::redis::Pipeline::with_capacity(frames.len());
        for frame in frames {
            commands.cmd(self.publish).arg(&self.channel).arg(frame).ignore();
        }
        let sent: Result<(), RedisError> = commands.query_async(&mut self.connection).await;
        sent.map_err(|error| judge(&error, &self.place))
    }
}

/// Runs where the connection is read: it must not wait.
fn take(hearing: &Hearing, push: &PushInfo) {
    match push.kind {
        PushKind::Message | PushKind::SMessage => {
            // The channel, then what was published.
            if let Some(Value::BulkString(frame)) = push.data.get(1) {
                hearing.hear(frame);
            }
        }
        // The last of them comes when the slot of a cluster's channel moves to another node.
        PushKind::Disconnection | PushKind::Unsubscribe | PushKind::SUnsubscribe => hearing.end(),
        _ => {}
    }
}

/// What an error means. Its own words are not shown where they may repeat what we sent.
fn judge(error: &RedisError, place: &str) -> LineError {
    let sentence = match (error.kind(), error.code()) {
        (_, Some("NOAUTH")) => format!("{place} wants a password: write it as redis://:password@host"),
        (ErrorKind::AuthenticationFailed, _) | (_, Some("WRONGPASS")) => {
            format!("{place} refuses the user name or the password of the address")
        }
        (_, Some("NOPERM")) => format!(
            "{place} does not permit its user what Parlor needs: HELLO, SUBSCRIBE, PUBLISH, SSUBSCRIBE and SPUBLISH on \
             the channels parlor:*"
        ),
        (ErrorKind::RESP3NotSupported, _) => {
            format!("{place} is too old: Redis 6 or newer, or Valkey, is needed")
        }
        _ => return LineError::Away(error.category().to_owned()),
    };
    LineError::Refused(sentence)
}
