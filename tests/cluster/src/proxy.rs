//! A TCP road on the loopback interface that can be cut: what is sent on a cut road is held, as by a network that
//! drops everything, and goes on when the road is whole again.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Which way nothing gets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// From who connects to where the road leads.
    Forth,
    /// The other way.
    Back,
    /// Both.
    Both,
}

/// A road.
#[derive(Debug)]
pub struct Proxy {
    /// Where it begins.
    pub address: SocketAddr,
    state: watch::Sender<State>,
    running: JoinHandle<()>,
}

#[derive(Debug, Clone, Copy, Default)]
struct State {
    cut: Option<Cut>,
    /// Connections that began before this count has grown are broken.
    breaks: u64,
}

impl Proxy {
    /// A road that leads there, also while nobody listens.
    ///
    /// # Errors
    /// There is no free port.
    pub async fn to(target: SocketAddr) -> Result<Self, String> {
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(|error| error.to_string())?;
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        let (state, watched) = watch::channel(State::default());
        let running = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(carry(stream, target, watched.clone()));
            }
        });
        Ok(Self { address, state, running })
    }

    /// Holds what is sent in this direction.
    pub fn cut(&self, cut: Cut) {
        self.state.send_modify(|state| state.cut = Some(cut));
    }

    /// Lets everything through again.
    pub fn mend(&self) {
        self.state.send_modify(|state| state.cut = None);
    }

    /// Breaks the connections that there are.
    pub fn break_connections(&self) {
        self.state.send_modify(|state| state.breaks += 1);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.running.abort();
    }
}

async fn carry(stream: TcpStream, target: SocketAddr, state: watch::Receiver<State>) {
    // Nobody listens: who came is turned away.
    let Ok(onward) = TcpStream::connect(target).await else { return };
    let _ = stream.set_nodelay(true);
    let _ = onward.set_nodelay(true);
    let breaks = state.borrow().breaks;
    let (read, write) = stream.into_split();
    let (read_back, write_on) = onward.into_split();
    let mut watched = state.clone();
    tokio::select! {
        () = copy(read, write_on, Cut::Forth, state.clone()) => {}
        () = copy(read_back, write, Cut::Back, state) => {}
        _ = watched.wait_for(|state| state.breaks > breaks) => {}
    }
}

/// Until either side closes, or the road itself is gone.
async fn copy(
    mut read: OwnedReadHalf,
    mut write: OwnedWriteHalf,
    direction: Cut,
    mut state: watch::Receiver<State>,
) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(length @ 1..) = read.read(&mut buffer).await {
        let is_open = |state: &State| state.cut.is_none_or(|cut| cut != direction && cut != Cut::Both);
        if state.wait_for(is_open).await.is_err() || write.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
}
