//! Where settings come from, and what is said about wrong ones.

use axum::http::HeaderValue;

use super::*;

fn read(arguments: &[&str], environment: &[(&str, &str)]) -> Result<Loaded, ConfigError> {
    let arguments = arguments.iter().map(ToString::to_string);
    load(arguments, environment.iter().map(|(name, value)| (name.to_string(), value.to_string())))
}

#[test]
fn without_anything_there_are_defaults() {
    let loaded = read(&[], &[("PATH", "/bin"), ("HOME", "/")]).unwrap();
    assert_eq!(loaded.command, Command::Serve);
    assert!(loaded.warnings.is_empty());
    let config = loaded.config;
    assert_eq!(config.bind.to_string(), "127.0.0.1:8080");
    assert_eq!(config.data, PathBuf::from("./data"));
    assert_eq!(config.tcp_bind.unwrap().to_string(), "127.0.0.1:2004");
    assert!(config.rate_limits && config.open_registration && !config.tcp_bind_by_hand);
    assert_eq!((config.database_url, config.bus_url, config.tls), (None, None, None));
}

#[test]
fn a_flag_wins_over_the_environment_and_that_over_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("p.toml");
    std::fs::write(
        &file,
        "data = '/file'\nname = 'file'\nbind = '1.1.1.1:1'\ntrusted_proxies = ['10.0.0.0/8', '::1']\n[tcp]\nbind = ''\n[metrics]\nbnd = 1\n",
    )
    .unwrap();
    let file = file.to_str().unwrap();
    let environment = [("PARLOR_NAME", "environment"), ("PARLOR_BIND", "2.2.2.2:2")];
    let loaded = read(&["--bind", "3.3.3.3:3", "--config", file, "serve"], &environment).unwrap();
    let config = loaded.config;
    assert_eq!(config.data, PathBuf::from("/file"));
    assert_eq!(config.name, "environment");
    assert_eq!(config.bind.to_string(), "3.3.3.3:3");
    assert_eq!(config.trusted_proxies.len(), 2);
    assert!(config.tcp_bind.is_none() && config.tcp_bind_by_hand);
    assert_eq!(loaded.warnings.len(), 1);
    assert!(
        loaded.warnings[0].contains("metrics.bnd")
            && loaded.warnings[0].contains("did you mean metrics.bind?")
    );
}

#[test]
fn port_overrides_with_or_without_the_prefix() {
    for name in ["PORT", "PARLOR_PORT"] {
        let config = read(&[], &[(name, "9"), ("PARLOR_BIND", "0.0.0.0:8")]).unwrap().config;
        assert_eq!(config.bind.to_string(), "0.0.0.0:9");
        assert_eq!(config.url(9), "http://localhost:9");
    }
}

#[test]
fn an_unknown_variable_is_a_warning_that_names_the_nearest() {
    let warnings =
        read(&[], &[("PARLOR_DATABSE_URL", "x"), ("PARLOR_XYZZY", "x"), ("OTHER", "x")]).unwrap().warnings;
    assert_eq!(warnings.len(), 2);
    assert_eq!(warnings[0], "there is no setting PARLOR_DATABSE_URL; did you mean PARLOR_DATABASE_URL?");
    assert!(warnings[1].starts_with("there is no setting PARLOR_XYZZY"));
}

#[test]
fn peer_mode_takes_the_redis_of_the_environment() {
    let url = "redis://user:hunter2@cache:6379/0";
    let config = read(&[], &[("PEER", "true"), ("REDIS_URL", url)]).unwrap().config;
    assert_eq!(config.bus_url.as_ref().unwrap().reveal(), url);
    assert!(read(&[], &[("REDIS_URL", url)]).unwrap().config.bus_url.is_none());
    assert_eq!(read(&[], &[("PEER", "true")]).unwrap_err().to_string(), "PEER=true needs REDIS_URL");
}

#[test]
fn the_old_services_are_there_unless_they_are_taken_away() {
    let compat = read(&[], &[]).unwrap().config.compat;
    let circle = compat.circle.unwrap();
    assert!(compat.root && circle.list);
    assert_eq!(circle.connection_ttl.as_secs(), 43_200);
    let named =
        |origin| compat.social.as_ref().unwrap().cors_origins.allow(&HeaderValue::from_static(origin));
    assert!(named("http://localhost:3000") && !named("http://localhost:3001"));
    let at = parlor_core::Timestamp::from_millis(0);
    assert_eq!(circle.group_ttl.end(at).as_millis(), 259_200_000);

    let environment = [
        ("PARLOR_COMPAT_ROOT", "off"),
        ("PARLOR_COMPAT_CIRCLE_GROUP_TTL_S", "2"),
        ("PARLOR_COMPAT_CIRCLE_CONNECTION_TTL_S", "3"),
        ("PARLOR_COMPAT_CIRCLE_LIST", "false"),
        ("PARLOR_COMPAT_CORS_ORIGINS", "https://a.example, http://localhost:3000"),
    ];
    let loaded = read(&[], &environment).unwrap();
    assert!(loaded.warnings.is_empty(), "{:?}", loaded.warnings);
    let circle = loaded.config.compat.circle.unwrap();
    assert!(!loaded.config.compat.root && !circle.list);
    assert_eq!((circle.group_ttl.end(at).as_millis(), circle.connection_ttl.as_secs()), (2_000, 3));

    assert!(read(&[], &[("PARLOR_COMPAT_DIALECTS", "")]).unwrap().config.compat.circle.is_none());
    let compat = read(&[], &[("PARLOR_COMPAT_DIALECTS", "circle")]).unwrap().config.compat;
    assert!(compat.circle.is_some() && compat.social.is_none());
    for (name, wrong) in [
        ("PARLOR_COMPAT_DIALECTS", "circel"),
        ("PARLOR_COMPAT_CIRCLE_GROUP_TTL_S", "0"),
        ("PARLOR_COMPAT_CIRCLE_CONNECTION_TTL_S", "-1"),
        ("PARLOR_COMPAT_CIRCLE_CONNECTION_TTL_S", "1e3"),
        ("PARLOR_COMPAT_CORS_ORIGINS", "example.org"),
        ("PARLOR_COMPAT_SOCIAL_CORS_ORIGINS", "example.org"),
        ("PARLOR_COMPAT_SOCIAL_CORS_ORIGINS", "*"),
    ] {
        let said = read(&[], &[(name, wrong)]).unwrap_err().to_string();
        assert!(said.starts_with(&format!("{name} must be ")), "{said}");
    }
    let warnings = read(&[], &[("PARLOR_COMPAT_CIRCLE_GROUP_TTL", "2")]).unwrap().warnings;
    assert!(warnings[0].contains("did you mean PARLOR_COMPAT_CIRCLE_GROUP_TTL_S?"), "{warnings:?}");
}

#[test]
fn what_cannot_be_used_is_one_sentence_without_the_value() {
    for (environment, said) in [
        (("PARLOR_BIND", "hunter2"), "PARLOR_BIND must be an address like 127.0.0.1:8080"),
        (("PORT", "99999"), "PORT must be a port"),
        (("PARLOR_RATE_LIMITS", "hunter2"), "PARLOR_RATE_LIMITS must be on or off"),
        (("PARLOR_LOG_FORMAT", "xml"), "PARLOR_LOG_FORMAT must be pretty or json"),
        (("PARLOR_TLS_CERT", "a.pem"), "tls.cert and tls.key belong together: one of them is missing"),
    ] {
        assert_eq!(read(&[], &[environment]).unwrap_err().to_string(), said);
    }
    let wrong = read(&[], &[("PARLOR_DATABASE_URL", "mysql://u:hunter2@h/d")]).unwrap_err().to_string();
    assert!(wrong.starts_with("PARLOR_DATABASE_URL must be") && !wrong.contains("hunter2"), "{wrong}");
}

#[test]
fn arguments_that_do_not_exist_are_named() {
    assert_eq!(
        read(&["--bnid", "x"], &[]).unwrap_err().to_string(),
        "there is no --bnid: did you mean --bind?"
    );
    assert_eq!(read(&["sreve"], &[]).unwrap_err().to_string(), "there is no sreve: did you mean serve?");
    assert_eq!(read(&["--bind"], &[]).unwrap_err().to_string(), "--bind needs a value");
    assert_eq!(read(&["backup"], &[]).unwrap_err().to_string(), "backup needs a file to write to");
    assert_eq!(read(&["backup", "/tmp/x"], &[]).unwrap().command, Command::Backup("/tmp/x".into()));
    for wrong in [&["db"][..], &["db", "copy", "--from", "sqlite://a"], &["db", "copy", "--from=a", "--to=b"]]
    {
        assert!(read(wrong, &[]).unwrap_err().to_string().contains("db copy --from"), "{wrong:?}");
    }
    let copy = read(&["db", "copy", "--to=postgres://u:secret@h/d", "--from", "sqlite://a"], &[]).unwrap();
    let Command::CopyDatabase { from, to } = &copy.command else { panic!("{:?}", copy.command) };
    assert_eq!((from.reveal(), to.reveal()), ("sqlite://a", "postgres://u:secret@h/d"));
    assert!(!format!("{:?}", copy.command).contains("secret"));
    let of = |arguments: &[&str]| read(arguments, &[]).map(|loaded| loaded.command);
    assert_eq!(of(&["problems", "check"]).unwrap(), Command::CheckProblems("problems".into()));
    assert_eq!(of(&["problems", "check", "x"]).unwrap(), Command::CheckProblems("x".into()));
    assert_eq!(
        of(&["problems", "check", "--log", "info"]).unwrap(),
        Command::CheckProblems("problems".into())
    );
    assert_eq!(of(&["problems"]).unwrap_err().to_string(), "problems needs what to do: problems check");
    assert_eq!(
        of(&["problems", "chekc"]).unwrap_err().to_string(),
        "problems needs what to do: problems check"
    );
    assert!(read(&["--config", "/no/such/file"], &[]).is_err());
}

#[test]
fn passwords_are_not_shown() {
    let url = "postgres://ada:hunter2@db:5432/parlor?password=hunter3";
    let config = read(&["--database-url", url], &[]).unwrap().config;
    let shown = format!("{config:?}");
    assert!(shown.contains("postgres://…@db:5432/parlor"), "{shown}");
    assert!(!shown.contains("hunter"), "{shown}");
}

#[test]
fn videos_are_found_at_youtube_and_the_key_is_not_shown() {
    let videos = read(&[], &[]).unwrap().config.videos;
    assert_eq!(videos.youtube_api.as_str(), "https://www.googleapis.com/youtube/v3");
    assert_eq!(videos.youtube_oembed.as_str(), "https://www.youtube.com/oembed");
    assert_eq!((videos.youtube_key, videos.searches_per_day, videos.probe), (None, 100, true));

    let environment = [
        ("PARLOR_YOUTUBE_KEY", "hunter2"),
        ("PARLOR_YOUTUBE_SEARCHES_PER_DAY", "7"),
        ("PARLOR_YOUTUBE_API_BASE", "http://127.0.0.1:9/youtube/v3"),
        ("PARLOR_VIDEOS_PROBE", "off"),
    ];
    let loaded = read(&[], &environment).unwrap();
    assert!(!format!("{:?}{}", loaded.config, loaded.effective).contains("hunter2"));
    let videos = loaded.config.videos;
    assert_eq!(videos.youtube_key.unwrap().reveal(), "hunter2");
    assert_eq!((videos.searches_per_day, videos.probe), (7, false));

    for (name, wrong) in [
        ("PARLOR_YOUTUBE_SEARCHES_PER_DAY", "-1"),
        ("PARLOR_YOUTUBE_API_BASE", "youtube"),
        ("PARLOR_YOUTUBE_API_BASE", "https://user:hunter2@example.org"),
        ("PARLOR_YOUTUBE_OEMBED_BASE", "https://example.org/?key=hunter2"),
    ] {
        let said = read(&[], &[(name, wrong)]).unwrap_err().to_string();
        assert!(said.starts_with(&format!("{name} must be ")) && !said.contains("hunter2"), "{said}");
    }
}

#[test]
fn problems_are_written_by_a_service_with_a_model() {
    assert!(read(&[], &[("PARLOR_AI_KEY", "hunter2")]).unwrap().config.ai.is_none());
    let named = [("PARLOR_AI_BASE_URL", "http://127.0.0.1:9/v1"), ("PARLOR_AI_KEY", "hunter2")];
    let said = read(&[], &named).unwrap_err().to_string();
    assert!(said.starts_with("ai.model must be "), "{said}");

    let with_model = [named[0], named[1], ("PARLOR_AI_MODEL", "a-model")];
    let loaded = read(&[], &with_model).unwrap();
    assert!(!format!("{:?}{}", loaded.config, loaded.effective).contains("hunter2"));
    let service = loaded.config.ai.unwrap();
    assert_eq!((service.base_url.as_str(), service.model.as_str()), ("http://127.0.0.1:9/v1", "a-model"));
    assert_eq!(service.key.unwrap().reveal(), "hunter2");

    for (name, wrong) in [("PARLOR_AI_BASE_URL", "service"), ("PARLOR_AI_KEY", "hunter 2")] {
        let mut variables = with_model;
        variables.iter_mut().filter(|(known, _)| *known == name).for_each(|variable| variable.1 = wrong);
        let said = read(&[], &variables).unwrap_err().to_string();
        assert!(said.starts_with(&format!("{name} must be ")) && !said.contains("hunter"), "{said}");
    }
}
