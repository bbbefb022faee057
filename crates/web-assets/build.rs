//! Builds the web client into `OUT_DIR`, or takes a prebuilt one from `WEB_DIST`.
//!
//! - Never into `web/dist`: a build script must not write into the source.
//! - Every input is watched by name; `web/` as a whole would watch `node_modules` too.
//! - Where Node is missing the last line says so and what to do; a panic would bury it under a backtrace.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

/// Everything that the build reads, below `web/`.
const INPUTS: [&str; 8] = [
    "src",
    "public",
    "build",
    "index.html",
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "vite.config.ts",
];

fn main() {
    println!("cargo::rerun-if-env-changed=WEB_DIST");
    println!("cargo::rerun-if-changed=build.rs");
    let built = match std::env::var_os("WEB_DIST").filter(|folder| !folder.is_empty()) {
        Some(folder) => prebuilt(PathBuf::from(folder)),
        None => build(),
    };
    println!("cargo::rustc-env=WEB_OUT={}", built.display());
}

fn prebuilt(folder: PathBuf) -> PathBuf {
    println!("cargo::rerun-if-changed={}", folder.display());
    if folder.is_relative() {
        stop("WEB_DIST must be an absolute path: a build script does not run where cargo was called");
    }
    if !folder.join("index.html").is_file() {
        stop(&format!("WEB_DIST={} holds no index.html: point it at a built client", folder.display()));
    }
    folder
}

fn build() -> PathBuf {
    let web = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web");
    for input in INPUTS {
        println!("cargo::rerun-if-changed={}", web.join(input).display());
    }
    require_node();
    if is_stale(&web) {
        run(Command::new("npm")
            .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
            .current_dir(&web));
    }
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("web");
    let vite = web.join("node_modules/vite/bin/vite.js");
    run(Command::new("node")
        .arg(vite)
        .args(["build", "--emptyOutDir", "--outDir"])
        .arg(&out)
        .current_dir(&web));
    if !out.join("index.html").is_file() {
        stop("the web client was built, but there is no index.html in it");
    }
    out
}

fn require_node() {
    let help =
        "install it (Debian: see README), or set WEB_DIST=/path/to/a/built/client, and run cargo again.";
    let Ok(output) = Command::new("node").arg("--version").output() else {
        stop(&format!(
            "the web client needs Node >= 20.19 and npm, and 'node' was not found on PATH. {help}"
        ));
    };
    let version = String::from_utf8_lossy(&output.stdout);
    let mut numbers =
        version.trim().trim_start_matches('v').split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let found = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if found < (20, 19) {
        stop(&format!(
            "the web client needs Node >= 20.19, and 'node' on PATH is {}. {help}",
            version.trim()
        ));
    }
    if Command::new("npm").arg("--version").output().is_err() {
        stop(&format!("the web client needs npm beside Node, and 'npm' was not found on PATH. {help}"));
    }
}

/// npm writes `node_modules/.package-lock.json` last; older than the lock file means another set of packages.
fn is_stale(web: &Path) -> bool {
    let installed = modified(&web.join("node_modules/.package-lock.json"));
    installed.is_none() || installed < modified(&web.join("package-lock.json"))
}

fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata().ok()?.modified().ok()
}

/// Runs a program. What it says is printed only when it fails: cargo shows a build script's output then.
fn run(command: &mut Command) {
    let shown = format!("{command:?}");
    match command.output() {
        Ok(output) if output.status.success() => {}
        Ok(output) => {
            let said = [output.stdout, output.stderr].concat();
            stop(&format!("{shown} failed ({}):\n{}", output.status, String::from_utf8_lossy(&said)));
        }
        Err(error) => stop(&format!("{shown} could not be started: {error}")),
    }
}

#[expect(clippy::print_stderr, reason = "a build script speaks through stderr")]
fn stop(why: &str) -> ! {
    eprintln!("error: {why}");
    std::process::exit(1)
}
