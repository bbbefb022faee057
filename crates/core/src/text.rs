//! What characters text may hold. One rule for lines (names), one for bodies (messages), stated here and nowhere else.
//!
//! - A **body** is stored exactly as it came. Refused: control characters other than line feed, carriage return and
//!   tab (so also NUL), and the two bidirectional *overrides* U+202D and U+202E, which make text read other than it is.
//!   Marks, embeddings and isolates stay: right-to-left writers need them.
//! - A **line** is trimmed, then stored exactly. Refused: every control character, line and paragraph separators, every
//!   bidirectional formatting character, and characters that show nothing (zero-width space, fillers, tags …) other
//!   than the joiners and variation selectors that Persian, Indic scripts and emoji are written with.
//! - Neither may consist of white space and invisible characters only.
//!
//! Length is counted in characters (Unicode scalar values), never in bytes.

use crate::Invalid;

/// Checks a body: 1 to `most` characters, visible, by the rule above.
///
/// # Errors
/// The rule that is broken, with `field`.
pub fn check_body(field: &'static str, text: &str, most: usize) -> Result<(), Invalid> {
    if longer_than(text, most) {
        return Err(Invalid { field, rule: "is too long" });
    }
    if text.chars().all(is_blank) {
        return Err(Invalid { field, rule: "must not be empty" });
    }
    if text.chars().any(is_refused_in_body) {
        return Err(Invalid { field, rule: "holds a control or bidirectional override character" });
    }
    Ok(())
}

/// Trims a line and checks it: `least` to `most` characters by the rule above; with `least` 0 it may be empty.
///
/// # Errors
/// The rule that is broken, with `field`.
pub fn check_line<'a>(
    field: &'static str,
    text: &'a str,
    least: usize,
    most: usize,
) -> Result<&'a str, Invalid> {
    let line = text.trim();
    if longer_than(line, most) {
        return Err(Invalid { field, rule: "is too long" });
    }
    if line.chars().any(is_refused_in_line) {
        return Err(Invalid { field, rule: "holds a control, bidirectional or invisible character" });
    }
    if least > 0 && line.chars().all(is_blank) {
        return Err(Invalid { field, rule: "must not be empty" });
    }
    if line.chars().count() < least {
        return Err(Invalid { field, rule: "is too short" });
    }
    Ok(line)
}

/// Whether the rule for lines lets a character stand.
#[must_use]
pub fn may_stand_in_line(character: char) -> bool {
    !is_refused_in_line(character)
}

/// What a line from elsewhere comes to when everything that [`check_line`] refuses is left out, white space of any kind
/// is one blank, and what is beyond `most` characters is cut off with an ellipsis. It may be empty.
#[must_use]
pub fn clean_line(text: &str, most: usize) -> String {
    let mut line = String::new();
    let (mut length, mut blank) = (0, false);
    for character in text.trim_start().chars() {
        if character.is_whitespace() {
            blank = true;
        } else if !is_refused_in_line(character) {
            let wanted = 1 + usize::from(blank && length > 0);
            if length + wanted > most {
                return cut(line, most);
            }
            line.extend((wanted > 1).then_some(' '));
            line.push(character);
            (length, blank) = (length + wanted, false);
        }
    }
    line
}

/// With an ellipsis as its last character, of which there are at most `most`.
fn cut(mut line: String, most: usize) -> String {
    if let Some((end, _)) = line.char_indices().nth(most.saturating_sub(1)) {
        line.truncate(end);
    }
    line.truncate(line.trim_end().len());
    line.push('…');
    line
}

/// Whether `text` has more than `most` characters, without reading on once that is known.
#[must_use]
pub fn longer_than(text: &str, most: usize) -> bool {
    text.len() > most && text.chars().nth(most).is_some()
}

fn is_refused_in_body(character: char) -> bool {
    let layout = matches!(character, '\n' | '\r' | '\t');
    (character.is_control() && !layout) || matches!(character, '\u{202D}' | '\u{202E}')
}

fn is_refused_in_line(character: char) -> bool {
    let joins =
        matches!(character, '\u{200C}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0020}'..='\u{E007F}');
    character.is_control()
        || matches!(character, '\u{2028}' | '\u{2029}')
        || is_bidi_format(character)
        || (is_invisible(character) && !joins)
}

fn is_bidi_format(character: char) -> bool {
    matches!(character,
        '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Shows nothing by itself: white space, controls, and the characters below.
fn is_blank(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || is_bidi_format(character)
        || is_invisible(character)
}

/// Unicode's default-ignorable code points, and the two blanks that are letters or symbols by category.
fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{00AD}' | '\u{034F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200D}' | '\u{2060}'..='\u{2065}' | '\u{206A}'..='\u{206F}' | '\u{2800}' | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}' | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_body_keeps_lines_and_right_to_left_marks() {
        for fine in
            ["a\nb\tc\r\n", "שלום \u{200F}!", "a\u{2066}b\u{2069}", "👩\u{200D}💻", "e\u{301}\u{301}\u{301}"]
        {
            assert_eq!(check_body("text", fine, 8_000), Ok(()), "{fine:?}");
        }
    }

    #[test]
    fn a_body_without_anything_to_see_is_empty() {
        for blank in ["", " \n\t ", "\u{200B}", "\u{3164}", "\u{2800}\u{FEFF}", "\u{3000}"] {
            assert_eq!(check_body("text", blank, 8_000).unwrap_err().rule, "must not be empty", "{blank:?}");
        }
    }

    #[test]
    fn a_body_refuses_nul_controls_and_overrides() {
        for wrong in ["a\0b", "a\u{7}b", "a\u{85}b", "a\u{202E}b", "a\u{202D}b", "\u{1b}[31mred"] {
            assert!(check_body("text", wrong, 8_000).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert_eq!(check_body("text", &"👍".repeat(8_000), 8_000), Ok(()));
        assert_eq!(check_body("text", &"👍".repeat(8_001), 8_000).unwrap_err().rule, "is too long");
    }

    #[test]
    fn a_line_is_trimmed_and_has_no_tricks() {
        assert_eq!(check_line("name", "  Ada \n", 1, 40), Ok("Ada"));
        assert_eq!(check_line("name", "  ", 0, 40), Ok(""));
        for wrong in
            ["", " ", "a\nb", "a\u{200E}b", "\u{202E}evil", "a\u{200B}b", "\u{3164}", "a\0", "\u{FE0F}"]
        {
            assert!(check_line("name", wrong, 1, 40).is_err(), "{wrong:?}");
        }
        assert_eq!(
            check_line("name", "👩\u{200D}💻 می\u{200C}خواهم", 1, 40),
            Ok("👩\u{200D}💻 می\u{200C}خواهم")
        );
    }

    #[test]
    fn a_line_from_elsewhere_is_cleaned_and_cut() {
        for (text, cleaned) in [
            ("A & B", "A & B"),
            ("  a \t\r\n b\u{2028}c\u{3000} ", "a b c"),
            ("a\u{202E}b\u{200B}c\0d\u{1b}[31m", "abcd[31m"),
            ("👩\u{200D}💻", "👩\u{200D}💻"),
            ("1234567890", "1234567890"),
            ("12345678901", "123456789…"),
            ("12345678 0 2", "12345678…"),
            ("1234567 90123", "1234567 9…"),
            ("12345678 90123", "12345678…"),
            ("1234567890 \u{200B}\n", "1234567890"),
            (" \u{200B}\0 ", ""),
        ] {
            assert_eq!(clean_line(text, 10), cleaned, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn a_cleaned_line_is_a_line(text in any::<String>(), most in 1_usize..50) {
            let cleaned = clean_line(&text, most);
            prop_assert!(cleaned.chars().count() <= most);
            prop_assert_eq!(check_line("name", &cleaned, 0, most), Ok(cleaned.as_str()));
            if let Ok(line) = check_line("name", &text, 0, most) {
                let blanks: Vec<_> = line.split_whitespace().collect();
                prop_assert_eq!(cleaned, blanks.join(" "));
            }
        }

        #[test]
        fn no_text_panics_and_what_passes_can_be_seen(text in any::<String>()) {
            if check_body("text", &text, 100).is_ok() {
                prop_assert!(text.chars().count() <= 100);
                prop_assert!(!text.contains('\0'));
            }
            if let Ok(line) = check_line("name", &text, 1, 40) {
                prop_assert_eq!(check_line("name", line, 1, 40), Ok(line));
                prop_assert!(!line.is_empty() && line.chars().count() <= 40);
            }
        }
    }
}
