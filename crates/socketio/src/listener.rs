//! Accepts connections for any hyper or axum service, with the deadlines and limits that a public
//! server needs, in the clear or under TLS. Knows nothing of Engine.IO.

mod write_deadline;

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tower_service::Service;

pub(crate) use write_deadline::WriteDeadline;

use crate::engine::handshake::ClientAddress;
use crate::engine::limits::Counts;

/// Limits and deadlines of a listener.
#[derive(Clone, Debug)]
pub struct ListenerConfig {
    /// From the start of a connection, or the end of the request before, to the end of the request's
    /// headers. Also the deadline of a TLS handshake. Default 10 s.
    pub header_timeout: Duration,
    /// Headers in one request. Default 100; more are answered with 431.
    pub max_headers: usize,
    /// Bytes of a request's head. Default 64 KiB; more are answered with 431.
    pub max_head_bytes: usize,
    /// Streams open at once, websockets not counted once they are upgraded. Default 100,000.
    pub max_streams: usize,
    /// The same from one address. Default 4,096.
    pub max_streams_per_address: usize,
    /// How long a client may take to read a part of an answer before its stream is closed. Default 30 s.
    pub write_timeout: Duration,
    /// How long requests that are under way may take after the end was asked for. Default 5 s.
    pub drain_timeout: Duration,
    /// TLS, where this listener speaks it.
    #[cfg(feature = "tls")]
    pub tls: Option<Arc<rustls::ServerConfig>>,
}

impl Default for ListenerConfig {
    fn default() -> Self {
        ListenerConfig {
            header_timeout: Duration::from_secs(10),
            max_headers: 100,
            max_head_bytes: 64 * 1024,
            max_streams: 100_000,
            max_streams_per_address: 4096,
            write_timeout: Duration::from_secs(30),
            drain_timeout: Duration::from_secs(5),
            #[cfg(feature = "tls")]
            tls: None,
        }
    }
}

/// Accepts connections. The address of each client is in its requests' extensions as [`ClientAddress`].
pub struct Listener {
    tcp: TcpListener,
    config: Arc<ListenerConfig>,
}

impl Listener {
    /// On a socket that is bound already.
    pub fn new(tcp: TcpListener, config: ListenerConfig) -> Listener {
        Listener { tcp, config: Arc::new(config) }
    }

    /// Serves until `stop` ends; then accepts nothing more and waits for the requests under way, at
    /// most for `drain_timeout`. Websockets live on: stop their server to end them.
    pub async fn serve<S, B>(self, service: S, stop: impl Future<Output = ()>)
    where
        S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
        S::Future: Send,
        B: http_body::Body + Send + 'static,
        B::Data: Send,
        B::Error: std::error::Error + Send + Sync,
    {
        let counts = Arc::<Counts>::default();
        let (stopping, stopped) = watch::channel(());
        tokio::pin!(stop);
        loop {
            let accepted = tokio::select! {
                accepted = self.tcp.accept() => accepted,
                () = &mut stop => break,
            };
            let (stream, address) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    pause_after(&error).await;
                    continue;
                }
            };
            let config = self.config.clone();
            let Some(permit) =
                counts.admit(Some(address.ip()), config.max_streams, config.max_streams_per_address)
            else {
                tracing::debug!("a stream was refused: too many are open");
                continue;
            };
            let (service, stopped) = (service.clone(), stopped.clone());
            tokio::spawn(async move {
                connection(stream, address, config, service, stopped).await;
                drop(permit);
            });
        }
        drop(self.tcp);
        drop(stopped);
        // Each connection holds a receiver: told to end, it drops it when it has.
        stopping.send_replace(());
        let _ = tokio::time::timeout(self.config.drain_timeout, stopping.closed()).await;
    }
}

async fn connection<S, B>(
    stream: TcpStream,
    address: SocketAddr,
    config: Arc<ListenerConfig>,
    service: S,
    stopped: watch::Receiver<()>,
) where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
    B: http_body::Body + Send + 'static,
    B::Data: Send,
    B::Error: std::error::Error + Send + Sync,
{
    let _ = stream.set_nodelay(true);
    #[cfg(feature = "tls")]
    if let Some(tls) = &config.tls {
        let acceptor = tokio_rustls::TlsAcceptor::from(tls.clone());
        match tokio::time::timeout(config.header_timeout, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => return speak_http(stream, address, &config, service, stopped).await,
            Ok(Err(error)) => tracing::debug!(%error, "TLS handshake failed"),
            Err(_) => tracing::debug!("TLS handshake took too long"),
        }
        return;
    }
    speak_http(stream, address, &config, service, stopped).await;
}

async fn speak_http<IO, S, B>(
    stream: IO,
    address: SocketAddr,
    config: &ListenerConfig,
    service: S,
    mut stopped: watch::Receiver<()>,
) where
    IO: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
    B: http_body::Body + Send + 'static,
    B::Data: Send,
    B::Error: std::error::Error + Send + Sync,
{
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ClientAddress(address.ip()));
        service.clone().call(request)
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(config.header_timeout)
        .max_headers(config.max_headers)
        .max_buf_size(config.max_head_bytes.max(8192))
        .serve_connection(TokioIo::new(WriteDeadline::new(stream, config.write_timeout)), service)
        .with_upgrades();
    tokio::pin!(connection);
    let result = tokio::select! {
        result = &mut connection => result,
        _ = stopped.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = result {
        tracing::debug!(%error, "connection ended");
    }
}

/// When no more files can be opened, accepting again at once would only spin.
async fn pause_after(error: &io::Error) {
    tracing::warn!(%error, "cannot accept a connection");
    tokio::time::sleep(Duration::from_millis(50)).await;
}
