//! What `postgres://…` says, and what is said of it: never its password.

use super::session::{CONNECT_TIMEOUT, TCP_USER_TIMEOUT};
use crate::OpenError;
use std::time::Duration;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::error::SqlState;

/// How long a connection may be silent before the other side is asked whether it is still there …
const KEEPALIVE_IDLE: Duration = Duration::from_secs(10);
/// … how long for an answer …
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(3);
/// … and how often.
const KEEPALIVE_RETRIES: u32 = 3;

/// Where a database is and who asks for it.
pub(crate) struct Address {
    pub(super) config: Config,
    /// For messages: `user@host:port/database`.
    shown: String,
}

impl Address {
    /// Reads `postgres://user:password@host:port/database?sslmode=…`.
    pub(crate) fn parse(url: &str) -> Result<Self, OpenError> {
        // What the driver says of a URL may hold parts of it.
        let mut config: Config = url.parse().map_err(|_| {
            OpenError::new(
                "the address of the database is none that PostgreSQL knows; it looks like \
                            postgres://user:password@host:5432/database",
            )
        })?;
        if config.get_hosts().is_empty() {
            return Err(OpenError::new(
                "the address of the database names no host; it looks like \
                                       postgres://user:password@host:5432/database",
            ));
        }
        if config.get_ssl_mode() == SslMode::Require {
            return Err(OpenError::new(
                "this build speaks to PostgreSQL without TLS: sslmode=require can not be kept; \
                                       take sslmode=disable where the way to the database is your own, or a tunnel",
            ));
        }
        if config.get_application_name().is_none() {
            config.application_name("parlor");
        }
        config
            .connect_timeout(CONNECT_TIMEOUT)
            .tcp_user_timeout(TCP_USER_TIMEOUT)
            .keepalives(true)
            .keepalives_idle(KEEPALIVE_IDLE)
            .keepalives_interval(KEEPALIVE_INTERVAL)
            .keepalives_retries(KEEPALIVE_RETRIES);
        let shown = shown(&config);
        Ok(Self { config, shown })
    }

    /// Why there is no connection, in one sentence that says what to do.
    pub(super) fn refused(&self, error: &tokio_postgres::Error) -> OpenError {
        let shown = &self.shown;
        let text = match error.code() {
            Some(code) if *code == SqlState::INVALID_CATALOG_NAME => format!(
                "there is no database {shown}; make it, for example with `createdb`, or correct its name in the address"
            ),
            Some(code)
                if *code == SqlState::INVALID_PASSWORD
                    || *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION =>
            {
                format!("the database {shown} does not let us in; check user and password in its address")
            }
            Some(code) if *code == SqlState::INSUFFICIENT_PRIVILEGE => {
                format!("the user of {shown} may not connect to it; grant CONNECT on the database")
            }
            _ => format!(
                "the database {shown} can not be reached ({}); check that it runs, and its address",
                super::session::reason(error)
            ),
        };
        OpenError::new(text)
    }

    /// `user@host:port/database`
    pub(super) fn shown(&self) -> &str {
        &self.shown
    }
}

fn shown(config: &Config) -> String {
    let user = config.get_user().unwrap_or("?");
    let database = config.get_dbname().unwrap_or(user);
    let host = match config.get_hosts().first() {
        Some(Host::Tcp(host)) => host.clone(),
        #[cfg(unix)]
        Some(Host::Unix(path)) => path.display().to_string(),
        None => "?".to_owned(),
    };
    let port = config.get_ports().first().copied().unwrap_or(5432);
    format!("{user}@{host}:{port}/{database}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_an_address_is_said_without_its_password() {
        for (url, says) in [
            ("postgres://ada:hunter2@db:notaport/parlor", "is none that PostgreSQL knows"),
            ("postgres://ada:hunter2@db/parlor?sslmode=verify-full", "is none that PostgreSQL knows"),
            ("postgres://ada:hunter2@db/parlor?sslmode=require", "without TLS"),
            ("postgres:///parlor", "names no host"),
        ] {
            let error = Address::parse(url).err().unwrap().to_string();
            assert!(error.contains(says), "{url}: {error}");
            assert!(!error.contains("hunter2") && !error.contains('\n'), "{error}");
        }
        let address = Address::parse("postgres://ada:hunter2@db:6543/parlor?sslmode=prefer").ok().unwrap();
        assert_eq!(address.shown(), "ada@db:6543/parlor");
    }
}
