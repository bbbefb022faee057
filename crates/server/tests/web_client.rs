//! The embedded client: its page where it is its own, its files with the right headers, and never a page for a file.

use parlor_testkit::Node;

#[tokio::test]
async fn the_page_is_at_every_screen_and_nowhere_else() {
    let node = Node::start().await;
    let page = node.http().get("/").await;
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert_eq!(page.header("cache-control"), Some("no-cache"));
    let policy = page.header("content-security-policy").expect("the page has a policy");
    assert!(policy.contains("script-src 'self' 'sha256-"), "{policy}");
    for path in [
        "/welcome",
        "/welcome?code=abc",
        "/g/7",
        "/g/7/m/42",
        "/lobby",
        "/watch/7",
        "/duel/7",
        "/u/ada",
        "/settings/theme",
        "/admin/users",
    ] {
        let screen = node.http().get(path).await;
        assert_eq!((screen.status, &screen.body), (200, &page.body), "{path}");
    }
    for path in [
        "/nothing",
        "/index.html",
        "/assets/",
        "/assets/nothing.js",
        "/g.js",
        "/assets/../index.html",
        "/%2e%2e/etc/passwd",
        "/.vite/manifest.json",
    ] {
        node.http().get(path).await.problem(404, "not_found");
    }
}

#[tokio::test]
async fn files_are_compressed_cached_and_compared() {
    let node = Node::start().await;
    let page = node.http().get("/").await.text();
    let script =
        page.split("src=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("the page loads a script");
    let fetch = async |encoding: &str| {
        node.http().request("GET", script, &[("accept-encoding", encoding)], b"").await
    };
    let plain = fetch("identity").await;
    assert_eq!((plain.status, plain.header("content-encoding")), (200, None));
    assert_eq!(plain.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(plain.header("content-type"), Some("text/javascript; charset=utf-8"));
    let mut tags = vec![plain.header("etag").expect("it has a tag").to_owned()];
    for (asked, encoding) in [("gzip, deflate, br", "br"), ("gzip", "gzip")] {
        let smaller = fetch(asked).await;
        assert_eq!((smaller.status, smaller.header("content-encoding")), (200, Some(encoding)));
        assert_eq!(smaller.header("vary"), Some("accept-encoding"));
        assert_eq!(smaller.header("content-type"), plain.header("content-type"));
        assert!(smaller.body.len() < plain.body.len());
        tags.push(smaller.header("etag").expect("it has a tag").to_owned());
    }
    tags.dedup();
    assert_eq!(tags.len(), 3, "each form has a tag of its own");
    let known = node.http().request("GET", script, &[("if-none-match", &tags[0])], b"").await;
    assert_eq!((known.status, known.body.len()), (304, 0));
    assert_eq!(known.header("etag"), Some(tags[0].as_str()));
    let head = node.http().request("HEAD", script, &[], b"").await;
    assert_eq!((head.status, head.body.len()), (200, 0));
    for hidden in [format!("{script}.br"), format!("{script}.gz")] {
        node.http().get(&hidden).await.problem(404, "not_found");
    }
}
