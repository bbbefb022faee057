//! Answers of every form.

use super::*;
use serde_json::{Value, json};

const ID: &str = "dQw4w9WgXcQ";

fn listed(change: impl FnOnce(&mut Value)) -> Vec<YouTubeVideo> {
    let mut item = json!({
        "id": ID,
        "snippet": {
            "title": "A film",
            "channelTitle": "Somebody",
            "categoryId": "1",
            "liveBroadcastContent": "none",
        },
        "contentDetails": { "duration": "PT3M33S", "contentRating": {} },
        "status": { "privacyStatus": "public", "embeddable": true },
    });
    change(&mut item);
    videos(json!({ "items": [item] }).to_string().as_bytes()).unwrap()
}

#[test]
fn a_video_is_what_is_documented() {
    let video = listed(|_| {}).pop().unwrap();
    assert_eq!((video.id.as_str(), video.title.unwrap().as_str()), (ID, "A film"));
    assert_eq!((video.channel.unwrap().as_str(), video.kind), ("Somebody", Kind::Video));
    assert_eq!(video.length.unwrap().as_millis(), 213_000);
    assert!(video.embeddable && !video.live);
}

#[test]
fn what_does_not_play_for_everybody_is_told() {
    let embeddable = |change: fn(&mut Value)| listed(change)[0].embeddable;
    assert!(!embeddable(|item| item["status"]["embeddable"] = false.into()));
    assert!(!embeddable(
        |item| item["contentDetails"]["contentRating"]["ytRating"] = "ytAgeRestricted".into()
    ));
    assert!(!embeddable(|item| item["snippet"]["liveBroadcastContent"] = "upcoming".into()));
    assert!(embeddable(|item| item["status"]["privacyStatus"] = "unlisted".into()));
    assert!(embeddable(|item| item["status"] = Value::Null), "nobody said that it does not");
    assert!(listed(|item| item["status"]["privacyStatus"] = "private".into()).is_empty());
    assert!(listed(|item| item["id"] = "../../etc".into()).is_empty());
}

#[test]
fn what_is_live_has_no_length() {
    for (broadcast, duration) in [("live", "P0D"), ("live", "PT5M"), ("upcoming", "P0D")] {
        let video = &listed(|item| {
            item["snippet"]["liveBroadcastContent"] = broadcast.into();
            item["contentDetails"]["duration"] = duration.into();
        })[0];
        assert!(video.live && video.length.is_none());
    }
    assert_eq!(listed(|item| item["snippet"]["categoryId"] = MUSIC.into())[0].kind, Kind::Music);
}

#[test]
fn titles_are_cleaned() {
    let title = |text: &str| {
        let text = text.to_owned();
        listed(|item| item["snippet"]["title"] = text.into())
            .pop()
            .unwrap()
            .title
            .map(|title| title.to_string())
    };
    assert_eq!(title("<img src=x onerror=alert(1)>").as_deref(), Some("<img src=x onerror=alert(1)>"));
    assert_eq!(title("a\n\u{202E}b\u{0}").as_deref(), Some("a b"));
    assert_eq!(title(&"x".repeat(5_000)).unwrap().chars().count(), 300);
    assert_eq!(title("\u{200B}"), None);
}

#[test]
fn what_has_another_form_is_no_answer() {
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    for body in [
        "",
        "{}",
        "[]",
        "null",
        "<html>sign in to the network</html>",
        "{\"items\": 7}",
        "{\"items\": [{}]}",
        "{\"items\": [",
        "\u{0}",
        &deep,
        &format!("{{\"items\": {deep}}}"),
    ] {
        for answer in [videos(body.as_bytes()).map(drop), search(body.as_bytes()).map(drop)] {
            let error = answer.unwrap_err();
            assert!(matches!(error, SiteError::NoAnswer(_)), "{body}");
            let cause = std::error::Error::source(&error).unwrap().to_string();
            assert!(!cause.contains("network"), "{cause}");
        }
    }
    let mixed = json!({ "items": [
        { "id": { "kind": "youtube#channel", "channelId": "UC" } },
        { "id": { "kind": "youtube#video", "videoId": "nonsense" } },
        { "id": { "kind": "youtube#video", "videoId": ID } },
    ] });
    let ids = search(mixed.to_string().as_bytes()).unwrap();
    assert_eq!(ids.iter().map(VideoId::as_str).collect::<Vec<_>>(), [ID]);
}

#[test]
fn refusals_are_told_apart() {
    let with = |reason: &str| json!({ "error": { "code": 0, "errors": [{ "reason": reason }] } }).to_string();
    let detail = |reason: &str| json!({ "error": { "details": [{ "reason": reason }, {}] } }).to_string();
    let name = |status: u16, body: &str| match refusal(StatusCode::from_u16(status).unwrap(), body.as_bytes())
    {
        SiteError::QuotaSpent => "spent",
        SiteError::KeyRefused => "key",
        SiteError::NoAnswer(_) => "none",
    };
    for (status, body, expected) in [
        (403, with("quotaExceeded"), "spent"),
        (403, with("dailyLimitExceeded"), "spent"),
        (429, with("quotaExceeded"), "spent"),
        (400, with("keyInvalid"), "key"),
        (400, detail("API_KEY_INVALID"), "key"),
        (403, with("accessNotConfigured"), "key"),
        (403, with("forbidden"), "key"),
        (401, with("required"), "key"),
        (403, with("rateLimitExceeded"), "none"),
        (429, detail("RATE_LIMIT_EXCEEDED"), "none"),
        (500, with("backendError"), "none"),
        (503, String::new(), "none"),
        (403, "<html>a proxy</html>".to_owned(), "none"),
        (302, String::new(), "none"),
    ] {
        assert_eq!(name(status, &body), expected, "{status} {body}");
    }
}

#[test]
fn oembed_speaks_by_its_status() {
    let embed = |status: u16, body: &str| oembed(StatusCode::from_u16(status).unwrap(), body.as_bytes());
    let body = json!({ "title": "A film", "author_name": "Somebody", "html": "<iframe>" }).to_string();
    let allowed = Embed::Allowed { title: Title::clean("A film"), channel: Title::clean("Somebody") };
    assert_eq!(embed(200, &body).unwrap(), allowed);
    for (status, expected) in
        [(401, Embed::Forbidden), (403, Embed::Forbidden), (400, Embed::NotThere), (404, Embed::NotThere)]
    {
        assert_eq!(embed(status, "Unauthorized").unwrap(), expected);
    }
    assert!(embed(200, "Forbidden").is_err(), "it sometimes says so with this status");
    assert!(embed(500, "").is_err() && embed(302, "").is_err());
}
