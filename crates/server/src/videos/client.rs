//! One request to another server: a connection of its own, over TLS where the address says so, and an answer whose
//! head and body have a size. Redirects are not followed, cookies and credentials not sent, proxies not used.
//!
//! Deadlines are the caller's: what is dropped is over, connection and all.

use std::error::Error;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Uri, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::network::{Connection, Network, Stream};
use super::public_address::is_public;

/// Most bytes of status and headers: four times what servers usually send. More than 100 headers are refused by hyper.
const MAX_HEAD_BYTES: usize = 16 * 1024;
/// For each address of a host that has several.
const LONGEST_CONNECT: Duration = Duration::from_secs(2);
/// How this server calls itself.
const USER_AGENT: HeaderValue = HeaderValue::from_static(concat!("Parlor/", env!("CARGO_PKG_VERSION")));

type Cause = Box<dyn Error + Send + Sync>;

/// Where a request may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Where whoever runs this server says.
    Anywhere,
    /// To the public internet, on the ports of the web: somebody else says where.
    PublicWeb,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum GetError {
    /// No address of the host is one that may be asked.
    #[error("the host is not on the public internet")]
    Private,
    /// The port is not one that may be asked.
    #[error("the port is not one of the web")]
    Port,
    /// It does not answer, or not in a form that can be read.
    #[error("there is no answer")]
    Failed(#[source] Cause),
}

/// Asks.
pub struct Client {
    network: Arc<dyn Network>,
    tls: TlsConnector,
}

/// An answer whose body has not been read.
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    body: Incoming,
    // Moves the bytes; ends with the answer.
    _connection: JoinSet<()>,
}

impl Client {
    /// Asks over this network, and believes the certificates of the web.
    #[must_use]
    pub fn new(network: Arc<dyn Network>) -> Self {
        Self::trusting(network, RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()))
    }

    fn trusting(network: Arc<dyn Network>, roots: RootCertStore) -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("ring has the suites of the default versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Self { network, tls: TlsConnector::from(Arc::new(config)) }
    }

    /// `GET`, with these headers beside the usual ones.
    ///
    /// # Errors
    /// See [`GetError`].
    pub async fn get(
        &self,
        uri: &Uri,
        reach: Reach,
        headers: &[(HeaderName, HeaderValue)],
    ) -> Result<Answer, GetError> {
        self.ask(Method::GET, uri, reach, headers, Bytes::new()).await
    }

    /// `POST`, with these headers beside the usual ones.
    ///
    /// # Errors
    /// See [`GetError`].
    pub async fn post(
        &self,
        uri: &Uri,
        reach: Reach,
        headers: &[(HeaderName, HeaderValue)],
        body: Bytes,
    ) -> Result<Answer, GetError> {
        self.ask(Method::POST, uri, reach, headers, body).await
    }

    async fn ask(
        &self,
        method: Method,
        uri: &Uri,
        reach: Reach,
        headers: &[(HeaderName, HeaderValue)],
        body: Bytes,
    ) -> Result<Answer, GetError> {
        let authority = uri.authority().ok_or("there is no host").map_err(failed)?;
        let (https, host) = (uri.scheme_str() == Some("https"), authority.host());
        let port = authority.port_u16().unwrap_or(if https { 443 } else { 80 });
        let Connection { stream, .. } = self.connect(host, port, reach).await?;
        let stream = if https { self.encrypt(host, stream).await? } else { stream };
        let (mut sender, connection) = http1::Builder::new()
            .max_buf_size(MAX_HEAD_BYTES)
            .handshake(TokioIo::new(stream))
            .await
            .map_err(failed)?;
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            // What goes wrong here is told by the answer.
            let _ = connection.await;
        });
        let target = uri.path_and_query().map_or("", |target| target.as_str());
        // What begins with a question mark has the path that goes without saying.
        let target = if target.starts_with('/') { target.to_owned() } else { format!("/{target}") };
        let mut request = Request::builder()
            .method(method)
            .uri(target)
            .header(header::HOST, authority.as_str())
            .header(header::USER_AGENT, USER_AGENT)
            .header(header::ACCEPT_ENCODING, "identity")
            .header(header::CONNECTION, "close")
            .body(Full::new(body))
            .map_err(failed)?;
        request.headers_mut().extend(headers.iter().cloned());
        let (head, body) = sender.send_request(request).await.map_err(failed)?.into_parts();
        Ok(Answer { status: head.status, headers: head.headers, body, _connection: tasks })
    }

    /// A connection to the first address of the host that may be asked and answers. What was checked is what is
    /// connected to, and the other end is checked again: a name that leads elsewhere a moment later changes nothing.
    async fn connect(&self, host: &str, port: u16, reach: Reach) -> Result<Connection, GetError> {
        let may_be_asked = |address: IpAddr| reach == Reach::Anywhere || is_public(address);
        let mut addresses = match literal(host) {
            Some(address) => vec![SocketAddr::new(address, port)],
            None => self.network.resolve(host, port).await.map_err(failed)?,
        };
        if addresses.is_empty() {
            return Err(failed("the name has no address"));
        }
        addresses.retain(|address| may_be_asked(address.ip()));
        if addresses.is_empty() {
            return Err(GetError::Private);
        }
        if reach == Reach::PublicWeb && !matches!(port, 80 | 443) {
            return Err(GetError::Port);
        }
        let mut last: Cause = "no address answers".into();
        for address in addresses {
            match timeout(LONGEST_CONNECT, self.network.connect(address)).await {
                Ok(Ok(connection)) if may_be_asked(connection.peer.ip()) => return Ok(connection),
                Ok(Ok(_)) => return Err(GetError::Private),
                Ok(Err(error)) => last = error.into(),
                Err(late) => last = late.into(),
            }
        }
        Err(GetError::Failed(last))
    }

    async fn encrypt(&self, host: &str, stream: Box<dyn Stream>) -> Result<Box<dyn Stream>, GetError> {
        let name = match literal(host) {
            Some(address) => ServerName::from(address),
            None => ServerName::try_from(host.trim_end_matches('.').to_owned()).map_err(failed)?,
        };
        Ok(Box::new(self.tls.connect(name, stream).await.map_err(failed)?))
    }
}

impl Answer {
    /// The whole body.
    ///
    /// # Errors
    /// When it is larger than `most` bytes, or ends early.
    pub async fn body(self, most: usize) -> Result<Bytes, Cause> {
        Ok(Limited::new(self.body, most).collect().await?.to_bytes())
    }
}

fn failed(cause: impl Into<Cause>) -> GetError {
    GetError::Failed(cause.into())
}

/// The address that a host is written as, if it is one.
fn literal(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

#[cfg(test)]
mod tests;
