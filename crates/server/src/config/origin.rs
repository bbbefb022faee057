//! An origin of the web: scheme, host, and a port where it is another than usual. It goes into a policy header, so nothing
//! else may be in it.

use std::fmt;
use std::str::FromStr;

/// `https://host` or `http://host:port`, without a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    /// The text, without a slash at its end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Origin {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let text = text.strip_suffix('/').unwrap_or(text).to_ascii_lowercase();
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).ok_or(())?;
        let plain =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'[' | b']');
        let fine = host.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '[')
            && host.bytes().all(plain);
        if fine { Ok(Self(text)) } else { Err(()) }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_all_that_it_may_be() {
        for (text, kept) in [
            ("https://www.youtube-nocookie.com", "https://www.youtube-nocookie.com"),
            ("HTTP://127.0.0.1:8081/", "http://127.0.0.1:8081"),
            ("http://[::1]:80", "http://[::1]:80"),
        ] {
            assert_eq!(text.parse::<Origin>().unwrap().as_str(), kept);
        }
        for wrong in [
            "",
            "youtube.com",
            "https://",
            "https://a/b",
            "https://a;script-src *",
            "https://a b",
            "data://x;",
            "https://*.a",
        ] {
            assert_eq!(wrong.parse::<Origin>(), Err(()), "{wrong}");
        }
    }
}
