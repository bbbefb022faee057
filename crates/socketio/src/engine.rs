//! The Engine.IO server: handshake, long-polling, websocket and the upgrade between them, for
//! versions 3 and 4. Knows nothing of Socket.IO; an [`Application`] decides what messages mean.

pub(crate) mod handshake;
mod http;
pub(crate) mod limits;
pub(crate) mod packet;
mod polling;
mod reader;
pub(crate) mod session;
mod upgrade;

use std::collections::HashMap;
use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use ::http::{Request, Response};
use bytes::Bytes;
use http_body_util::Full;

use crate::config::Config;
use crate::delivery::{Goodbye, Op, Shards, flusher};
use crate::metrics::{Metrics, MetricsSnapshot};
use limits::Counts;
use session::{CloseReason, Connection, Peer, Session, Sid};

/// What stands behind an Engine.IO server.
pub trait Application: Send + Sync + 'static {
    /// A connection was opened; what arrives on it goes to the peer that this returns.
    fn open(&self, connection: Connection) -> Arc<dyn Peer>;
}

/// What all connections of one server share.
pub(crate) struct Engine {
    pub(crate) config: Config,
    pub(crate) shards: Shards,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) counts: Arc<Counts>,
    application: Arc<dyn Application>,
    /// Sessions that began on polling, by their id.
    sessions: Mutex<HashMap<Sid, Arc<Session>>>,
    stopping: AtomicBool,
}

impl Engine {
    /// Starts the flushers, so a tokio runtime must be running.
    ///
    /// `connect_deadline` says that connections must join a namespace in time.
    pub(crate) fn start(
        config: Config,
        application: Arc<dyn Application>,
        connect_deadline: bool,
    ) -> Arc<Engine> {
        let engine = Arc::new(Engine {
            shards: Shards::new(config.shards),
            metrics: Arc::default(),
            counts: Arc::default(),
            application,
            sessions: Mutex::default(),
            stopping: AtomicBool::new(false),
            config,
        });
        for shard in engine.shards.all() {
            tokio::spawn(flusher::run(
                shard.clone(),
                engine.shards.clock,
                engine.config.clone(),
                engine.metrics.clone(),
                connect_deadline,
            ));
        }
        engine
    }

    pub(crate) fn find(&self, sid: Sid) -> Option<Arc<Session>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner).get(&sid).cloned()
    }

    pub(crate) fn remember(&self, session: &Arc<Session>) {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner).insert(session.sid, session.clone());
    }

    pub(crate) fn forget(&self, session: &Session) {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner).remove(&session.sid);
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    /// Refuses new connections from now on.
    pub(crate) fn refuse_new(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// Closes every connection after what is queued for it, and waits for that until the deadline;
    /// then closes what is left at once. True if nothing was left.
    pub(crate) async fn stop(&self, deadline: Duration) -> bool {
        self.refuse_new();
        let gone = tokio::time::timeout(deadline, async {
            // Handshakes that were under way when the refusal began may still open connections.
            while self.counts.open() > 0 {
                self.close_all(Goodbye::Close(1001));
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        });
        let all_gone = gone.await.is_ok();
        self.close_all(Goodbye::None);
        self.shards.barrier().await;
        all_gone
    }

    fn close_all(&self, goodbye: Goodbye) {
        for shard in self.shards.all() {
            shard.push(Op::CloseAll { reason: CloseReason::ServerStopping, goodbye });
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        for shard in self.shards.all() {
            shard.push(Op::CloseAll { reason: CloseReason::ServerStopping, goodbye: Goodbye::None });
            shard.push(Op::End);
        }
    }
}

/// An Engine.IO server without Socket.IO, to mount in a hyper or axum program.
///
/// Clones are handles to the same server.
#[derive(Clone)]
pub struct EngineServer(pub(crate) Arc<Engine>);

impl EngineServer {
    /// Starts a server. Must be called within a tokio runtime.
    pub fn new(config: Config, application: impl Application) -> EngineServer {
        EngineServer(Engine::start(config, Arc::new(application), false))
    }

    /// Answers one HTTP request. The path is not looked at.
    pub async fn handle<B>(&self, request: Request<B>) -> Response<Full<Bytes>>
    where
        B: http_body::Body + Send + 'static,
        B::Data: Send,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        http::handle(&self.0, request).await
    }

    /// What the counters read now.
    pub fn metrics(&self) -> MetricsSnapshot {
        self.0.metrics.snapshot()
    }

    /// Refuses new connections, closes the others after what is queued for them, and ends within the
    /// deadline. True if every connection was closed in time.
    pub async fn stop(&self, deadline: Duration) -> bool {
        self.0.stop(deadline).await
    }
}

impl<B> tower_service::Service<Request<B>> for EngineServer
where
    B: http_body::Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let server = self.clone();
        Box::pin(async move { Ok(server.handle(request).await) })
    }
}
