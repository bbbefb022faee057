//! NATS between the nodes: one subject, to which every node publishes and is subscribed. This file knows no notice, only
//! frames.
//!
//! The client library would connect again by itself and not say what was lost meanwhile; so it is let try once, and
//! every connection is a client of its own.

use crate::ears::Hearing;
use crate::network::{Carrier, Line, LineError};
use async_nats::{Client, ConnectErrorKind, ConnectOptions, Event, ServerError};
use futures_util::StreamExt as _;
use percent_encoding::percent_decode_str;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::task::AbortHandle;
use url::Url;

/// A connection that takes longer to be made is none.
const CONNECT_WITHIN: Duration = Duration::from_secs(4);
/// Frames that may wait for this node between its connection and its ears; what is beyond is lost, and noticed.
const FRAMES: usize = 4_096;
const DEFAULT_PORT: u16 = 4_222;

/// Where a NATS is and who we are there.
#[derive(Clone)]
pub(crate) struct Server {
    /// Without the secrets.
    url: String,
    place: String,
    user: String,
    password: Option<String>,
}

/// A server and which subject is ours.
pub(crate) struct Nats {
    server: Server,
    subject: String,
}

/// A connection that hears and speaks.
pub(crate) struct NatsLine {
    client: Client,
    subject: String,
    place: String,
    complaint: Complaint,
    hearer: AbortHandle,
}

/// What the server said against us. It says so beside its answers, and not to which of them it belongs.
type Complaint = Arc<Mutex<Option<ServerError>>>;

/// Reads `nats://` or `tls://[user:password@]host[:port]`; a user without a password is a token.
pub(crate) fn parse(url: &str) -> Option<Server> {
    let mut url = Url::parse(url).ok()?;
    let host = url.host_str().filter(|host| !host.is_empty())?;
    let place = format!("{host}:{}", url.port().unwrap_or(DEFAULT_PORT));
    let plain = |part: &str| percent_decode_str(part).decode_utf8().ok().map(String::from);
    let user = plain(url.username())?;
    let password = match url.password() {
        Some(password) => Some(plain(password)?),
        None => None,
    };
    url.set_password(None).ok()?;
    url.set_username("").ok()?;
    Some(Server { url: url.into(), place, user, password })
}

impl Server {
    pub(crate) fn place(&self) -> &str {
        &self.place
    }

    fn options(&self) -> ConnectOptions {
        let options = ConnectOptions::new().name("parlor");
        match &self.password {
            Some(password) => options.user_and_password(self.user.clone(), password.clone()),
            None if self.user.is_empty() => options,
            None => options.token(self.user.clone()),
        }
    }
}

impl Nats {
    pub(crate) fn new(server: Server, subject: String) -> Self {
        Self { server, subject }
    }
}

impl Carrier for Nats {
    type Line = NatsLine;

    async fn connect(&self, hearing: Hearing) -> Result<NatsLine, LineError> {
        let complaint = Complaint::default();
        let (noted, over) = (complaint.clone(), hearing.clone());
        let client = self
            .server
            .options()
            .connection_timeout(CONNECT_WITHIN)
            .max_reconnects(1)
            .subscription_capacity(FRAMES)
            .event_callback(move |event| {
                take_event(&noted, &over, event);
                std::future::ready(())
            })
            .connect(&self.server.url)
            .await
            .map_err(|error| judge(error.kind(), &self.place()))?;
        let mut frames = client
            .subscribe(self.subject.clone())
            .await
            .map_err(|_| LineError::Away("it takes no subscription".to_owned()))?;
        let hearer = tokio::spawn(async move {
            while let Some(message) = frames.next().await {
                hearing.hear(&message.payload);
            }
            hearing.end();
        });
        let hearer = hearer.abort_handle();
        Ok(NatsLine { client, subject: self.subject.clone(), place: self.place(), complaint, hearer })
    }

    fn place(&self) -> String {
        format!("the NATS at {}", self.server.place)
    }
}

impl Line for NatsLine {
    async fn send(&mut self, frames: Vec<Vec<u8>>) -> Result<(), LineError> {
        let failed = |reason: &str| LineError::Away(reason.to_owned());
        for frame in frames {
            let sent = self.client.publish(self.subject.clone(), frame.into()).await;
            sent.map_err(|_| failed("it takes no messages"))?;
        }
        self.client.flush().await.map_err(|_| failed("the connection was lost"))
    }

    fn complaint(&self) -> Option<LineError> {
        let said = self.complaint.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        Some(match said {
            ServerError::AuthorizationViolation => {
                judge(ConnectErrorKind::AuthorizationViolation, &self.place)
            }
            ServerError::Other(text) if text.to_lowercase().starts_with("permissions violation") => {
                let place = &self.place;
                LineError::Refused(format!(
                    "{place} does not permit its user to publish and to subscribe to the subjects parlor.*"
                ))
            }
            other => LineError::Away(other.to_string()),
        })
    }
}

impl Drop for NatsLine {
    fn drop(&mut self) {
        self.hearer.abort();
    }
}

fn take_event(complaint: &Complaint, hearing: &Hearing, event: Event) {
    match event {
        Event::ServerError(error) => {
            complaint.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
            hearing.end();
        }
        // Something may have been lost; another connection says so.
        Event::Disconnected | Event::Closed => hearing.end(),
        // What a slow reader lost is seen by the numbers of the frames.
        Event::Connected
        | Event::LameDuckMode
        | Event::Draining
        | Event::SlowConsumer(_)
        | Event::ClientError(_) => {}
    }
}

fn judge(error: ConnectErrorKind, place: &str) -> LineError {
    match error {
        ConnectErrorKind::Authentication | ConnectErrorKind::AuthorizationViolation => {
            LineError::Refused(format!("{place} refuses the user name or the password of the address"))
        }
        other => LineError::Away(other.to_string()),
    }
}
