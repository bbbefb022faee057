//! Acknowledgements both ways: answers, deadlines, those that nobody asked for, and the places they take.

use std::time::Duration;

use parlor_socketio::{AckError, Arguments, Config, Socket, Values};

use crate::support::client::Client;
use crate::support::websocket::Frame;
use crate::support::{PATIENCE, SHORT, Server, echoing};

async fn one_socket(server: &Server) -> (Client, Socket) {
    let client = Client::connect(server.address).await;
    server.counts("one socket", |metrics| metrics.sockets_open == 1).await;
    (client, server.io.namespace("/").unwrap().sockets().remove(0))
}

fn ask(socket: &Socket, deadline: Duration) -> tokio::task::JoinHandle<Result<Arguments, AckError>> {
    let socket = socket.clone();
    tokio::spawn(async move { socket.emit_with_ack("question", &Values::one("?"), deadline).await })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_is_answered() {
    let server = Server::echo().await;
    let mut client = Client::connect(server.address).await;
    for (arguments, answer) in
        [("", "[]"), ("1", "[1]"), (r#"null,"🎉",[{"a":1e2}]"#, r#"[null,"🎉",[{"a":1e2}]]"#)]
    {
        assert_eq!(client.ask("ask", arguments).await, answer);
    }
    // The largest id that JavaScript counts exactly, and one that is used again.
    for id in ["9007199254740992", "0", "0", "007"] {
        client.send(&format!(r#"42{id}["ask"]"#)).await;
        let answer = client.packet().await;
        assert_eq!(answer, format!("43{}[]", id.parse::<u64>().unwrap()));
    }
    // An event that nobody handles is not answered, and does no harm.
    client.send(r#"425["what"]"#).await;
    assert_eq!(client.ask("ask", "2").await, "[2]");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn binary_answers_both_ways() {
    let server = Server::echo().await;
    let (mut client, socket) = one_socket(&server).await;
    client.send(r#"452-7["ask",{"_placeholder":true,"num":1},[{"_placeholder":true,"num":0}]]"#).await;
    client.websocket.binary(b"zero").await;
    client.websocket.binary(b"").await;
    let expected = r#"462-7[{"_placeholder":true,"num":1},[{"_placeholder":true,"num":0}]]"#;
    assert_eq!(client.packet().await, expected);
    assert_eq!(client.websocket.next().await, Some(Frame::Binary(b"zero".to_vec())));
    assert_eq!(client.websocket.next().await, Some(Frame::Binary(Vec::new())));

    let asked = ask(&socket, PATIENCE);
    assert_eq!(client.packet().await, r#"420["question","?"]"#);
    client.send(r#"461-0[{"_placeholder":true,"num":0},1]"#).await;
    client.websocket.binary(&[0, 255]).await;
    let answer = asked.await.unwrap().unwrap();
    assert_eq!((answer.len(), answer.binary(0).map(|data| &data[..])), (2, Some(&[0, 255][..])));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_belong_to_their_questions() {
    let server = Server::echo().await;
    let (mut client, socket) = one_socket(&server).await;
    let asked: Vec<_> = (0..20).map(|_| ask(&socket, PATIENCE)).collect();
    let mut ids = Vec::new();
    for _ in 0..20 {
        let packet = client.packet().await;
        ids.push(packet[2..packet.find('[').unwrap()].to_owned());
    }
    for id in ids.iter().rev() {
        client.send(&format!("43{id}[{id}]")).await;
    }
    let mut answers = Vec::new();
    for asked in asked {
        answers.push(asked.await.unwrap().unwrap().parse::<u64>(0).unwrap().to_string());
    }
    answers.sort();
    ids.sort();
    assert_eq!(answers, ids);
    assert_eq!(server.metrics().unknown_acks, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_is_late_or_unasked_for_is_counted() {
    let server = Server::echo().await;
    let (mut client, socket) = one_socket(&server).await;
    let asked = ask(&socket, SHORT);
    assert_eq!(client.packet().await, r#"420["question","?"]"#);
    assert_eq!(asked.await.unwrap().unwrap_err(), AckError::Deadline);
    client.send("430[1]").await;
    client.send("4312345[]").await;
    let asked = ask(&socket, PATIENCE);
    assert_eq!(client.packet().await, r#"421["question","?"]"#);
    client.send("431[1]").await;
    client.send("431[2]").await;
    assert_eq!(asked.await.unwrap().unwrap().parse::<u64>(0).unwrap(), 1);
    assert_eq!(client.ask("ask", "1").await, "[1]", "the connection goes on");
    assert_eq!(server.metrics().unknown_acks, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_goes_answers_nothing_more() {
    let server = Server::echo().await;
    let (mut client, socket) = one_socket(&server).await;
    let asked = [ask(&socket, PATIENCE), ask(&socket, PATIENCE)];
    client.packet().await;
    drop(client);
    for asked in asked {
        assert_eq!(asked.await.unwrap().unwrap_err(), AckError::Disconnected);
    }
    assert_eq!(ask(&socket, PATIENCE).await.unwrap().unwrap_err(), AckError::Disconnected);
    assert!(!socket.is_connected());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_more_are_awaited_than_may_be() {
    let config = Config { max_pending_acks: 2, ..Server::config() };
    let server = Server::start(config, [echoing("/")]).await;
    let (mut client, socket) = one_socket(&server).await;
    let asked = [ask(&socket, PATIENCE), ask(&socket, PATIENCE)];
    let questions = [client.packet().await, client.packet().await];
    assert_eq!(ask(&socket, PATIENCE).await.unwrap().unwrap_err(), AckError::TooMany);
    for question in questions {
        client.send(&format!("43{}[]", &question[2..3])).await;
    }
    for asked in asked {
        assert!(asked.await.unwrap().is_ok());
    }
    let asked = ask(&socket, PATIENCE);
    assert_eq!(client.packet().await, r#"422["question","?"]"#);
    client.send("432[]").await;
    assert!(asked.await.unwrap().is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_stops_waiting_gives_the_place_back() {
    let config = Config { max_pending_acks: 2, ..Server::config() };
    let server = Server::start(config, [echoing("/")]).await;
    let (mut client, socket) = one_socket(&server).await;
    for id in 0..5 {
        let asked = ask(&socket, PATIENCE);
        assert_eq!(client.packet().await, format!(r#"42{id}["question","?"]"#));
        // As `select!` or a timeout of the caller's own does it.
        asked.abort();
        assert!(asked.await.unwrap_err().is_cancelled());
    }
    let asked = ask(&socket, PATIENCE);
    assert_eq!(client.packet().await, r#"425["question","?"]"#);
    client.send("435[]").await;
    assert!(asked.await.unwrap().is_ok());
}
