//! Plain counters that the owner reads. Knows nothing of how they are shown.

use std::sync::atomic::{AtomicU64, Ordering};

macro_rules! counters {
    ($(#[doc = $help:literal] $name:ident),* $(,)?) => {
        /// The live counters of one server.
        #[derive(Debug, Default)]
        pub(crate) struct Metrics { $(pub(crate) $name: AtomicU64,)* }

        /// What the counters read at one moment. `*_open` and `queue_bytes` go up and down, all others only up.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct MetricsSnapshot { $(#[doc = $help] pub $name: u64,)* }

        impl Metrics {
            pub(crate) fn snapshot(&self) -> MetricsSnapshot {
                MetricsSnapshot { $($name: self.$name.load(Ordering::Relaxed),)* }
            }
        }

        impl MetricsSnapshot {
            /// Every counter with its name and what it counts, for an exporter.
            pub fn iter(&self) -> impl Iterator<Item = (&'static str, &'static str, u64)> {
                [$((stringify!($name), $help.trim_ascii(), self.$name)),*].into_iter()
            }
        }
    };
}

counters! {
    /// Connections that are on long-polling now.
    polling_open,
    /// Connections that are on websocket now.
    websocket_open,
    /// Connections opened since the start.
    connections,
    /// Upgrades from long-polling to websocket that were completed.
    upgrades,
    /// Socket.IO sockets (a connection's presence in a namespace) that are open now.
    sockets_open,
    /// Engine.IO packets received.
    packets_in,
    /// Packets handed to a transport; a broadcast counts once per receiver.
    packets_out,
    /// Bytes handed to the kernel or to polling responses.
    bytes_out,
    /// Bytes received from websockets and polling bodies.
    bytes_in,
    /// Bytes that wait for slow readers now.
    queue_bytes,
    /// Volatile packets dropped because their reader was not ready.
    volatile_dropped,
    /// Times a reader's queue was full and the slow-reader policy decided.
    slow_readers,
    /// Events refused because an inbox was full.
    inbox_refused,
    /// Connections closed for malformed frames, payloads or packets.
    protocol_errors,
    /// Connections closed because a ping stayed unanswered.
    ping_timeouts,
    /// Connections closed because a frame, body, CONNECT or upgrade did not come in time.
    deadlines_missed,
    /// Handshakes refused: unknown version or transport, limits, stopping.
    handshakes_refused,
    /// Namespace CONNECTs refused by the owner or for an unknown namespace.
    connects_refused,
    /// Acknowledgements that nobody had asked for.
    unknown_acks,
    /// Handlers that panicked; their socket was disconnected.
    handler_panics,
}

pub(crate) fn add(counter: &AtomicU64, amount: u64) {
    counter.fetch_add(amount, Ordering::Relaxed);
}

pub(crate) fn subtract(counter: &AtomicU64, amount: u64) {
    counter.fetch_sub(amount, Ordering::Relaxed);
}
