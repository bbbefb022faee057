//! Events of one socket are handled in their order on several threads; different sockets in parallel;
//! `let_go` lets the next one start, and the inbox stays bounded.

use std::sync::{Arc, Mutex};

use parlor_socketio::{Config, Event, InboxFull, Namespace, Socket};
use serde_json::json;
use tokio::sync::{Barrier, Semaphore, mpsc};

use crate::support::client::Client;
use crate::support::{PATIENCE, Random, Server, echoing, within};

/// What a socket's handlers saw, in order, with a generator that decides how often each yields.
struct Seen {
    numbers: Mutex<Vec<u64>>,
    random: Mutex<Random>,
}

fn wavering() -> Namespace {
    Namespace::new("/")
        .authorize(|_| async { Ok(Seen { numbers: Mutex::default(), random: Mutex::new(Random(7)) }) })
        .on("number", |socket: Socket, event: Event| async move {
            let seen = socket.state::<Seen>().unwrap();
            let yields = seen.random.lock().unwrap().below(4);
            for _ in 0..yields {
                tokio::task::yield_now().await;
            }
            seen.numbers.lock().unwrap().push(event.parse().unwrap());
        })
        .on("report", |socket: Socket, mut event: Event| async move {
            let seen = socket.state::<Seen>().unwrap();
            let numbers = seen.numbers.lock().unwrap();
            let in_order = numbers.iter().zip(0..).all(|(number, expected)| *number == expected);
            event.acknowledge(&json!([numbers.len(), in_order]));
        })
}

async fn send_numbers(mut client: Client, count: u64) {
    for start in (0..count).step_by(100) {
        let burst: Vec<u8> = (start..start + 100)
            .flat_map(|number| {
                crate::support::websocket::frame(0x81, format!(r#"42["number",{number}]"#).as_bytes())
            })
            .collect();
        client.websocket.writer.raw(&burst).await;
    }
    assert_eq!(client.ask("report", "").await, format!("[[{count},true]]"));
}

fn roomy() -> Config {
    Config { inbox_events: 100_000, inbox_bytes: 100 << 20, ..Server::config() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_thousand_events_of_one_client_are_handled_in_order() {
    let server = Server::start(roomy(), [wavering()]).await;
    send_numbers(Client::connect(server.address).await, 20_000).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_of_several_clients_keeps_its_order() {
    let server = Server::start(roomy(), [wavering()]).await;
    let mut clients = tokio::task::JoinSet::new();
    for _ in 0..8 {
        clients.spawn(send_numbers(Client::connect(server.address).await, 2000));
    }
    clients.join_all().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn handlers_of_different_sockets_run_at_once() {
    let everybody = Arc::new(Barrier::new(4));
    let namespace = Namespace::new("/").on("meet", move |_: Socket, mut event: Event| {
        let everybody = everybody.clone();
        async move {
            everybody.wait().await;
            event.acknowledge(&"met");
        }
    });
    let server = Server::start(Server::config(), [namespace]).await;
    let mut clients = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let mut client = Client::connect(server.address).await;
        clients.spawn(async move { client.ask("meet", "").await });
    }
    assert_eq!(clients.join_all().await, [r#"["met"]"#; 4]);
}

/// `wait` starts, says so and waits for a permit; with an argument of `true` it lets go first.
fn waiting() -> (Namespace, Arc<Semaphore>, mpsc::UnboundedReceiver<u64>) {
    let permits = Arc::new(Semaphore::new(0));
    let (started, starts) = mpsc::unbounded_channel();
    let inner = permits.clone();
    let namespace = echoing("/").on("wait", move |_: Socket, mut event: Event| {
        let (permits, started) = (inner.clone(), started.clone());
        async move {
            let (number, lets_go): (u64, bool) = event.parse().unwrap();
            let _ = started.send(number);
            if lets_go {
                event.let_go();
                // Saying it twice changes nothing.
                event.let_go();
            }
            permits.acquire().await.unwrap().forget();
            event.acknowledge(&number);
        }
    });
    (namespace, permits, starts)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_next_event_waits_unless_it_is_let_go() {
    let (namespace, permits, mut starts) = waiting();
    let server = Server::start(Server::config(), [namespace]).await;
    let mut client = Client::connect(server.address).await;

    client.send(r#"420["wait",[0,true]]"#).await;
    client.send(r#"421["wait",[1,false]]"#).await;
    client.send(r#"422["wait",[2,false]]"#).await;
    assert_eq!(within(PATIENCE, starts.recv()).await, Some(Some(0)));
    assert_eq!(within(PATIENCE, starts.recv()).await, Some(Some(1)), "0 was let go");
    // Were 2 running beside 1, it would have started before another socket's whole conversation.
    server.still_serves().await;
    assert!(starts.try_recv().is_err(), "1 was not let go");
    permits.add_permits(3);
    assert_eq!(within(PATIENCE, starts.recv()).await, Some(Some(2)));
    let mut answers = [client.packet().await, client.packet().await, client.packet().await];
    answers.sort();
    assert_eq!(answers, ["430[0]", "431[1]", "432[2]"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_that_were_let_go_count_until_they_end() {
    let (namespace, permits, mut starts) = waiting();
    let config =
        Config { inbox_events: 3, inbox_full: InboxFull::Refuse(json!("slow down")), ..Server::config() };
    let server = Server::start(config, [namespace]).await;
    let mut client = Client::connect(server.address).await;
    for number in 0..3 {
        client.send(&format!(r#"42{number}["wait",[{number},true]]"#)).await;
        assert_eq!(within(PATIENCE, starts.recv()).await, Some(Some(number)));
    }
    client.send(r#"423["wait",[3,true]]"#).await;
    assert_eq!(client.packet().await, r#"433["slow down"]"#);
    assert_eq!(server.metrics().inbox_refused, 1);
    permits.add_permits(1);
    let ended = client.packet().await;
    assert!(ended.starts_with("43"), "{ended}");
    // The handler has answered and is about to end; until then there is no room.
    let admitted = within(PATIENCE, async {
        loop {
            client.send(r#"424["wait",[4,true]]"#).await;
            tokio::select! {
                start = starts.recv() => return start,
                packet = client.packet() => assert_eq!(packet, r#"434["slow down"]"#),
            }
        }
    });
    assert_eq!(admitted.await, Some(Some(4)));
    permits.add_permits(10);
}
