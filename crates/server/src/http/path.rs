//! What stands in a path: ids and positions. One that is no id, or out of range, is simply not there: 404.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use parlor_core::{AccountId, DuelId, Emoji, GroupId, ReportId, Seq, SessionId, UploadId};

use super::problem::Failed;

/// `/groups/{id}…`
pub struct InGroup(pub GroupId);

/// `/groups/{id}/members/{account_id}` and the like.
pub struct OfAccount(pub GroupId, pub AccountId);

/// `/groups/{id}/reports/{report_id}`
pub struct OfReport(pub GroupId, pub ReportId);

/// `/groups/{id}/uploads/{upload_id}…`
pub struct OfUpload(pub GroupId, pub UploadId);

/// `/duels/{duel_id}…`
pub struct OfDuel(pub DuelId);

/// `/problems/{problem_id}…`
pub struct OfProblem(pub String);

/// `/accounts/{account_id}…`
pub struct OfPlayer(pub AccountId);

/// `/me/blocks/{account_id}`
pub struct OfBlocked(pub AccountId);

/// `/groups/{id}/messages/{seq}…`
pub struct AtMessage(pub GroupId, pub Seq);

/// `/groups/{id}/messages/{seq}/reactions/{emoji}`
pub struct WithEmoji(pub GroupId, pub Seq, pub Emoji);

/// `/sessions/{session_id}`
pub struct OfSession(pub SessionId);

impl<S: Send + Sync> FromRequestParts<S> for InGroup {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failed> {
        let path = params(parts, state).await?;
        Ok(Self(parse(&path, "id")?))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for OfAccount {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failed> {
        let path = params(parts, state).await?;
        Ok(Self(parse(&path, "id")?, parse(&path, "account_id")?))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for OfReport {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failed> {
        let path = params(parts, state).await?;
        Ok(Self(parse(&path, "id")?, parse(&path, "report_id")?))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for OfUpload {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failed> {
        let path = params(parts, state).await?;
        Ok(Self(parse(&path, "id")?, parse(&path, "upload_id")?))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for OfDuel {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failed> {
        let path = params(parts, state).await?;
        Ok(Self(parse(&path, "duel_id")?))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for OfPlayer {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failed> {
        let path = params(parts, state).await?;
        Ok(Self(parse(&path, "account_id")?))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for OfBlocked {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failed> {
        let path = params(parts, state).await?;
        Ok(Self(parse(&path, "account_id")?))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for OfProblem {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failed> {
        let path = params(parts, state).await?;
        Ok(Self(parse(&path, "problem_id")?))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for AtMessage {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failed> {
        let path = params(parts, state).await?;
        Ok(Self(parse(&path, "id")?, parse(&path, "seq")?))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for WithEmoji {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failed> {
        let path = params(parts, state).await?;
        let emoji = Emoji::parse(find(&path, "emoji").unwrap_or_default())?;
        Ok(Self(parse(&path, "id")?, parse(&path, "seq")?, emoji))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for OfSession {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failed> {
        let path = params(parts, state).await?;
        Ok(Self(parse(&path, "session_id")?))
    }
}

/// Percent-decoded; what is not UTF-8 then names nothing.
async fn params<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<RawPathParams, Failed> {
    RawPathParams::from_request_parts(parts, state).await.map_err(|_| Failed::not_found())
}

fn parse<T: std::str::FromStr>(path: &RawPathParams, name: &str) -> Result<T, Failed> {
    find(path, name).and_then(|text| text.parse().ok()).ok_or_else(Failed::not_found)
}

fn find<'a>(path: &'a RawPathParams, name: &str) -> Option<&'a str> {
    path.iter().find(|(key, _)| *key == name).map(|(_, value)| value)
}
