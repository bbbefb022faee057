//! The only place where a refusal becomes a status and a body: `application/problem+json`.
//!
//! Operations refuse with enums of their own; all of them answer [`Refusal`], and nobody here looks at a variant.
//! A cause is logged here, once, and never sent.

use std::error::Error;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use parlor_core::Refusal;
use parlor_wire::problem::{Code, Problem};

/// What a handler fails with.
#[derive(Debug)]
pub struct Failed(pub Problem);

/// What a handler answers with.
pub type Answer = Result<Response, Failed>;

impl Failed {
    /// A problem that arises in this crate: before an operation is called, or because there is none.
    pub fn new(code: Code, detail: &str) -> Self {
        Self(Problem::new(code, detail))
    }

    /// The one answer for what does not exist and for what the caller may not know of.
    pub fn not_found() -> Self {
        Self::new(Code::NotFound, NOT_FOUND)
    }
}

const NOT_FOUND: &str = "there is no such thing, or it is not for you";

impl<Refused: Refusal + 'static> From<Refused> for Failed {
    fn from(refused: Refused) -> Self {
        let mut problem = Problem::from_refusal(&refused);
        if problem.code == Code::NotFound {
            // Which part was not found would tell a stranger what exists.
            NOT_FOUND.clone_into(&mut problem.detail);
        }
        if refused.is_fault() {
            log(&refused);
        }
        Self(problem)
    }
}

/// The whole chain of causes; none of ours holds a secret or a text.
fn log(error: &(dyn Error + 'static)) {
    let mut chain = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        chain.push_str(": ");
        chain.push_str(&cause.to_string());
        source = cause.source();
    }
    tracing::error!(error = %chain, "a request failed on our side");
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let Self(problem) = self;
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&problem).expect("a problem is JSON");
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = problem.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if problem.code == Code::Unauthorized {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if matches!(problem.code, Code::TooLarge | Code::Timeout) {
            // The rest of the body would be read to its end for nothing.
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use parlor_core::Code as OperationCode;
    use std::time::Duration;

    #[derive(Debug, thiserror::Error)]
    #[error("a sentence for people")]
    struct Refused {
        code: OperationCode,
        #[source]
        cause: std::io::Error,
    }

    impl Refusal for Refused {
        fn code(&self) -> OperationCode {
            self.code
        }

        fn retry_after(&self) -> Option<Duration> {
            (self.code == OperationCode::Unavailable).then_some(Duration::from_millis(1_500))
        }
    }

    fn refused(code: OperationCode) -> Refused {
        Refused { code, cause: std::io::Error::other("the disk of /srv/secret is full") }
    }

    #[test]
    fn a_wait_is_in_the_body_and_in_the_header() {
        let failed = Failed::from(refused(OperationCode::Unavailable));
        assert_eq!((failed.0.retry_after, failed.0.detail.as_str()), (Some(2), "a sentence for people"));
        let response = failed.into_response();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers()[header::RETRY_AFTER], "2");
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
    }

    #[test]
    fn what_is_not_found_is_told_in_one_way() {
        assert_eq!(Failed::from(refused(OperationCode::NotFound)).0, Failed::not_found().0);
    }

    #[test]
    fn a_cause_is_never_sent() {
        for code in [OperationCode::Internal, OperationCode::Unavailable, OperationCode::Conflict] {
            let body = serde_json::to_string(&Failed::from(refused(code)).0).unwrap();
            assert!(!body.contains("secret"), "{body}");
        }
    }
}
