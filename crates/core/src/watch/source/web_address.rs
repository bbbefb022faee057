//! An http or https address, parsed so strictly that no two programs can read it in two ways.
//!
//! Browsers take back slashes for slashes, drop tabs and line ends, and map look-alike letters of hosts to ASCII. What
//! would need any of that is refused here instead.

use super::invalid;
use crate::{Invalid, text};
use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

/// An absolute http or https address without user info, as it was written but for scheme and host in small letters.
/// `Debug` prints the host only: what follows it may be a key.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct WebAddress {
    text: Arc<str>,
    host: (usize, usize),
}

impl WebAddress {
    /// Most characters: what servers and proxies take in general.
    pub const MOST: usize = 2_048;

    /// Checks.
    ///
    /// # Errors
    /// `source`, when it is too long, of another scheme, carries user info, has a host or port that cannot be, or holds
    /// white space, a control character or a back slash.
    pub fn parse(input: &str) -> Result<Self, Invalid> {
        if text::longer_than(input, Self::MOST) {
            return Err(invalid("is too long"));
        }
        if input.chars().any(|character| {
            character.is_whitespace() || character.is_control() || matches!(character, '\\' | '"' | '<' | '>')
        }) {
            return Err(invalid("holds a character that no address has"));
        }
        let (scheme, rest) = input.split_once("://").ok_or(invalid("must be an http or https address"))?;
        let scheme = scheme.to_ascii_lowercase();
        if scheme != "http" && scheme != "https" {
            return Err(invalid("must be an http or https address"));
        }
        let (authority, tail) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        if authority.contains('@') {
            return Err(invalid("must not carry a user name or password"));
        }
        let (host, port) = split_port(authority)?;
        check_host(host)?;
        check_port(port)?;
        let start = scheme.len() + "://".len();
        let text = format!("{scheme}://{}{tail}", authority.to_ascii_lowercase());
        Ok(Self { text: text.into(), host: (start, start + host.len()) })
    }

    /// The whole address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The host, in small letters, an IPv6 address in its brackets. To be shown before a browser asks it for the first
    /// time: it learns the address of each viewer.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.text[self.host.0..self.host.1]
    }

    /// What stands after host and port, from the first slash, question mark or number sign.
    pub(super) fn tail(&self) -> &str {
        let after_host = &self.text[self.host.1..];
        after_host.find(['/', '?', '#']).map_or("", |start| &after_host[start..])
    }
}

impl fmt::Debug for WebAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "WebAddress({})", self.host())
    }
}

fn split_port(authority: &str) -> Result<(&str, Option<&str>), Invalid> {
    if authority.starts_with('[') {
        let end = authority.find(']').ok_or(invalid("has a host that cannot be"))? + 1;
        let (host, rest) = authority.split_at(end);
        return match rest.strip_prefix(':') {
            None if rest.is_empty() => Ok((host, None)),
            None => Err(invalid("has a host that cannot be")),
            port => Ok((host, port)),
        };
    }
    Ok(authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port))))
}

fn check_host(host: &str) -> Result<(), Invalid> {
    let fine = match host.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
        Some(inner) => inner.parse::<Ipv6Addr>().is_ok(),
        None => is_name_or_ipv4(host),
    };
    if fine { Ok(()) } else { Err(invalid("has a host that cannot be")) }
}

/// Labels of ASCII letters, digits, `-` and `_`. One whose last label is a number must be a plain IPv4 address: browsers
/// would also read decimal, octal, hexadecimal and shortened ones, which only serve to hide where an address leads.
fn is_name_or_ipv4(host: &str) -> bool {
    let name = host.strip_suffix('.').unwrap_or(host);
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    let last = name.rsplit('.').next().unwrap_or("");
    let numeric = last.starts_with("0x")
        || last.starts_with("0X")
        || !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
    name.len() <= 253 && name.split('.').all(label) && (!numeric || host.parse::<Ipv4Addr>().is_ok())
}

fn check_port(port: Option<&str>) -> Result<(), Invalid> {
    let Some(port) = port else { return Ok(()) };
    let digits = port.len() <= 5 && port.bytes().all(|byte| byte.is_ascii_digit());
    match port.parse::<u16>() {
        Ok(number) if digits && number > 0 => Ok(()),
        _ => Err(invalid("has a port that cannot be")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn direct_addresses_are_kept_as_written() {
        for (text, kept, host) in [
            ("https://media.example/a.mp4", "https://media.example/a.mp4", "media.example"),
            (
                "HTTP://Media.Example:8080/A.mp4?b=C#d",
                "http://media.example:8080/A.mp4?b=C#d",
                "media.example",
            ),
            ("https://[2001:DB8::1]:443/x", "https://[2001:db8::1]:443/x", "[2001:db8::1]"),
            ("https://192.0.2.7", "https://192.0.2.7", "192.0.2.7"),
            ("https://a.example?x=@y", "https://a.example?x=@y", "a.example"),
            ("https://a.example/ü/字.webm", "https://a.example/ü/字.webm", "a.example"),
            ("https://xn--bcher-kva.example./", "https://xn--bcher-kva.example./", "xn--bcher-kva.example."),
        ] {
            let address = WebAddress::parse(text).unwrap();
            assert_eq!((address.as_str(), address.host()), (kept, host));
        }
    }

    #[test]
    fn what_may_be_a_key_is_not_shown_by_debug() {
        let address = WebAddress::parse("https://a.example/x.mp4?signature=abc").unwrap();
        assert_eq!(format!("{address:?}"), "WebAddress(a.example)");
    }

    #[test]
    fn what_is_no_plain_web_address_is_refused_by_name() {
        for text in [
            "",
            "a.mp4",
            "//a.example/x",
            "ftp://a.example/x",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "javascript://a.example/%0Aalert(1)",
            "data:text/html,x",
            "https:a.example",
            "https://",
            "https:///x",
            "https://user@a.example/",
            "https://user:pass@a.example/",
            "https://a.example\\@b.example/",
            "https://a.example/x y",
            "https://a.example/\tx",
            "https://a.example/\nx",
            "https://a.example/\0",
            "https://a..example/",
            "https://ａ.example/",
            "https://a.example／x",
            "https://a%2eexample/",
            "https://a.example:0/",
            "https://a.example:/",
            "https://a.example:+80/",
            "https://a.example:65536/",
            "https://[::1/",
            "https://[::1]x/",
            "https://[evil]/",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://0177.0.0.1/",
            "https://127.1/",
            &format!("https://a.example/{}", "x".repeat(2_048)),
        ] {
            assert_eq!(WebAddress::parse(text).unwrap_err().field, "source", "{text:?}");
        }
    }
}
