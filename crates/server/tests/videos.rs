//! Finding something to watch: a real node that asks a stand-in for YouTube, and addresses where it must not go.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::time::{Duration, Instant};

use parlor_testkit::youtube::{KEY, Mood};
use parlor_testkit::{Answer, Node, Person, YouTube};
use serde_json::Value;
use tokio::net::TcpListener;

/// A node with a key, and somebody in a group.
async fn stage(more: &[&str]) -> (YouTube, Node, Person) {
    let youtube = YouTube::start().await;
    let flags = youtube.flags();
    let (node, ada) = node(&flags, more).await;
    (youtube, node, ada)
}

async fn node(flags: &[String], more: &[&str]) -> (Node, Person) {
    let flags: Vec<&str> = flags.iter().map(String::as_str).chain(more.iter().copied()).collect();
    let node = Node::with(&flags).await;
    let ada = node.register("ada").await;
    ada.makes_group("Cinema").await;
    (node, ada)
}

async fn search(person: &Person, q: &str) -> Answer {
    person.get(&format!("/videos/search?q={}", encoded(q))).await
}

async fn look_up(person: &Person, url: &str) -> Answer {
    person.get(&format!("/videos/lookup?url={}", encoded(url))).await
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn sources(found: &Value) -> Vec<&str> {
    found["videos"].as_array().unwrap().iter().map(|video| video["source"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn what_can_be_watched_is_found_once_a_day() {
    let (youtube, _node, ada) = stage(&[]).await;
    assert_eq!(ada.get("/server").await.expect(200)["video_search"], true);
    let found = search(&ada, "big bunny").await.expect(200);
    assert_eq!(
        sources(&found),
        ["youtube:bunny000001", "youtube:bunny000002", "youtube:bunny000003", "youtube:bunny000007"],
        "in the order of the search, without what cannot be embedded"
    );
    let second = &found["videos"][1];
    assert_eq!(second["title"], "Big Bunny & the <b>Bird</b> 🐦");
    assert_eq!((&second["channel"], &second["kind"]), (&"Open Films".into(), &"video".into()));
    assert_eq!((&second["length_ms"], &second["live"]), (&43_200_000.into(), &false.into()));
    assert_eq!(second["thumbnail"], "https://i.ytimg.com/vi/bunny000002/mqdefault.jpg");
    let live = &found["videos"][3];
    assert_eq!((&live["length_ms"], &live["live"]), (&Value::Null, &true.into()));
    assert_eq!((&found["quota"]["used"], &found["quota"]["limit"]), (&1.into(), &100.into()));
    assert!(found["quota"]["resets_at"].as_str().unwrap().ends_with(":00:00.000Z"));
    assert_eq!(youtube.asked(), ["search", "videos"]);

    let again = search(&ada, "  BIG \u{3000} bunny ").await.expect(200);
    assert_eq!(again, found);
    assert!(youtube.asked().is_empty());
    let song = search(&ada, "song").await.expect(200);
    assert_eq!((&song["videos"][0]["kind"], &song["quota"]["used"]), (&"music".into(), &2.into()));
    assert_eq!(sources(&search(&ada, "nothing like it").await.expect(200)), Vec::<&str>::new());
    let cleaned = search(&ada, "tricks").await.expect(200);
    assert_eq!(cleaned["videos"][0]["title"], "A linethat tricks");
}

#[tokio::test]
async fn who_may_and_what_may_be_asked() {
    let (youtube, node, ada) = stage(&[]).await;
    let guest = node.guest("Gus").await;
    search(&guest, "bunny").await.problem(403, "forbidden");
    look_up(&guest, "https://youtu.be/bunny000001").await.problem(403, "forbidden");
    for wrong in ["", "  ", "a\nb", "\0", "\u{202E}x", &"字".repeat(101)] {
        assert_eq!(search(&ada, wrong).await.problem(422, "invalid")["field"], "q", "{wrong:?}");
    }
    assert_eq!(ada.get("/videos/search").await.problem(422, "invalid")["field"], "q");
    assert_eq!(ada.get("/videos/lookup").await.problem(422, "invalid")["field"], "url");
    assert!(youtube.asked().is_empty());
    search(&ada, &"字".repeat(100)).await.expect(200);
    search(&ada, "a&key=other&maxResults=50#").await.expect(200);
    assert_eq!(youtube.asked(), ["search", "search"], "what is looked for stays one parameter");
}

#[tokio::test]
async fn the_searches_of_a_day_are_counted_across_a_restart() {
    let (youtube, node, ada) = stage(&["--youtube-searches-per-day=2"]).await;
    search(&ada, "one").await.expect(200);
    search(&ada, "two").await.expect(200);
    let spent = search(&ada, "three").await;
    assert_eq!(
        spent.header("retry-after"),
        spent.json()["retry_after"].as_u64().map(|s| s.to_string()).as_deref()
    );
    let wait = spent.problem(503, "unavailable")["retry_after"].as_u64().unwrap();
    assert!((1..=25 * 60 * 60).contains(&wait), "{wait}");
    let node = node.restart().await;
    let ada = Person { http: node.http(), ..ada };
    search(&ada, "three").await.problem(503, "unavailable");
    assert_eq!(youtube.asked().len(), 2);
}

#[tokio::test]
async fn when_youtube_allows_no_more_it_is_asked_no_more() {
    let (youtube, _node, ada) = stage(&[]).await;
    search(&ada, "bunny").await.expect(200);
    youtube.is(Mood::QuotaSpent);
    assert!(search(&ada, "song").await.problem(503, "unavailable")["retry_after"].is_number());
    assert_eq!(youtube.asked(), ["search", "videos", "search"]);
    search(&ada, "tricks").await.problem(503, "unavailable");
    assert!(youtube.asked().is_empty());
    let kept = search(&ada, "bunny").await.expect(200);
    assert_eq!((&kept["quota"]["used"], &kept["quota"]["limit"]), (&100.into(), &100.into()));
    // Pasted addresses go on without the length.
    let found = look_up(&ada, "https://youtu.be/song0000001").await.expect(200);
    assert_eq!((&found["video"]["title"], &found["video"]["length_ms"]), (&"A song".into(), &Value::Null));
    assert_eq!(youtube.asked(), ["videos", "oembed"]);
}

#[tokio::test]
async fn without_a_key_addresses_can_still_be_pasted() {
    let youtube = YouTube::start().await;
    let (_node, ada) = node(&youtube.flags_without_key(), &[]).await;
    assert_eq!(ada.get("/server").await.expect(200)["video_search"], false);
    let problem = search(&ada, "bunny").await.problem(503, "unavailable");
    assert_eq!(problem.get("retry_after"), None, "waiting does not help");
    let found = look_up(&ada, "https://www.youtube.com/watch?v=bunny000002&t=1m30s").await.expect(200);
    assert_eq!((&found["start_ms"], &found["video"]["length_ms"]), (&90_000.into(), &Value::Null));
    assert_eq!(found["video"]["title"], "Big Bunny & the <b>Bird</b> 🐦");
    assert_eq!(found["video"]["embeddable"], true);
    for closed in ["bunny000004", "bunny000008"] {
        let found = look_up(&ada, &format!("https://youtu.be/{closed}")).await.expect(200);
        assert_eq!(found["video"]["embeddable"], false);
        assert_eq!(found["video"]["title"], format!("YouTube {closed}"));
    }
    let problem = look_up(&ada, "https://youtu.be/nothing0001").await.problem(422, "invalid");
    assert_eq!(problem["field"], "url");
    assert_eq!(youtube.asked(), ["oembed"; 4]);
    youtube.is(Mood::Malformed);
    let found = look_up(&ada, "https://youtu.be/bunny000001").await.expect(200);
    assert_eq!(found["video"]["embeddable"], Value::Null);
}

#[tokio::test]
async fn with_a_key_an_address_is_known_exactly() {
    let (youtube, _node, ada) = stage(&[]).await;
    let found = look_up(&ada, "youtu.be/bunny000002").await.expect(200);
    assert_eq!(
        (&found["video"]["length_ms"], &found["video"]["embeddable"]),
        (&43_200_000.into(), &true.into())
    );
    look_up(&ada, "https://m.youtube.com/watch?v=bunny000002").await.expect(200);
    assert_eq!(youtube.asked(), ["videos"], "it is known by now");
    for closed in ["bunny000004", "bunny000005", "bunny000006"] {
        let found = look_up(&ada, &format!("youtube:{closed}")).await.expect(200);
        assert_eq!(found["video"]["embeddable"], false, "{closed}");
    }
    for missing in ["bunny000008", "nothing0001"] {
        let problem = look_up(&ada, &format!("youtube:{missing}")).await.problem(422, "invalid");
        assert_eq!(problem["field"], "url", "{missing}");
    }
}

#[tokio::test]
async fn a_wrong_key_is_not_told_to_anybody() {
    let youtube = YouTube::start().await;
    let mut flags = youtube.flags_without_key();
    flags.push("--youtube-key=a-wrong-one".to_owned());
    let (_node, ada) = node(&flags, &[]).await;
    let answer = search(&ada, "bunny").await;
    assert!(!answer.text().contains("wrong-one"));
    answer.problem(503, "unavailable");
    let found = look_up(&ada, "youtube:bunny000001").await.expect(200);
    assert_eq!(found["video"]["title"], "Big Bunny", "oEmbed helps");
}

#[tokio::test]
async fn whatever_youtube_does_is_over_in_time_and_told_in_words() {
    let (youtube, _node, ada) = stage(&[]).await;
    for mood in [Mood::Broken, Mood::Malformed, Mood::Huge, Mood::Slow] {
        youtube.is(mood);
        let began = Instant::now();
        let answer = search(&ada, "bunny").await;
        assert!(began.elapsed() < Duration::from_secs(9), "{mood:?} took {:?}", began.elapsed());
        let text = answer.text();
        assert!(!text.contains(KEY) && !text.contains("127.0.0.1") && !text.contains("items"), "{text}");
        assert_eq!(answer.problem(503, "unavailable")["retry_after"], 60, "{mood:?}");
    }
    youtube.is(Mood::Well);
    search(&ada, "bunny").await.expect(200);
}

#[tokio::test]
async fn one_person_searches_ten_times_at_once() {
    let youtube = YouTube::start().await;
    let flags = [youtube.flags(), vec!["--rate-limits=on".to_owned()]].concat();
    let (_node, ada) = node(&flags, &[]).await;
    for number in 0..10 {
        search(&ada, &format!("number {number}")).await.expect(200);
    }
    assert!(
        search(&ada, "one more").await.problem(429, "rate_limited")["retry_after"].as_u64().unwrap() > 60
    );
    search(&ada, "number 5").await.expect(200);
}

/// 39: no request leaves for an address inside, however it is written.
#[tokio::test]
async fn nobody_is_sent_into_a_private_network() {
    let (_youtube, _node, ada) = stage(&[]).await;
    let inside = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = inside.local_addr().unwrap().port();
    for url in [
        format!("http://127.0.0.1:{port}/film.mp4"),
        format!("http://localhost:{port}/film.mp4"),
        format!("http://[::ffff:127.0.0.1]:{port}/"),
        format!("http://[::1]:{port}/"),
        "http://127.0.0.1/".to_owned(),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "http://10.0.0.1/".to_owned(),
        "https://192.168.1.1/".to_owned(),
        "http://0.0.0.0/".to_owned(),
        "http://[fd00::1]/".to_owned(),
    ] {
        let problem = look_up(&ada, &url).await.problem(422, "invalid");
        assert_eq!(problem["field"], "url");
        assert!(problem["detail"].as_str().unwrap().contains("private network"), "{url}: {problem}");
    }
    for url in [
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://user:password@example.org/",
        "ftp://example.org/film.mp4",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "upload:1",
        "http://example.org\\@127.0.0.1/",
        &format!("https://example.org/{}", "x".repeat(2_048)),
    ] {
        assert_eq!(look_up(&ada, url).await.problem(422, "invalid")["field"], "url", "{url}");
    }
    let nobody = tokio::time::timeout(Duration::from_millis(10), inside.accept()).await;
    assert!(nobody.is_err(), "a request left");
}

#[tokio::test]
async fn where_probing_is_off_an_address_is_only_named() {
    let (_youtube, _node, ada) = stage(&["--videos-probe=off"]).await;
    let found = look_up(&ada, "http://media.local:8080/films/film.mp4").await.expect(200);
    assert_eq!((&found["video"]["title"], &found["video"]["embeddable"]), (&"film.mp4".into(), &Value::Null));
    assert_eq!((&found["content_type"], &found["bytes"]), (&Value::Null, &Value::Null));
    assert_eq!(found["video"]["source"], "http://media.local:8080/films/film.mp4");
}
