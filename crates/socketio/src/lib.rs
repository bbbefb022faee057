#![doc = include_str!("../README.md")]

mod arguments;
mod config;
mod delivery;
mod engine;
mod guard;
mod listener;
mod metrics;
mod origin;
mod packet;
mod socketio;
mod stream;
#[cfg(feature = "tls")]
mod tls;
mod websocket;

pub use arguments::{Arguments, Placeholder, Values};
pub use config::{Config, InboxFull};
pub use engine::handshake::{ClientAddress, Handshake};
pub use engine::packet::EngineVersion;
pub use engine::session::{CloseReason, Connection, Peer, ProtocolError};
pub use engine::{Application, EngineServer};
pub use listener::{Listener, ListenerConfig};
pub use metrics::MetricsSnapshot;
pub use origin::{Origin, origin_of};
pub use socketio::{
    Ack, AckError, Broadcast, ConnectError, ConnectRequest, DisconnectReason, Event, Namespace,
    NamespaceHandle, SlowReader, Socket, SocketIo, TooManyRooms,
};
