//! Addresses that lie, redirect, never end, or lead where nobody may go.

use super::super::network::tests::{Host, Told};
use super::*;
use parlor_app::videos::sites::LONGEST;
use std::sync::Arc;

const FILM: &str = "HTTP/1.1 206 Partial Content\r\ncontent-type: video/MP4; codecs=x\r\n\
                    content-range: bytes 0-0/123456789012\r\ncontent-length: 1\r\n\r\nx";

/// What is found at `http://media.example/film.mp4`, whose host says this.
async fn said(head: &str) -> Result<Probe, ProbeError> {
    probed(Told::default().host("93.184.216.34:80", Host::says(head)), "http://media.example/film.mp4")
        .await
        .0
}

/// With the name `media.example` beside what was told.
async fn probed(told: Told, text: &str) -> (Result<Probe, ProbeError>, Arc<Told>) {
    let told = Arc::new(told.name("media.example", &["93.184.216.34"]));
    let client = Client::new(told.clone());
    let address = WebAddress::parse(text).unwrap();
    (probe(&client, &address).await, told)
}

fn redirect(to: &str) -> Host {
    Host::says(&format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n"))
}

fn media(
    kind: impl Into<Option<Kind>>,
    content_type: Option<&str>,
    bytes: Option<u64>,
) -> Result<Probe, ProbeError> {
    Ok(Probe::Media { kind: kind.into(), content_type: content_type.map(str::to_owned), bytes })
}

#[tokio::test]
async fn type_and_size_are_what_the_head_says() {
    assert_eq!(said(FILM).await, media(Kind::Video, Some("video/mp4"), Some(123_456_789_012)));
    let whole = "HTTP/1.1 200 OK\r\ncontent-type: audio/mpeg\r\ncontent-length: 5000\r\n\r\n";
    assert_eq!(said(whole).await, media(Kind::Music, Some("audio/mpeg"), Some(5_000)));
    for (named, kind) in [
        ("application/octet-stream", None),
        ("application/vnd.apple.mpegurl", Some(Kind::Video)),
        ("audio/x-mpegURL", Some(Kind::Video)),
        ("video/webm", Some(Kind::Video)),
    ] {
        let found = said(&format!("HTTP/1.1 200 OK\r\ncontent-type: {named}\r\n\r\n")).await;
        assert_eq!(found, media(kind, Some(&named.to_lowercase()), None), "{named}");
    }
    assert_eq!(said("HTTP/1.1 200 OK\r\n\r\n").await, media(None, None, None));
    for nonsense in
        ["video", "video/", "/mp4", "video/mp4 x", "video/<b>", &format!("video/{}", "x".repeat(200))]
    {
        let found = said(&format!("HTTP/1.1 200 OK\r\ncontent-type: {nonsense}\r\n\r\n")).await;
        assert_eq!(found, media(None, None, None), "{nonsense}");
    }
    for (header, size) in [
        ("content-range: bytes 0-0/*", None),
        ("content-range: bytes 0-0/-5", None),
        ("content-range: bytes 0-0/99999999999999999999999", None),
        ("content-range: chunks 0-0/5", None),
        ("content-length: 1", None),
    ] {
        let found = said(&format!("HTTP/1.1 206 x\r\ncontent-type: video/mp4\r\n{header}\r\n\r\n")).await;
        assert_eq!(found, media(Kind::Video, Some("video/mp4"), size), "{header}");
    }
}

#[tokio::test]
async fn what_is_no_film_is_named() {
    for named in ["text/html; charset=utf-8", "image/svg+xml", "application/json", "application/zip"] {
        assert_eq!(
            said(&format!("HTTP/1.1 200 OK\r\ncontent-type: {named}\r\n\r\n")).await,
            Ok(Probe::NoMedia)
        );
    }
    for status in [404, 410] {
        assert_eq!(
            said(&format!("HTTP/1.1 {status} x\r\ncontent-type: video/mp4\r\n\r\n")).await,
            Ok(Probe::NotThere)
        );
    }
    for status in [201, 204, 304, 400, 401, 403, 405, 416, 429, 500, 503] {
        assert_eq!(
            said(&format!("HTTP/1.1 {status} x\r\ncontent-type: video/mp4\r\n\r\n")).await,
            Ok(Probe::Unknown)
        );
    }
    assert_eq!(said("nonsense").await, Ok(Probe::Unknown));
}

#[tokio::test]
async fn one_byte_is_asked_for_and_what_has_no_place_in_a_request_is_encoded() {
    let told = Told::default().host("93.184.216.34:80", Host::says(FILM));
    let (found, told) = probed(told, "http://media.example/ü/a|b`{c}.mp4?x=[1]&y=%20#part").await;
    assert!(found.is_ok());
    let request = told.requests().pop().unwrap();
    assert!(request.starts_with("GET /%C3%BC/a%7Cb%60%7Bc%7D.mp4?x=[1]&y=%20 HTTP/1.1\r\n"), "{request}");
    assert!(request.contains("range: bytes=0-0\r\n"), "{request}");
    let (_, told) =
        probed(Told::default().host("93.184.216.34:80", Host::says(FILM)), "http://media.example?a=b").await;
    assert!(told.requests()[0].starts_with("GET /?a=b HTTP/1.1\r\n"), "{:?}", told.requests());
}

#[tokio::test]
async fn redirects_are_followed_three_times_and_checked_each_time() {
    let told = || {
        Told::default()
            .name("b.example", &["93.184.216.35"])
            .name("c.example", &["93.184.216.36"])
            .name("d.example", &["93.184.216.37"])
            .host("93.184.216.35:80", redirect("http://c.example/c"))
            .host("93.184.216.36:80", redirect("http://d.example/d"))
    };
    let three =
        told().host("93.184.216.34:80", redirect("//b.example/b")).host("93.184.216.37:80", Host::says(FILM));
    let (found, told_three) = probed(three, "http://media.example/").await;
    assert!(matches!(found, Ok(Probe::Media { .. })), "{found:?}");
    assert_eq!(told_three.resolved(), ["media.example", "b.example", "c.example", "d.example"]);
    let round = told()
        .host("93.184.216.34:80", redirect("//b.example/b"))
        .host("93.184.216.37:80", redirect("/again"));
    let (found, told_round) = probed(round, "http://media.example/").await;
    assert_eq!((found, told_round.connected().len()), (Err(ProbeError::Redirects), 4));
    for inside in [
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://169.254.169.254/latest/meta-data",
        "https://10.0.0.1/",
        "http://localhost/",
        "http://rebound.example/",
    ] {
        let told = Told::default()
            .name("localhost", &["127.0.0.1"])
            .name("rebound.example", &["192.168.1.1"])
            .host("93.184.216.34:80", redirect(inside));
        let (found, told) = probed(told, "http://media.example/").await;
        assert_eq!((found, told.connected().len()), (Err(ProbeError::Private), 1), "{inside}");
    }
    for nowhere in [
        "ftp://b.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://user:password@b.example/",
        "http://2130706433/",
        "http://b.example\\@c.example/",
        "",
        "http://[evil]/",
    ] {
        let (found, told) =
            probed(told().host("93.184.216.34:80", redirect(nowhere)), "http://media.example/").await;
        let connected = told.connected().len();
        if nowhere.is_empty() {
            // The address itself, again and again.
            assert_eq!((found, connected), (Err(ProbeError::Redirects), 4));
        } else {
            assert_eq!((found, connected), (Err(ProbeError::Redirects), 1), "{nowhere}");
        }
    }
    let without = Host::says("HTTP/1.1 302 Found\r\n\r\n");
    let (found, _) = probed(Told::default().host("93.184.216.34:80", without), "http://media.example/").await;
    assert_eq!(found, Err(ProbeError::Redirects));
}

#[test]
fn a_redirect_may_be_relative() {
    let from: Uri = "https://a.example/x/y?z".parse().unwrap();
    for (location, to) in [
        ("https://b.example/c", "https://b.example/c"),
        ("//b.example/c", "https://b.example/c"),
        ("/c?d", "https://a.example/c?d"),
        ("c", "https://a.example/x/c"),
        ("?d", "https://a.example/x/y?d"),
        ("/c?to=http://d.example", "https://a.example/c?to=http://d.example"),
    ] {
        assert_eq!(join(&from, location).unwrap().as_str(), to, "{location}");
    }
}

#[tokio::test]
async fn other_ports_are_not_asked() {
    let told = Told::default().host("93.184.216.34:8080", Host::says(FILM));
    let (found, told) = probed(told, "http://media.example:8080/film.mp4").await;
    assert_eq!((found, told.connected().len()), (Ok(Probe::Unknown), 0));
}

#[tokio::test]
async fn a_body_without_end_is_not_read() {
    let endless = Host {
        goes_on: Some("x".repeat(64 * 1024)),
        ..Host::says("HTTP/1.1 200 OK\r\ncontent-type: video/mp4\r\ncontent-length: 10000000000\r\n\r\n")
    };
    let (found, _) = probed(Told::default().host("93.184.216.34:80", endless), "http://media.example/").await;
    assert_eq!(found, media(Kind::Video, Some("video/mp4"), Some(10_000_000_000)));
    let endless_head = Host { goes_on: Some("a".repeat(1024)), ..Host::says("HTTP/1.1 200 OK\r\nx: ") };
    let (found, _) =
        probed(Told::default().host("93.184.216.34:80", endless_head), "http://media.example/").await;
    assert_eq!(found, Ok(Probe::Unknown));
}

#[tokio::test(start_paused = true)]
async fn a_host_that_says_nothing_is_left_after_five_seconds() {
    use crate::videos::RealSites;
    use parlor_app::videos::Sites as _;
    let silent = Host { silent: true, ..Host::says("") };
    let told = Told::default().name("media.example", &["93.184.216.34"]).host("93.184.216.34:80", silent);
    let settings = crate::config::load(std::iter::empty(), std::iter::empty()).unwrap().config.videos;
    let sites = RealSites::over(Arc::new(told), &settings);
    let began = tokio::time::Instant::now();
    let address = WebAddress::parse("http://media.example/").unwrap();
    assert_eq!(sites.probe(&address).await, Ok(Probe::Unknown));
    assert_eq!(began.elapsed().as_secs(), LONGEST.as_secs());
}

#[tokio::test]
async fn where_probing_is_off_no_request_leaves() {
    use crate::videos::RealSites;
    use parlor_app::videos::Sites as _;
    let told = Arc::new(Told::default());
    let off = ["--videos-probe=off".to_owned()].into_iter();
    let settings = crate::config::load(off, std::iter::empty()).unwrap().config.videos;
    let sites = RealSites::over(told.clone(), &settings);
    for text in ["http://media.example/", "http://127.0.0.1/"] {
        assert_eq!(sites.probe(&WebAddress::parse(text).unwrap()).await, Ok(Probe::Unknown));
    }
    assert!(told.resolved().is_empty() && told.connected().is_empty());
}
