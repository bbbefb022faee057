//! What one without an account is called in a lobby: whatever was sent, made into a name that can be shown.
//!
//! An account's display name is refused when it is wrong ([`DisplayName::parse`]); the circle dialect has no way to
//! refuse a name, so here it is mended instead.

use crate::{DisplayName, text};

/// The name of one who gave none (contracts/circle.md, `join_group`).
pub const ANONYMOUS: &str = "Anonymous";

/// How many characters are looked at: a packet holds up to a million of them, ten names' worth is enough to find one.
const LOOKED_AT: usize = 10 * DisplayName::MOST;

/// A name of 1 to 40 characters out of anything: characters that [`text`] refuses in a line are left out, line breaks
/// and tabs become spaces, the rest is trimmed and cut; [`ANONYMOUS`] when nothing to see remains.
#[must_use]
pub fn lobby_name(sent: Option<&str>) -> DisplayName {
    let shown: String = sent
        .unwrap_or_default()
        .trim_start()
        .chars()
        .take(LOOKED_AT)
        .map(|character| if matches!(character, '\n' | '\r' | '\t') { ' ' } else { character })
        .filter(|character| may_stand_in_a_line(*character))
        .collect();
    let cut: String = shown.trim_start().chars().take(DisplayName::MOST).collect();
    DisplayName::parse(&cut).unwrap_or_else(|_| DisplayName::from_stored(ANONYMOUS))
}

/// By the one rule for lines, which is stated in [`text`]: asked with a letter on either side.
fn may_stand_in_a_line(character: char) -> bool {
    let mut line = [b'a'; 6];
    let end = 1 + character.encode_utf8(&mut line[1..5]).len();
    line[end] = b'a';
    str::from_utf8(&line[..=end]).is_ok_and(|line| text::check_line("name", line, 1, 3).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(sent: &str, expected: &str) {
        assert_eq!(lobby_name(Some(sent)).as_str(), expected, "{sent:?}");
    }

    #[test]
    fn a_name_is_trimmed_and_cut_and_never_empty() {
        assert_eq!(lobby_name(None).as_str(), "Anonymous");
        check("", "Anonymous");
        check(" \n\t ", "Anonymous");
        check("\u{200B}\u{3164}", "Anonymous");
        check("\u{FE0F}", "Anonymous");
        check("  Ada  ", "Ada");
        check(&"字".repeat(41), &"字".repeat(40));
        check(&format!("{} b", "a".repeat(39)), &"a".repeat(39));
        check(&" ".repeat(100_000), "Anonymous");
        check(&format!("{}Ada", "\0".repeat(300)), "Ada");
    }

    #[test]
    fn what_may_not_be_shown_is_left_out() {
        check("Ada\u{202E}\0 L.\u{7}", "Ada L.");
        check("Ada\nL.", "Ada L.");
        check("👩\u{200D}💻", "👩\u{200D}💻");
        check("<b>", "<b>");
    }

    proptest! {
        #[test]
        fn anything_makes_a_name(sent in any::<String>()) {
            let name = lobby_name(Some(&sent));
            prop_assert_eq!(DisplayName::parse(name.as_str()), Ok(name.clone()));
            if let Ok(fine) = DisplayName::parse(&sent) {
                prop_assert_eq!(name, fine);
            }
        }
    }
}
