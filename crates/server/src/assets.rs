//! Serves the embedded web client: its page at the paths that are its own, its files, and nothing else.
//!
//! What is missing is a 404 and never the page: a browser that asks for a script and gets HTML shows a blank screen
//! until somebody clears its cache.

use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use parlor_web_assets::Asset;
use sha2::{Digest, Sha256};

use crate::config::Origin;
use crate::deps::Deps;
use crate::http::problem::Failed;

/// The first part of the paths that the client shows a screen for.
pub const SCREENS: [&str; 8] = ["welcome", "g", "lobby", "watch", "duel", "u", "settings", "admin"];

/// Names with a hash of their content never change; everything else is asked for each time.
const FOREVER: &str = "public, max-age=31536000, immutable";
const ASK_EACH_TIME: &str = "no-cache";

/// The page of the client.
pub async fn page(State(deps): State<Arc<Deps>>, request: Request) -> Response {
    let Some(mut response) = file("index.html", request.headers()) else {
        return Failed::not_found().into_response();
    };
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy(&deps.config.youtube_player));
    response
}

/// A file of the client, by its path.
pub async fn asset(request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    let hidden = path.split('/').any(|part| part.starts_with('.'));
    let twin = path.ends_with(".br") || path.ends_with(".gz");
    let found = if hidden || twin || path == "index.html" { None } else { file(path, request.headers()) };
    found.unwrap_or_else(|| Failed::not_found().into_response())
}

fn file(path: &str, asked: &HeaderMap) -> Option<Response> {
    let plain = parlor_web_assets::get(path)?;
    let (encoding, body) = encoded(path, plain, asked);
    let mut tag = String::from("\"");
    for byte in &body.hash[..12] {
        // Writing to a string cannot fail.
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    let lasting = if path.starts_with("assets/") { FOREVER } else { ASK_EACH_TIME };
    let known = asked.get_all(header::IF_NONE_MATCH).iter().any(|value| names(value, &tag));
    let mut response =
        if known { StatusCode::NOT_MODIFIED.into_response() } else { body.bytes.into_response() };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, HeaderValue::try_from(tag).expect("hex digits in quotes"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(lasting));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.remove(header::CONTENT_TYPE);
    if !known {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(path)));
        if let Some(encoding) = encoding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
    }
    Some(response)
}

/// The smallest form that the browser understands and the build has made.
fn encoded(path: &str, plain: Asset, asked: &HeaderMap) -> (Option<&'static str>, Asset) {
    for (encoding, ending) in [("br", "br"), ("gzip", "gz")] {
        if accepts(asked, encoding)
            && let Some(smaller) = parlor_web_assets::get(&format!("{path}.{ending}"))
        {
            return (Some(encoding), smaller);
        }
    }
    (None, plain)
}

/// Whether `Accept-Encoding` names the encoding with a weight above zero.
fn accepts(asked: &HeaderMap, encoding: &str) -> bool {
    let lines = asked.get_all(header::ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|item| {
        let (name, weight) = item.split_once(';').unwrap_or((item, "q=1"));
        let weight = weight.trim().strip_prefix("q=").and_then(|text| text.parse::<f32>().ok());
        name.trim().eq_ignore_ascii_case(encoding) && weight.is_none_or(|weight| weight > 0.0)
    })
}

fn names(value: &HeaderValue, tag: &str) -> bool {
    let tags = value.to_str().unwrap_or_default().split(',');
    tags.map(|one| one.trim().trim_start_matches("W/")).any(|one| one == tag || one == "*")
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "wasm" => "application/wasm",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// The policy of the page. Its one inline script, which sets the theme before the first paint, is named by its hash.
///
/// What is watched together may lie anywhere: media by address are fetched by each viewer's browser (`media-src`), lists
/// and segments of HLS by script (`connect-src`, in browsers that do not play it themselves). `http:` is for servers
/// that are reached without TLS; on a page with TLS browsers fetch no such media in any case. Videos of YouTube are in a
/// frame of their own origin, their small pictures in lists come from `i.ytimg.com`.
fn policy(youtube_player: &Origin) -> HeaderValue {
    let scripts = &*INLINE_SCRIPTS;
    let policy = format!(
        "default-src 'self'; script-src 'self'{scripts}; \
         style-src 'self' 'unsafe-inline'; img-src 'self' data: blob: https://i.ytimg.com; \
         media-src 'self' blob: https: http:; connect-src 'self' https: http:; frame-src {youtube_player}; \
         object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).expect("hashes are base64, an origin is plain ASCII")
}

/// The hashes of the page's inline scripts, each with a space before it.
static INLINE_SCRIPTS: LazyLock<String> = LazyLock::new(|| {
    let page = parlor_web_assets::get("index.html").map(|page| page.bytes).unwrap_or_default();
    let page = String::from_utf8_lossy(&page);
    inline_scripts(&page).map(|script| format!(" {}", hash_source(script))).collect()
});

fn inline_scripts(page: &str) -> impl Iterator<Item = &str> {
    page.split("<script>").skip(1).filter_map(|rest| rest.split("</script>").next())
}

/// `'sha256-…'`, as a policy names what stands inline.
#[must_use]
pub fn hash_source(text: &str) -> String {
    format!("'sha256-{}'", BASE64.encode(Sha256::digest(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_counts_when_it_is_named_with_a_weight() {
        let accepts = |line: &str, encoding: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, line.parse().unwrap());
            accepts(&headers, encoding)
        };
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(accepts("BR;q=0.5", "br"));
        assert!(!accepts("br;q=0, gzip", "br"));
        assert!(!accepts("brotli", "br"));
        assert!(!accepts("", "br"));
    }

    #[test]
    fn the_policy_lets_one_origin_into_a_frame_and_no_script_from_elsewhere() {
        let policy = policy(&"https://tube.example".parse().unwrap());
        let parts: Vec<&str> = policy.to_str().unwrap().split("; ").collect();
        assert!(parts.contains(&"frame-src https://tube.example"));
        let scripts = parts.iter().find(|part| part.starts_with("script-src")).unwrap();
        assert!(
            scripts.split(' ').skip(1).all(|source| source == "'self'" || source.starts_with("'sha256-"))
        );
    }

    #[test]
    fn inline_scripts_are_hashed_as_browsers_do() {
        // The example of the specification of the policy.
        assert_eq!(hash_source("doSomething();"), "'sha256-RFWPLDbv2BY+rCkDzsE+0fr8ylGr2R2faWMhq4lfEQc='");
        let page = "<script>a</script><script type=\"module\" src=\"/x.js\"></script><script>b</script>";
        assert_eq!(inline_scripts(page).collect::<Vec<_>>(), ["a", "b"]);
    }
}
