//! Hostile cases of files, by their numbers in the list of the project's safety notes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::io::Cursor;
use std::time::{Duration, Instant};

use image::{DynamicImage, GrayImage, ImageFormat};
use parlor_testkit::{Group, Node, Person};
use serde_json::json;

async fn stage(arguments: &[&str]) -> (Node, Person, Group) {
    let node = Node::with(&[&["--rate-limits=off"], arguments].concat()).await;
    let ada = node.register("ada").await;
    let group = ada.makes_group("Files").await;
    (node, ada, group)
}

const FILM: &[u8] = b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2 and so on";

/// 33 and 35: what is of no type that is taken is refused, whatever it is called, and nothing of it stays.
#[tokio::test]
async fn files_that_lie_are_refused() {
    let (node, ada, group) = stage(&[]).await;
    for (name, content) in [
        ("page.html", &b"<!doctype html><script>alert(1)</script>"[..]),
        ("picture.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>"),
        ("picture.png", b"PK\x03\x04 a zip"),
        ("film.mp4", b"MZ\x90\0 a program"),
        ("film.mp4", b"#EXTM3U\nfile:///etc/passwd"),
        ("photo.jpg", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"),
        ("data.xml", b"<?xml version=\"1.0\"?><x/>"),
        ("half.mp4", b"\0\0\0"),
    ] {
        let id = ada.announces(&group, name, content.len()).await;
        let refused = ada.sends_part(&group, id, 0, content).await.problem(422, "invalid");
        assert_eq!(refused["field"], "content", "{name}");
        ada.get(&format!("/groups/{}/uploads/{id}", group.id)).await.problem(404, "not_found");
    }
    // Or where it is something else than was said.
    let path = format!("/groups/{}/uploads", group.id);
    for kind in ["audio", "image", "subtitles"] {
        let sent = if kind == "audio" { PIXEL } else { FILM };
        let body = json!({ "name": "x", "size": sent.len(), "kind": kind });
        let id = ada.post(&path, &body).await.expect(201)["upload"]["id"].as_i64().unwrap();
        assert_eq!(ada.sends_part(&group, id, 0, sent).await.problem(422, "invalid")["field"], "kind");
    }
    // A long one is refused before it is all there.
    let id = ada.announces(&group, "film.mp4", 1_000_000_000).await;
    ada.sends_part(&group, id, 0, &[b'x'; 5_000]).await.problem(422, "invalid");
    // Text that is no text.
    let id = ada.announces(&group, "a.vtt", 8).await;
    ada.sends_part(&group, id, 0, b"WEBVTT\n\0").await.problem(422, "invalid");
    let list = ada.get(&path).await.expect(200);
    assert_eq!((&list["uploads"], &list["used_bytes"]), (&json!([]), &json!(0)));
    assert_eq!(files(&node), 0);
}

/// 34: a name is only ever shown, and breaks nothing where it is.
#[tokio::test]
async fn names_are_only_names() {
    let (_node, ada, group) = stage(&[]).await;
    for (sent, kept) in [
        ("../../x", "x".to_owned()),
        ("a\0b\r\nSet-Cookie: c=d", "abSet-Cookie: c=d".to_owned()),
        ("\u{202E}gpj.exe", "gpj.exe".to_owned()),
        ("\"; filename=\"evil.html", "\"; filename=\"evil.html".to_owned()),
        ("<img src=x onerror=alert(1)>.png", "<img src=x onerror=alert(1)>.png".to_owned()),
        (&format!("{}.mp4", "x".repeat(300)), format!("{}.mp4", "x".repeat(196))),
    ] {
        let id = ada.brings(&group, sent, FILM).await;
        let shown = ada.get(&format!("/groups/{}/uploads/{id}", group.id)).await.expect(200);
        assert_eq!(shown["upload"]["name"], kept);
        let read = ada.reads(&group, id, &[]).await;
        let disposition = read.header("content-disposition").unwrap();
        assert_eq!(disposition.matches('"').count(), 2, "{disposition}");
        assert!(read.header("set-cookie").is_none() && disposition.is_ascii());
    }
}

/// 36: a picture that is small on the disk and endless on the screen.
#[tokio::test]
async fn walls_of_pixels_are_refused() {
    let (_node, ada, group) = stage(&[]).await;
    let mut wall = Vec::new();
    DynamicImage::from(GrayImage::new(8_000, 8_000))
        .write_to(&mut Cursor::new(&mut wall), ImageFormat::Png)
        .unwrap();
    assert!(wall.len() < 1_000_000);
    let mut animation = b"GIF89a\x01\0\x01\0\0\0\0".to_vec();
    for _ in 0..100_000 {
        animation.extend_from_slice(b"\x2C\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0");
    }
    animation.push(0x3B);
    let mut huge = PIXEL.to_vec();
    huge[16..24].copy_from_slice(&[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]);
    let mut cut = wall.clone();
    cut.truncate(wall.len() / 2);
    let mut scans = b"\xFF\xD8\xFF\xC2\0\x0B\x08\x10\0\x10\0\x01\x01\x11\0".to_vec();
    for _ in 0..1_000 {
        scans.extend_from_slice(b"\xFF\xDA\0\x08\x01\x01\0\0\0\0\xAA");
    }
    scans.extend_from_slice(b"\xFF\xD9");
    for (name, bomb) in [
        ("wall.png", wall),
        ("huge.png", huge),
        ("long.gif", animation),
        ("cut.png", cut),
        ("scans.jpg", scans),
    ] {
        let id = ada.announces(&group, name, bomb.len()).await;
        let began = Instant::now();
        let refused = ada.sends_part(&group, id, 0, &bomb).await.problem(422, "invalid");
        assert_eq!(refused["field"], "content", "{name}");
        assert!(began.elapsed() < Duration::from_secs(2), "{name}: {:?}", began.elapsed());
    }
    ada.brings(&group, "pixel.png", PIXEL).await;
}

/// 37: more than was announced, in every way that it can come; what was acknowledged stays.
#[tokio::test]
async fn more_than_was_announced_is_refused() {
    let (_node, ada, group) = stage(&["--uploads-max-bytes=100000"]).await;
    let path = format!("/groups/{}/uploads", group.id);
    ada.post(&path, &json!({ "name": "x", "size": 100_001 })).await.problem(413, "too_large");
    ada.post(&path, &json!({ "name": "x", "size": u64::MAX })).await.problem(413, "too_large");
    for body in
        [json!({ "name": "x", "size": 0 }), json!({ "name": "x", "size": -1 }), json!({ "name": "x" })]
    {
        assert_eq!(ada.post(&path, &body).await.problem(422, "invalid")["field"], "size", "{body}");
    }
    let subtitles = json!({ "name": "x", "size": 100_000, "kind": "nothing" });
    assert_eq!(ada.post(&path, &subtitles).await.problem(422, "invalid")["field"], "kind");

    let id = ada.announces(&group, "film.mp4", FILM.len() + 10).await;
    ada.sends_part(&group, id, 0, &[0; 100]).await.problem(413, "too_large");
    assert_eq!(ada.asks_offset(&group, id).await, 0);
    ada.sends_part(&group, id, 0, FILM).await.expect(204);
    let mut chunked = format!(
        "PATCH /api/v1{path}/{id} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-type: application/offset+octet-stream\r\n\
         upload-offset: {}\r\ntransfer-encoding: chunked\r\n\r\n",
        ada.token,
        FILM.len()
    )
    .into_bytes();
    for _ in 0..100 {
        chunked.extend_from_slice(b"8\r\nabcdefgh\r\n");
    }
    chunked.extend_from_slice(b"0\r\n\r\n");
    ada.http.raw(&chunked).await.problem(413, "too_large");
    let offset = ada.asks_offset(&group, id).await;
    assert!((FILM.len()..=FILM.len() + 10).contains(&offset), "{offset}");
    let rest = vec![b'.'; FILM.len() + 10 - offset];
    ada.sends_part(&group, id, offset, &rest).await.expect(204);

    let headers = |offset: &'static str| {
        [("content-type", "application/offset+octet-stream"), ("upload-offset", offset)]
    };
    let id = ada.announces(&group, "film.mp4", 50).await;
    let bearer = format!("Bearer {}", ada.token);
    for offset in ["", "-1", "1e3", "0x1", "1,2"] {
        let headers = [&headers(offset)[..], &[("authorization", &bearer)]].concat();
        let answer = ada.http.request("PATCH", &format!("/api/v1{path}/{id}"), &headers, b"x").await;
        assert_eq!(answer.problem(422, "invalid")["field"], "Upload-Offset", "{offset:?}");
    }
    let headers = [&headers("99999999999999999999999")[..], &[("authorization", &bearer)]].concat();
    let answer = ada.http.request("PATCH", &format!("/api/v1{path}/{id}"), &headers, b"x").await;
    answer.problem(409, "conflict");
}

/// 38: a flood of files ends at the group's share, at the sender's, or with the patience of the server.
#[tokio::test]
async fn a_flood_of_files_ends() {
    let (_node, ada, group) = stage(&["--uploads-group-quota-bytes=1000000"]).await;
    let path = format!("/groups/{}/uploads", group.id);
    ada.post(&path, &json!({ "name": "x", "size": 1_000_001 })).await.problem(413, "too_large");
    let first = ada.announces(&group, "film.mp4", 900_000).await;
    // Each counts as at least 64 KiB.
    ada.announces(&group, "film.mp4", 10).await;
    ada.post(&path, &json!({ "name": "x", "size": 10 })).await.problem(413, "too_large");
    assert_eq!(ada.get(&path).await.expect(200)["used_bytes"], 900_000 + 65_536);
    ada.call("DELETE", &format!("{path}/{first}")).await;
    ada.announces(&group, "film.mp4", 900_000).await;

    let groups = [
        ada.makes_group("Second").await,
        ada.makes_group("Third").await,
        ada.makes_group("Fourth").await,
        ada.makes_group("Fifth").await,
    ];
    let mut last = None;
    for number in 0..60 {
        let path = format!("/groups/{}/uploads", groups[number % 4].id);
        last = Some(ada.post(&path, &json!({ "name": "x", "size": 10 })).await);
    }
    last.unwrap().problem(429, "rate_limited");

    let node = Node::with(&[]).await;
    let grace = node.register("grace").await;
    let group = grace.makes_group("Files").await;
    let path = format!("/groups/{}/uploads", group.id);
    let mut statuses = Vec::new();
    for _ in 0..70 {
        let made = grace.post(&path, &json!({ "name": "x", "size": 10 })).await;
        if let Some(id) = made.json()["upload"]["id"].as_i64() {
            grace.call("DELETE", &format!("{path}/{id}")).await;
        }
        statuses.push(made.status);
    }
    assert!(statuses.contains(&201) && statuses.ends_with(&[429]), "{statuses:?}");
}

#[tokio::test]
async fn files_can_be_off() {
    let (_node, ada, group) = stage(&["--uploads-max-bytes=0"]).await;
    let path = format!("/groups/{}/uploads", group.id);
    ada.post(&path, &json!({ "name": "x", "size": 10 })).await.problem(403, "forbidden");
    assert_eq!(ada.get(&path).await.expect(200)["max_bytes"], 0);
}

/// One grey pixel.
const PIXEL: &[u8] =
    b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\x3A\x7E\x9B\x55\0\0\0\nIDAT\
      \x78\x9C\x63\xF8\x0F\0\x01\x01\x01\0\xB1\x38\xF6\x14\0\0\0\0IEND\xAE\x42\x60\x82";

/// How many files lie in the data folder.
fn files(node: &Node) -> usize {
    let folders = std::fs::read_dir(node.folder().join("uploads")).unwrap().map(Result::unwrap);
    folders.map(|folder| std::fs::read_dir(folder.path()).unwrap().count()).sum()
}
