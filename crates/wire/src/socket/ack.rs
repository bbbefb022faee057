//! How a call is acknowledged: `{ok: true, …}` or `{ok: false, error: {code, message}}`.

use serde::{Deserialize, Serialize};

use crate::problem::{Code, Problem};

/// What a call is acknowledged with.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS), ts(export_to = "socket.ts"))]
pub enum Ack<T> {
    /// It is done.
    Ok(AckOk<T>),
    /// It is not.
    Refused(AckRefused),
}

impl<T> Ack<T> {
    /// `{ok: true, …}`.
    pub fn ok(answer: T) -> Self {
        Self::Ok(AckOk { ok: True, answer })
    }

    /// `{ok: false, error}`.
    pub fn refused(problem: Problem) -> Self {
        Self::Refused(AckRefused { ok: False, error: problem.into() })
    }
}

/// `{ok: true, …}`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS), ts(export_to = "socket.ts"))]
pub struct AckOk<T> {
    /// Always true.
    pub ok: True,
    /// What was asked for.
    #[serde(flatten)]
    pub answer: T,
}

/// `{ok: false, error}`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "socket.ts"))]
pub struct AckRefused {
    /// Always false.
    pub ok: False,
    /// Why.
    pub error: AckError,
}

/// The same codes as over REST.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "describe", derive(ts_rs::TS, schemars::JsonSchema), ts(export_to = "socket.ts"))]
pub struct AckError {
    /// For programs.
    pub code: Code,
    /// For people.
    pub message: String,
    /// With `invalid`: which field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "describe", ts(optional))]
    pub field: Option<String>,
    /// With `rate_limited` and `unavailable`: seconds to wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "describe", ts(optional))]
    pub retry_after: Option<u64>,
}

impl From<Problem> for AckError {
    fn from(problem: Problem) -> Self {
        Self {
            code: problem.code,
            message: problem.detail,
            field: problem.field,
            retry_after: problem.retry_after,
        }
    }
}

/// The JSON literal `true`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct True;

/// The JSON literal `false`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct False;

macro_rules! literal {
    ($name:ident, $value:literal) => {
        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_bool($value)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                match bool::deserialize(deserializer)? {
                    $value => Ok(Self),
                    _ => Err(serde::de::Error::custom(concat!("expected ", stringify!($value)))),
                }
            }
        }

        #[cfg(feature = "describe")]
        impl ts_rs::TS for $name {
            type WithoutGenerics = Self;
            type OptionInnerType = Self;

            fn name(_: &ts_rs::Config) -> String {
                stringify!($value).to_owned()
            }

            fn inline(_: &ts_rs::Config) -> String {
                stringify!($value).to_owned()
            }
        }

        #[cfg(feature = "describe")]
        impl schemars::JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "const": $value })
            }
        }
    };
}

literal!(True, true);
literal!(False, false);
