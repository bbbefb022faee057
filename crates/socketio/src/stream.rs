//! A connection's two halves: bytes in for its reader, non-blocking writes for the flusher, in the
//! clear or under TLS. Knows nothing of what the bytes mean.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use socket2::SockRef;
use tokio::io::{AsyncRead, ReadBuf};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

#[cfg(feature = "tls")]
use crate::tls::Session as TlsSession;

/// The side that reads.
pub(crate) struct ReadHalf {
    tcp: OwnedReadHalf,
    #[cfg(feature = "tls")]
    tls: Option<Arc<TlsSession>>,
}

/// The side that writes; clones write to the same connection.
#[derive(Clone)]
pub(crate) struct WriteHalf {
    tcp: Arc<OwnedWriteHalf>,
    #[cfg(feature = "tls")]
    tls: Option<Arc<TlsSession>>,
}

/// Takes a connection apart.
pub(crate) fn split(tcp: TcpStream) -> (ReadHalf, WriteHalf) {
    // Frames are small and each write is a whole tick: waiting for more would only add delay.
    let _ = tcp.set_nodelay(true);
    let (read, write) = tcp.into_split();
    (
        ReadHalf {
            tcp: read,
            #[cfg(feature = "tls")]
            tls: None,
        },
        WriteHalf {
            tcp: Arc::new(write),
            #[cfg(feature = "tls")]
            tls: None,
        },
    )
}

/// The same for a connection under TLS whose handshake is done.
#[cfg(feature = "tls")]
pub(crate) fn split_tls(tcp: TcpStream, session: rustls::ServerConnection) -> (ReadHalf, WriteHalf) {
    let (mut read, mut write) = split(tcp);
    let session = Arc::new(TlsSession::new(session));
    read.tls = Some(session.clone());
    write.tls = Some(session);
    (read, write)
}

impl ReadHalf {
    /// Reads what is there. `Ok(0)` is the end of the stream; `pending` waits for more.
    pub(crate) fn poll_read(
        &mut self,
        context: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        #[cfg(feature = "tls")]
        if let Some(session) = &self.tls {
            loop {
                if let Some(length) = session.read_plain(buffer)? {
                    return Poll::Ready(Ok(length));
                }
                let mut cipher = ReadBuf::new(buffer);
                ready!(Pin::new(&mut self.tcp).poll_read(context, &mut cipher))?;
                session.feed_cipher(cipher.filled())?;
            }
        }
        let mut read = ReadBuf::new(buffer);
        ready!(Pin::new(&mut self.tcp).poll_read(context, &mut read))?;
        Poll::Ready(Ok(read.filled().len()))
    }
}

impl WriteHalf {
    /// Writes what the kernel takes now. `WouldBlock` means nothing was taken.
    pub(crate) fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        #[cfg(feature = "tls")]
        if let Some(session) = &self.tls {
            return session.write(bytes, |cipher| self.tcp.try_write(cipher));
        }
        self.tcp.try_write(bytes)
    }

    /// Whether bytes that were taken still wait inside the TLS session.
    pub(crate) fn is_backed_up(&self) -> bool {
        #[cfg(feature = "tls")]
        if let Some(session) = &self.tls {
            return session.wants_write();
        }
        false
    }

    /// Waits until the kernel takes bytes again.
    pub(crate) async fn writable(&self) -> io::Result<()> {
        self.tcp.writable().await
    }

    /// Ends the stream in the writing direction; the reader goes on until the other side ends too.
    pub(crate) fn shutdown_write(&self) {
        #[cfg(feature = "tls")]
        if let Some(session) = &self.tls {
            session.close(|cipher| self.tcp.try_write(cipher));
        }
        let _ = SockRef::from(self.tcp.as_ref().as_ref()).shutdown(std::net::Shutdown::Write);
    }

    /// Ends the stream in both directions: the reader wakes up and finds its end.
    pub(crate) fn shutdown(&self) {
        let _ = SockRef::from(self.tcp.as_ref().as_ref()).shutdown(std::net::Shutdown::Both);
    }
}
