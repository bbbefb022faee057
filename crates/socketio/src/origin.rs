//! Whether a request comes from a page of the same server. A browser sends a cookie from elsewhere too; it does not lie
//! about where it sends it from.

use http::{HeaderMap, header};

use crate::engine::handshake::Handshake;

/// Where a request comes from, by what the browser says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A page of ours.
    Own,
    /// A page of somebody else's.
    Foreign,
    /// No browser, or one that does not say.
    Unsaid,
}

/// Looks at `Sec-Fetch-Site`, which no page can set and no proxy changes; else compares `Origin` with `Host`.
#[must_use]
pub fn origin_of(headers: &HeaderMap) -> Origin {
    decide(|name| headers.get(name).map(|value| value.to_str().unwrap_or_default()))
}

impl Handshake {
    /// Where the request came from that opened the connection.
    #[must_use]
    pub fn origin(&self) -> Origin {
        decide(|name| self.header(name))
    }
}

fn decide<'a>(header_named: impl Fn(&str) -> Option<&'a str>) -> Origin {
    if let Some(site) = header_named("sec-fetch-site") {
        return if site == "same-origin" { Origin::Own } else { Origin::Foreign };
    }
    let Some(origin) = header_named(header::ORIGIN.as_str()) else { return Origin::Unsaid };
    let host = header_named(header::HOST.as_str()).unwrap_or_default();
    let authority = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    match authority {
        Some(authority) if !host.is_empty() && authority.eq_ignore_ascii_case(host) => Origin::Own,
        _ => Origin::Foreign,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lines: &[(&'static str, &str)]) -> Origin {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.insert(*name, value.parse().unwrap());
        }
        origin_of(&headers)
    }

    #[test]
    fn only_the_own_origin_is_own() {
        assert_eq!(of(&[("host", "chat.example:8080")]), Origin::Unsaid);
        assert_eq!(of(&[("host", "chat.example:8080"), ("origin", "http://chat.example:8080")]), Origin::Own);
        assert_eq!(
            of(&[("host", "proxy"), ("origin", "https://a"), ("sec-fetch-site", "same-origin")]),
            Origin::Own
        );
        for foreign in [
            "null",
            "http://chat.example",
            "http://chat.example:8080.evil",
            "http://evil-chat.example:8080",
            "",
            "x",
        ] {
            assert_eq!(
                of(&[("host", "chat.example:8080"), ("origin", foreign)]),
                Origin::Foreign,
                "{foreign}"
            );
        }
        for site in ["cross-site", "same-site", "none", ""] {
            assert_eq!(
                of(&[("host", "a"), ("origin", "http://a"), ("sec-fetch-site", site)]),
                Origin::Foreign
            );
        }
        assert_eq!(of(&[("origin", "http://")]), Origin::Foreign);
    }
}
