//! Collects the settings as text: defaults, file, environment, flags, each over the one before.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::str::FromStr;

use super::nearest::nearest;
use super::settings::{SETTINGS, Setting};
use super::{Command, ConfigError, Secret, SecretUrl};

/// Each setting's text, and where it came from.
pub(super) struct Values {
    values: BTreeMap<&'static str, (String, String)>,
    pub warnings: Vec<String>,
}

pub(super) fn collect(
    arguments: impl Iterator<Item = String>,
    environment: impl Iterator<Item = (String, String)>,
) -> Result<(Command, Values), ConfigError> {
    let (command, flags, config_file) = read_arguments(arguments)?;
    let mut values = Values { values: BTreeMap::new(), warnings: Vec::new() };
    values.read_file(config_file)?;
    values.read_environment(environment);
    for (setting, value) in flags {
        values.set(setting, value, setting.flag());
    }
    Ok((command, values))
}

type Flags = Vec<(&'static Setting, String)>;

fn read_arguments(
    arguments: impl Iterator<Item = String>,
) -> Result<(Command, Flags, Option<PathBuf>), ConfigError> {
    let (mut command, mut flags, mut config_file) = (None, Vec::new(), None);
    let mut arguments = arguments.peekable();
    while let Some(argument) = arguments.next() {
        if let Some(found) = command_named(&argument) {
            command = Some(found);
            match &mut command {
                Some(Command::Backup(to)) => {
                    *to = arguments
                        .next()
                        .ok_or_else(|| ConfigError("backup needs a file to write to".to_owned()))?
                        .into();
                }
                Some(Command::CopyDatabase { from, to }) => {
                    (*from, *to) = copy_arguments(&mut arguments)?;
                }
                Some(Command::CheckProblems(folder)) => {
                    if arguments.next().as_deref() != Some("check") {
                        return Err(ConfigError("problems needs what to do: problems check".to_owned()));
                    }
                    if let Some(named) = arguments.next_if(|next| !next.starts_with('-')) {
                        *folder = named.into();
                    }
                }
                _ => {}
            }
            continue;
        }
        let (flag, inline) = match argument.split_once('=') {
            Some((flag, value)) => (flag.to_owned(), Some(value.to_owned())),
            None => (argument, None),
        };
        let setting = SETTINGS.iter().find(|setting| setting.flag() == flag);
        if setting.is_none() && flag != "--config" {
            return Err(unknown_argument(&flag));
        }
        let value = inline
            .or_else(|| arguments.next())
            .ok_or_else(|| ConfigError(format!("{flag} needs a value")))?;
        match setting {
            Some(setting) => flags.push((setting, value)),
            None => config_file = Some(PathBuf::from(value)),
        }
    }
    Ok((command.unwrap_or(Command::Serve), flags, config_file))
}

/// `copy --from URL --to URL`, the two in any order.
fn copy_arguments(
    arguments: &mut impl Iterator<Item = String>,
) -> Result<(SecretUrl, SecretUrl), ConfigError> {
    let usage = || {
        ConfigError("db needs what to do: db copy --from sqlite://PATH --to postgres://…, or back".to_owned())
    };
    if arguments.next().as_deref() != Some("copy") {
        return Err(usage());
    }
    let (mut from, mut to) = (None, None);
    while let (None, _) | (_, None) = (&from, &to) {
        let flag = arguments.next().ok_or_else(usage)?;
        let (name, value) = match flag.split_once('=') {
            Some((name, value)) => (name, value.to_owned()),
            None => (flag.as_str(), arguments.next().ok_or_else(usage)?),
        };
        let known =
            ["sqlite://", "postgres://", "postgresql://"].iter().any(|scheme| value.starts_with(scheme));
        match name {
            "--from" if known => from = Some(SecretUrl(value)),
            "--to" if known => to = Some(SecretUrl(value)),
            _ => return Err(usage()),
        }
    }
    from.zip(to).ok_or_else(usage)
}

fn command_named(argument: &str) -> Option<Command> {
    Some(match argument {
        "serve" => Command::Serve,
        "backup" => Command::Backup(PathBuf::new()),
        "db" => Command::CopyDatabase { from: SecretUrl(String::new()), to: SecretUrl(String::new()) },
        "problems" => Command::CheckProblems(PathBuf::from("problems")),
        "check-config" => Command::CheckConfig,
        "help" | "--help" | "-h" => Command::Help,
        "version" | "--version" | "-V" => Command::Version,
        _ => return None,
    })
}

fn unknown_argument(argument: &str) -> ConfigError {
    let known: Vec<String> = SETTINGS.iter().map(Setting::flag).collect();
    let commands = ["serve", "backup", "db", "problems", "check-config", "--help", "--version", "--config"];
    let meant = nearest(argument, known.iter().map(String::as_str).chain(commands));
    let hint = meant.map_or("see --help".to_owned(), |name| format!("did you mean {name}?"));
    ConfigError(format!("there is no {argument}: {hint}"))
}

impl Values {
    fn set(&mut self, setting: &Setting, value: String, from: String) {
        self.values.insert(setting.name, (value, from));
    }

    fn read_file(&mut self, named: Option<PathBuf>) -> Result<(), ConfigError> {
        let usual = ["parlor.toml", "/etc/parlor/parlor.toml"].map(PathBuf::from);
        let Some(path) = named.or_else(|| usual.into_iter().find(|path| path.is_file())) else {
            return Ok(());
        };
        let place = path.display();
        let text =
            std::fs::read_to_string(&path).map_err(|error| ConfigError(format!("{place}: {error}")))?;
        // The error of the parser shows the line, which may hold a password: only the place is told.
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
            let line = error.span().map_or(0, |span| text[..span.start].lines().count().max(1));
            ConfigError(format!("{place} is not TOML at line {line}: {}", error.message()))
        })?;
        let mut flat = Vec::new();
        flatten(&table, "", &mut flat);
        for (key, value) in flat {
            let Some(setting) = SETTINGS.iter().find(|setting| setting.key() == key.replace('.', "_")) else {
                self.warn_unknown(&key, &format!(" in {place}"), |setting| setting.name.to_owned());
                continue;
            };
            self.set(setting, value, format!("{} in {place}", setting.name));
        }
        Ok(())
    }

    fn read_environment(&mut self, environment: impl Iterator<Item = (String, String)>) {
        for (name, value) in environment {
            let usual = SETTINGS.iter().find(|setting| setting.variable == Some(name.as_str()));
            let ours = || SETTINGS.iter().find(|setting| setting.variable_name() == name);
            match usual.or_else(ours) {
                Some(setting) => self.set(setting, value, name),
                None if name.starts_with("PARLOR_") => self.warn_unknown(&name, "", Setting::variable_name),
                None => {}
            }
        }
    }

    fn warn_unknown(&mut self, name: &str, place: &str, spelled: impl Fn(&Setting) -> String) {
        let known: Vec<String> = SETTINGS.iter().map(spelled).collect();
        let hint = nearest(name, known.iter().map(String::as_str));
        let hint = hint.map_or(String::new(), |name| format!("; did you mean {name}?"));
        self.warnings.push(format!("there is no setting {name}{place}{hint}"));
    }

    /// What `check-config` prints.
    pub fn effective(&self) -> String {
        let mut text = String::new();
        for setting in SETTINGS {
            let shown = match self.text(setting.name) {
                "" => "\"\"".to_owned(),
                value if setting.secret => SecretUrl(value.to_owned()).to_string(),
                value => format!("{value:?}"),
            };
            let from = self.values.get(setting.name).map_or("default", |(_, from)| from);
            text.push_str(&format!("{} = {shown}  # {from}\n", setting.name));
        }
        text
    }

    /// The text of a setting, or its default.
    pub fn text(&self, name: &str) -> &str {
        match self.values.get(name) {
            Some((value, _)) => value.trim(),
            None => {
                SETTINGS.iter().find(|setting| setting.name == name).map_or("", |setting| setting.default)
            }
        }
    }

    pub fn is_set_by_hand(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    pub fn parse<T: FromStr>(&self, name: &str, must_be: &str) -> Result<T, ConfigError> {
        let text = self.text(name);
        text.parse().ok().filter(|_| !text.is_empty()).ok_or_else(|| self.wrong(name, must_be))
    }

    /// None where the text is empty.
    pub fn optional<T: FromStr>(&self, name: &str, must_be: &str) -> Result<Option<T>, ConfigError> {
        if self.text(name).is_empty() { Ok(None) } else { self.parse(name, must_be).map(Some) }
    }

    pub fn list<T: FromStr>(&self, name: &str, must_be: &str) -> Result<Vec<T>, ConfigError> {
        let items = self.text(name).split(',').map(str::trim).filter(|item| !item.is_empty());
        items.map(|item| item.parse().map_err(|_| self.wrong(name, must_be))).collect()
    }

    pub fn switch(&self, name: &str) -> Result<bool, ConfigError> {
        match self.text(name).to_lowercase().as_str() {
            "on" | "true" | "yes" | "1" => Ok(true),
            "off" | "false" | "no" | "0" => Ok(false),
            _ => Err(self.wrong(name, "on or off")),
        }
    }

    /// None where the text is empty.
    pub fn secret(&self, name: &str) -> Option<Secret> {
        Some(self.text(name)).filter(|text| !text.is_empty()).map(|text| Secret(text.to_owned()))
    }

    pub fn url(&self, name: &str, schemes: &[&str]) -> Result<Option<SecretUrl>, ConfigError> {
        let text = self.text(name);
        if text.is_empty() {
            return Ok(None);
        }
        let known = text
            .split_once("://")
            .is_some_and(|(scheme, rest)| schemes.contains(&scheme) && !rest.is_empty());
        if known {
            Ok(Some(SecretUrl(text.to_owned())))
        } else {
            Err(self.wrong(name, &format!("an address that begins with {}://", schemes.join(":// or "))))
        }
    }

    /// Names where the value came from, not the value: it may be a password in the wrong place.
    pub fn wrong(&self, name: &str, must_be: &str) -> ConfigError {
        let from = self.values.get(name).map_or(name, |(_, from)| from);
        ConfigError(format!("{from} must be {must_be}"))
    }
}

/// `[a] b = 1` becomes `a.b = "1"`.
fn flatten(table: &toml::Table, prefix: &str, into: &mut Vec<(String, String)>) {
    for (key, value) in table {
        let name = format!("{prefix}{key}");
        match value {
            toml::Value::Table(inner) => flatten(inner, &format!("{name}."), into),
            toml::Value::Array(items) => {
                into.push((name, items.iter().map(plain).collect::<Vec<_>>().join(",")));
            }
            value => into.push((name, plain(value))),
        }
    }
}

/// A value that is no text of ours becomes one that no setting takes.
fn plain(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        toml::Value::Integer(number) => number.to_string(),
        toml::Value::Boolean(switch) => switch.to_string(),
        _ => "?".to_owned(),
    }
}
