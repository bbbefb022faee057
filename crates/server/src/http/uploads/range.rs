//! Which bytes of a file a request asks for (RFC 9110, 13 and 14). One range is served; several are not worth what they
//! cost, and are answered with the whole, as the standard allows.

use std::ops::Range;

use axum::http::{HeaderMap, Method, header};

/// What to answer with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wanted {
    /// 200.
    Whole,
    /// 206.
    Part(Range<u64>),
    /// 304: they have it.
    Nothing,
    /// 416: it does not reach that far.
    Unsatisfiable,
}

/// What a request wants of a file of `length` bytes, whose `ETag` is `tag`.
pub(super) fn wanted(method: &Method, headers: &HeaderMap, length: u64, tag: &str) -> Wanted {
    if headers.get_all(header::IF_NONE_MATCH).iter().any(|value| matches_any(value.as_bytes(), tag)) {
        return Wanted::Nothing;
    }
    // A date is never ours: only the tag says that nothing has changed.
    let is_same = headers.get(header::IF_RANGE).is_none_or(|value| value == tag);
    let mut lines = headers.get_all(header::RANGE).iter();
    let (Some(line), None) = (lines.next(), lines.next()) else { return Wanted::Whole };
    if *method != Method::GET || !is_same {
        return Wanted::Whole;
    }
    let Some((first, last)) = line.to_str().ok().and_then(one_range) else { return Wanted::Whole };
    match (first, last) {
        (None, None) => Wanted::Whole,
        // The last so many bytes.
        (None, Some(0)) => Wanted::Unsatisfiable,
        (None, Some(count)) => Wanted::Part(length.saturating_sub(count)..length),
        (Some(first), Some(last)) if last < first => Wanted::Whole,
        (Some(first), _) if first >= length => Wanted::Unsatisfiable,
        (Some(first), last) => {
            Wanted::Part(first..last.map_or(length, |last| length.min(last.saturating_add(1))))
        }
    }
}

/// `bytes=first-last`, each of which may be missing; a number too large to be read is the largest.
fn one_range(line: &str) -> Option<(Option<u64>, Option<u64>)> {
    let (unit, range) = line.split_once('=')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return None;
    }
    let (first, last) = range.trim().split_once('-')?;
    Some((number(first)?, number(last)?))
}

fn number(text: &str) -> Option<Option<u64>> {
    if text.is_empty() {
        return Some(None);
    }
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| Some(text.parse().unwrap_or(u64::MAX)))
}

fn matches_any(list: &[u8], tag: &str) -> bool {
    let mut tags = list.split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
    tags.any(|found| found == b"*" || found.strip_prefix(b"W/").unwrap_or(found) == tag.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAG: &str = "\"abc\"";

    fn of(lines: &[(header::HeaderName, &str)]) -> Wanted {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(name, value.parse().unwrap());
        }
        wanted(&Method::GET, &headers, 1_000, TAG)
    }

    fn range(value: &str) -> Wanted {
        of(&[(header::RANGE, value)])
    }

    #[test]
    fn one_range_is_served() {
        assert_eq!(range("bytes=0-0"), Wanted::Part(0..1));
        assert_eq!(range("bytes=0-"), Wanted::Part(0..1_000));
        assert_eq!(range("bytes=999-"), Wanted::Part(999..1_000));
        assert_eq!(range("bytes=10-1000000"), Wanted::Part(10..1_000));
        assert_eq!(range("bytes=10-99999999999999999999999"), Wanted::Part(10..1_000));
        assert_eq!(range("bytes=-1"), Wanted::Part(999..1_000));
        assert_eq!(range("bytes=-5000"), Wanted::Part(0..1_000));
        assert_eq!(range("BYTES = 1-2"), Wanted::Part(1..3));
    }

    #[test]
    fn beyond_the_end_there_is_nothing() {
        for value in ["bytes=1000-", "bytes=1000-1001", "bytes=18446744073709551615-", "bytes=-0"] {
            assert_eq!(range(value), Wanted::Unsatisfiable, "{value}");
        }
        assert_eq!(range("bytes=99999999999999999999999-"), Wanted::Unsatisfiable);
    }

    #[test]
    fn what_is_no_range_is_the_whole() {
        for value in [
            "",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=5-4",
            "bytes=a-b",
            "bytes=1-2,5-6",
            "bytes=0-,0-,0-,0-",
            "bytes=+1-2",
            "bytes=1--2",
            "bytes=0x1-2",
            "bytes=1 - 2",
            "items=0-1",
            "seconds=1-",
        ] {
            assert_eq!(range(value), Wanted::Whole, "{value}");
        }
        assert_eq!(of(&[(header::RANGE, "bytes=0-1"), (header::RANGE, "bytes=2-3")]), Wanted::Whole);
        let headers = [(header::RANGE, "bytes=0-1".parse().unwrap())].into_iter().collect();
        assert_eq!(wanted(&Method::HEAD, &headers, 1_000, TAG), Wanted::Whole);
    }

    #[test]
    fn a_range_of_another_file_is_the_whole_of_this() {
        let with = |tag| of(&[(header::RANGE, "bytes=0-1"), (header::IF_RANGE, tag)]);
        assert_eq!(with(TAG), Wanted::Part(0..2));
        for other in ["\"abd\"", "W/\"abc\"", "Sun, 06 Nov 1994 08:49:37 GMT", ""] {
            assert_eq!(with(other), Wanted::Whole, "{other}");
        }
    }

    #[test]
    fn who_has_it_does_not_get_it_again() {
        for tag in [TAG, "W/\"abc\"", "*", "\"x\", \"abc\"", "\"x\",W/\"abc\" "] {
            assert_eq!(of(&[(header::IF_NONE_MATCH, tag), (header::RANGE, "bytes=0-1")]), Wanted::Nothing);
        }
        assert_eq!(of(&[(header::IF_NONE_MATCH, "\"x\"")]), Wanted::Whole);
    }
}
