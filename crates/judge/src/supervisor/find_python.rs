//! Finds the system's Python and what it reads: asks the interpreter itself, before any program of a player is there.

use crate::jail::order::Python;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where packages and container images put it.
const PLACES: &[&str] = &["/usr/bin/python3", "/usr/local/bin/python3"];
/// The oldest that the harness is written for.
const OLDEST: (u32, u32) = (3, 8);

/// The dynamic loaders of the architectures that the filter knows, as programs name them: glibc's and musl's.
#[cfg(target_arch = "x86_64")]
const LOADERS: &[&str] = &["/lib64/ld-linux-x86-64.so.2", "/lib/ld-musl-x86_64.so.1"];
#[cfg(target_arch = "aarch64")]
const LOADERS: &[&str] = &["/lib/ld-linux-aarch64.so.1", "/lib/ld-musl-aarch64.so.1"];
#[cfg(target_arch = "riscv64")]
const LOADERS: &[&str] = &["/lib/ld-linux-riscv64-lp64d.so.1", "/lib/ld-musl-riscv64.so.1"];

/// Loads what a program is likely to import and that needs a library of its own, then says where everything is.
const QUESTION: &str = r#"
import sys, os
for name in ("math", "heapq", "bisect", "decimal", "random", "zlib", "json", "ctypes", "unicodedata"):
    try:
        __import__(name)
    except ImportError:
        pass
print("%d.%d.%d" % sys.version_info[:3])
print(os.path.realpath(sys.executable))
folders = [os.path.dirname(os.__file__)] + [path for path in sys.path if os.path.isdir(path)]
with open("/proc/self/maps") as maps:
    files = {line.split(None, 5)[5].strip() for line in maps if line.rstrip().find("/") > 0}
folders += [os.path.dirname(file) for file in files if ".so" in os.path.basename(file)]
for folder in folders:
    print(os.path.realpath(folder))
"#;

/// The Python of this machine.
///
/// # Errors
/// A sentence for the page where people look why Python is not there.
pub(super) fn find_python(chosen: Option<&Path>) -> Result<Python, String> {
    let program = match chosen {
        Some(path) => path,
        None => PLACES.iter().map(Path::new).find(|path| path.exists()).ok_or(
            "Python is not installed: there is neither /usr/bin/python3 nor /usr/local/bin/python3 \
             (Debian's package is python3)",
        )?,
    };
    let answer = Command::new(program)
        .args(["-I", "-S", "-c", QUESTION])
        .env_clear()
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .map_err(|error| format!("{} can not be started: {error}", program.display()))?;
    let text = String::from_utf8_lossy(&answer.stdout).into_owned();
    let mut lines = text.lines();
    let (Some(version), Some(real)) = (lines.next(), lines.next()) else {
        return Err(format!("{} gives no answer; it is no Python 3", program.display()));
    };
    if number(version).is_none_or(|version| version < OLDEST) {
        return Err(format!("{} is Python {version}; 3.8 is the oldest that will do", program.display()));
    }
    let loader = LOADERS.iter().map(PathBuf::from).find(|path| path.exists());
    let loader = match loader {
        Some(name) => Some((without_links_on_the_way(&name)?, real_path(&name)?)),
        None => None,
    };
    Ok(Python {
        version: format!("Python {version}"),
        program: real_path(Path::new(real))?,
        loader,
        folders: outermost(lines.map(PathBuf::from)),
    })
}

fn real_path(path: &Path) -> Result<PathBuf, String> {
    path.canonicalize().map_err(|error| format!("{}: {error}", path.display()))
}

/// The path itself may be a link; the folders that lead to it are the real ones.
fn without_links_on_the_way(path: &Path) -> Result<PathBuf, String> {
    let folder = path.parent().unwrap_or(Path::new("/"));
    Ok(real_path(folder)?.join(path.file_name().unwrap_or_default()))
}

fn number(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.split('.').map(str::parse);
    Some((parts.next()?.ok()?, parts.next()?.ok()?))
}

/// Folders without those that lie in another.
fn outermost(folders: impl Iterator<Item = PathBuf>) -> Vec<PathBuf> {
    let sorted: BTreeSet<_> = folders.filter(|folder| folder.parent().is_some()).collect();
    let mut kept: Vec<PathBuf> = Vec::new();
    for folder in sorted {
        // What lies in another comes after it.
        if !kept.iter().any(|outer| folder.starts_with(outer)) {
            kept.push(folder);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_inside_another_is_there_already() {
        let folders = ["/usr/lib/b/c", "/usr/lib/b", "/usr/lib/bb", "/"];
        let kept = outermost(folders.iter().map(PathBuf::from));
        assert_eq!(kept, [PathBuf::from("/usr/lib/b"), PathBuf::from("/usr/lib/bb")]);
    }

    #[test]
    fn a_version_has_two_numbers() {
        assert_eq!(number("3.11.2"), Some((3, 11)));
        assert_eq!(number("3"), None);
        assert_eq!(number("x.y"), None);
    }
}
