//! Stories of group chat with real clients over real sockets: npm socket.io-client 4 and python-socketio 5 against the
//! program itself. The stories are scripts in `tests/clients/`; each starts a server of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the repository is there")
}

fn tell(story: &str) {
    let folder = root().join("tests/clients/node");
    assert!(
        folder.join("node_modules/client4/package.json").is_file(),
        "socket.io-client is not installed; this installs it:\n\n    tests/clients/setup.sh\n"
    );
    let installed = std::env::var_os("PARLOR_TEST_CLIENTS")
        .map_or_else(|| root().join("target/test-clients"), PathBuf::from);
    let told = Command::new("node")
        .arg(folder.join("chat").join(story))
        .env("PARLOR_BIN", env!("CARGO_BIN_EXE_parlor"))
        .env("PYTHON_CLIENT", installed.join("python-5/bin/python"))
        .stdin(Stdio::null())
        .output()
        .expect("node starts");
    assert!(
        told.status.success(),
        "{}{}",
        String::from_utf8_lossy(&told.stdout),
        String::from_utf8_lossy(&told.stderr)
    );
}

macro_rules! stories {
    ($($name:ident: $story:literal;)*) => {$(
        #[test]
        fn $name() {
            tell($story);
        }
    )*};
}

stories! {
    everybody_sees_one_order: "one-order.mjs";
    coming_back_at_every_position_during_a_flood: "resume.mjs";
    killed_under_load_nothing_acknowledged_is_lost: "crash.mjs";
    a_slow_reader_is_told_and_misses_nothing: "slow-reader.mjs";
    who_is_sent_away_hears_nothing_more: "removal.mjs";
    signals_and_bad_calls: "signals.mjs";
    many_groups_at_once_after_a_long_time: "many-groups.mjs";
    the_python_client: "python-client.mjs";
}
