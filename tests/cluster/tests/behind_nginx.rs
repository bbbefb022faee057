//! Three nodes behind nginx as `deploy/nginx.conf` has it: the web client and the sockets are there, whichever of the
//! nodes is stopped.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use parlor_cluster::engines::{BusEngine, BusKind, Postgres, free_address, listens};
use parlor_cluster::node::Node;
use parlor_cluster::process::Process;
use parlor_cluster::session::{Session, Told};
use parlor_testkit::{Answer, Group, Http, Person};
use serde_json::json;
use tokio::process::Command;

/// A killed node's clients are back within this time (issue: five seconds).
const BACK_WITHIN: Duration = Duration::from_secs(5);

#[tokio::test]
async fn the_web_client_and_its_sockets_survive_each_node() {
    let postgres = Postgres::start().await.unwrap();
    let bus = BusEngine::start(BusKind::Redis).await.unwrap();
    let mut nodes = Vec::new();
    for _ in 0..3 {
        nodes.push(Node::start(&postgres, &bus, 0).await.unwrap());
    }
    let folder = tempfile::tempdir().unwrap();
    let addresses: Vec<SocketAddr> = nodes.iter().map(|node| node.address).collect();
    let (nginx, front) = start_nginx(folder.path(), &addresses).await;
    let front = Http { address: front };

    let ada = Person::register(front, "ada").await;
    let group = ada.makes_group("Reading").await;
    let mut seen = 0;
    for node in &mut nodes {
        node.kill().await;
        let began = Instant::now();
        let page = again("the page", began, async || get(front, "/").await).await;
        assert!(page.text().contains("<!doctype html>"), "{}", page.text());
        for asset in assets(&page.text()) {
            again("what the page needs", began, async || get(front, &asset).await).await;
        }
        seen = again("a message", began, async || say(front, &ada, &group, seen).await).await;
        node.launch().unwrap();
        node.becomes_ready().await.unwrap();
    }
    assert_eq!(ada.sees(&group).await.len(), 3);
    drop(nginx);
}

async fn start_nginx(folder: &Path, nodes: &[SocketAddr]) -> (Process, SocketAddr) {
    let example = include_str!("../../../deploy/nginx.conf");
    let address = free_address().unwrap();
    let servers: String =
        nodes.iter().map(|node| format!("server {node} max_fails=1 fail_timeout=2s;\n")).collect();
    let before = "server 127.0.0.1:8080 max_fails=1 fail_timeout=2s;";
    assert!(example.contains(before) && example.contains("listen 80;"), "the example has changed");
    let site = example.replacen(before, &servers, 1).replacen("listen 80;", &format!("listen {address};"), 1);
    std::fs::write(folder.join("parlor.conf"), site).unwrap();
    let folder_shown = folder.display();
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|name| format!("{name}_temp_path {folder_shown}/{name};\n"))
        .concat();
    // Root may read its own folder; anybody else runs nginx as themselves.
    let user = if is_root() { "user root;\n" } else { "" };
    let main = format!(
        "{user}daemon off;\npid {folder_shown}/pid;\nerror_log {folder_shown}/error.log;\nevents {{}}\nhttp {{\naccess_log off;\n\
         {temporary}include {folder_shown}/parlor.conf;\n}}\n"
    );
    std::fs::write(folder.join("nginx.conf"), main).unwrap();
    let mut command = Command::new("nginx");
    command.arg("-c").arg(folder.join("nginx.conf")).arg("-e").arg(folder.join("error.log"));
    let process =
        Process::start(command, &folder.join("log")).expect("the Debian package nginx is installed");
    if let Err(why) = listens(address).await {
        let said = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
        panic!("{why}: {said}");
    }
    (process, address)
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

async fn get(front: Http, path: &str) -> Option<Answer> {
    let answer = front.attempt("GET", path, &[], b"").await.ok()?;
    (answer.status == 200).then_some(answer)
}

/// What the page links to on its own server.
fn assets(page: &str) -> Vec<String> {
    let links = page.split(['"', '\'']).filter(|part| part.starts_with("/assets/"));
    let links: Vec<String> = links.map(str::to_owned).collect();
    assert!(!links.is_empty(), "the page needs nothing: {page}");
    links
}

/// Opens the group over a websocket, says something, and hears it; answers its position.
async fn say(front: Http, person: &Person, group: &Group, after: u64) -> Option<u64> {
    let mut session = Session::connect(front.address, &person.token).await.ok()?;
    let open = json!({ "groups": [{ "id": group.id }] });
    session.call("open", &open).await.ok()?;
    let text = format!("after {after}");
    let send = json!({ "group": group.id, "client_id": format!("c-{after}"), "text": text });
    session.call("send", &send).await.ok()?;
    loop {
        if let Told::Event { name, body } = session.told().await.ok()?
            && name == "event"
            && body["data"]["text"] == text.as_str()
        {
            return body["seq"].as_u64();
        }
    }
}

/// Tries until it succeeds, which must be soon.
async fn again<T>(what: &str, began: Instant, mut attempt: impl AsyncFnMut() -> Option<T>) -> T {
    loop {
        let left = BACK_WITHIN.saturating_sub(began.elapsed());
        match tokio::time::timeout(left, attempt()).await {
            Ok(Some(done)) => return done,
            Ok(None) => tokio::time::sleep(Duration::from_millis(50)).await,
            Err(_) => panic!("{what} is not there within {BACK_WITHIN:?} of a node's end"),
        }
    }
}
