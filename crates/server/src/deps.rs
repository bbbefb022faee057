//! The only shared state: what handlers and sockets need, made once at start.

use parlor_app::App;
use parlor_app::videos::Videos;
use parlor_bus::Bus;
use parlor_dialects::Dialects;

use crate::config::Config;
use crate::realtime::Realtime;
use crate::telemetry::metrics::Metrics;

/// Everything that is shared.
pub struct Deps {
    /// The operations.
    pub app: App,
    /// The operations that ask other servers.
    pub videos: Videos,
    /// For `/readyz` only.
    pub bus: Bus,
    /// The sockets of this node.
    pub realtime: Realtime,
    /// The faces of the older services.
    pub dialects: Dialects,
    /// The settings.
    pub config: Config,
    /// What is counted.
    pub metrics: Metrics,
}
