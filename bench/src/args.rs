//! Command-line flags of the benches: `--name value` and `--name`, nothing more.

use std::fmt::Display;
use std::str::FromStr;

/// The words after the program's name.
#[derive(Debug, Clone)]
pub struct Args {
    words: Vec<String>,
}

impl Args {
    /// The flags of this process.
    pub fn from_env() -> Self {
        Self { words: std::env::args().skip(1).collect() }
    }

    /// Flags given as words, for tests.
    pub fn from_words(words: &[&str]) -> Self {
        Self { words: words.iter().map(|w| (*w).to_owned()).collect() }
    }

    /// Whether the bare flag `--name` is there.
    pub fn has(&self, name: &str) -> bool {
        self.words.iter().any(|w| w.strip_prefix("--") == Some(name))
    }

    /// The word after `--name`.
    pub fn text(&self, name: &str) -> Option<&str> {
        let at = self.words.iter().position(|w| w.strip_prefix("--") == Some(name))?;
        self.words.get(at + 1).map(String::as_str)
    }

    /// The word after `--name` as a value, or `default` where the flag is not there.
    pub fn value<T>(&self, name: &str, default: T) -> Result<T, String>
    where
        T: FromStr,
        T::Err: Display,
    {
        match self.text(name) {
            None if self.has(name) => Err(format!("--{name} needs a value")),
            None => Ok(default),
            Some(word) => word.parse().map_err(|e| format!("--{name} {word}: {e}")),
        }
    }

    /// The words that come before the first flag.
    pub fn positional(&self) -> Vec<&str> {
        self.words.iter().map(String::as_str).take_while(|w| !w.starts_with("--")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_values_and_positional_words() {
        let args = Args::from_words(&["idle", "--conns", "5", "--spin", "--addr", "127.0.0.1:9"]);
        assert_eq!(args.positional(), ["idle"]);
        assert!(args.has("spin"));
        assert!(!args.has("idle"));
        assert_eq!(args.value("conns", 1).unwrap(), 5);
        assert_eq!(args.value("absent", 7).unwrap(), 7);
        assert!(args.value::<u32>("addr", 0).is_err());
    }
}
