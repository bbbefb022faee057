//! The id that a socket is told to others by: what the client knows itself as, and never what others could use.

use std::time::{Duration, Instant};

use parlor_socketio::{Config, Event, Namespace, Socket};

use crate::support::http::{Http, Polling};
use crate::support::websocket::{Frame, Websocket};
use crate::support::{PATIENCE, Server, within};

/// Answers `id` with its public id at once, and `settled` after the wait for an upgrade, with what came of it.
fn telling(name: &str) -> Namespace {
    Namespace::new(name)
        .on("id", |socket: Socket, mut event: Event| async move { event.acknowledge(&socket.public_id()) })
        .on("settled", |socket: Socket, mut event: Event| async move {
            let (to_begin, to_end) = event.parse().unwrap();
            let on_websocket =
                socket.upgraded(Duration::from_millis(to_begin), Duration::from_millis(to_end)).await;
            event.acknowledge(&(on_websocket, socket.public_id()));
        })
}

async fn server() -> Server {
    Server::start(Server::config(), [telling("/"), telling("/circle")]).await
}

/// A version 3 payload of one packet.
fn v3(packet: &str) -> String {
    format!("{}:{packet}", packet.chars().count())
}

/// What an acknowledgement says, from a version 3 poll.
async fn polled(polling: &mut Polling, ack: &str) -> String {
    loop {
        let answer = polling.polls.get(&polling.query).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        // Packets of version 3 that carry binary lengths are still text around our JSON.
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        if let Some((_, rest)) = text.split_once(ack) {
            return rest.split_once(']').map(|(json, _)| json.to_owned()).expect("an acknowledgement ends");
        }
    }
}

async fn upgrade(server: &Server, polling: &Polling) -> Websocket {
    let query = polling.query.replace("polling", "websocket");
    let mut websocket = Websocket::open(server.address, &query).await;
    websocket.text("2probe").await;
    assert_eq!(websocket.next().await, Some(Frame::Text("3probe".to_owned())));
    websocket.text("5").await;
    websocket
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_version_3_client_on_polling_is_told_by_an_id_that_opens_nothing() {
    let server = server().await;
    let mut polling = Polling::open(server.address, 3).await;
    polling.post(&v3(r#"420["id"]"#)).await;
    let id = polled(&mut polling, "430[").await;
    assert!(!id.contains(&polling.sid) && id.len() == 22, "{id}");
    let stolen = format!("EIO=3&transport=polling&sid={}", id.trim_matches('"'));
    assert_eq!(Http::connect(server.address).await.get(&stolen).await.status, 400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_the_upgrade_it_is_the_client_s_own_and_still_opens_nothing() {
    let server = server().await;
    let mut polling = Polling::open(server.address, 3).await;
    // Asked while it is on polling: answered once the websocket has taken over.
    polling.post(&v3(r#"420["settled",[10000,0]]"#)).await;
    let mut websocket = upgrade(&server, &polling).await;
    let expected = format!(r#"430[[true,"{}"]]"#, polling.sid);
    assert_eq!(within(PATIENCE, next_text(&mut websocket, "43")).await.unwrap(), expected);
    websocket.text("40/circle").await;
    websocket.text(r#"42/circle,1["id"]"#).await;
    let circle = within(PATIENCE, next_text(&mut websocket, "43/circle")).await.unwrap();
    assert_eq!(circle, format!(r#"43/circle,1["/circle#{}"]"#, polling.sid));

    // Whoever was told it can neither poll nor post nor take over.
    let mut http = Http::connect(server.address).await;
    assert_eq!(http.get(&polling.query).await.status, 400);
    assert_eq!(http.post(&polling.query, v3(r#"42["id"]"#).as_bytes()).await.status, 400);
    let query = polling.query.replace("polling", "websocket");
    let mut thief = Websocket::open(server.address, &query).await;
    assert_eq!(thief.closed().await, Some(1002));
    websocket.text(r#"422["id"]"#).await;
    let after = within(PATIENCE, next_text(&mut websocket, "432")).await.unwrap();
    assert!(after.contains(&polling.sid), "{after}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_began_on_websocket_has_its_own_id_and_no_session_to_poll() {
    let server = server().await;
    let mut websocket = Websocket::open(server.address, "EIO=3&transport=websocket").await;
    let open = websocket.reader.text().await;
    let sid = open.split(r#""sid":""#).nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
    websocket.text(r#"420["settled",[10000,10000]]"#).await;
    let id = within(PATIENCE, next_text(&mut websocket, "43")).await.unwrap();
    assert_eq!(id, format!(r#"430[[true,"{sid}"]]"#));
    let stolen = format!("EIO=3&transport=polling&sid={sid}");
    assert_eq!(Http::connect(server.address).await.get(&stolen).await.status, 400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_wait_for_an_upgrade_ends() {
    let server = server().await;
    let mut polling = Polling::open(server.address, 3).await;
    let began = Instant::now();
    polling.post(&v3(r#"420["settled",[250,60000]]"#)).await;
    let told = polled(&mut polling, "430[").await;
    assert!(told.starts_with("[false,"), "{told}");
    assert!((Duration::from_millis(250)..PATIENCE).contains(&began.elapsed()), "{:?}", began.elapsed());

    // Where a websocket asks it has more time, and no more than that.
    let query = polling.query.replace("polling", "websocket");
    let mut websocket = Websocket::open(server.address, &query).await;
    websocket.text("2probe").await;
    assert_eq!(websocket.next().await, Some(Frame::Text("3probe".to_owned())));
    let began = Instant::now();
    polling.post(&v3(r#"421["settled",[0,250]]"#)).await;
    let told = polled(&mut polling, "431[").await;
    assert!(told.starts_with("[false,"), "{told}");
    assert!((Duration::from_millis(250)..PATIENCE).contains(&began.elapsed()), "{:?}", began.elapsed());
    polling.post(&v3(r#"422["settled",[0,60000]]"#)).await;
    websocket.text("5").await;
    let told = within(PATIENCE, next_text(&mut websocket, "43")).await.expect("it has taken over");
    assert!(told.starts_with("432[[true,"), "{told}");

    // Where there are no websockets nobody waits.
    let config = Config { websocket: false, ..Server::config() };
    let server = Server::start(config, [telling("/")]).await;
    let mut polling = Polling::open(server.address, 3).await;
    polling.post(&v3(r#"420["settled",[60000,60000]]"#)).await;
    let told = within(PATIENCE, polled(&mut polling, "430[")).await.expect("there is no wait");
    assert!(told.starts_with("[false,"), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn version_4_clients_were_told_their_id() {
    let server = server().await;
    let mut websocket = Websocket::open(server.address, "EIO=4&transport=websocket").await;
    websocket.reader.text().await;
    websocket.text("40").await;
    let connected = within(PATIENCE, next_text(&mut websocket, "40")).await.unwrap();
    websocket.text(r#"420["id"]"#).await;
    let id = within(PATIENCE, next_text(&mut websocket, "43")).await.unwrap();
    let id = id.trim_start_matches("430[").trim_end_matches(']');
    assert!(connected.contains(id) && id.len() == 22, "{connected} {id}");
}

/// The next text that begins like this.
async fn next_text(websocket: &mut Websocket, begin: &str) -> String {
    loop {
        let text = websocket.reader.text().await;
        if text.starts_with(begin) {
            return text;
        }
    }
}
