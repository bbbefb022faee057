//! The checked-in TypeScript and OpenAPI are what the types say today.
//! `PARLOR_WRITE=1 cargo test -p parlor-wire` writes them anew.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use parlor_wire::{describe, openapi, problem, routes, socket};

#[test]
fn typescript_is_fresh() {
    let checked_in = root().join("web/src/wire");
    let made = tempfile::tempdir().unwrap();
    describe::typescript(made.path()).unwrap();
    if writes() {
        std::fs::create_dir_all(&checked_in).unwrap();
        for name in files(&checked_in).into_keys() {
            std::fs::remove_file(checked_in.join(name)).unwrap();
        }
        for (name, text) in files(made.path()) {
            std::fs::write(checked_in.join(name), text).unwrap();
        }
    }
    let (made, checked_in) = (files(made.path()), files(&checked_in));
    assert_eq!(made.keys().collect::<Vec<_>>(), checked_in.keys().collect::<Vec<_>>(), "{STALE}");
    for (name, text) in made {
        assert_eq!(text, checked_in[&name], "web/src/wire/{name}: {STALE}");
    }
}

#[test]
fn openapi_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let made = serde_json::to_string_pretty(&describe::openapi()).unwrap() + "\n";
    if writes() {
        std::fs::write(&path, &made).unwrap();
    }
    assert_eq!(made, std::fs::read_to_string(&path).unwrap(), "{STALE}");
}

#[test]
fn every_reference_leads_somewhere() {
    let document = describe::openapi();
    let mut pending = vec![&document];
    let mut seen = 0;
    while let Some(value) = pending.pop() {
        if let Some(target) = value.get("$ref").and_then(|target| target.as_str()) {
            seen += 1;
            let pointer = target.strip_prefix('#').expect("references stay in the document");
            assert!(document.pointer(pointer).is_some(), "{target} leads nowhere");
        }
        match value {
            serde_json::Value::Array(items) => pending.extend(items),
            serde_json::Value::Object(fields) => pending.extend(fields.values()),
            _ => {}
        }
    }
    assert!(seen > 100, "only {seen} references");
}

#[test]
fn socket_types_exist() {
    let document = describe::openapi();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for call in socket::CALLS {
        assert!(schemas.contains_key(call.body) && schemas.contains_key(call.answer), "{}", call.name);
    }
    for told in socket::TOLD {
        assert!(schemas.contains_key(told.body), "{}", told.name);
    }
}

#[test]
fn a_call_is_listed_once() {
    let mut calls: Vec<_> = routes::ROUTES.iter().map(|route| (route.path, route.method)).collect();
    calls.sort_unstable();
    let listed = calls.len();
    calls.dedup();
    assert_eq!(calls.len(), listed);
    assert!(openapi::DOCUMENT.contains("\"openapi\": \"3.1.0\""));
    for code in problem::Code::ALL {
        assert!(openapi::DOCUMENT.contains(&format!("\"{}\"", code.name())), "{code:?}");
    }
}

const STALE: &str = "stale: run `PARLOR_WRITE=1 cargo test -p parlor-wire` and check the result in";

fn writes() -> bool {
    std::env::var_os("PARLOR_WRITE").is_some()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn files(folder: &Path) -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().map(Result::unwrap);
    let files = entries.filter(|entry| entry.file_type().expect("a file has a type").is_file());
    files
        .map(|entry| {
            (
                entry.file_name().to_string_lossy().into_owned(),
                std::fs::read_to_string(entry.path()).expect("it is text"),
            )
        })
        .collect()
}
