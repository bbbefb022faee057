//! Where the bus of several nodes is, as a setting says it.

use crate::Bus;
use crate::nats::{self, Nats};
use crate::network::Network;
use crate::redis::{self, Redis};
use std::fmt;

/// A server that passes notices from node to node.
pub struct Address(Server);

enum Server {
    Redis(Box<::redis::ConnectionInfo>),
    Nats(nats::Server),
}

/// The text is no address of a bus. It is not repeated: there may be a password in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be redis://[user:password@]host[:port], rediss://… for TLS, nats://[user:password@]host[:port] or tls://… for NATS with TLS"
)]
pub struct AddressError;

/// The server is there and does not let us do what is needed; a sentence that says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refused(String);

impl Address {
    /// Reads it.
    ///
    /// # Errors
    /// [`AddressError`]
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let server = match text.split_once("://").map(|(scheme, _)| scheme) {
            Some("redis" | "rediss" | "valkey" | "valkeys") => {
                redis::parse(text).map(Box::new).map(Server::Redis)
            }
            Some("nats" | "tls") => nats::parse(text).map(Server::Nats),
            _ => None,
        };
        server.map(Self).ok_or(AddressError)
    }

    /// Connects. A server that is away is tried for ever; meanwhile the node is alone. Must be called within a tokio
    /// runtime.
    ///
    /// `family` is what all nodes of one database have in common and nobody else: another Parlor on the same server
    /// hears nothing of this one. `node` is this process among them, another at each start.
    ///
    /// # Errors
    /// [`Refused`]: a password, a permission or the version.
    pub async fn open(self, family: i64, node: i64) -> Result<Bus, Refused> {
        let network = match self.0 {
            Server::Redis(server) => {
                Network::start(Redis::new(*server, format!("parlor:{family}")), node).await
            }
            Server::Nats(server) => Network::start(Nats::new(server, format!("parlor.{family}")), node).await,
        };
        network.map(Bus::over).map_err(Refused)
    }
}

/// Without the secrets.
impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Server::Redis(server) => write!(out, "redis at {}", server.addr()),
            Server::Nats(server) => write!(out, "nats at {}", server.place()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_shown_without_their_secrets() {
        for (text, shown) in [
            ("redis://cache", "redis at cache:6379"),
            ("redis://:hunter2@cache:7000/3", "redis at cache:7000"),
            ("rediss://ada:hunter2@[::1]:7000", "redis at ::1:7000"),
            ("nats://hunter2@bus", "nats at bus:4222"),
            ("tls://ada:hunter%2f2@bus:4333", "nats at bus:4333"),
        ] {
            assert_eq!(Address::parse(text).map(|address| address.to_string()).as_deref(), Ok(shown));
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "cache",
            "redis://",
            "redis://cache:hello",
            "redis://cache/hunter",
            "redis+unix:///run/redis",
            "nats://",
            "nats://:4222",
            "nats://bus:99999",
            "http://bus",
            "kafka://bus",
        ] {
            assert!(Address::parse(text).is_err(), "{text}");
        }
    }
}
