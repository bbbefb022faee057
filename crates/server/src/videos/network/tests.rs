//! A network that does not exist.

use super::*;
use std::collections::HashMap;
use std::sync::Mutex;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::TlsAcceptor;

/// Names, hosts, and what was done with them.
#[derive(Default)]
pub(crate) struct Told {
    names: HashMap<String, Vec<String>>,
    hosts: HashMap<SocketAddr, Host>,
    resolved: Mutex<Vec<String>>,
    connected: Mutex<Vec<SocketAddr>>,
    requests: Arc<Mutex<Vec<String>>>,
}

/// What answers at an address.
#[derive(Clone)]
pub(crate) struct Host {
    /// Said to every request; then it closes.
    pub(crate) says: String,
    /// Said again and again after that, for ever.
    pub(crate) goes_on: Option<String>,
    /// The other end of the connection, where it is not the address itself.
    pub(crate) peer: Option<SocketAddr>,
    /// Speaks TLS.
    pub(crate) tls: Option<Arc<rustls::ServerConfig>>,
    /// Takes the connection and never says a word.
    pub(crate) silent: bool,
}

impl Host {
    pub(crate) fn says(text: &str) -> Self {
        Self { says: text.to_owned(), goes_on: None, peer: None, tls: None, silent: false }
    }
}

impl Told {
    pub(crate) fn name(mut self, name: &str, addresses: &[&str]) -> Self {
        self.names.insert(name.to_owned(), addresses.iter().map(ToString::to_string).collect());
        self
    }

    pub(crate) fn host(mut self, address: &str, host: Host) -> Self {
        self.hosts.insert(address.parse().unwrap(), host);
        self
    }

    pub(crate) fn resolved(&self) -> Vec<String> {
        self.resolved.lock().unwrap().clone()
    }

    pub(crate) fn connected(&self) -> Vec<SocketAddr> {
        self.connected.lock().unwrap().clone()
    }

    /// The heads of the requests that were made.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

impl Network for Told {
    fn resolve<'a>(&'a self, host: &'a str, port: u16) -> Asking<'a, io::Result<Vec<SocketAddr>>> {
        Box::pin(async move {
            self.resolved.lock().unwrap().push(host.to_owned());
            let found = self.names.get(host).ok_or(io::ErrorKind::NotFound)?;
            Ok(found.iter().map(|address| SocketAddr::new(address.parse().unwrap(), port)).collect())
        })
    }

    fn connect(&self, to: SocketAddr) -> Asking<'_, io::Result<Connection>> {
        Box::pin(async move {
            let host = self.hosts.get(&to).cloned().ok_or(io::ErrorKind::ConnectionRefused)?;
            self.connected.lock().unwrap().push(to);
            let (ours, theirs) = tokio::io::duplex(64 * 1024);
            let peer = host.peer.unwrap_or(to);
            let requests = self.requests.clone();
            tokio::spawn(async move {
                match host.tls.clone() {
                    Some(config) => {
                        // Who does not trust it hangs up.
                        if let Ok(stream) = TlsAcceptor::from(config).accept(theirs).await {
                            host.serve(stream, requests).await;
                        }
                    }
                    None => host.serve(theirs, requests).await,
                }
            });
            Ok(Connection { stream: Box::new(ours), peer })
        })
    }
}

impl Host {
    async fn serve(self, mut stream: impl AsyncRead + AsyncWrite + Unpin, requests: Arc<Mutex<Vec<String>>>) {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            match stream.read_u8().await {
                Ok(byte) => head.push(byte),
                Err(_) => return,
            }
        }
        requests.lock().unwrap().push(String::from_utf8(head).unwrap());
        if self.silent {
            return std::future::pending().await;
        }
        // Who asks may have gone away by now.
        let _ = stream.write_all(self.says.as_bytes()).await;
        while let Some(more) = &self.goes_on {
            if stream.write_all(more.as_bytes()).await.is_err() {
                return;
            }
        }
        let _ = stream.shutdown().await;
    }
}

#[tokio::test]
async fn the_operating_system_resolves_and_connects() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let internet = Internet::default();
    let found = internet.resolve("localhost", address.port()).await.unwrap();
    assert!(found.iter().all(|found| found.ip().is_loopback()) && found.contains(&address), "{found:?}");
    assert_eq!(internet.connect(address).await.unwrap().peer, address);
    assert!(internet.resolve("no-such-name.invalid", 80).await.is_err());
}
