//! The HTTP face: which request is a handshake, a poll, a POST or an upgrade, and what is wrong with it.

use std::sync::Arc;

use ::http::{HeaderValue, Method, Request, Response, StatusCode, header};
use bytes::Bytes;
use http_body_util::Full;

use super::handshake::{Handshake, parameter};
use super::packet::{EngineVersion, Payload};
use super::session::{Connection, Session, Sid};
use super::{Engine, polling, upgrade};
use crate::delivery::Op;
use crate::delivery::encoded::Encoded;
use crate::metrics::add;
use crate::stream::WriteHalf;

/// The errors of the protocol, with the codes and texts of the reference server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    TransportUnknown,
    SessionUnknown,
    BadMethod,
    BadRequest,
    /// JSONP polling is left out: no browser needs it any more.
    NoJsonp,
    UnsupportedVersion,
    PayloadTooLarge,
    Deadline,
    TooManyConnections,
    Stopping,
}

/// Answers one request.
pub(crate) async fn handle<B>(engine: &Arc<Engine>, request: Request<B>) -> Response<Full<Bytes>>
where
    B: http_body::Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    match route(engine, request).await {
        Ok(response) => response,
        Err(refusal) => refuse(refusal),
    }
}

async fn route<B>(engine: &Arc<Engine>, request: Request<B>) -> Result<Response<Full<Bytes>>, Refusal>
where
    B: http_body::Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let query = request.uri().query().unwrap_or_default();
    let websocket = match parameter(query, "transport") {
        Some("polling") if engine.config.polling => false,
        Some("websocket") if engine.config.websocket => true,
        _ => return Err(refused_handshake(engine, Refusal::TransportUnknown)),
    };
    let version = match parameter(query, "EIO") {
        Some("4") => EngineVersion::V4,
        Some("3") => EngineVersion::V3,
        _ => return Err(refused_handshake(engine, Refusal::UnsupportedVersion)),
    };
    if parameter(query, "j").is_some() {
        return Err(refused_handshake(engine, Refusal::NoJsonp));
    }
    let Some(sid) = parameter(query, "sid") else {
        if request.method() != Method::GET {
            return Err(refused_handshake(engine, Refusal::BadMethod));
        }
        let result = if websocket {
            upgrade::open(engine, request, version)
        } else {
            open_polling(engine, request, version).await
        };
        return result.map_err(|refusal| refused_handshake(engine, refusal));
    };
    let session = Sid::parse(sid).and_then(|sid| engine.find(sid)).ok_or(Refusal::SessionUnknown)?;
    if session.version != version {
        return Err(Refusal::BadRequest);
    }
    match (websocket, request.method()) {
        (true, &Method::GET) => upgrade::probe(engine, request, session),
        (false, &Method::GET) => polling::poll(session).await.map(payload),
        (false, &Method::POST) => polling::post(engine, &session, request).await.map(|()| ok()),
        _ => Err(Refusal::BadMethod),
    }
}

async fn open_polling<B>(
    engine: &Arc<Engine>,
    request: Request<B>,
    version: EngineVersion,
) -> Result<Response<Full<Bytes>>, Refusal> {
    let binary = parameter(request.uri().query().unwrap_or_default(), "b64").is_none();
    let (parts, _) = request.into_parts();
    let handshake = Handshake::new(&parts);
    let permit = admit(engine, &handshake)?;
    let session = Session::new(engine, version, binary, handshake, permit);
    engine.remember(&session);
    begin(engine, &session, None);
    polling::poll(session).await.map(payload)
}

/// A place for a connection that is about to open.
pub(crate) fn admit(engine: &Engine, handshake: &Handshake) -> Result<super::limits::Permit, Refusal> {
    if engine.is_stopping() {
        return Err(Refusal::Stopping);
    }
    let config = &engine.config;
    engine
        .counts
        .admit(handshake.address(), config.max_connections, config.max_connections_per_address)
        .ok_or(Refusal::TooManyConnections)
}

/// Puts a session into its shard, says `open` to the client and lets the application know.
pub(crate) fn begin(engine: &Arc<Engine>, session: &Arc<Session>, stream: Option<WriteHalf>) {
    add(&engine.metrics.connections, 1);
    let upgrades = if stream.is_none() && engine.config.websocket { r#"["websocket"]"# } else { "[]" };
    let open = format!(
        r#"0{{"sid":"{}","upgrades":{upgrades},"pingInterval":{},"pingTimeout":{},"maxPayload":{}}}"#,
        session.sid.as_str(),
        engine.config.ping_interval.as_millis(),
        engine.config.ping_timeout.as_millis(),
        engine.config.max_payload
    );
    session.shard.push(Op::Open { session: session.clone(), stream });
    session.send(Encoded::packet(&open), false);
    session.set_peer(engine.application.open(Connection(session.clone())));
}

fn refused_handshake(engine: &Engine, refusal: Refusal) -> Refusal {
    add(&engine.metrics.handshakes_refused, 1);
    refusal
}

fn payload(payload: Payload) -> Response<Full<Bytes>> {
    respond(StatusCode::OK, payload.content_type, payload.body.into())
}

fn ok() -> Response<Full<Bytes>> {
    respond(StatusCode::OK, "text/html", Bytes::from_static(b"ok"))
}

fn refuse(refusal: Refusal) -> Response<Full<Bytes>> {
    let (status, code, message) = match refusal {
        Refusal::TransportUnknown => (StatusCode::BAD_REQUEST, 0, "Transport unknown"),
        Refusal::SessionUnknown => (StatusCode::BAD_REQUEST, 1, "Session ID unknown"),
        Refusal::BadMethod => (StatusCode::BAD_REQUEST, 2, "Bad handshake method"),
        Refusal::BadRequest => (StatusCode::BAD_REQUEST, 3, "Bad request"),
        Refusal::NoJsonp => (StatusCode::BAD_REQUEST, 3, "JSONP polling is not supported"),
        Refusal::UnsupportedVersion => (StatusCode::BAD_REQUEST, 5, "Unsupported protocol version"),
        Refusal::PayloadTooLarge => (StatusCode::PAYLOAD_TOO_LARGE, 3, "Payload too large"),
        Refusal::Deadline => (StatusCode::REQUEST_TIMEOUT, 3, "The body took too long"),
        Refusal::TooManyConnections => (StatusCode::TOO_MANY_REQUESTS, 4, "Too many connections"),
        Refusal::Stopping => (StatusCode::SERVICE_UNAVAILABLE, 4, "The server is stopping"),
    };
    let body = format!(r#"{{"code":{code},"message":"{message}"}}"#);
    let mut response = respond(status, "application/json", body.into());
    if matches!(refusal, Refusal::PayloadTooLarge | Refusal::Deadline) {
        // The rest of the body is not read, so nothing else can follow on this stream.
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

fn respond(status: StatusCode, content_type: &'static str, body: Bytes) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
