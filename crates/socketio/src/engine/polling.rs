//! Long-polling: a GET that waits for packets, a POST that brings some.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use ::http::{Request, header};
use http_body_util::{BodyExt, Limited};
use tokio::sync::oneshot;

use super::Engine;
use super::http::Refusal;
use super::packet::{EngineVersion, Packet, Payload, decode_payload};
use super::reader::{Violation, receive};
use super::session::{CloseReason, Session};
use crate::delivery::{Goodbye, Op, Polled, gathered};
use crate::metrics::add;

/// Waits for packets and takes all there are.
pub(crate) async fn poll(session: Arc<Session>) -> Result<Payload, Refusal> {
    let (answer, answered) = oneshot::channel();
    session.shard.push(Op::Poll { session: session.clone(), answer });
    // If the client goes away, hyper drops this future and with it the guard.
    let mut guard = CancelGuard(Some(session));
    let polled = answered.await;
    guard.0 = None;
    match polled {
        Ok(Polled::Payload(payload)) => Ok(payload),
        Ok(Polled::Refused) | Err(_) => Err(Refusal::BadRequest),
    }
}

struct CancelGuard(Option<Arc<Session>>);

impl Drop for CancelGuard {
    fn drop(&mut self) {
        if let Some(session) = self.0.take() {
            let shard = session.shard.clone();
            shard.push(Op::PollCancelled(session));
        }
    }
}

/// Takes the packets in the body.
pub(crate) async fn post<B>(
    engine: &Engine,
    session: &Arc<Session>,
    request: Request<B>,
) -> Result<(), Refusal>
where
    B: http_body::Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    if session.is_on_websocket() {
        return Err(Refusal::BadRequest);
    }
    if session.posting.swap(true, Ordering::Acquire) {
        // Two bodies at once have no order.
        session.close(CloseReason::ParseError, Goodbye::Close(1002));
        add(&engine.metrics.protocol_errors, 1);
        return Err(Refusal::BadRequest);
    }
    let _posting = PostGuard(session);
    session.shard.relief().await;
    let silent_for = engine.shards.clock.now().saturating_sub(session.heard.load(Ordering::Relaxed));
    if u128::from(silent_for) >= (engine.config.ping_interval + engine.config.ping_timeout).as_millis() {
        session.close(CloseReason::PingTimeout, Goodbye::None);
        return Err(Refusal::SessionUnknown);
    }
    let content_type = request.headers().get(header::CONTENT_TYPE);
    let binary = content_type.is_some_and(|value| value.as_bytes().starts_with(b"application/octet-stream"));
    if binary && session.version == EngineVersion::V4 {
        add(&engine.metrics.protocol_errors, 1);
        session.close(CloseReason::ParseError, Goodbye::Close(1002));
        return Err(Refusal::BadRequest);
    }
    let body = Limited::new(request.into_body(), engine.config.max_payload);
    let body = match tokio::time::timeout(engine.config.receive_timeout, body.collect()).await {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => {
            add(&engine.metrics.protocol_errors, 1);
            session.close(CloseReason::ParseError, Goodbye::Close(1009));
            return Err(Refusal::PayloadTooLarge);
        }
        Ok(Err(_)) => {
            session.close(CloseReason::TransportError, Goodbye::None);
            return Err(Refusal::BadRequest);
        }
        Err(_) => {
            add(&engine.metrics.deadlines_missed, 1);
            session.close(CloseReason::Deadline, Goodbye::Close(1002));
            return Err(Refusal::Deadline);
        }
    };
    add(&engine.metrics.bytes_in, body.len() as u64);
    let Some(peer) = session.peer() else { return Err(Refusal::SessionUnknown) };
    let result = gathered(|| {
        decode_payload(session.version, &body, binary, |packet| match packet {
            Packet::Close => Err(Violation::Closed),
            packet => receive(engine, session, &*peer, packet),
        })
    });
    match result {
        Ok(()) => Ok(()),
        Err(Violation::Closed) => {
            session.close(CloseReason::TransportClose, Goodbye::Noop);
            Ok(())
        }
        Err(violation) => {
            violation.close(engine, session);
            Err(Refusal::BadRequest)
        }
    }
}

struct PostGuard<'a>(&'a Session);

impl Drop for PostGuard<'_> {
    fn drop(&mut self) {
        self.0.posting.store(false, Ordering::Release);
    }
}
