//! The built web client, embedded. A crate of its own, so that a change of a style sheet compiles this and links.
//!
//! It knows files, not HTTP: which header a file is served with is the server's business.

use std::borrow::Cow;

use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "$WEB_OUT"]
struct Files;

/// One file of the client.
pub struct Asset {
    /// Its bytes.
    pub bytes: Cow<'static, [u8]>,
    /// SHA-256 of them.
    pub hash: [u8; 32],
}

/// The file at this path below the client's root, without a leading `/`.
#[must_use]
pub fn get(path: &str) -> Option<Asset> {
    let file = Files::get(path)?;
    Some(Asset { hash: file.metadata.sha256_hash(), bytes: file.data })
}

/// All paths.
pub fn paths() -> impl Iterator<Item = Cow<'static, str>> {
    Files::iter()
}

#[cfg(test)]
mod tests {
    #[test]
    fn there_is_a_page_and_it_is_found_by_its_path_only() {
        let page = super::get("index.html").expect("every client has one");
        assert!(page.bytes.starts_with(b"<!"));
        assert!(super::paths().any(|path| path == "index.html"));
        assert!(super::get("").is_none());
        assert!(super::get("../Cargo.toml").is_none());
        assert!(super::get("/etc/passwd").is_none());
    }
}
