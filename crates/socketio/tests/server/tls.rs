//! TLS over the same write path: echo, broadcast, large payloads, readers that stall, bytes that are no
//! TLS at all.

use std::sync::Arc;

use parlor_socketio::{Config, ListenerConfig};
use rustls::pki_types::{PrivateKeyDer, ServerName};
use tokio::net::{TcpSocket, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::support::client::{Client, V4};
use crate::support::http::Http;
use crate::support::websocket::Websocket;
use crate::support::{PATIENCE, SHORT, Server, echoing, within};

type TlsClient = Client<TlsStream<TcpStream>>;

struct TlsServer {
    server: Server,
    connector: TlsConnector,
}

impl TlsServer {
    async fn start(config: Config) -> TlsServer {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let certificate = made.cert.der().clone();
        let key = PrivateKeyDer::try_from(made.key_pair.serialize_der()).unwrap();
        let tls = rustls::ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.clone()], key)
            .unwrap();
        let mut roots = rustls::RootCertStore::empty();
        roots.add(certificate).unwrap();
        let client = rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        let listener = ListenerConfig {
            tls: Some(Arc::new(tls)),
            header_timeout: 2 * SHORT,
            ..ListenerConfig::default()
        };
        let server = Server::listen(config, listener, [echoing("/")]).await;
        TlsServer { server, connector: TlsConnector::from(Arc::new(client)) }
    }

    async fn over(&self, stream: TcpStream) -> TlsClient {
        let name = ServerName::try_from("localhost").unwrap();
        let stream = within(PATIENCE, self.connector.connect(name, stream)).await.unwrap().unwrap();
        Client::over(Websocket::over(stream, V4).await).await
    }

    async fn connect(&self) -> TlsClient {
        self.over(TcpStream::connect(self.server.address).await.unwrap()).await
    }

    async fn connect_narrow(&self) -> TlsClient {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4096).unwrap();
        self.over(socket.connect(self.server.address).await.unwrap()).await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn echo_and_broadcast() {
    let tls = TlsServer::start(Server::config()).await;
    let mut clients = Vec::new();
    for _ in 0..6 {
        let mut client = tls.connect().await;
        assert_eq!(client.ask("ask", r#""🎉""#).await, r#"["🎉"]"#);
        client.ask("join", r#""room""#).await;
        clients.push(client);
    }
    let namespace = tls.server.io.namespace("/").unwrap();
    for number in 0..500_u64 {
        namespace.to("room").emit("n", &number);
    }
    for client in &mut clients {
        for number in 0..500 {
            assert_eq!(client.number("n").await, number);
        }
    }
    // One packet right behind the handshake, many in one record, and a clean end.
    let burst: Vec<u8> = (0..1000)
        .flat_map(|number| {
            crate::support::websocket::frame(0x81, format!(r#"42["echo",{number}]"#).as_bytes())
        })
        .collect();
    clients[0].websocket.writer.raw(&burst).await;
    clients[0].websocket.writer.flush().await;
    for number in 0..1000 {
        assert_eq!(clients[0].number("echoed").await, number);
    }
    clients[0].websocket.writer.end().await;
    clients[0].closed().await;
    tls.server.counts("one less", |metrics| metrics.websocket_open == 5).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_payloads_both_ways() {
    let tls = TlsServer::start(Config { max_queue_bytes: 16 << 20, ..Server::config() }).await;
    let mut client = tls.connect().await;
    for size in [15_000, 16_384, 70_000, 300_000, 990_000] {
        let text = format!("{:?}", "x".repeat(size));
        assert_eq!(client.ask("ask", &text).await, format!("[{text}]"));
    }
    // More in flight than the session's own buffers hold, in both directions at once.
    let Client { websocket: Websocket { mut reader, mut writer }, .. } = client;
    let sending = tokio::spawn(async move {
        for number in 0..30 {
            writer.text(&format!(r#"42["echo",{number},"{}"]"#, "y".repeat(100_000))).await;
        }
        writer
    });
    for number in 0..30 {
        let echoed = reader.text().await;
        assert!(echoed.starts_with(&format!(r#"42["echoed",{number},"#)), "{echoed:.40}");
    }
    sending.await.unwrap();
    assert_eq!(tls.server.metrics().slow_readers, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stalled_reader_harms_nobody() {
    let tls = TlsServer::start(Config { max_queue_bytes: 128 * 1024, ..Server::config() }).await;
    let mut stalled = tls.connect_narrow().await;
    let mut fast = Vec::new();
    for _ in 0..3 {
        fast.push(tls.connect().await);
    }
    let namespace = tls.server.io.namespace("/").unwrap();
    let payload = "x".repeat(32 * 1024);
    let mut sent = 0_u64;
    while tls.server.metrics().slow_readers == 0 {
        assert!(sent < 1000, "{:?}", tls.server.metrics());
        namespace.emit("n", &format!("{sent} {payload}"));
        for client in &mut fast {
            assert!(client.event("n").await.starts_with(&format!("\"{sent} ")));
        }
        assert!(tls.server.metrics().queue_bytes <= 192 * 1024);
        sent += 1;
    }
    assert_eq!(tls.server.metrics().websocket_open, 3);
    let mut expected = 0;
    while let Some(frame) = stalled.websocket.next().await {
        let start = format!(r#"42["n","{expected} "#);
        assert!(matches!(&frame, crate::support::websocket::Frame::Text(text) if text.starts_with(&start)));
        expected += 1;
    }
    assert!(expected > 0 && expected < sent);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_that_pauses_gets_everything_in_order() {
    let tls = TlsServer::start(Config { max_queue_bytes: 64 << 20, ..Server::config() }).await;
    let mut paused = tls.connect_narrow().await;
    let namespace = tls.server.io.namespace("/").unwrap();
    let mut sent = 0_u64;
    while tls.server.metrics().queue_bytes < 4 << 20 {
        namespace.emit("n", &format!("{sent} {}", "x".repeat(20_000)));
        sent += 1;
        tls.server.settled().await;
    }
    for number in 0..sent {
        assert!(paused.event("n").await.starts_with(&format!("\"{number} ")));
    }
    tls.server.counts("an empty queue", |metrics| metrics.queue_bytes == 0).await;
    assert_eq!(paused.ask("ask", "1").await, "[1]");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_tls_is_closed() {
    let tls = TlsServer::start(Server::config()).await;
    for bytes in [&b""[..], b"GET / HTTP/1.1\r\n\r\n", &[0xFF; 100], &[22, 3, 1, 2, 0, 1, 0, 1]] {
        let mut http = Http::connect(tls.server.address).await;
        http.raw(bytes).await;
        http.closed().await;
    }
    // A record that was tampered with, in the midst of a conversation.
    let client = tls.connect().await;
    let (mut tcp, _) = client.websocket.into_stream().into_inner();
    tokio::io::AsyncWriteExt::write_all(&mut tcp, &[23, 3, 3, 0, 30]).await.unwrap();
    tokio::io::AsyncWriteExt::write_all(&mut tcp, &[7; 30]).await.unwrap();
    let mut rest = Vec::new();
    let ended = within(PATIENCE, tokio::io::AsyncReadExt::read_to_end(&mut tcp, &mut rest)).await;
    assert!(ended.is_some());
    tls.server.counts("gone", |metrics| metrics.websocket_open == 0).await;
    let mut next = tls.connect().await;
    assert_eq!(next.ask("ask", "1").await, "[1]");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_says_goodbye() {
    let tls = TlsServer::start(Server::config()).await;
    let mut client = tls.connect().await;
    tls.server.io.namespace("/").unwrap().emit("last", &"x".repeat(200_000));
    let io = tls.server.io.clone();
    let stopping = tokio::spawn(async move { io.stop(PATIENCE).await });
    assert_eq!(client.event("last").await.len(), 200_002);
    assert_eq!(client.closed().await, Some(1001));
    drop(client);
    assert!(stopping.await.unwrap());
}
