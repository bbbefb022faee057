//! The settings of the service that writes problems, below `ai`.

use parlor_core::watch::WebAddress;

use super::sources::Values;
use super::{ConfigError, Secret};

/// A service that speaks OpenAI's chat completions.
#[derive(Debug, Clone)]
pub struct AiSettings {
    /// Where it is; what is asked for stands below.
    pub base_url: WebAddress,
    /// What it knows this server by; some need none.
    pub key: Option<Secret>,
    /// Who writes there.
    pub model: String,
}

/// It stands in the file of each problem, as its origin.
const MOST_MODEL: usize = 100;

/// None where no service is named.
pub(super) fn checked(values: &Values) -> Result<Option<AiSettings>, ConfigError> {
    if values.text("ai.base_url").is_empty() {
        return Ok(None);
    }
    let model = values.text("ai.model").trim().to_owned();
    if model.is_empty() || model.chars().count() > MOST_MODEL {
        return Err(values.wrong(
            "ai.model",
            "the name of a model, at most 100 characters, where ai.base_url names a service",
        ));
    }
    let key = values.secret("ai.key");
    if key.as_ref().is_some_and(|key| !key.reveal().bytes().all(|byte| byte.is_ascii_graphic())) {
        return Err(values.wrong("ai.key", "a key as services give them, without blanks"));
    }
    Ok(Some(AiSettings { base_url: super::videos::base(values, "ai.base_url")?, key, model }))
}
