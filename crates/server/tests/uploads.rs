//! Files in groups, told as stories against a real server.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::io::Cursor;

use image::{DynamicImage, GenericImageView as _, ImageFormat, Rgb, RgbImage};
use parlor_testkit::{Group, Node, Person, until};
use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

async fn stage() -> (Node, Person, Person, Group) {
    let node = Node::start().await;
    let (ada, grace) = (node.register("ada").await, node.register("grace").await);
    let group = ada.makes_group("Films").await;
    grace.joins(&group).await;
    (node, ada, grace, group)
}

/// The beginning of an MP4, and then whatever.
fn film(bytes: usize) -> Vec<u8> {
    let mut film = b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2".to_vec();
    film.extend((film.len()..bytes).map(|at| (at * 31 % 251) as u8));
    film
}

#[tokio::test]
async fn a_film_is_brought_in_parts_and_seen_by_all() {
    let (_node, ada, grace, group) = stage().await;
    let film = film(3_000_000);
    let path = format!("/groups/{}/uploads", group.id);
    let announced =
        ada.post(&path, &json!({ "name": "../Our film.mp4", "size": film.len(), "kind": "video" })).await;
    let place = announced.header("location").unwrap().to_owned();
    assert_eq!(announced.header("upload-offset"), Some("0"));
    assert!(announced.header("upload-expires").unwrap().ends_with("GMT"));
    let upload = announced.expect(201)["upload"].clone();
    let id = upload["id"].as_i64().unwrap();
    assert_eq!(place, format!("/api/v1/groups/{}/uploads/{id}", group.id));
    assert_eq!((&upload["name"], &upload["ready"]), (&json!("Our film.mp4"), &json!(false)));

    let first = ada.sends_part(&group, id, 0, &film[..1_000_000]).await;
    assert_eq!((first.status, first.header("upload-offset")), (204, Some("1000000")));
    assert_eq!(first.header("tus-resumable"), Some("1.0.0"));
    // What is not complete is the sender's alone.
    grace.get(&format!("{path}/{id}")).await.problem(404, "not_found");
    grace.reads(&group, id, &[]).await.problem(404, "not_found");
    ada.reads(&group, id, &[]).await.problem(404, "not_found");
    assert_eq!(grace.get(&path).await.expect(200)["uploads"], json!([]));
    assert_eq!(ada.get(&path).await.expect(200)["uploads"][0]["received"], 1_000_000);
    grace.sends_part(&group, id, 1_000_000, b"x").await.problem(404, "not_found");

    ada.sends_part(&group, id, 0, &film[..10]).await.problem(409, "conflict");
    ada.sends_part(&group, id, 1_000_001, &film[..10]).await.problem(409, "conflict");
    assert_eq!(ada.asks_offset(&group, id).await, 1_000_000);
    let last = ada.sends_part(&group, id, 1_000_000, &film[1_000_000..]).await;
    assert_eq!((last.status, last.header("upload-offset")), (204, Some("3000000")));
    ada.sends_part(&group, id, 3_000_000, b"").await.problem(409, "conflict");

    let shown = grace.get(&path).await.expect(200);
    let shown = &shown["uploads"][0];
    assert_eq!((&shown["ready"], &shown["media_type"]), (&json!(true), &json!("video/mp4")));
    assert_eq!((&shown["kind"], &shown["thumbnail"]), (&json!("video"), &json!(false)));
    grace.sends_part(&group, id, 3_000_000, b"x").await.problem(403, "forbidden");
    let read = grace.reads(&group, id, &[]).await;
    assert_eq!(read.status, 200);
    assert!(read.body == film, "every byte is the same");
    for (name, value) in [
        ("content-type", "video/mp4"),
        ("content-length", "3000000"),
        ("accept-ranges", "bytes"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "private, no-cache"),
        ("content-security-policy", "sandbox; default-src 'none'; frame-ancestors 'none'"),
        ("cross-origin-resource-policy", "same-origin"),
        ("content-disposition", "inline; filename=\"Our film.mp4\"; filename*=UTF-8''Our%20film.mp4"),
    ] {
        assert_eq!(read.header(name), Some(value));
    }
}

#[tokio::test]
async fn a_player_jumps() {
    let (_node, ada, grace, group) = stage().await;
    let film = film(700_000);
    let id = ada.brings(&group, "film.mp4", &film).await;
    let tag = grace.reads(&group, id, &[]).await.header("etag").unwrap().to_owned();
    assert!(tag.starts_with('"') && tag.ends_with('"'));
    for (range, begin, end) in [
        ("bytes=0-", 0, 700_000),
        ("bytes=0-0", 0, 1),
        ("bytes=650000-", 650_000, 700_000),
        ("bytes=300000-599999", 300_000, 600_000),
        ("bytes=-10", 699_990, 700_000),
        ("bytes=699999-99999999999999999999999999", 699_999, 700_000),
    ] {
        let part = grace.reads(&group, id, &[("range", range), ("if-range", &tag)]).await;
        assert_eq!(part.status, 206, "{range}");
        assert!(part.body == film[begin..end], "{range}");
        let place = format!("bytes {begin}-{}/700000", end - 1);
        assert_eq!(part.header("content-range"), Some(place.as_str()));
        assert_eq!(part.header("content-length"), Some((end - begin).to_string().as_str()));
    }
    for range in ["bytes=700000-", "bytes=18446744073709551615-", "bytes=-0"] {
        let answer = grace.reads(&group, id, &[("range", range)]).await;
        assert_eq!((answer.status, answer.header("content-range")), (416, Some("bytes */700000")), "{range}");
        assert!(answer.body.is_empty());
    }
    let many = format!("bytes={}", vec!["0-"; 5_000].join(","));
    for range in ["bytes=0-1,5-6", "bytes=9-3", "bytes=x", "lines=1-2", &many] {
        let answer = grace.reads(&group, id, &[("range", range)]).await;
        assert_eq!((answer.status, answer.body.len()), (200, 700_000), "{}", &range[..10]);
    }
    let other = grace.reads(&group, id, &[("range", "bytes=0-1"), ("if-range", "\"another\"")]).await;
    assert_eq!((other.status, other.body.len()), (200, 700_000));
    let known = grace.reads(&group, id, &[("if-none-match", &tag)]).await;
    assert_eq!((known.status, known.body.len(), known.header("etag")), (304, 0, Some(tag.as_str())));
    let path = format!("/groups/{}/uploads/{id}/content", group.id);
    let head = grace.call("HEAD", &path).await;
    assert_eq!((head.status, head.header("content-length"), head.body.len()), (200, Some("700000"), 0));
}

/// A `<video>` has only the cookie; what changes something needs a page of ours beside it.
#[tokio::test]
async fn the_cookie_is_enough_to_read() {
    let (node, ada, _, group) = stage().await;
    let id = ada.brings(&group, "film.mp4", &film(5_000)).await;
    let cookie = format!("parlor_session={}", ada.token);
    let path = format!("/api/v1/groups/{}/uploads/{id}", group.id);
    let content = format!("{path}/content");
    let read =
        node.http().request("GET", &content, &[("cookie", &cookie), ("range", "bytes=0-9")], b"").await;
    assert_eq!((read.status, read.body.len()), (206, 10));
    node.http().get(&content).await.problem(401, "unauthorized");
    let foreign = [("cookie", cookie.as_str()), ("sec-fetch-site", "cross-site")];
    node.http().request("DELETE", &path, &foreign, b"").await.problem(403, "forbidden");
    ada.call("DELETE", "/sessions/current").await;
    node.http().request("GET", &content, &[("cookie", &cookie)], b"").await.problem(401, "unauthorized");
}

#[tokio::test]
async fn who_was_sent_away_sees_nothing_at_once() {
    let (node, ada, grace, group) = stage().await;
    let id = ada.brings(&group, "film.mp4", &film(5_000)).await;
    let unfinished = grace.announces(&group, "film.mp4", 5_000).await;
    grace.sends_part(&group, unfinished, 0, &film(5_000)[..2_000]).await;
    let other = ada.makes_group("Other").await;
    // An upload of one group is none of another's.
    ada.get(&format!("/groups/{}/uploads/{id}", other.id)).await.problem(404, "not_found");
    ada.reads(&other, id, &[]).await.problem(404, "not_found");

    ada.kicks(&grace, &group).await;
    for headers in [&[][..], &[("range", "bytes=0-9")], &[("if-none-match", "*")]] {
        grace.reads(&group, id, headers).await.problem(404, "not_found");
    }
    grace.sends_part(&group, unfinished, 2_000, b"more").await.problem(404, "not_found");
    let stranger = node.register("stranger").await;
    stranger.reads(&group, id, &[]).await.problem(404, "not_found");
}

#[tokio::test]
async fn a_cut_loses_nothing() {
    let (node, ada, _, group) = stage().await;
    let film = film(2_000_000);
    let id = ada.announces(&group, "film.mp4", film.len()).await;
    let head = format!(
        "PATCH /api/v1/groups/{}/uploads/{id} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\
         content-type: application/offset+octet-stream\r\nupload-offset: 0\r\ncontent-length: {}\r\n\r\n",
        group.id,
        ada.token,
        film.len()
    );
    let mut stream = TcpStream::connect(node.address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&film[..1_234_567]).await.unwrap();
    drop(stream);
    let path = format!("/groups/{}/uploads/{id}", group.id);
    until("what came is kept", async || {
        (ada.get(&path).await.expect(200)["upload"]["received"] == 1_234_567).then_some(())
    })
    .await;
    // After a reload the browser asks, and goes on; another part that hangs makes room.
    let mut hanging = TcpStream::connect(node.address).await.unwrap();
    let head = head
        .replace("upload-offset: 0", "upload-offset: 1234567")
        .replace(&format!("content-length: {}", film.len()), "content-length: 765433");
    hanging.write_all(head.as_bytes()).await.unwrap();
    hanging.write_all(&film[1_234_567..1_900_000]).await.unwrap();
    until("some of it is on the disk", async || (longest(&node) > 1_234_567).then_some(())).await;
    let offset = ada.asks_offset(&group, id).await;
    assert!(offset > 1_234_567, "{offset}");
    let answer = ada.sends_part(&group, id, offset, &film[offset..]).await;
    assert_eq!(answer.status, 204, "{}", answer.text());
    assert!(ada.reads(&group, id, &[]).await.body == film);
}

#[tokio::test]
async fn a_restart_is_a_cut_like_any_other() {
    let (node, ada, _, group) = stage().await;
    let film = film(400_000);
    let id = ada.announces(&group, "film.mp4", film.len()).await;
    ada.sends_part(&group, id, 0, &film[..100_000]).await;
    let node = node.restart().await;
    let ada = Person { http: node.http(), ..ada };
    assert_eq!(ada.asks_offset(&group, id).await, 100_000);
    ada.sends_part(&group, id, 100_000, &film[100_000..]).await.expect(204);
    assert!(ada.reads(&group, id, &[]).await.body == film);
}

/// As a library for tus 1.0 does it.
#[tokio::test]
async fn tus_is_spoken() {
    let (node, ada, _, group) = stage().await;
    let bearer = format!("Bearer {}", ada.token);
    let path = format!("/api/v1/groups/{}/uploads", group.id);
    let tus = |more: &[(&'static str, &'static str)]| {
        let fixed = [("authorization", bearer.as_str()), ("tus-resumable", "1.0.0")];
        fixed.into_iter().chain(more.iter().copied()).collect::<Vec<_>>()
    };
    let metadata = ("upload-metadata", "filename c29uZy5tcDM=,filetype YXVkaW8vbXBlZw==");
    let made = node.http().request("POST", &path, &tus(&[("upload-length", "20"), metadata]), b"").await;
    assert_eq!((made.status, made.header("tus-resumable")), (201, Some("1.0.0")));
    let place = made.header("location").unwrap().to_owned();
    assert_eq!(
        (&made.json()["upload"]["name"], &made.json()["upload"]["kind"]),
        (&json!("song.mp3"), &json!("audio"))
    );
    let head = node.http().request("HEAD", &place, &tus(&[]), b"").await;
    let said = |name| head.header(name).map(str::to_owned);
    assert_eq!((said("upload-offset"), said("upload-length")), (Some("0".into()), Some("20".into())));
    assert_eq!(said("cache-control").as_deref(), Some("no-store"));
    let part = tus(&[("content-type", "application/offset+octet-stream"), ("upload-offset", "0")]);
    let sent = node.http().request("PATCH", &place, &part, b"ID3\x04\0\0\0\0\0\x0A0123456789").await;
    assert_eq!((sent.status, sent.header("upload-offset")), (204, Some("20")));
    assert_eq!(node.http().request("DELETE", &place, &tus(&[]), b"").await.status, 204);
    assert_eq!(node.http().request("HEAD", &place, &tus(&[]), b"").await.status, 404);

    let other = [("authorization", bearer.as_str()), ("tus-resumable", "0.2.2"), ("upload-length", "20")];
    let refused = node.http().request("POST", &path, &other, b"").await;
    assert_eq!((refused.status, refused.header("tus-version")), (412, Some("1.0.0")));
}

#[tokio::test]
async fn a_picture_gets_a_small_one_without_its_place() {
    let (_node, ada, grace, group) = stage().await;
    // On its side: what the camera saw at the left is shown at the top.
    let picture =
        RgbImage::from_fn(1_600, 800, |x, _| if x < 800 { Rgb([250, 0, 0]) } else { Rgb([0, 0, 250]) });
    let mut jpeg = Vec::new();
    DynamicImage::from(picture).write_to(&mut Cursor::new(&mut jpeg), ImageFormat::Jpeg).unwrap();
    jpeg.splice(2..2, exif(6, b"52 degrees north"));
    let id = ada.brings(&group, "photo.jpg", &jpeg).await;
    let shown = grace.get(&format!("/groups/{}/uploads/{id}", group.id)).await.expect(200)["upload"].clone();
    assert_eq!((&shown["width"], &shown["height"]), (&json!(800), &json!(1_600)), "as it is shown");
    assert_eq!((&shown["kind"], &shown["thumbnail"]), (&json!("image"), &json!(true)));
    let path = format!("/groups/{}/uploads/{id}/thumbnail", group.id);
    let small = grace.get(&path).await;
    assert_eq!((small.status, small.header("content-type")), (200, Some("image/jpeg")));
    assert_eq!(small.header("content-security-policy").unwrap().split(';').next(), Some("sandbox"));
    assert!(!small.body.windows(4).any(|window| window == b"Exif"), "nothing but pixels");
    assert!(!small.body.windows(7).any(|window| window == b"degrees"));
    let decoded = image::load_from_memory(&small.body).unwrap();
    assert_eq!(decoded.dimensions(), (320, 640));
    assert!(decoded.get_pixel(160, 50).0[0] > 200 && decoded.get_pixel(160, 600).0[2] > 200, "it is turned");
    assert!(grace.reads(&group, id, &[]).await.body == jpeg, "the picture itself is as it came");
    ada.kicks(&grace, &group).await;
    grace.get(&path).await.problem(404, "not_found");
}

#[tokio::test]
async fn subtitles_are_text_and_are_saved() {
    let (_node, ada, grace, group) = stage().await;
    let id = ada.brings(&group, "de.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nGrüße\n".as_bytes()).await;
    let read = grace.reads(&group, id, &[]).await;
    assert_eq!(read.header("content-type"), Some("text/vtt; charset=utf-8"));
    assert!(read.header("content-disposition").unwrap().starts_with("attachment"));
}

#[tokio::test]
async fn a_file_is_deleted_by_its_sender_or_a_moderator() {
    let (node, ada, grace, group) = stage().await;
    let eve = node.register("eve").await;
    eve.joins(&group).await;
    let path = |id: i64| format!("/groups/{}/uploads/{id}", group.id);
    let graces = grace.brings(&group, "film.mp4", &film(5_000)).await;
    let adas = ada.brings(&group, "film.mp4", &film(5_000)).await;
    eve.call("DELETE", &path(graces)).await.problem(403, "forbidden");
    ada.makes(&eve, "moderator", &group).await;
    eve.call("DELETE", &path(adas)).await.problem(403, "forbidden");
    assert_eq!(files(&node), 2);
    assert_eq!(eve.call("DELETE", &path(graces)).await.status, 204);
    assert_eq!(files(&node), 1, "its bytes are gone with it");
    grace.get(&path(graces)).await.problem(404, "not_found");
    assert_eq!(ada.call("DELETE", &path(adas)).await.status, 204);
    assert_eq!(files(&node), 0);
}

#[tokio::test]
async fn files_go_with_their_group() {
    let (node, ada, grace, group) = stage().await;
    let other = grace.makes_group("Other").await;
    ada.brings(&group, "film.mp4", &film(5_000)).await;
    let unfinished = ada.announces(&group, "film.mp4", 5_000).await;
    ada.sends_part(&group, unfinished, 0, &film(5_000)[..1_000]).await;
    let kept = grace.brings(&other, "film.mp4", &film(5_000)).await;
    assert_eq!(files(&node), 3);
    ada.call("DELETE", &format!("/groups/{}", group.id)).await.expect(200);
    until("its files are gone", async || (files(&node) == 1).then_some(())).await;
    assert_eq!(grace.reads(&other, kept, &[]).await.status, 200);
}

/// The length of the longest file in the data folder.
fn longest(node: &Node) -> u64 {
    let folders = std::fs::read_dir(node.folder().join("uploads")).unwrap().map(Result::unwrap);
    let files = folders.flat_map(|folder| std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap));
    files.map(|file| file.metadata().unwrap().len()).max().unwrap_or(0)
}

/// How many files lie in the data folder.
fn files(node: &Node) -> usize {
    let folders = std::fs::read_dir(node.folder().join("uploads")).unwrap().map(Result::unwrap);
    folders.map(|folder| std::fs::read_dir(folder.path()).unwrap().count()).sum()
}

/// An APP1 segment that says how the camera was held, and where (TIFF 6.0, Exif 2.3).
fn exif(orientation: u8, place: &[u8]) -> Vec<u8> {
    let mut tiff = b"MM\0\x2A\0\0\0\x08\0\x02".to_vec();
    tiff.extend_from_slice(&[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
    // Image description, after the directory.
    tiff.extend_from_slice(&[0x01, 0x0E, 0, 2, 0, 0, 0, place.len() as u8, 0, 0, 0, 38]);
    tiff.extend_from_slice(&[0; 4]);
    tiff.extend_from_slice(place);
    let length = u16::try_from(2 + 6 + tiff.len()).unwrap().to_be_bytes();
    [&b"\xFF\xE1"[..], &length, b"Exif\0\0", &tiff].concat()
}

/// A small picture.
fn picture() -> Vec<u8> {
    let mut bytes = Vec::new();
    let pixels = RgbImage::from_pixel(640, 480, Rgb([10, 120, 200]));
    DynamicImage::ImageRgb8(pixels).write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
    bytes
}

#[tokio::test]
async fn a_message_has_files_until_it_is_deleted() {
    let (node, ada, grace, group) = stage().await;
    let (cat, song) =
        (ada.brings(&group, "cat.png", &picture()).await, ada.brings(&group, "film.mp4", &film(5_000)).await);
    let path = format!("/groups/{}/messages", group.id);
    let body = json!({ "client_id": "c-1", "text": "look", "files": [cat, song] });
    let sent = ada.post(&path, &body).await.expect(201);
    let files = sent["event"]["data"]["files"].clone();
    assert_eq!(files[0]["name"], "cat.png");
    assert_eq!((&files[0]["width"], &files[0]["height"]), (&json!(640), &json!(480)));
    assert_eq!(
        (&files[1]["id"], &files[1]["kind"], &files[1]["size"]),
        (&json!(song), &json!("video"), &json!(5_000))
    );
    assert_eq!(files[1].get("width"), None);
    ada.sends(&group, "without any").await;

    // A repeat is the same message, another file another one.
    assert_eq!(ada.post(&path, &body).await.expect(200)["duplicate"], true);
    let other = json!({ "client_id": "c-1", "text": "look", "files": [cat] });
    ada.post(&path, &other).await.problem(409, "client_id_reused");

    let node = node.restart().await;
    let (ada, grace) = (Person { http: node.http(), ..ada }, Person { http: node.http(), ..grace });
    let seq = sent["event"]["seq"].as_i64().unwrap();
    let page = grace.get(&path).await.expect(200);
    assert_eq!(page["messages"][0].get("files"), None, "only where there are some");
    assert_eq!(page["messages"][1]["files"], files);
    let after = format!("/groups/{}/events?after={}:{}", group.id, sent["event"]["epoch"], seq - 1);
    assert_eq!(grace.get(&after).await.expect(200)["events"][0]["data"]["files"], files);

    ada.call("DELETE", &format!("{path}/{seq}")).await.expect(200);
    let page = grace.get(&path).await.expect(200);
    assert_eq!((&page["messages"][1]["deleted"], page["messages"][1].get("files")), (&json!(true), None));
    for file in [cat, song] {
        grace.reads(&group, file, &[]).await.problem(404, "not_found");
    }
    // The same once more says what it said: it was sent, and is deleted.
    assert_eq!(ada.post(&path, &body).await.expect(200)["event"]["data"]["deleted"], true);
}

#[tokio::test]
async fn only_ones_own_whole_files_of_the_group_stand_in_a_message() {
    let (_node, ada, grace, group) = stage().await;
    let other = ada.makes_group("Elsewhere").await;
    let (hers, there) =
        (grace.brings(&group, "cat.png", &picture()).await, ada.brings(&other, "cat.png", &picture()).await);
    let unfinished = ada.announces(&group, "cat.png", 1_000).await;
    let own = ada.brings(&group, "cat.png", &picture()).await;
    let path = format!("/groups/{}/messages", group.id);
    for files in [
        json!([hers]),
        json!([there]),
        json!([unfinished]),
        json!([own, 999_999]),
        json!([own, own]),
        json!([0]),
        json!([1, 2, 3, 4, 5, 6, 7, 8, 9]),
    ] {
        let body = json!({ "client_id": "c-1", "text": "look", "files": files });
        let problem = ada.post(&path, &body).await.problem(422, "invalid");
        assert_eq!(problem["field"], "files", "{body}");
    }
    ada.post(&path, &json!({ "client_id": "c-1", "text": "", "files": [own] })).await.problem(422, "invalid");
    assert_eq!(ada.get(&path).await.expect(200)["messages"], json!([]), "nothing was stored");
    ada.post(&path, &json!({ "client_id": "c-1", "text": "look", "files": [own] })).await.expect(201);
}
