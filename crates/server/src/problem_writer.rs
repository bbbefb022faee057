//! Who writes problems: a service that speaks OpenAI's chat completions, where whoever runs this server says. Nothing
//! of players is told to it, and nothing that it says is believed: `parlor_problems::generate` tries everything.
//!
//! Five fields go out and one comes back, over the same client as every other request of this server; a library for
//! the whole of such services would bring an HTTP client and a TLS of its own.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, StatusCode, Uri, header};
use parlor_app::duel::problems::{Making, ProblemSource};
use parlor_judge::client::Judge;
use parlor_problems::generate::{Line, Speaker, Writer, WriterError, generate};
use parlor_problems::{Problem, Rank};
use serde::{Deserialize, Serialize};
use tokio::time::timeout;

use crate::config::AiSettings;
use crate::videos::client::{Client, Reach};
use crate::videos::network::Internet;

/// For one answer; a slow model on a small machine needs minutes.
const LONGEST: Duration = Duration::from_secs(180);
/// Four times what the longest answer may have that is looked at.
const MOST_BYTES: usize = 1024 * 1024;

/// The service.
pub struct ProblemWriter {
    client: Client,
    endpoint: Uri,
    authorization: Option<HeaderValue>,
    model: String,
}

#[derive(Serialize)]
struct Request<'a> {
    model: &'a str,
    messages: Vec<Message<'a>>,
    response_format: ResponseFormat,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: &'a str,
}

#[derive(Serialize)]
struct ResponseFormat {
    r#type: &'static str,
}

#[derive(Deserialize)]
struct Completion {
    choices: Vec<Choice>,
}

#[derive(Deserialize)]
struct Choice {
    message: Said,
}

#[derive(Deserialize)]
struct Said {
    content: Option<String>,
}

impl ProblemWriter {
    /// The service of these settings.
    #[must_use]
    pub fn new(settings: &AiSettings) -> Self {
        let base = settings.base_url.as_str().trim_end_matches('/');
        let endpoint = format!("{base}/chat/completions").parse().expect("the settings were checked");
        let authorization = settings.key.as_ref().map(|key| {
            let mut value = HeaderValue::from_str(&format!("Bearer {}", key.reveal()))
                .expect("the settings were checked");
            value.set_sensitive(true);
            value
        });
        let client = Client::new(Arc::new(Internet::default()));
        Self { client, endpoint, authorization, model: settings.model.clone() }
    }

    async fn ask(&self, talk: &[Line]) -> Result<String, WriterError> {
        let messages = talk.iter().map(|line| Message { role: role(line.by), content: &line.text });
        let request = Request {
            model: &self.model,
            messages: messages.collect(),
            response_format: ResponseFormat { r#type: "json_object" },
        };
        let body = serde_json::to_vec(&request).map_err(failed)?;
        let mut headers: Vec<(HeaderName, HeaderValue)> =
            vec![(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
        headers.extend(self.authorization.clone().map(|value| (header::AUTHORIZATION, value)));
        let answer =
            self.client.post(&self.endpoint, Reach::Anywhere, &headers, body.into()).await.map_err(failed)?;
        if answer.status != StatusCode::OK {
            return Err(WriterError(format!("it answers with {}", answer.status)));
        }
        let body = answer.body(MOST_BYTES).await.map_err(failed)?;
        let completion: Completion = serde_json::from_slice(&body)
            .map_err(|_| WriterError("it answers in another form".to_owned()))?;
        let said = completion.choices.into_iter().next().and_then(|choice| choice.message.content);
        said.ok_or_else(|| WriterError("it says nothing".to_owned()))
    }
}

impl Writer for ProblemWriter {
    fn name(&self) -> &str {
        &self.model
    }

    async fn write(&self, talk: &[Line]) -> Result<String, WriterError> {
        timeout(LONGEST, self.ask(talk)).await.map_err(failed)?
    }
}

impl ProblemSource for ProblemWriter {
    fn make<'a>(&'a self, judge: &'a Judge, rank: Rank, known: &'a [Problem]) -> Making<'a> {
        Box::pin(generate(judge, self, rank, known))
    }
}

fn role(by: Speaker) -> &'static str {
    match by {
        Speaker::Instructions => "system",
        Speaker::Us => "user",
        Speaker::Writer => "assistant",
    }
}

fn failed(error: impl std::fmt::Display) -> WriterError {
    WriterError(error.to_string())
}
