//! Who calls: by a request or by a socket.

use std::net::{IpAddr, Ipv4Addr};

use axum::http::header;
use axum::http::request::Parts;
use parlor_app::Client;
use parlor_socketio::{ClientAddress, Socket};

/// Put into a request's extensions by the server: whether TLS covers the way from the client to it, or to a proxy that
/// it trusts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encrypted(pub bool);

/// Where a request comes from.
pub(crate) fn of_request(parts: &Parts) -> Client {
    let address = parts.extensions.get::<ClientAddress>();
    let address = address.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |address| address.0);
    let agent = parts.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    Client { address, agent: agent.map(str::to_owned) }
}

/// Where a socket comes from.
pub(crate) fn of_socket(socket: &Socket) -> Client {
    let handshake = socket.handshake();
    let address = handshake.address().unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    Client { address, agent: handshake.header("user-agent").map(str::to_owned) }
}
