//! Who a message speaks to by `@username`. Finds names; whether they are members is asked elsewhere.

use crate::names::{fold_case, is_username_character};
use crate::{MessageText, Username};

/// Most different names that one message can mention; later ones are plain text.
pub const MOST_MENTIONS: usize = 50;

/// The keys ([`Username::key`]) of the names mentioned in `text`, each once, in order of first appearance.
///
/// A mention begins with `@` at the start or after a character that cannot stand in a name (so not in a mail address),
/// and ends before trailing `.`, `-` or `_`, which belong to the sentence.
#[must_use]
pub fn mentioned_keys(text: &MessageText) -> Vec<String> {
    let text = text.as_str();
    let mut keys: Vec<String> = Vec::new();
    for (at, _) in text.match_indices('@') {
        if keys.len() == MOST_MENTIONS {
            break;
        }
        if text[..at].chars().next_back().is_some_and(is_username_character) {
            continue;
        }
        let rest = &text[at + 1..];
        let end = rest.find(|character| !is_username_character(character)).unwrap_or(rest.len());
        let name = rest[..end].trim_end_matches(['.', '-', '_']);
        if Username::parse(name).is_err() {
            continue;
        }
        let key = fold_case(name);
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<String> {
        mentioned_keys(&MessageText::parse(text).unwrap())
    }

    #[test]
    fn names_are_found_once_and_without_the_sentence() {
        assert_eq!(keys("@Ada, and @bob.smith. Also @ADA!"), ["ada", "bob.smith"]);
        assert_eq!(keys("(@李小龍)"), ["李小龍"]);
    }

    #[test]
    fn addresses_and_stray_signs_are_no_mentions() {
        assert!(keys("mail ada@example.org @ @a @@ @!").is_empty());
    }

    #[test]
    fn there_is_a_limit() {
        let many: String = (0..200).map(|n| format!("@user{n} ")).collect();
        assert_eq!(keys(&many).len(), MOST_MENTIONS);
    }
}
