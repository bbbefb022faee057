//! The reading side of a websocket: one task per connection that holds no buffer while nothing comes.

use std::cell::RefCell;
use std::future::poll_fn;
use std::io;
use std::sync::Arc;
use std::task::{Poll, ready};
use std::time::Instant;

use super::Engine;
use super::packet::{EngineVersion, Malformed, Packet, decode_binary, decode_text};
use super::session::{CloseReason, Peer, ProtocolError, Session};
use crate::delivery::encoded::Encoded;
use crate::delivery::{Goodbye, gathered};
use crate::metrics::add;
use crate::stream::ReadHalf;
use crate::websocket::assembler::{Assembler, Incoming};
use crate::websocket::frame::FrameError;

/// Why reading ends.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Violation {
    /// The client said goodbye.
    Closed,
    /// The bytes are no websocket frames; the code says how.
    Frame(FrameError),
    /// The frames carry no Engine.IO packets, or the peer refused what they say.
    Protocol(ProtocolError),
}

impl From<FrameError> for Violation {
    fn from(error: FrameError) -> Self {
        Violation::Frame(error)
    }
}

impl From<Malformed> for Violation {
    fn from(_: Malformed) -> Self {
        Violation::Protocol(ProtocolError("malformed Engine.IO packet"))
    }
}

impl From<ProtocolError> for Violation {
    fn from(error: ProtocolError) -> Self {
        Violation::Protocol(error)
    }
}

impl Violation {
    /// Closes the session for it.
    pub(crate) fn close(&self, engine: &Engine, session: &Arc<Session>) {
        let (reason, code, text) = match self {
            Violation::Closed => return session.close(CloseReason::TransportClose, Goodbye::Close(1000)),
            Violation::Frame(error) => (CloseReason::ParseError, *error as u16, "bad websocket frame"),
            Violation::Protocol(error) => (CloseReason::ParseError, 1002, error.0),
        };
        tracing::debug!(error = text, "client broke the protocol");
        add(&engine.metrics.protocol_errors, 1);
        session.close(reason, Goodbye::Close(code));
    }
}

/// Bytes that one read takes at most. Shared by all readers of a thread.
const READ_BUFFER: usize = 64 * 1024;

thread_local! {
    static BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; READ_BUFFER]);
}

/// Bytes from one websocket, cut into frames.
pub(crate) struct Frames {
    pub(crate) half: ReadHalf,
    pub(crate) assembler: Assembler,
    /// What hyper had read beyond the upgrade request.
    pub(crate) early: Box<[u8]>,
}

/// How a read went.
pub(crate) enum Read {
    More,
    End,
}

impl Frames {
    /// Waits for bytes and hands on what they complete.
    pub(crate) async fn read<E: From<FrameError>>(
        &mut self,
        max_message: usize,
        count: impl Fn(usize),
        mut sink: impl FnMut(Incoming<'_>) -> Result<(), E>,
    ) -> io::Result<Result<Read, E>> {
        if !self.early.is_empty() {
            let mut early = std::mem::take(&mut self.early);
            return Ok(self.assembler.feed(&mut early, max_message, sink).map(|()| Read::More));
        }
        poll_fn(|context| {
            BUFFER.with_borrow_mut(|buffer| {
                let length = ready!(self.half.poll_read(context, buffer))?;
                if length == 0 {
                    return Poll::Ready(Ok(Ok(Read::End)));
                }
                count(length);
                let fed = gathered(|| self.assembler.feed(&mut buffer[..length], max_message, &mut sink));
                Poll::Ready(Ok(fed.map(|()| Read::More)))
            })
        })
        .await
    }
}

/// Reads a websocket to its end and gives its packets to the peer.
pub(crate) async fn read_websocket(engine: Arc<Engine>, session: Arc<Session>, mut frames: Frames) {
    let Some(peer) = session.peer() else { return };
    let max_payload = engine.config.max_payload;
    let mut message_began: Option<Instant> = None;
    loop {
        session.shard.relief().await;
        message_began = frames.assembler.is_waiting().then(|| message_began.unwrap_or_else(Instant::now));
        let began = [message_began, peer.waiting_since()].into_iter().flatten().min();
        let mut completed = false;
        let read = frames.read(
            max_payload,
            |length| add(&engine.metrics.bytes_in, length as u64),
            |incoming| match incoming {
                Incoming::Text(text) => {
                    completed = true;
                    receive(&engine, &session, &*peer, decode_text(text)?)
                }
                Incoming::Binary(data) => {
                    completed = true;
                    receive(&engine, &session, &*peer, decode_binary(session.version, data)?)
                }
                Incoming::Ping(data) => {
                    session.send(Encoded::pong(data), false);
                    Ok(())
                }
                Incoming::Pong => Ok(()),
                Incoming::Close => Err(Violation::Closed),
            },
        );
        let result = match began {
            // The timer is made only while something is awaited: most connections never have one.
            Some(began) => {
                let deadline = tokio::time::Instant::from_std(began + engine.config.receive_timeout);
                match Box::pin(tokio::time::timeout_at(deadline, read)).await {
                    Ok(result) => result,
                    Err(_) => {
                        add(&engine.metrics.deadlines_missed, 1);
                        session.close(CloseReason::Deadline, Goodbye::Close(1002));
                        break;
                    }
                }
            }
            None => read.await,
        };
        if completed {
            // What is in the buffer now, if anything, is the start of another message.
            message_began = None;
        }
        match result {
            Ok(Ok(Read::More)) => {}
            Ok(Ok(Read::End)) => return session.close(CloseReason::TransportClose, Goodbye::None),
            Ok(Err(violation)) => {
                violation.close(&engine, &session);
                break;
            }
            Err(_) => return session.close(CloseReason::TransportError, Goodbye::None),
        }
    }
    drop(peer);
    discard(&engine, &session, frames).await;
}

/// After the goodbye: reads on until the other side ends too, so that no reset overtakes it.
async fn discard(engine: &Engine, session: &Arc<Session>, mut frames: Frames) {
    let until_end = poll_fn(|context| {
        BUFFER.with_borrow_mut(|buffer| {
            loop {
                match ready!(frames.half.poll_read(context, buffer)) {
                    Ok(0) | Err(_) => return Poll::Ready(()),
                    Ok(_) => {}
                }
            }
        })
    });
    let _ = tokio::time::timeout(engine.config.close_timeout, until_end).await;
    session.close(CloseReason::TransportClose, Goodbye::None);
}

/// One packet of a client, from whatever transport.
pub(crate) fn receive(
    engine: &Engine,
    session: &Arc<Session>,
    peer: &dyn Peer,
    packet: Packet<'_>,
) -> Result<(), Violation> {
    add(&engine.metrics.packets_in, 1);
    if peer.waiting_since().is_some_and(|since| since.elapsed() > engine.config.receive_timeout) {
        return Err(ProtocolError("attachments did not come").into());
    }
    match (packet, session.version) {
        (Packet::Text(text), _) => Ok(peer.text(text)?),
        (Packet::Binary(data), _) => Ok(peer.binary(data)?),
        (Packet::Close, _) => Err(Violation::Closed),
        (Packet::Ping(payload), EngineVersion::V3) => {
            session.hear(engine.shards.clock.now());
            session.send(Encoded::packet(&format!("3{payload}")), false);
            Ok(())
        }
        (Packet::Pong, EngineVersion::V4) => {
            session.hear(engine.shards.clock.now());
            Ok(())
        }
        (Packet::Noop, _) => Ok(()),
        (Packet::Ping(_), EngineVersion::V4) | (Packet::Pong, EngineVersion::V3) => {
            Err(ProtocolError("heartbeat in the wrong direction").into())
        }
        (Packet::Upgrade, _) => Err(ProtocolError("upgrade out of turn").into()),
    }
}
