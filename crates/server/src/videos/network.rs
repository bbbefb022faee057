//! Names and connections. Behind a trait, so that the rules about addresses can be tested with names and hosts that
//! do not exist.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;

use parlor_app::videos::sites::Asking;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;

/// What resolves names and connects.
pub trait Network: Send + Sync {
    /// The addresses of a host, which is a name.
    fn resolve<'a>(&'a self, host: &'a str, port: u16) -> Asking<'a, io::Result<Vec<SocketAddr>>>;

    /// A connection to exactly this address.
    fn connect(&self, to: SocketAddr) -> Asking<'_, io::Result<Connection>>;
}

/// A connection, and to whom it really is.
pub struct Connection {
    /// What is said over it.
    pub stream: Box<dyn Stream>,
    /// The other end.
    pub peer: SocketAddr,
}

/// Bytes both ways.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Names that are looked up at a time. The operating system may take half a minute for one, longer than anybody waits,
/// so this is counted by look-ups and not by those who wait.
const MOST_LOOK_UPS: usize = 16;

/// The operating system's names and connections.
pub struct Internet {
    look_ups: Arc<Semaphore>,
}

impl Default for Internet {
    fn default() -> Self {
        Self { look_ups: Arc::new(Semaphore::new(MOST_LOOK_UPS)) }
    }
}

impl Network for Internet {
    fn resolve<'a>(&'a self, host: &'a str, port: u16) -> Asking<'a, io::Result<Vec<SocketAddr>>> {
        Box::pin(async move {
            let turn = self.look_ups.clone().acquire_owned().await.map_err(io::Error::other)?;
            let host = host.to_owned();
            let looking = tokio::task::spawn_blocking(move || {
                let found = (host.as_str(), port).to_socket_addrs().map(Iterator::collect);
                drop(turn);
                found
            });
            looking.await.map_err(io::Error::other)?
        })
    }

    fn connect(&self, to: SocketAddr) -> Asking<'_, io::Result<Connection>> {
        Box::pin(async move {
            let stream = TcpStream::connect(to).await?;
            let peer = stream.peer_addr()?;
            Ok(Connection { stream: Box::new(stream), peer })
        })
    }
}

#[cfg(test)]
pub(crate) mod tests;
