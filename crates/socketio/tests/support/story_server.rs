//! The server that the stories of the real clients talk to: it echoes, asks back, counts and remembers
//! why each client went.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use parlor_socketio::{
    Config, ConnectError, ConnectRequest, DisconnectReason, Event, Listener, ListenerConfig, Namespace,
    Socket, SocketIo, Values,
};
use serde_json::json;
use tokio::sync::watch;

/// What the server knows of one client: the name in its handshake, and the numbers that it sent.
#[derive(Default)]
struct Guest {
    name: String,
    count: AtomicU64,
    last: AtomicU64,
    disordered: AtomicBool,
}

/// Why each client went, by its name.
#[derive(Clone)]
struct Reasons(Arc<watch::Sender<HashMap<String, &'static str>>>);

impl Reasons {
    async fn of(&self, name: &str) -> &'static str {
        let mut changes = self.0.subscribe();
        let gone = changes.wait_for(|reasons| reasons.contains_key(name));
        gone.await.expect("the sender is here")[name]
    }
}

/// Starts the server on a free port.
pub async fn start() -> SocketAddr {
    let reasons = Reasons(Arc::new(watch::Sender::new(HashMap::new())));
    let config = Config {
        shards: 2,
        inbox_events: 1024,
        // Python clients sometimes drop their own goodbye and then wait for a ping, or for its absence.
        ping_interval: Duration::from_secs(1),
        ping_timeout: Duration::from_secs(4),
        ..Config::default()
    };
    let io = SocketIo::new(config, [stage("/", &reasons), stage("/admin", &reasons)]);
    let app = axum::Router::new().route_service("/socket.io/", io);
    let tcp = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
    let address = tcp.local_addr().expect("an address");
    tokio::spawn(Listener::new(tcp, ListenerConfig::default()).serve(app, std::future::pending()));
    address
}

async fn admit(request: ConnectRequest) -> Result<Guest, ConnectError> {
    let auth: HashMap<String, String> = request.auth().unwrap_or_default();
    // Clients of 2.x have no `auth`: theirs is in the query, the namespace's or the connection's.
    let of_namespace = request.query().split('&').find_map(|pair| pair.strip_prefix("token="));
    let in_query = of_namespace.or(request.handshake().parameter("token"));
    if auth.get("token").map(String::as_str).or(in_query) != Some("right") {
        return Err(ConnectError::with_data("not you", json!({"code": 7})));
    }
    let name = request.handshake().parameter("name").unwrap_or_default().to_owned();
    Ok(Guest { name, ..Guest::default() })
}

fn guest(socket: &Socket) -> &Guest {
    socket.state().expect("whoever is admitted is a guest")
}

fn acknowledge_with(mut event: Event, values: &Values) {
    if let Some(ack) = event.take_ack() {
        ack.send_values(values);
    }
}

fn stage(name: &'static str, reasons: &Reasons) -> Namespace {
    let (told, asked) = (reasons.clone(), reasons.clone());
    let namespace = Namespace::new(name)
        .authorize(admit)
        .disconnected(move |socket: Socket, reason: DisconnectReason| {
            let told = told.clone();
            async move {
                told.0.send_modify(|reasons| {
                    reasons.insert(guest(&socket).name.clone(), reason.as_str());
                });
            }
        })
        .on("why", move |_: Socket, mut event: Event| {
            let asked = asked.clone();
            async move {
                let name: String = event.parse().expect("a name");
                event.acknowledge(asked.of(&name).await);
            }
        })
        .on("who", |socket: Socket, mut event: Event| async move { event.acknowledge(&guest(&socket).name) })
        .on("where", move |socket: Socket, mut event: Event| async move {
            event.acknowledge(socket.namespace());
        })
        .on("drop", |socket: Socket, _| async move { socket.close() })
        .on("kick", |socket: Socket, _| async move { socket.disconnect() });
    counting(talking(namespace))
}

fn talking(namespace: Namespace) -> Namespace {
    namespace
        .on("echo", |socket: Socket, event: Event| async move {
            socket.emit_values("echoed", &Values::from(event.arguments()));
        })
        .on("ask", |_: Socket, event: Event| async move {
            let values = Values::from(event.arguments());
            acknowledge_with(event, &values);
        })
        .on("🎉 event", |_: Socket, event: Event| async move {
            let mut values = Values::one(event.name());
            values.push(&event.parse::<String>().expect("a text"));
            acknowledge_with(event, &values);
        })
        .on("ask-back", |socket: Socket, event: Event| async move {
            let values = Values::from(event.arguments());
            // Without arguments nobody will answer, and only the deadline is of interest.
            let deadline = Duration::from_millis(if event.arguments().is_empty() { 50 } else { 10_000 });
            match socket.emit_with_ack("question", &values, deadline).await {
                Ok(answer) => socket.emit_values("answered", &Values::from(&answer)),
                Err(error) => socket.emit("unanswered", &error.to_string()),
            }
        })
        .on("join", |socket: Socket, mut event: Event| async move {
            let joined = event.parse::<String>().is_ok_and(|room| socket.join(room).is_ok());
            event.acknowledge(&joined);
        })
        .on("leave", |socket: Socket, mut event: Event| async move {
            socket.leave(&event.parse::<String>().expect("a room"));
            event.acknowledge(&true);
        })
        .on("say", |socket: Socket, mut event: Event| async move {
            let room: String = event.arguments().parse(0).expect("a room");
            let text: String = event.arguments().parse(1).expect("a text");
            socket.to(room).emit("said", &text);
            event.acknowledge(&true);
        })
        .on("say-to-all", |socket: Socket, event: Event| async move {
            socket.everyone().emit("said-to-all", &event.parse::<String>().expect("a text"));
        })
        .on("volatile", |socket: Socket, mut event: Event| async move {
            socket.emit_volatile("maybe", &Values::from(event.arguments()));
            event.acknowledge(&true);
        })
}

fn counting(namespace: Namespace) -> Namespace {
    namespace
        .on("up", |socket: Socket, event: Event| async move {
            let number: u64 = event.parse().expect("a number");
            // A handler that others may overtake, if anything lets them.
            if number.is_multiple_of(3) {
                tokio::task::yield_now().await;
            }
            let guest = guest(&socket);
            let last = guest.last.swap(number, Ordering::SeqCst);
            if guest.count.fetch_add(1, Ordering::SeqCst) > 0 && number != last + 1 {
                guest.disordered.store(true, Ordering::SeqCst);
            }
            socket.emit("down", &number);
        })
        .on("burst", |socket: Socket, event: Event| async move {
            for number in 0..event.parse::<u64>().expect("a count") {
                socket.emit("down", &number);
            }
        })
        .on("up-report", |socket: Socket, mut event: Event| async move {
            let guest = guest(&socket);
            let ordered = !guest.disordered.load(Ordering::SeqCst);
            event.acknowledge(&json!({"count": guest.count.load(Ordering::SeqCst), "ordered": ordered}));
        })
}
