//! The one list of settings: the flags, the variables, the keys of `parlor.toml` and the help are made from it.

/// One setting. `a.b` is the flag `--a-b`, the variable `PARLOR_A_B`, and in `parlor.toml` `b` below `[a]`.
pub(super) struct Setting {
    pub name: &'static str,
    pub default: &'static str,
    pub help: &'static str,
    /// Its value is printed by `check-config` without what may be a password.
    pub secret: bool,
    /// Another variable with the same meaning, which others have made usual.
    pub variable: Option<&'static str>,
}

const fn setting(name: &'static str, default: &'static str, help: &'static str) -> Setting {
    Setting { name, default, help, secret: false, variable: None }
}

const fn secret(name: &'static str, help: &'static str) -> Setting {
    Setting { secret: true, ..setting(name, "", help) }
}

pub(super) const SETTINGS: &[Setting] = &[
    setting("name", "Parlor", "what the server is called on its welcome page"),
    setting("bind", "127.0.0.1:8080", "where it listens"),
    Setting { variable: Some("PORT"), ..setting("port", "", "another port than that of bind (also PORT)") },
    setting("public_url", "", "what people type into their browser, where it differs"),
    setting("data", "./data", "the data folder"),
    secret("database.url", "postgres://… instead of SQLite in the data folder"),
    secret("bus.url", "redis://… or nats://… for several nodes on one PostgreSQL"),
    setting(
        "uploads.max_bytes",
        "2147483648",
        "the longest file that people may bring into a group; 0 takes none",
    ),
    setting("uploads.group_quota_bytes", "10737418240", "what all files of a group may take"),
    setting("tcp.bind", "127.0.0.1:2004", "the plain TCP push socket of ChatBackend; empty is off"),
    setting("open_registration", "on", "whether anybody may make an account"),
    setting("rate_limits", "on", "limits per address and account; off is for load tests only"),
    secret(
        "youtube.key",
        "a key for YouTube's Data API v3; without one nobody can search, only paste addresses",
    ),
    setting("youtube.searches_per_day", "100", "searches that Google allows the key a day"),
    setting("youtube.api_base", "https://www.googleapis.com/youtube/v3", "where the Data API is"),
    setting("youtube.oembed_base", "https://www.youtube.com/oembed", "where YouTube's oEmbed is"),
    setting("videos.probe", "on", "whether the server asks a pasted public address for type and size"),
    setting(
        "ai.base_url",
        "",
        "a service that speaks OpenAI's chat completions, to write problems of code duels",
    ),
    secret("ai.key", "what that service knows this server by; some need none"),
    setting("ai.model", "", "who writes there"),
    setting("duels", "on", "whether people may duel in code; off starts no judge"),
    setting("judge.python", "", "the python3 to judge with, where it is not in the usual places"),
    setting("problems.folder", "", "a folder with problems of one's own, beside those that Parlor has"),
    setting("trusted_proxies", "", "addresses or networks whose X-Forwarded-* headers are believed"),
    setting("tls.cert", "", "PEM file with the certificate chain; the usual way is a proxy in front"),
    setting("tls.key", "", "PEM file with its key"),
    setting("log", "info", "level, or target=level with commas between"),
    setting("log_format", "pretty", "pretty or json"),
    setting("metrics.bind", "", "an address of its own for /metrics; else it answers this machine only"),
    setting(
        "youtube.player_url",
        "https://www.youtube-nocookie.com",
        "the origin that shows videos of YouTube; another one is for tests",
    ),
    setting("compat.root", "on", "whether the old services' paths and events answer at the root too"),
    setting(
        "compat.dialects",
        "circle,noomnim,chatbackend,codemaze,social",
        "which of the old services are there, with commas between",
    ),
    setting("compat.cors_origins", "*", "origins whose pages may call those that know no cookie"),
    setting("compat.circle.group_ttl_s", "259200", "seconds that a group of The Circle lives"),
    setting(
        "compat.circle.connection_ttl_s",
        "43200",
        "seconds that a connection may stay in its lobby and rooms",
    ),
    setting("compat.circle.list", "on", "whether GET /groups lists its groups, with their codes"),
    setting(
        "compat.social.cors_origins",
        "http://localhost:3000",
        "origins whose pages may call Social Community with its cookie, with commas between",
    ),
    setting(
        "compat.noomnim.guest_ttl_s",
        "2592000",
        "seconds after the last socket of a Noomnim name without a password until it is free again",
    ),
    Setting {
        variable: Some("PEER"),
        ..setting("peer", "off", "one of several nodes, with REDIS_URL (also PEER)")
    },
    Setting {
        variable: Some("REDIS_URL"),
        ..secret("redis_url", "the bus where PEER is on (also REDIS_URL)")
    },
];

impl Setting {
    /// Without the prefix: `a_b`.
    pub fn key(&self) -> String {
        self.name.replace('.', "_")
    }

    /// `PARLOR_A_B`.
    pub fn variable_name(&self) -> String {
        format!("PARLOR_{}", self.key().to_uppercase())
    }

    /// `--a-b`.
    pub fn flag(&self) -> String {
        format!("--{}", self.key().replace('_', "-"))
    }
}

/// What `--help` prints.
#[must_use]
pub fn help() -> String {
    let mut text = String::from(
        "Parlor, a small self-hosted server for groups of people.\n\n\
         usage: parlor [serve] [--config FILE] [--SETTING VALUE]…\n\
         \x20      parlor backup FILE              copy the database into a file, while the server runs or not\n\
         \x20      parlor db copy --from URL --to URL\n\
         \x20                                      from sqlite://PATH to postgres://… or back, while no server runs\n\
         \x20      parlor problems check [FOLDER]  try the problems of code duels in ./problems or FOLDER\n\
         \x20      parlor check-config             print the effective settings\n\
         \x20      parlor --help | --version\n\n\
         Settings come from flags, then from the environment (PARLOR_DATABASE_URL for database.url), then from\n\
         parlor.toml (--config, else ./parlor.toml, else /etc/parlor/parlor.toml), then from these defaults:\n\n",
    );
    let width = SETTINGS.iter().map(|setting| setting.flag().len()).max().unwrap_or_default();
    for setting in SETTINGS {
        let default = if setting.default.is_empty() { "" } else { &format!(" [{}]", setting.default) };
        text.push_str(&format!("  {:<width$} {}{default}\n", setting.flag(), setting.help));
    }
    text
}
