//! The request that opened a connection, kept small: it stays for the connection's whole life.

use std::fmt;
use std::net::IpAddr;

use http::HeaderMap;
use http::request::Parts;

/// Put this into a request's extensions to say who sent it, where the stream's own address is a proxy's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// The request that opened a connection.
///
/// Headers are kept as text in one allocation, a tenth of what a map would take.
#[derive(Clone)]
pub struct Handshake {
    query: Box<str>,
    headers: Box<str>,
    address: Option<IpAddr>,
}

impl Handshake {
    pub(crate) fn new(request: &Parts) -> Handshake {
        Handshake {
            query: request.uri.query().unwrap_or_default().into(),
            headers: flatten(&request.headers),
            address: request.extensions.get::<ClientAddress>().map(|address| address.0),
        }
    }

    #[cfg(test)]
    pub(crate) fn for_test() -> Handshake {
        Handshake { query: "".into(), headers: "".into(), address: None }
    }

    /// The first header of that name, if its value was ASCII. The name is compared without case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    /// The query of the request, still encoded.
    pub fn query(&self) -> &str {
        &self.query
    }

    /// The value of a parameter of the query, still encoded.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        parameter(&self.query, name)
    }

    /// The client's address: the [`ClientAddress`] of the request.
    pub fn address(&self) -> Option<IpAddr> {
        self.address
    }
}

impl fmt::Debug for Handshake {
    /// Headers and query may hold secrets.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Handshake").field("address", &self.address).finish_non_exhaustive()
    }
}

pub(crate) fn parameter<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    query.split('&').find_map(|pair| match pair.split_once('=') {
        Some((key, value)) => (key == name).then_some(value),
        None => (pair == name).then_some(""),
    })
}

fn flatten(headers: &HeaderMap) -> Box<str> {
    let mut text = String::new();
    for (name, value) in headers {
        let Ok(value) = value.to_str() else { continue };
        text.push_str(name.as_str());
        text.push(':');
        text.push_str(value);
        text.push('\n');
    }
    text.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_and_parameters_are_found() {
        let (mut parts, ()) = http::Request::get("/socket.io/?EIO=4&sid=&x").body(()).unwrap().into_parts();
        parts.headers.insert("Cookie", "a=1; b=2".parse().unwrap());
        parts.headers.insert("Origin", "http://localhost:3000".parse().unwrap());
        parts.headers.insert("X-Odd", http::HeaderValue::from_bytes(b"\xff").unwrap());
        parts.extensions.insert(ClientAddress([127, 0, 0, 1].into()));
        let handshake = Handshake::new(&parts);
        assert_eq!(handshake.header("cookie"), Some("a=1; b=2"));
        assert_eq!(handshake.header("ORIGIN"), Some("http://localhost:3000"));
        assert_eq!(handshake.header("x-odd"), None);
        assert_eq!((handshake.parameter("EIO"), handshake.parameter("sid")), (Some("4"), Some("")));
        assert_eq!((handshake.parameter("x"), handshake.parameter("y")), (Some(""), None));
        assert_eq!(handshake.address(), Some([127, 0, 0, 1].into()));
    }
}
