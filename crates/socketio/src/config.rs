//! Every limit and deadline of the server, with its default. Knows nothing of how they are enforced.

use std::time::Duration;

/// What to do with an event that arrives while the inbox of its socket is full.
#[derive(Clone, Debug, Default)]
pub enum InboxFull {
    /// Close the connection: the client sends faster than its events can be handled.
    #[default]
    Close,
    /// Answer the event's acknowledgement with this JSON value and do not run the handler.
    /// An event without an acknowledgement is dropped and counted.
    Refuse(serde_json::Value),
}

/// Limits and deadlines. `Config::default()` suits a public server; see each field for its unit.
#[derive(Clone, Debug)]
pub struct Config {
    /// How often the server pings (Engine.IO 4) or expects a ping (Engine.IO 3). Default 25 s.
    pub ping_interval: Duration,
    /// How long a ping may stay unanswered. Default 20 s.
    pub ping_timeout: Duration,
    /// The largest websocket message, and the largest polling body, in bytes. Default 1,000,000,
    /// announced to clients as `maxPayload`.
    pub max_payload: usize,
    /// From the Engine.IO handshake to the first namespace CONNECT. Default 10 s.
    pub connect_timeout: Duration,
    /// From the websocket handshake of an upgrade to its `upgrade` packet. Default 10 s.
    pub upgrade_timeout: Duration,
    /// From the first byte of a frame or body to its last. Default 30 s.
    pub receive_timeout: Duration,
    /// How long a closing connection may take to drain and say goodbye. Default 2 s.
    pub close_timeout: Duration,
    /// Binary attachments in one packet. Default 10, as in the reference server.
    pub max_attachments: usize,
    /// Namespaces that one connection may be in at once. Default 16.
    pub max_namespaces: usize,
    /// Rooms that one socket may be in at once. Default 1,024.
    pub max_rooms: usize,
    /// Open connections from one address, of IPv6 from one /64. Default 10,000; behind a proxy give the real address, see
    /// [`ClientAddress`](crate::ClientAddress).
    pub max_connections_per_address: usize,
    /// Open connections in all. Default 1,000,000.
    pub max_connections: usize,
    /// Bytes that may wait for one slow reader. Default 1 MiB. What happens beyond is the slow-reader
    /// policy of the namespace.
    pub max_queue_bytes: usize,
    /// Bytes that may wait for all slow readers together. Default 256 MiB. Beyond, the bound for each is 64 KiB.
    pub max_queue_bytes_in_all: usize,
    /// Events that one socket may have waiting or running. Default 256.
    pub inbox_events: usize,
    /// Bytes of events that one socket may have waiting. Default 2 MiB.
    pub inbox_bytes: usize,
    /// What happens to an event beyond these two.
    pub inbox_full: InboxFull,
    /// Acknowledgements that the server may be waiting for from one socket. Default 256.
    pub max_pending_acks: usize,
    /// Depth of nested arrays and objects in a packet. Default 64.
    pub max_json_depth: usize,
    /// Shards that sockets are spread over. Default: one per core.
    pub shards: usize,
    /// Whether clients may use websocket, and polling clients upgrade to it. Default true.
    pub websocket: bool,
    /// Whether clients may use long-polling. Default true.
    pub polling: bool,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            ping_interval: Duration::from_secs(25),
            ping_timeout: Duration::from_secs(20),
            max_payload: 1_000_000,
            connect_timeout: Duration::from_secs(10),
            upgrade_timeout: Duration::from_secs(10),
            receive_timeout: Duration::from_secs(30),
            close_timeout: Duration::from_secs(2),
            max_attachments: 10,
            max_namespaces: 16,
            max_rooms: 1024,
            max_connections_per_address: 10_000,
            max_connections: 1_000_000,
            max_queue_bytes: 1 << 20,
            max_queue_bytes_in_all: 256 << 20,
            inbox_events: 256,
            inbox_bytes: 2 << 20,
            inbox_full: InboxFull::Close,
            max_pending_acks: 256,
            max_json_depth: 64,
            shards: std::thread::available_parallelism().map_or(1, usize::from),
            websocket: true,
            polling: true,
        }
    }
}
