//! All settings: read once at start, checked, and passed down. Nothing else in the program reads the environment.
//!
//! A setting comes from a flag, else the environment, else `parlor.toml`, else its default; `settings` is the one list
//! of their names. What holds a secret has a redacted `Debug`; `parlor check-config` prints the effective values.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

mod ai;
mod compat;
mod nearest;
mod network;
mod origin;
mod settings;
mod sources;
mod videos;

pub use ai::AiSettings;
pub use network::{Address, Network};
pub use origin::Origin;
pub use parlor_app::uploads::UploadSettings;
pub use settings::help;
pub use videos::VideoSettings;

use parlor_dialects::Settings as Compat;
use sources::Values;

/// What the program was asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Run the server.
    Serve,
    /// Copy the database into a file, while the server runs or not.
    Backup(PathBuf),
    /// Copy everything from SQLite to PostgreSQL, or back, while no server uses either.
    CopyDatabase {
        /// `sqlite://PATH` or `postgres://…`
        from: SecretUrl,
        /// The other of the two.
        to: SecretUrl,
    },
    /// Try the problems of code duels that are in a folder.
    CheckProblems(PathBuf),
    /// Print the effective settings.
    CheckConfig,
    /// Print how it is used.
    Help,
    /// Print the version.
    Version,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Pretty,
    /// One JSON object a line.
    Json,
}

/// Certificate and key, as paths to PEM files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tls {
    /// The chain.
    pub cert: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

/// What code duels need.
#[derive(Debug, Clone)]
pub struct DuelSettings {
    /// Whether there are any.
    pub on: bool,
    /// The Python to judge with; none is the system's.
    pub python: Option<PathBuf>,
    /// Where further problems are.
    pub problems: Option<PathBuf>,
}

/// Every setting, checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// What the server is called on its welcome page.
    pub name: String,
    /// Where it listens.
    pub bind: Address,
    /// What people type into their browser, where that is not the address it listens on.
    pub public_url: Option<String>,
    /// The data folder.
    pub data: PathBuf,
    /// Another database than SQLite in the data folder.
    pub database_url: Option<SecretUrl>,
    /// Another bus than the one within the process.
    pub bus_url: Option<SecretUrl>,
    /// What files may take.
    pub uploads: UploadSettings,
    /// Where the plain TCP push socket listens; none is off.
    pub tcp_bind: Option<Address>,
    /// `tcp_bind` was set by hand: then a busy port is an error.
    pub tcp_bind_by_hand: bool,
    /// Anybody may make an account.
    pub open_registration: bool,
    /// Limits per address and per account.
    pub rate_limits: bool,
    /// Where videos are found.
    pub videos: VideoSettings,
    /// What writes problems.
    pub ai: Option<AiSettings>,
    /// Code duels.
    pub duels: DuelSettings,
    /// Proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
    pub trusted_proxies: Vec<Network>,
    /// TLS in the server itself.
    pub tls: Option<Tls>,
    /// Which log lines are written, as `level` or `target=level,…`.
    pub log: String,
    /// How they look.
    pub log_format: LogFormat,
    /// Where `/metrics` is served, if not on the main address.
    pub metrics_bind: Option<Address>,
    /// The origin that shows videos of YouTube, in a frame of the watch screen.
    pub youtube_player: Origin,
    /// The faces of the older services.
    pub compat: Compat,
}

/// A text that nobody but the one it is for may see.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The text.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A URL that may hold a password.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretUrl(String);

impl SecretUrl {
    /// The whole URL.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SecretUrl {
    /// Everything but user, password and query.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((scheme, rest)) = self.0.split_once("://") else { return f.write_str("…") };
        let rest = rest.split(['?', '#']).next().unwrap_or_default();
        match rest.rsplit_once('@') {
            Some((_, place)) => write!(f, "{scheme}://…@{place}"),
            None => write!(f, "{scheme}://{rest}"),
        }
    }
}

impl fmt::Debug for SecretUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What was read, and what looks like a mistake without being one.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// What to do.
    pub command: Command,
    /// With which settings.
    pub config: Config,
    /// Sentences for the log.
    pub warnings: Vec<String>,
    /// Every setting with its value, and where it came from, without secrets.
    pub effective: String,
}

/// One sentence that says which setting is wrong and what it must be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(pub(crate) String);

/// Reads flags, environment and file.
///
/// # Errors
/// [`ConfigError`], when a value cannot be used, a flag is unknown, or a file that was named cannot be read.
pub fn load(
    arguments: impl Iterator<Item = String>,
    environment: impl Iterator<Item = (String, String)>,
) -> Result<Loaded, ConfigError> {
    let (command, values) = sources::collect(arguments, environment)?;
    let config = checked(&values)?;
    let effective = values.effective();
    Ok(Loaded { command, config, warnings: values.warnings, effective })
}

fn checked(values: &Values) -> Result<Config, ConfigError> {
    let mut bind: Address = values.parse("bind", "an address like 127.0.0.1:8080")?;
    if let Some(port) = values.optional("port", "a port")? {
        bind.port = port;
    }
    let tls = match (values.optional("tls.cert", "a path")?, values.optional("tls.key", "a path")?) {
        (Some(cert), Some(key)) => Some(Tls { cert, key }),
        (None, None) => None,
        _ => {
            return Err(ConfigError(
                "tls.cert and tls.key belong together: one of them is missing".to_owned(),
            ));
        }
    };
    Ok(Config {
        name: values.parse("name", "a name")?,
        bind,
        public_url: values.optional("public_url", "an address like https://chat.example.org")?,
        data: values.parse("data", "a folder")?,
        database_url: values.url("database.url", &["sqlite", "postgres", "postgresql"])?,
        bus_url: bus_url(values)?,
        uploads: UploadSettings {
            max_bytes: values.parse("uploads.max_bytes", "a number of bytes")?,
            group_quota_bytes: values.parse("uploads.group_quota_bytes", "a number of bytes")?,
        },
        tcp_bind: values.optional("tcp.bind", "an address like 127.0.0.1:2004, or nothing")?,
        tcp_bind_by_hand: values.is_set_by_hand("tcp.bind"),
        open_registration: values.switch("open_registration")?,
        rate_limits: values.switch("rate_limits")?,
        videos: videos::checked(values)?,
        ai: ai::checked(values)?,
        duels: DuelSettings {
            on: values.switch("duels")?,
            python: values.optional("judge.python", "the path of a python3")?,
            problems: values.optional("problems.folder", "a folder")?,
        },
        trusted_proxies: values
            .list("trusted_proxies", "addresses or networks like 10.0.0.0/8, with commas between")?,
        tls,
        log: values.parse("log", "a level like info, or target=level with commas between")?,
        log_format: match values.text("log_format") {
            "json" => LogFormat::Json,
            "pretty" => LogFormat::Pretty,
            _ => return Err(values.wrong("log_format", "pretty or json")),
        },
        metrics_bind: values.optional("metrics.bind", "an address like 127.0.0.1:9100")?,
        youtube_player: values
            .parse("youtube.player_url", "an origin like https://www.youtube-nocookie.com")?,
        compat: compat::checked(values)?,
    })
}

/// `PEER=true` with `REDIS_URL` is how one of the old services was told to run as several.
fn bus_url(values: &Values) -> Result<Option<SecretUrl>, ConfigError> {
    let schemes = ["redis", "rediss", "valkey", "valkeys", "nats", "tls"];
    match values.url("bus.url", &schemes)? {
        None if values.switch("peer")? => match values.url("redis_url", &schemes)? {
            None => Err(ConfigError("PEER=true needs REDIS_URL".to_owned())),
            url => Ok(url),
        },
        url => Ok(url),
    }
}

impl Config {
    /// The address that people open, for the line printed at start.
    #[must_use]
    pub fn url(&self, port: u16) -> String {
        if let Some(url) = &self.public_url {
            return url.trim_end_matches('/').to_owned();
        }
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        let host = match self.bind.host.parse::<IpAddr>() {
            Ok(address) if address.is_unspecified() => "localhost".to_owned(),
            Ok(IpAddr::V6(address)) => format!("[{address}]"),
            _ => self.bind.host.clone(),
        };
        format!("{scheme}://{host}:{port}")
    }
}

#[cfg(test)]
mod tests;
