//! The program itself: how it starts, what it says, how it stops.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::collections::HashSet;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use parlor_testkit::{Group, Http, Person, until};
use serde_json::json;

fn parlor(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parlor"));
    command.env_clear().current_dir(folder).stdin(Stdio::null());
    command
        .env("PARLOR_DATA", folder.join("data"))
        .env("PARLOR_BIND", "127.0.0.1:0")
        .env("PARLOR_TCP_BIND", "");
    command
}

/// Runs it to its end, which it must come to by itself.
fn ended(command: &mut Command) -> Output {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let began = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if began.elapsed() > Duration::from_secs(20) {
            child.kill().unwrap();
            panic!("it runs instead of ending: {}", said(&child.wait_with_output().unwrap()));
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    child.wait_with_output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A started server: where it is, and what it printed about the first admin.
struct Running {
    child: Killed,
    http: Http,
    link: Option<String>,
}

fn start(mut command: Command) -> Running {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let lines: Vec<String> = lines.take_while(|line| !line.starts_with("Press Ctrl+C")).collect();
    let address =
        lines[0].rsplit("http://").next().unwrap().parse().expect("the first line says where it is");
    Running { child: Killed(child), http: Http { address }, link: lines.get(1).cloned() }
}

/// A process that does not outlive its test.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        // It has ended already where the test went well.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    fn signal(&self, name: &str) {
        let sent =
            Command::new("kill").arg(format!("-{name}")).arg(self.child.0.id().to_string()).status().unwrap();
        assert!(sent.success());
    }

    /// What it wrote to its log until it ended, and its exit code.
    fn ends(mut self) -> (Option<i32>, String) {
        let mut log = String::new();
        self.child.0.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        (self.child.0.wait().unwrap().code(), log)
    }
}

#[tokio::test]
async fn it_starts_says_where_it_is_and_stops() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = parlor(folder.path());
    command.env("PARLOR_LOG", "debug").env("PARLOR_BNID", "x").env("PARLOR_LOG_FORMAT", "json");
    let running = start(command);
    let link = running.link.clone().expect("an empty server has a link for its first admin");
    let token = link.split("/welcome?admin=").nth(1).expect("it leads to the welcome page").trim().to_owned();
    assert_eq!(running.http.get("/readyz").await.status, 200);
    let body = json!({ "username": "ada", "password": "correct horse", "admin_token": token });
    let made = running.http.json("POST", "/api/v1/accounts", &[], &body).await.expect(201);
    let bearer = format!("Bearer {}", made["token"].as_str().unwrap());
    let headers = [("authorization", bearer.as_str())];
    let group = running
        .http
        .json("POST", "/api/v1/groups", &headers, &json!({ "name": "A secret group" }))
        .await
        .expect(201);
    let path = format!("/api/v1/groups/{}/messages", group["group"]["id"]);
    let message = json!({ "client_id": "c", "text": "a secret message" });
    running.http.json("POST", &path, &headers, &message).await.expect(201);

    let began = Instant::now();
    running.signal("TERM");
    let (code, log) = running.ends();
    assert_eq!(code, Some(0), "{log}");
    assert!(began.elapsed() < Duration::from_secs(10));
    for line in log.lines() {
        assert!(serde_json::from_str::<serde_json::Value>(line).is_ok(), "{line}");
    }
    for part in [
        "parlor is ready",
        "\"database\":\"sqlite\"",
        "\"bus\":\"in-process\"",
        env!("CARGO_PKG_VERSION"),
        "did you mean PARLOR_BIND",
    ] {
        assert!(log.contains(part), "{part} is not in\n{log}");
    }
    let access_code = group["group"]["access_code"].as_str().unwrap();
    for secret in [
        token.as_str(),
        made["token"].as_str().unwrap(),
        "correct horse",
        "a secret message",
        "A secret group",
        access_code,
    ] {
        assert!(!log.contains(secret), "a secret is in the log");
    }

    let again = start(parlor(folder.path()));
    assert_eq!(again.link, None, "the link is for the first start only");
    again.signal("INT");
    assert_eq!(again.ends().0, Some(0));
}

#[tokio::test]
async fn a_request_under_way_is_answered_before_it_stops() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let folder = tempfile::tempdir().unwrap();
    let running = start(parlor(folder.path()));
    let mut stream = tokio::net::TcpStream::connect(running.http.address).await.unwrap();
    let body = r#"{"display_name": "Grace"}"#;
    let head = format!(
        "POST /api/v1/guests HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let http = running.http;
    until("the request has begun", async || {
        http.get("/metrics").await.text().contains("parlor_http_in_flight 2").then_some(())
    })
    .await;
    running.signal("TERM");
    until("nobody else is let in", async || {
        (tokio::net::TcpStream::connect(http.address).await.is_err()).then_some(())
    })
    .await;
    stream.write_all(body.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    assert_eq!(running.ends().0, Some(0));
}

#[test]
fn what_is_wrong_is_one_sentence_and_exit_code_1() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a-file"), "").unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    for (name, value, expected) in [
        ("PARLOR_BIND", "nowhere", "PARLOR_BIND must be an address like 127.0.0.1:8080"),
        ("PARLOR_BIND", taken.as_str(), "cannot listen on 127.0.0.1:"),
        ("PARLOR_DATA", "/proc/nothing/here", "the data folder /proc/nothing/here cannot be used"),
        ("PARLOR_DATA", folder.path().join("a-file").to_str().unwrap(), "cannot be used"),
        ("PARLOR_DATABASE_URL", "postgres://u:hunter2@127.0.0.1:1/d", "u@127.0.0.1:1/d can not be reached"),
        (
            "PARLOR_DATABASE_URL",
            "postgres://u:hunter2@h:99999/d",
            "postgres://user:password@host:5432/database",
        ),
        ("PARLOR_DATABASE_URL", "postgres://u:hunter2@h/d?sslmode=require", "without TLS"),
        ("PARLOR_LOG", "parlor=loud", "log must be"),
        ("PARLOR_TLS_CERT", "x.pem", "tls.cert and tls.key belong together"),
    ] {
        let output = ended(parlor(folder.path()).env(name, value));
        let text = said(&output);
        assert_eq!(output.status.code(), Some(1), "{name}={value}: {text}");
        assert!(text.contains(expected), "{text}");
        assert_eq!(text.trim().lines().count(), 1, "one sentence: {text}");
        assert!(text.starts_with("parlor: ") && !text.contains("hunter2"), "{text}");
    }
    let first = start(parlor(folder.path()));
    let text = said(&ended(&mut parlor(folder.path())));
    assert_eq!(text.matches("in use by another Parlor").count(), 1, "said once: {text}");
    drop(first);
    let output = parlor(folder.path())
        .env("PARLOR_TLS_CERT", "a-file")
        .env("PARLOR_TLS_KEY", "a-file")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("a-file"), "{}", said(&output));
    let output = parlor(folder.path()).arg("--bnid=x").output().unwrap();
    assert_eq!((output.status.code(), said(&output).contains("did you mean --bind?")), (Some(1), true));
}

#[test]
fn a_bus_that_leads_nowhere_is_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let peer = [("PEER", "true"), ("REDIS_URL", "redis://:hunter2@127.0.0.1")];
    for (settings, named) in [
        (&[("PARLOR_BUS_URL", "redis://:hunter2@127.0.0.1")][..], "PostgreSQL"),
        (&peer[..], "PostgreSQL"),
        (&[("PARLOR_BUS_URL", "redis://:hunter2@")][..], "redis://[user:password@]host"),
        (&[("PARLOR_BUS_URL", "kafka://:hunter2@bus")][..], "PARLOR_BUS_URL must be"),
    ] {
        let output = parlor(folder.path()).envs(settings.iter().copied()).output().unwrap();
        let text = said(&output);
        assert_eq!(output.status.code(), Some(1), "{text}");
        assert!(text.contains(named) && !text.contains("hunter2"), "{text}");
        assert_eq!(text.trim().lines().count(), 1, "{text}");
    }
    assert!(!folder.path().join("data").exists(), "nothing was made");
}

#[test]
fn help_version_and_effective_settings() {
    let folder = tempfile::tempdir().unwrap();
    let help = parlor(folder.path()).arg("--help").output().unwrap();
    assert!(help.status.success());
    for part in [
        "parlor backup FILE",
        "parlor db copy",
        "parlor problems check",
        "--database-url",
        "--rate-limits",
        "check-config",
    ] {
        assert!(said(&help).contains(part), "{part}");
    }
    let version = parlor(folder.path()).arg("--version").output().unwrap();
    assert_eq!(said(&version).trim(), format!("parlor {}", env!("CARGO_PKG_VERSION")));
    std::fs::write(
        folder.path().join("parlor.toml"),
        "name = \"Our place\"\n[database]\nurl = \"postgres://u:hunter2@db/parlor\"\n",
    )
    .unwrap();
    let check = parlor(folder.path()).arg("check-config").env("PARLOR_BUS_RUL", "x").output().unwrap();
    let text = said(&check);
    assert!(check.status.success(), "{text}");
    for part in [
        "name = \"Our place\"  # name in parlor.toml",
        "database.url = postgres://…@db/parlor",
        "bind = \"127.0.0.1:0\"  # PARLOR_BIND",
        "did you mean PARLOR_BUS_URL?",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    assert!(!text.contains("hunter2"), "{text}");
}

/// Writes without a pause, and notes what was acknowledged, until it is told to stop.
async fn writes(
    person: Person,
    group: Group,
    number: usize,
    noted: Arc<Mutex<Vec<String>>>,
    stop: Arc<AtomicBool>,
) {
    for n in 0.. {
        if stop.load(Ordering::SeqCst) {
            return;
        }
        let text = format!("message {n} of writer {number}");
        person.sends(&group, &text).await;
        noted.lock().unwrap().push(text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_a_busy_server_has_what_was_acknowledged_and_is_another_life() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = parlor(folder.path());
    command.env("PARLOR_RATE_LIMITS", "off");
    let running = start(command);
    let ada = Person::register(running.http, "ada").await;
    let group = ada.makes_group("Reading").await;
    let (noted, stop) = (Arc::<Mutex<Vec<String>>>::default(), Arc::<AtomicBool>::default());
    let writers: Vec<_> = (0..4)
        .map(|number| {
            let (noted, stop) = (noted.clone(), stop.clone());
            tokio::spawn(writes(ada.clone(), group.clone(), number, noted, stop))
        })
        .collect();
    let acknowledged = async |least: usize| {
        until("writes are acknowledged", async || {
            let noted = noted.lock().unwrap();
            (noted.len() >= least).then(|| noted.clone())
        })
        .await
    };

    let before = acknowledged(200).await;
    let copy = folder.path().join("restored/parlor.db");
    std::fs::create_dir(copy.parent().unwrap()).unwrap();
    let mut backup = parlor(folder.path());
    backup.arg("backup").arg(&copy);
    let output = tokio::task::spawn_blocking(move || ended(&mut backup)).await.unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let so_far = noted.lock().unwrap().len();
    acknowledged(so_far + 20).await;
    stop.store(true, Ordering::SeqCst);
    for writer in writers {
        writer.await.unwrap();
    }
    let path = format!("/groups/{}", group.id);
    let original = ada.get(&path).await.expect(200)["group"].clone();
    running.signal("TERM");
    assert_eq!(running.ends().0, Some(0));

    let start_restored = || {
        let mut command = parlor(folder.path());
        command.env("PARLOR_DATA", copy.parent().unwrap());
        start(command)
    };
    let restored = start_restored();
    let ada = Person { http: restored.http, ..ada };
    let now = ada.get(&path).await.expect(200)["group"].clone();
    let (head, original_head) = (now["head"].as_i64().unwrap(), original["head"].as_i64().unwrap());
    assert!(head < original_head, "the backup is of a moment before the end: {head} of {original_head}");
    let (mut there, mut after) = (HashSet::new(), 0);
    while after < head {
        let page = format!("{path}/events?limit=200&after={}:{after}", now["epoch"]);
        let page = ada.get(&page).await.expect(200);
        for event in page["events"].as_array().unwrap() {
            after += 1;
            assert_eq!(event["seq"], after);
            there.extend(event["data"]["text"].as_str().map(str::to_owned));
        }
    }
    let lost: Vec<_> = before.iter().filter(|text| !there.contains(*text)).collect();
    assert!(lost.is_empty(), "acknowledged before the backup and not in it: {lost:?}");

    // The client that was there to the end, and one that knows a position which the copy has, too.
    for known in [original_head, head, 1] {
        let page = format!("{path}/events?after={}:{known}", original["epoch"]);
        let answer = ada.get(&page).await.expect(200);
        assert_eq!(answer["reload"], true, "{known}: {answer}");
        assert_eq!((&answer["epoch"], &answer["events"]), (&now["epoch"], &json!([])));
    }
    ada.sends(&group, "and on it goes").await;
    restored.signal("TERM");
    assert_eq!(restored.ends().0, Some(0));

    let again = start_restored();
    let later = Person { http: again.http, ..ada }.get(&path).await.expect(200)["group"].clone();
    assert_eq!(later["epoch"], now["epoch"], "it was restored once, not at every start");
    assert_eq!(later["head"], head + 1);
}

/// The gate has tests of its own; here the program enters its own jail, and ends with 0 or 1.
#[test]
fn problems_are_tried() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("double-bill.toml");
    let good = include_str!("../../problems/tests/double-bill.toml");
    std::fs::write(&file, good).unwrap();
    let passed = ended(parlor(folder.path()).args(["problems", "check", "."]));
    assert!(passed.status.success() && said(&passed).contains("problems: 1 (1 bronze"), "{}", said(&passed));
    std::fs::write(&file, good.replacen("expect = 42", "expect = 43", 1)).unwrap();
    let refused = ended(parlor(folder.path()).args(["problems", "check", "."]));
    assert_eq!(refused.status.code(), Some(1));
    for part in [
        "double-bill.toml: reference.python: ",
        "double-bill.toml: reference.javascript: ",
        "parlor: faults found: 2",
    ] {
        assert!(said(&refused).contains(part), "{part} is not in\n{}", said(&refused));
    }
}

#[tokio::test]
async fn a_backup_is_made_while_the_server_runs() {
    let folder = tempfile::tempdir().unwrap();
    let running = start(parlor(folder.path()));
    let body = json!({ "username": "ada", "password": "correct horse" });
    running.http.json("POST", "/api/v1/accounts", &[], &body).await.expect(201);
    let copy = folder.path().join("restored/parlor.db");
    std::fs::create_dir(copy.parent().unwrap()).unwrap();
    let output = parlor(folder.path()).arg("backup").arg(&copy).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let twice = parlor(folder.path()).arg("backup").arg(&copy).output().unwrap();
    assert_eq!(twice.status.code(), Some(1), "a file is not overwritten");
    running.signal("TERM");
    assert_eq!(running.ends().0, Some(0));

    let mut command = parlor(folder.path());
    command.env("PARLOR_DATA", copy.parent().unwrap());
    let restored = start(command);
    restored.http.json("POST", "/api/v1/sessions", &[], &body).await.expect(201);
    restored.signal("TERM");
    assert_eq!(restored.ends().0, Some(0));
    let empty = parlor(folder.path())
        .env("PARLOR_DATA", folder.path().join("nothing"))
        .args(["backup", "x"])
        .output()
        .unwrap();
    assert!(
        empty.status.code() == Some(1) && said(&empty).contains("there is no database at"),
        "{}",
        said(&empty)
    );
}

/// Killed in the middle of a part: what was acknowledged is there, the rest is sent again, and nothing is left over.
#[tokio::test]
async fn a_kill_in_the_middle_of_a_file_costs_what_was_not_acknowledged() {
    use tokio::io::AsyncWriteExt as _;
    let folder = tempfile::tempdir().unwrap();
    let running = start(parlor(folder.path()));
    let ada = Person::register(running.http, "ada").await;
    let group = ada.makes_group("Films").await;
    let mut film = b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2".to_vec();
    film.extend((film.len()..5_000_000).map(|at| (at * 31 % 251) as u8));
    let id = ada.announces(&group, "film.mp4", film.len()).await;
    assert_eq!(ada.sends_part(&group, id, 0, &film[..1_000_000]).await.status, 204);
    let head = format!(
        "PATCH /api/v1/groups/{}/uploads/{id} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\
         content-type: application/offset+octet-stream\r\nupload-offset: 1000000\r\ncontent-length: 4000000\r\n\r\n",
        group.id, ada.token
    );
    let mut stream = tokio::net::TcpStream::connect(running.http.address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&film[1_000_000..3_000_000]).await.unwrap();
    let length = || {
        let folders = std::fs::read_dir(folder.path().join("data/uploads")).unwrap().map(Result::unwrap);
        let mut files =
            folders.flat_map(|folder| std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap));
        let file = files.next().unwrap();
        assert!(files.next().is_none(), "one upload is one file");
        file.metadata().unwrap().len()
    };
    until("some of the part is on the disk", async || (length() > 1_000_000).then_some(())).await;
    running.signal("KILL");
    drop(running);

    let running = start(parlor(folder.path()));
    let ada = Person { http: running.http, ..ada };
    let offset = ada.asks_offset(&group, id).await;
    assert_eq!(offset, 1_000_000, "what was acknowledged, and no more");
    assert_eq!(ada.sends_part(&group, id, offset, &film[offset..]).await.status, 204);
    assert!(ada.reads(&group, id, &[]).await.body == film);
    assert_eq!(length(), 5_000_000);
}
