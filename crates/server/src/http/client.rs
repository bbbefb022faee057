//! Who is at the other end: the address that limits count by, and whether the way to it is encrypted.
//!
//! Both come from the socket, unless the peer is a proxy that the configuration trusts: then they come from the headers
//! that it sets. Anybody else may send those headers too, and they count for nothing.

use std::net::{IpAddr, Ipv4Addr};

use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use parlor_socketio::ClientAddress;

use super::problem::Failed;
use crate::config::Config;

/// The one who asks; it stands in the extensions of every request behind [`identify`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Client {
    /// Where they are.
    pub address: IpAddr,
    /// TLS from them to us, or to a trusted proxy.
    pub secure: bool,
    /// A program on this machine that came without a proxy.
    pub local: bool,
}

/// Puts the [`Client`] into the extensions, and its address where the sockets look for it.
pub fn identify(request: &mut Request, config: &Config) -> Client {
    let peer =
        request.extensions().get::<ClientAddress>().map_or(Ipv4Addr::UNSPECIFIED.into(), |peer| peer.0);
    let client = client_of(peer, request.headers(), config);
    request.extensions_mut().insert(ClientAddress(client.address));
    request.extensions_mut().insert(client);
    client
}

/// The client behind the other end of a connection.
fn client_of(peer: IpAddr, headers: &HeaderMap, config: &Config) -> Client {
    let peer = peer.to_canonical();
    let is_trusted = |address: IpAddr| config.trusted_proxies.iter().any(|network| network.contains(address));
    let forwarded = headers.contains_key("x-forwarded-for") || headers.contains_key(header::FORWARDED);
    let tls = config.tls.is_some();
    if !is_trusted(peer) {
        return Client { address: peer, secure: tls, local: peer.is_loopback() && !forwarded };
    }
    // Each proxy appends the address that it saw: the last one that is not a proxy of ours is the client. What stands
    // before it was said by the client.
    let mut address = peer;
    for hop in hops(headers).into_iter().rev() {
        let Some(hop) = hop else { break };
        address = hop;
        if !is_trusted(hop) {
            break;
        }
    }
    let proto = headers.get("x-forwarded-proto").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let proto = proto.rsplit(',').next().unwrap_or_default().trim();
    let secure = tls || proto.eq_ignore_ascii_case("https");
    Client { address, secure, local: !forwarded && peer.is_loopback() }
}

/// All addresses of `X-Forwarded-For`, in order; none where it is something else.
fn hops(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let lines = headers.get_all("x-forwarded-for").iter();
    let parts = lines.flat_map(|line| line.to_str().unwrap_or("?").split(',').map(str::trim));
    parts.map(|part| part.parse::<IpAddr>().ok().map(|address| address.to_canonical())).collect()
}

impl<S: Send + Sync> FromRequestParts<S> for Client {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failed> {
        Ok(*parts.extensions.get::<Self>().expect("identify runs before every handler"))
    }
}

/// The client as the operations want it: with the name of its program.
pub struct CalledFrom(pub parlor_app::Client);

impl<S: Send + Sync> FromRequestParts<S> for CalledFrom {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failed> {
        let client = Client::from_request_parts(parts, state).await?;
        let agent =
            parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).map(str::to_owned);
        Ok(Self(parlor_app::Client { address: client.address, agent }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &[&str], proto: &str) -> Client {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        if !proto.is_empty() {
            headers.insert("x-forwarded-proto", proto.parse().unwrap());
        }
        let arguments = ["--trusted-proxies", "10.0.0.0/8"].map(str::to_owned);
        let config = crate::config::load(arguments.into_iter(), std::iter::empty()).unwrap().config;
        client_of(peer.parse().unwrap(), &headers, &config)
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let address = |peer, forwarded: &[&str]| seen(peer, forwarded, "").address.to_string();
        assert_eq!(address("192.0.2.1", &["203.0.113.5"]), "192.0.2.1");
        assert_eq!(address("10.0.0.1", &["203.0.113.5"]), "203.0.113.5");
        assert_eq!(address("::ffff:10.0.0.1", &["203.0.113.5"]), "203.0.113.5");
        assert_eq!(address("10.0.0.1", &["1.1.1.1, 203.0.113.5"]), "203.0.113.5");
        assert_eq!(address("10.0.0.1", &["1.1.1.1", "203.0.113.5, 10.9.9.9"]), "203.0.113.5");
        assert_eq!(address("10.0.0.1", &["1.1.1.1, garbage, 10.9.9.9"]), "10.9.9.9");
        assert_eq!(address("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn tls_is_what_a_trusted_proxy_says() {
        assert!(seen("10.0.0.1", &[], "https").secure);
        assert!(!seen("10.0.0.1", &[], "http").secure);
        assert!(!seen("10.0.0.1", &[], "https, http").secure);
        assert!(!seen("192.0.2.1", &[], "https").secure);
    }

    #[test]
    fn local_is_this_machine_without_a_proxy() {
        assert!(seen("127.0.0.1", &[], "").local);
        assert!(!seen("127.0.0.1", &["127.0.0.1"], "").local);
        assert!(!seen("192.0.2.1", &[], "").local);
    }
}
