//! Runs a story of `tests/clients/node` with the program of this build. Each starts a server of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the repository is there")
}

/// Tells it to its end; what it printed is shown when it fails.
pub fn tell(story: &str) {
    let folder = root().join("tests/clients/node");
    assert!(
        folder.join("node_modules/client4/package.json").is_file(),
        "socket.io-client is not installed; this installs it:\n\n    tests/clients/setup.sh\n"
    );
    let installed = std::env::var_os("PARLOR_TEST_CLIENTS")
        .map_or_else(|| root().join("target/test-clients"), PathBuf::from);
    let told = Command::new("node")
        .arg(folder.join(story))
        .env("PARLOR_BIN", env!("CARGO_BIN_EXE_parlor"))
        .env("PYTHON_CLIENT", installed.join("python-5/bin/python"))
        .env("PYTHON_CLIENT_4", installed.join("python-4/bin/python"))
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
