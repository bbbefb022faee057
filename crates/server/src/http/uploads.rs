//! Files: announced, sent in parts, looked at, deleted. How they are read is in `content`.
//!
//! Parts come as the protocol tus 1.0 has it (core, creation, termination, expiration): a browser finds with one `HEAD`
//! where to go on after a reload, libraries for it are many, and all of it is the few headers in `tus`.

pub mod content;
mod range;
pub mod tus;

use std::sync::Arc;

use axum::body::Body as Stream;
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, Method};
use bytes::Bytes;
use http_body_util::BodyExt as _;
use parlor_app::uploads::{CutOff, Ended, Incoming, NewUpload};
use parlor_core::{FileName, Upload};
use parlor_wire::problem::Code;
use parlor_wire::upload as wire;

use super::body::{Body, created, no_content, ok};
use super::path::{InGroup, OfUpload};
use super::problem::{Answer, Failed};
use super::query::Query;
use super::session::SignedIn;
use crate::deps::Deps;

/// `GET /groups/{id}/uploads`
pub async fn list(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    InGroup(group): InGroup,
    query: Query,
) -> Answer {
    let found = deps.app.list_uploads(&caller, group, query.key("cursor")?, query.limit()?).await?;
    Ok(ok(&wire::Uploads {
        uploads: found.page.items.iter().map(wire::Upload::from).collect(),
        next: found.page.next.map(|key| key.to_string()),
        used_bytes: found.counted_bytes,
        quota_bytes: found.settings.group_quota_bytes,
        max_bytes: found.settings.max_bytes,
    }))
}

/// `POST /groups/{id}/uploads`
pub async fn announce(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    InGroup(group): InGroup,
    Announced(new): Announced,
) -> Answer {
    let upload = deps.app.announce_upload(&caller, group, new).await?;
    let mut response = created(&answer(&upload));
    tus::place(response.headers_mut(), &upload);
    tus::progress(response.headers_mut(), &upload);
    Ok(response)
}

/// `GET /groups/{id}/uploads/{upload_id}`; with `HEAD` its sender goes on.
pub async fn show(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    OfUpload(group, upload): OfUpload,
    method: Method,
) -> Answer {
    let upload = match method {
        Method::HEAD => deps.app.resume_upload(&caller, group, upload).await?,
        _ => deps.app.upload(&caller, group, upload).await?,
    };
    let mut response = ok(&answer(&upload));
    tus::progress(response.headers_mut(), &upload);
    Ok(response)
}

/// `PATCH /groups/{id}/uploads/{upload_id}`
pub async fn append(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    OfUpload(group, upload): OfUpload,
    headers: HeaderMap,
    request: Request,
) -> Answer {
    let offset = match tus::part(&headers) {
        Ok(offset) => offset,
        Err(failed) => {
            // To a stranger it makes no difference how they ask.
            deps.app.upload(&caller, group, upload).await?;
            return Err(failed);
        }
    };
    let body = request.into_body();
    let announced = http_body::Body::size_hint(&body).exact();
    let appended = deps.app.append_upload(&caller, group, upload, offset, announced, Frames(body)).await?;
    match appended.ended {
        Ended::Whole => {
            let mut response = no_content();
            tus::progress(response.headers_mut(), &appended.upload);
            Ok(response)
        }
        Ended::Cut => Err(Failed::new(Code::Malformed, "the body ended early")),
        Ended::Slow => Err(Failed::new(Code::Timeout, "the body came too slowly; what came is kept")),
        Ended::Replaced => Err(Failed::new(Code::Conflict, "another part of this file began")),
    }
}

/// `DELETE /groups/{id}/uploads/{upload_id}`
pub async fn delete(
    State(deps): State<Arc<Deps>>,
    SignedIn(caller): SignedIn,
    OfUpload(group, upload): OfUpload,
) -> Answer {
    deps.app.delete_upload(&caller, group, upload).await?;
    Ok(no_content())
}

fn answer(upload: &Upload) -> wire::UploadAnswer {
    wire::UploadAnswer { upload: upload.into() }
}

/// A file as it is announced: in JSON, or in the headers of tus.
pub struct Announced(NewUpload);

impl<S: Send + Sync> FromRequest<S> for Announced {
    type Rejection = Failed;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failed> {
        if tus::is_creation(request.headers()) {
            return tus::announced(request.headers()).map(Self);
        }
        let Body(new) = Body::<wire::NewUpload>::from_request(request, state).await?;
        let name = FileName::clean(&new.name);
        Ok(Self(NewUpload { name, kind: new.kind.map(Into::into), size: new.size }))
    }
}

/// The body of a request, part by part.
struct Frames(Stream);

impl Incoming for Frames {
    async fn next(&mut self) -> Option<Result<Bytes, CutOff>> {
        loop {
            match self.0.frame().await? {
                Ok(frame) => {
                    // What follows a body says nothing to us.
                    if let Ok(bytes) = frame.into_data() {
                        return Some(Ok(bytes));
                    }
                }
                Err(_) => return Some(Err(CutOff)),
            }
        }
    }
}
