//! Who is at the other end: the address that limits count by, and whether the way to it is encrypted.
//!
//! Both come from the socket, unless the peer is a proxy that the configuration trusts: then they come from the headers
//! that it sets. Anybody else may send those headers too, and they count for nothing. The same holds for the name under
//! which this server was asked, its `Host`.

use std::net::{IpAddr, Ipv4Addr};

use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Uri, header};

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
    if let Some(host) = own_host(peer, request.headers(), config) {
        request.headers_mut().insert(header::HOST, host);
    }
    request.extensions_mut().insert(ClientAddress(client.address));
    request.extensions_mut().insert(client);
    request.extensions_mut().insert(parlor_dialects::Encrypted(client.secure));
    client
}

/// The client behind the other end of a connection.
fn client_of(peer: IpAddr, headers: &HeaderMap, config: &Config) -> Client {
    let peer = peer.to_canonical();
    let forwarded = headers.contains_key("x-forwarded-for") || headers.contains_key(header::FORWARDED);
    let tls = config.tls.is_some();
    if !is_trusted(peer, config) {
        return Client { address: peer, secure: tls, local: peer.is_loopback() && !forwarded };
    }
    // Each proxy appends the address that it saw: the last one that is not a proxy of ours is the client. What stands
    // before it was said by the client.
    let mut address = peer;
    for hop in hops(headers).into_iter().rev() {
        let Some(hop) = hop else { break };
        address = hop;
        if !is_trusted(hop, config) {
            break;
        }
    }
    let proto = headers.get("x-forwarded-proto").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let proto = proto.rsplit(',').next().unwrap_or_default().trim();
    let secure = tls || proto.eq_ignore_ascii_case("https");
    Client { address, secure, local: !forwarded && peer.is_loopback() }
}

/// The `Host` that the browser asked for, where a proxy replaced it: what a page of ours has in its `Origin`.
fn own_host(peer: IpAddr, headers: &HeaderMap, config: &Config) -> Option<HeaderValue> {
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    if let (Some(origin), Some(ours)) = (origin, config.public_url.as_deref().and_then(origin_of_url))
        && origin.eq_ignore_ascii_case(&ours)
    {
        return origin.split_once("://").and_then(|(_, authority)| authority.parse().ok());
    }
    if !is_trusted(peer, config) {
        return None;
    }
    // As with the scheme: the last one is what the proxy nearest to us says.
    let said = headers.get_all("x-forwarded-host").iter().next_back()?.to_str().ok()?;
    let host = said.rsplit(',').next().unwrap_or_default().trim();
    if host.is_empty() { None } else { host.parse().ok() }
}

/// What a browser sends as `Origin` of the pages under an address: without a path, and without the port that goes
/// without saying.
fn origin_of_url(url: &str) -> Option<String> {
    let url: Uri = url.parse().ok()?;
    let (scheme, host) = (url.scheme_str()?.to_ascii_lowercase(), url.host()?);
    Some(match (scheme.as_str(), url.port_u16()) {
        ("https", Some(443)) | ("http", Some(80)) | (_, None) => format!("{scheme}://{host}"),
        (_, Some(port)) => format!("{scheme}://{host}:{port}"),
    })
}

fn is_trusted(address: IpAddr, config: &Config) -> bool {
    let address = address.to_canonical();
    config.trusted_proxies.iter().any(|network| network.contains(address))
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

    /// The `Host` behind [`identify`] of a request that came with `Host: inside:8080`.
    fn host(peer: &str, public_url: &str, lines: &[(&'static str, &str)]) -> String {
        let mut request = Request::new(axum::body::Body::empty());
        request.headers_mut().insert(header::HOST, HeaderValue::from_static("inside:8080"));
        for (name, value) in lines {
            request.headers_mut().append(*name, value.parse().unwrap());
        }
        request.extensions_mut().insert(ClientAddress(peer.parse().unwrap()));
        let arguments = ["--trusted-proxies", "10.0.0.0/8", "--public-url", public_url].map(str::to_owned);
        let config = crate::config::load(arguments.into_iter(), std::iter::empty()).unwrap().config;
        identify(&mut request, &config);
        request.headers()[header::HOST].to_str().unwrap().to_owned()
    }

    #[test]
    fn the_host_is_what_a_trusted_proxy_says() {
        let said = |peer, hosts: &[&str]| {
            let lines: Vec<_> = hosts.iter().map(|host| ("x-forwarded-host", *host)).collect();
            host(peer, "", &lines)
        };
        assert_eq!(said("10.0.0.1", &["chat.example.org"]), "chat.example.org");
        assert_eq!(said("::ffff:10.0.0.1", &["chat.example.org:8443"]), "chat.example.org:8443");
        assert_eq!(said("10.0.0.1", &["evil.example, chat.example.org"]), "chat.example.org");
        assert_eq!(said("10.0.0.1", &["evil.example", "chat.example.org"]), "chat.example.org");
        assert_eq!(said("192.0.2.1", &["chat.example.org"]), "inside:8080");
        for nothing in [&[][..], &[""], &["a, "]] {
            assert_eq!(said("10.0.0.1", nothing), "inside:8080", "{nothing:?}");
        }
    }

    #[test]
    fn an_origin_that_is_the_public_address_is_our_own() {
        let own = |public_url, origin| host("192.0.2.1", public_url, &[("origin", origin)]) != "inside:8080";
        for public_url in
            ["https://chat.example.org", "https://chat.example.org/", "https://chat.example.org:443"]
        {
            assert!(own(public_url, "https://chat.example.org"), "{public_url}");
        }
        assert!(own("http://chat.example.org:8443", "http://chat.example.org:8443"));
        for foreign in [
            "http://chat.example.org",
            "https://chat.example.org:8443",
            "https://chat.example.org.evil.example",
            "https://evil.example",
            "null",
            "",
        ] {
            assert!(!own("https://chat.example.org", foreign), "{foreign}");
        }
        assert!(!own("", "https://chat.example.org"));
        let found = host("192.0.2.1", "https://chat.example.org/", &[("origin", "https://chat.example.org")]);
        assert_eq!(found, "chat.example.org");
    }

    #[test]
    fn local_is_this_machine_without_a_proxy() {
        assert!(seen("127.0.0.1", &[], "").local);
        assert!(!seen("127.0.0.1", &["127.0.0.1"], "").local);
        assert!(!seen("192.0.2.1", &[], "").local);
    }
}
