//! Stories with the real clients: npm socket.io-client 2 and 4, python-socketio 4 and 5, each on
//! long-polling, on websocket, and upgrading from one to the other. The stories are scripts in
//! `tests/clients/`; each runs as a process of its own against a server in this one.

#[path = "support/story_server.rs"]
mod story_server;

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

/// The repository's root.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the repository is there")
}

fn node(version: &str) -> Command {
    let folder = root().join("tests/clients/node");
    let installed = folder.join(format!("node_modules/client{version}/package.json"));
    assert!(
        installed.is_file(),
        "socket.io-client {version} is not installed; this installs it:\n\n    npm ci --prefix {}\n",
        folder.display()
    );
    let mut command = Command::new("node");
    command.arg(folder.join("story.mjs"));
    command
}

fn python(version: &str) -> Command {
    let folder = root().join("tests/clients/python");
    let installed = std::env::var_os("PARLOR_TEST_CLIENTS")
        .map_or_else(|| root().join("target/test-clients"), PathBuf::from);
    let python = installed.join(format!("python-{version}/bin/python"));
    assert!(
        python.is_file() && python.with_file_name("../installed.txt").is_file(),
        "python-socketio {version} is not installed in {}; this installs it:\n\n    {}\n",
        installed.display(),
        folder.join("setup.sh").display()
    );
    let mut command = Command::new(python);
    command.arg(folder.join("story.py"));
    command
}

async fn tell(mut client: Command, version: &str, transport: &str) {
    let address = story_server::start().await;
    let story = client
        .args([version, transport, &format!("http://{address}")])
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let told = tokio::time::timeout(Duration::from_secs(45), story).await;
    let told = told.expect("a story ends within 45 s").expect("the client's interpreter starts");
    assert!(
        told.status.success(),
        "{}{}",
        String::from_utf8_lossy(&told.stdout),
        String::from_utf8_lossy(&told.stderr)
    );
}

macro_rules! stories {
    ($($name:ident: $client:ident $version:literal on $transport:literal;)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            tell($client($version), $version, $transport).await;
        }
    )*};
}

stories! {
    javascript_2_on_polling: node "2" on "polling";
    javascript_2_on_websocket: node "2" on "websocket";
    javascript_2_upgrading: node "2" on "upgrade";
    javascript_4_on_polling: node "4" on "polling";
    javascript_4_on_websocket: node "4" on "websocket";
    javascript_4_upgrading: node "4" on "upgrade";
    python_4_on_polling: python "4" on "polling";
    python_4_on_websocket: python "4" on "websocket";
    python_4_upgrading: python "4" on "upgrade";
    python_5_on_polling: python "5" on "polling";
    python_5_on_websocket: python "5" on "websocket";
    python_5_upgrading: python "5" on "upgrade";
}
