//! What stands after `?`: how much of a list and from where, or what is looked for. Anything else there is ignored.

use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use parlor_app::PageLimit;
use parlor_core::ids::ID_LIMIT;
use parlor_wire::number::Position;
use parlor_wire::problem::Problem;

use super::problem::Failed;

/// The parameters of a request.
pub struct Query(Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failed> {
        Ok(Self::read(parts.uri.query().unwrap_or_default()))
    }
}

impl Query {
    fn read(query: &str) -> Self {
        Self(form_urlencoded::parse(query.as_bytes()).into_owned().collect())
    }

    fn find(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A text; empty where it is missing.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.find(name).unwrap_or_default()
    }

    /// `limit`: how many, cut to a page.
    ///
    /// # Errors
    /// `invalid`, when it is not a number of at least one.
    pub fn limit(&self) -> Result<PageLimit, Failed> {
        let Some(text) = self.find("limit") else { return Ok(PageLimit::default()) };
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        // Only the largest numbers are too long to read, and those are cut like any other.
        let number = if is_number { text.parse().unwrap_or(i64::MAX) } else { 0 };
        if number < 1 {
            return Err(Failed(Problem::invalid("limit", "must be a whole number of at least 1")));
        }
        Ok(PageLimit::new(number))
    }

    /// `cursor`, or another name for the key where a list goes on. A number too large for a key is the largest one.
    ///
    /// # Errors
    /// `invalid`, when it is none that we could have given.
    pub fn key<Key: FromStr>(&self, name: &str) -> Result<Option<Key>, Failed> {
        let Some(text) = self.find(name) else { return Ok(None) };
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let is_too_large = is_number && text.parse::<i64>().map_or(true, |number| number >= ID_LIMIT);
        let largest = (ID_LIMIT - 1).to_string();
        let text = if is_too_large { largest.as_str() } else { text };
        let key =
            text.parse().map_err(|_| Failed(Problem::invalid(name, "is not one that this server gave")))?;
        Ok(Some(key))
    }

    /// `after`: the last position that the caller knows.
    ///
    /// # Errors
    /// `invalid`, when it is not `<epoch>:<seq>`.
    pub fn after(&self) -> Result<Option<parlor_core::Position>, Failed> {
        let Some(text) = self.find("after") else { return Ok(None) };
        let position: Position =
            text.parse().map_err(|_| Failed(Problem::invalid("after", "must be <epoch>:<seq>")))?;
        Ok(Some(position.to_core()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use parlor_core::GroupId;

    #[test]
    fn limits_are_cut_or_refused() {
        let limit = |query: &str| Query::read(query).limit().map(PageLimit::get).ok();
        assert_eq!(limit(""), Some(50));
        assert_eq!(limit("limit=7"), Some(7));
        assert_eq!(limit("limit=201"), Some(200));
        assert_eq!(limit("limit=1000000000"), Some(200));
        assert_eq!(limit("limit=99999999999999999999999"), Some(200));
        for bad in ["limit=", "limit=0", "limit=-1", "limit=+5", "limit=a", "limit=1e3", "limit=%00"] {
            assert_eq!(limit(bad), None, "{bad}");
        }
    }

    #[test]
    fn positions_are_decoded_and_large_ones_are_past_every_head() {
        let after =
            |query: &str| Query::read(query).after().map(|found| found.map(|position| position.to_string()));
        assert_eq!(after("").unwrap(), None);
        assert_eq!(after("after=1:42").unwrap().as_deref(), Some("1:42"));
        assert_eq!(after("after=1%3A42").unwrap().as_deref(), Some("1:42"));
        assert_eq!(
            after("after=0:99999999999999999999").unwrap().as_deref(),
            Some("9007199254740991:9007199254740991")
        );
        for bad in ["after=", "after=1", "after=1:-1", "after=a:b", "after=1:1:1"] {
            assert!(after(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_foreign_cursor_is_named() {
        let key = |query: &str| Query::read(query).key::<GroupId>("cursor");
        assert!(key("").unwrap().is_none());
        assert_eq!(key("cursor=7").unwrap().map(GroupId::get), Some(7));
        for large in ["9007199254740991", "9007199254740992", "99999999999999999999999"] {
            let found = key(&format!("cursor={large}")).unwrap();
            assert_eq!(found.map(GroupId::get), Some(ID_LIMIT - 1), "{large}");
        }
        for bad in ["cursor=", "cursor=-1", "cursor=0", "cursor=1e30"] {
            assert!(key(bad).is_err(), "{bad}");
        }
        let problem = key("cursor=eyJhIjoxfQ").unwrap_err().0;
        assert_eq!((problem.field.as_deref(), problem.status), (Some("cursor"), 422));
        assert!(!problem.detail.contains("eyJ"));
    }
}
