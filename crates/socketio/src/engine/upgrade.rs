//! Websockets: the HTTP upgrade, a connection that begins on one, and the probe by which one takes
//! over from long-polling.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use ::http::{HeaderMap, HeaderValue, Request, Response, StatusCode, Version, header};
use bytes::Bytes;
use http_body_util::Full;
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::Engine;
use super::handshake::Handshake;
use super::http::{Refusal, admit, begin};
use super::packet::{EngineVersion, Packet, decode_text};
use super::reader::{Frames, Read, Violation, read_websocket};
use super::session::Session;
use crate::delivery::Op;
use crate::listener::WriteDeadline;
use crate::metrics::add;
use crate::stream::{ReadHalf, WriteHalf, split};
use crate::websocket::accept_key;
use crate::websocket::assembler::{Assembler, Incoming};
use crate::websocket::frame::close_frame;

/// Version 3 clients of the time listen for messages only once their websocket has told them that it
/// is open. If the first packet came in the same read as the handshake's answer they would miss it.
const PAUSE_BEFORE_OPEN: Duration = Duration::from_millis(2);

/// Opens a connection that is on websocket from the start.
pub(crate) fn open<B>(
    engine: &Arc<Engine>,
    mut request: Request<B>,
    version: EngineVersion,
) -> Result<Response<Full<Bytes>>, Refusal> {
    let (response, upgrade) = accept(&mut request)?;
    let handshake = Handshake::new(&request.into_parts().0);
    let permit = admit(engine, &handshake)?;
    let engine = engine.clone();
    tokio::spawn(async move {
        let Some((half, write, early)) = take_over(upgrade, engine.config.upgrade_timeout).await else {
            return;
        };
        if version == EngineVersion::V3 {
            tokio::time::sleep(PAUSE_BEFORE_OPEN).await;
        }
        let session = Session::new(&engine, version, true, handshake, permit);
        session.carry_on_websocket();
        begin(&engine, &session, Some(write));
        // A task of its own, so that nothing of the upgrade stays with the connection.
        tokio::spawn(read_websocket(
            engine,
            session,
            Frames { half, assembler: Assembler::default(), early },
        ));
    });
    Ok(response)
}

/// A websocket that wants to take over from polling.
pub(crate) fn probe<B>(
    engine: &Arc<Engine>,
    mut request: Request<B>,
    session: Arc<Session>,
) -> Result<Response<Full<Bytes>>, Refusal> {
    let (response, upgrade) = accept(&mut request)?;
    let engine = engine.clone();
    let is_first = !session.upgrading.swap(true, Ordering::AcqRel);
    tokio::spawn(async move {
        let deadline = engine.config.upgrade_timeout;
        let Some((half, write, early)) = take_over(upgrade, deadline).await else {
            if is_first {
                session.stay_on_polling();
            }
            return;
        };
        if !is_first {
            // Clients expect the websocket to open and close, as the reference server does it.
            let _ = write.try_write(&close_frame(1002));
            write.shutdown_write();
            return;
        }
        let mut frames = Frames { half, assembler: Assembler::default(), early };
        match tokio::time::timeout(deadline, converse(&engine, &session, &mut frames, &write)).await {
            Ok(Some(())) => {
                tokio::spawn(read_websocket(engine, session, frames));
            }
            result => {
                if result.is_err() {
                    add(&engine.metrics.deadlines_missed, 1);
                }
                // In this order: whoever sees the websocket end may try another one.
                session.stay_on_polling();
                write.shutdown();
            }
        }
    });
    Ok(response)
}

/// Waits for `2probe`, lets the flusher answer it, and waits for `5`. Messages that follow the `5` in
/// the same read belong to the connection already.
async fn converse(
    engine: &Arc<Engine>,
    session: &Arc<Session>,
    frames: &mut Frames,
    write: &WriteHalf,
) -> Option<()> {
    let peer = session.peer()?;
    let (mut probed, mut upgraded) = (false, false);
    while !upgraded {
        let read = frames.read(
            engine.config.max_payload,
            |_| {},
            |incoming| match incoming {
                Incoming::Text(text) if upgraded => {
                    super::reader::receive(engine, session, &*peer, decode_text(text)?)
                }
                Incoming::Binary(data) if upgraded => {
                    let packet = super::packet::decode_binary(session.version, data)?;
                    super::reader::receive(engine, session, &*peer, packet)
                }
                Incoming::Text(text) => match decode_text(text)? {
                    Packet::Ping("probe") if !probed => {
                        probed = true;
                        session.shard.push(Op::Probe { session: session.clone(), stream: write.clone() });
                        Ok(())
                    }
                    Packet::Upgrade if probed => {
                        upgraded = true;
                        session.carry_on_websocket();
                        session.shard.push(Op::Upgrade(session.clone()));
                        Ok(())
                    }
                    _ => Err(Violation::Closed),
                },
                Incoming::Ping(_) | Incoming::Pong => Ok(()),
                Incoming::Binary(_) | Incoming::Close => Err(Violation::Closed),
            },
        );
        match read.await {
            Ok(Ok(Read::More)) => {}
            Ok(Err(violation)) if upgraded => {
                violation.close(engine, session);
                return Some(());
            }
            _ => return None,
        }
    }
    Some(())
}

/// The answer to a websocket handshake, and what becomes the stream once the answer is sent.
fn accept<B>(request: &mut Request<B>) -> Result<(Response<Full<Bytes>>, OnUpgrade), Refusal> {
    let headers = request.headers();
    let is_websocket = request.version() == Version::HTTP_11
        && has_token(headers, header::CONNECTION, "upgrade")
        && has_token(headers, header::UPGRADE, "websocket")
        && headers.get(header::SEC_WEBSOCKET_VERSION).is_some_and(|version| version == "13");
    let key = headers.get(header::SEC_WEBSOCKET_KEY).and_then(|key| accept_key(key.as_bytes()));
    let (true, Some(key)) = (is_websocket, key) else { return Err(Refusal::BadRequest) };
    let upgrade = hyper::upgrade::on(request);
    let mut response = Response::new(Full::default());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers
        .insert(header::SEC_WEBSOCKET_ACCEPT, HeaderValue::from_str(&key).expect("base64 is a header value"));
    Ok((response, upgrade))
}

fn has_token(headers: &HeaderMap, name: header::HeaderName, token: &str) -> bool {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|part| part.trim().eq_ignore_ascii_case(token))
}

/// Waits for hyper to let go of the stream and takes it apart.
async fn take_over(upgrade: OnUpgrade, deadline: Duration) -> Option<(ReadHalf, WriteHalf, Box<[u8]>)> {
    let upgraded = tokio::time::timeout(deadline, upgrade).await.ok()?.ok()?;
    match take_apart(upgraded) {
        Ok(stream) => Some(stream),
        Err(_) => {
            tracing::error!("a websocket needs a stream of this crate's listener or of tokio's TcpListener");
            None
        }
    }
}

fn take_apart(upgraded: Upgraded) -> Result<(ReadHalf, WriteHalf, Box<[u8]>), Upgraded> {
    #[cfg(feature = "tls")]
    let upgraded =
        match upgraded.downcast::<TokioIo<WriteDeadline<tokio_rustls::server::TlsStream<TcpStream>>>>() {
            Ok(parts) => {
                let (tcp, session) = parts.io.into_inner().into_inner().into_inner();
                let (read, write) = crate::stream::split_tls(tcp, session);
                return Ok((read, write, detached(&parts.read_buf)));
            }
            Err(upgraded) => upgraded,
        };
    let (tcp, read_buf) = match upgraded.downcast::<TokioIo<WriteDeadline<TcpStream>>>() {
        Ok(parts) => (parts.io.into_inner().into_inner(), parts.read_buf),
        Err(upgraded) => {
            let parts = upgraded.downcast::<TokioIo<TcpStream>>()?;
            (parts.io.into_inner(), parts.read_buf)
        }
    };
    let (read, write) = split(tcp);
    Ok((read, write, detached(&read_buf)))
}

/// A copy, almost always empty: even an empty piece of hyper's buffer would keep its 8 KiB alive.
fn detached(read_buf: &[u8]) -> Box<[u8]> {
    read_buf.into()
}
