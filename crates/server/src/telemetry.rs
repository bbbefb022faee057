//! What the program tells those who run it: log lines, and numbers.
//!
//! One span for each request, one for each operation below it (`chat.send_message`); fields are dotted. No body, no
//! name, no token is in any of them.

pub mod metrics;
pub mod process;
pub mod requests;

use std::io::IsTerminal as _;

use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::config::{Config, ConfigError, LogFormat};

/// Starts the log, on stderr. Once for the life of the program.
///
/// # Errors
/// One sentence, when the filter cannot be read.
pub fn start(config: &Config) -> Result<(), ConfigError> {
    let filter: Targets = config.log.parse().map_err(|_| {
        ConfigError("log must be a level like info, or target=level with commas between".to_owned())
    })?;
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = match config.log_format {
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
        LogFormat::Pretty => lines.with_ansi(std::io::stderr().is_terminal()).boxed(),
    };
    // A second start, in tests, keeps the first one's.
    let _ = tracing_subscriber::registry().with(lines.with_filter(filter)).try_init();
    Ok(())
}
