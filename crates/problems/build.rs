//! Lists Parlor's own problems, so that they are part of the program: `embedded.rs` reads them.

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../problems").canonicalize()?;
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "toml") {
            files.push(path);
        }
    }
    files.sort();
    let mut list = String::from("&[\n");
    for path in files {
        let name = path.file_name().unwrap_or_default();
        list.push_str(&format!("({name:?}, include_str!({path:?})),\n"));
    }
    list.push(']');
    let out =
        env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo names a folder for what is built"))?;
    fs::write(Path::new(&out).join("embedded.rs"), list)
}
