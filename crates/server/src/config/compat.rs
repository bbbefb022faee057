//! The settings of the dialects, below `compat`.

use std::time::Duration;

use parlor_core::Lifetime;
use parlor_dialects::cors::{AllowedOrigin, Origins};
use parlor_dialects::{NAMES, Settings, chatbackend, circle, codemaze, noomnim, social};

use super::ConfigError;
use super::sources::Values;

const ORIGINS: &str = "* or origins like https://example.org, with commas between";
const NAMED_ORIGINS: &str = "origins like https://example.org, with commas between, and not *";
const SECONDS: &str = "a number of seconds, at least 1 and at most ten years";

pub(super) fn checked(values: &Values) -> Result<Settings, ConfigError> {
    let mounted = mounted(values)?;
    let circle = circle::Settings {
        group_ttl: lifetime(values, "compat.circle.group_ttl_s")?,
        connection_ttl: seconds(values, "compat.circle.connection_ttl_s")?,
        list: values.switch("compat.circle.list")?,
    };
    let social = social::Settings { cors_origins: named_origins(values, "compat.social.cors_origins")? };
    let noomnim = noomnim::Settings { guest_ttl: seconds(values, "compat.noomnim.guest_ttl_s")? };
    let is_mounted = |dialect: &str| mounted.iter().any(|name| name == dialect);
    Ok(Settings {
        root: values.switch("compat.root")?,
        cors_origins: Origins::from(values.list::<AllowedOrigin>("compat.cors_origins", ORIGINS)?),
        circle: is_mounted(circle::NAME).then_some(circle),
        social: is_mounted(social::NAME).then_some(social),
        noomnim: is_mounted(noomnim::NAME).then_some(noomnim),
        chatbackend: is_mounted(chatbackend::NAME),
        codemaze: is_mounted(codemaze::NAME),
    })
}

fn mounted(values: &Values) -> Result<Vec<String>, ConfigError> {
    let known = format!("names of {}, with commas between", NAMES.join(", "));
    let named: Vec<String> = values.list("compat.dialects", &known)?;
    if named.iter().all(|name| NAMES.contains(&name.as_str())) {
        Ok(named)
    } else {
        Err(values.wrong("compat.dialects", &known))
    }
}

/// Origins of pages that may send a cookie: each by its name.
fn named_origins(values: &Values, name: &str) -> Result<Origins, ConfigError> {
    let origins = Origins::from(values.list::<AllowedOrigin>(name, NAMED_ORIGINS)?);
    if origins.allow_any() { Err(values.wrong(name, NAMED_ORIGINS)) } else { Ok(origins) }
}

fn seconds(values: &Values, name: &str) -> Result<Duration, ConfigError> {
    lifetime(values, name)?;
    Ok(Duration::from_secs(values.parse(name, SECONDS)?))
}

fn lifetime(values: &Values, name: &str) -> Result<Lifetime, ConfigError> {
    Lifetime::from_secs(values.parse(name, SECONDS)?).map_err(|_| values.wrong(name, SECONDS))
}
