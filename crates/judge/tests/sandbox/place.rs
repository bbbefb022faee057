//! Where the stories play: a tier, a user, and a judge there.

use parlor_judge::client::{Judge, Options, Run, StartError};
use parlor_judge::queue::{Asker, Kind};
use parlor_wire::judge::{Done, Event, Job, Language, Limits, Mode, TestResult, Tier, Value};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

/// An ordinary user: Debian's `nobody`.
const NOBODY: u32 = 65_534;
/// Far more than any run may take.
const DEADLINE: Duration = Duration::from_secs(60);

/// A tier, and whether the supervisor gives root up before it begins.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub tier: Tier,
    pub as_nobody: bool,
}

/// Both tiers, as whoever runs the tests and, where that is root, as an ordinary user.
pub fn places() -> Vec<Place> {
    let is_root = rustix::process::getuid().is_root();
    let users: &[bool] = if is_root { &[false, true] } else { &[false] };
    let tiers = [Tier::Namespaces, Tier::Landlock];
    tiers
        .into_iter()
        .flat_map(|tier| users.iter().map(move |as_nobody| Place { tier, as_nobody: *as_nobody }))
        .collect()
}

/// A judge at a place. The folder lives as long.
pub struct TestJudge {
    pub judge: Judge,
    pub program: PathBuf,
    _folder: TempDir,
}

impl Place {
    /// Starts a judge, which must reach the tier and have both languages.
    pub async fn judge(self) -> TestJudge {
        let (folder, program) = self.program("");
        let best_tier = Some(self.tier);
        let judge =
            Judge::start(Options { program: program.clone(), python: None, best_tier }).await.unwrap();
        let hello = judge.hello();
        assert_eq!(hello.tier, Some(self.tier), "{self:?} is not to be had here: {:?}", hello.reasons);
        for state in &hello.languages {
            assert_eq!(state.missing, None, "{:?}", state.language);
        }
        assert_eq!(hello.languages.len(), 2);
        TestJudge { judge, program, _folder: folder }
    }

    /// Starts a judge behind a Python script, which does something to itself before.
    pub async fn start_behind(self, script: &str) -> Result<TestJudge, StartError> {
        let (folder, program) = self.program(script);
        let judge = Judge::start(Options { program: program.clone(), python: None, best_tier: None }).await?;
        Ok(TestJudge { judge, program, _folder: folder })
    }

    /// A program that an ordinary user can reach, and that becomes one first where that is asked.
    fn program(self, script: &str) -> (TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let binary = folder.path().join("parlor-judge");
        fs::copy(env!("CARGO_BIN_EXE_parlor-judge"), &binary).unwrap();
        let user = if self.as_nobody {
            format!(
                "os.setgroups([]); os.setresgid({NOBODY}, {NOBODY}, {NOBODY}); os.setresuid({NOBODY}, {NOBODY}, {NOBODY})"
            )
        } else {
            String::new()
        };
        let wrapper = folder.path().join("start");
        let text = format!(
            "#!/usr/bin/python3\nimport os, sys\n{user}\n{script}\nos.execv({binary:?}, sys.argv)\n",
        );
        write_program(&wrapper, &text);
        (folder, wrapper)
    }
}

/// Writes a file and makes it executable, by a child: were it open for writing in this process while another test
/// starts a process, executing it would fail.
fn write_program(path: &Path, text: &str) {
    let status = std::process::Command::new("/usr/bin/python3")
        .args([
            "-c",
            "import os, sys; open(sys.argv[1], 'w').write(sys.argv[2]); os.chmod(sys.argv[1], 0o755)",
        ])
        .arg(path)
        .arg(text)
        .status()
        .expect("the tests need /usr/bin/python3 (Debian's package python3)");
    assert!(status.success());
}

/// All that a run told.
#[derive(Debug)]
pub struct Told {
    pub tests: Vec<TestResult>,
    pub done: Done,
}

impl TestJudge {
    /// Runs a job to its end.
    pub async fn run(&self, job: Job) -> Told {
        collect(self.start(1, job)).await
    }

    /// Lets a job wait as a player's submission.
    pub fn start(&self, player: u64, job: Job) -> Run {
        self.judge.run(Asker { room: 1, player }, Kind::Submit, job).unwrap()
    }
}

/// Everything until `done`. What comes before a new beginning is void.
pub async fn collect(mut run: Run) -> Told {
    let mut tests = Vec::new();
    loop {
        let event = tokio::time::timeout(DEADLINE, run.next()).await.expect("a run ends in time");
        match event.expect("a run ends with `done`") {
            Event::Started => {}
            Event::Restarted => tests.clear(),
            Event::Test(result) => tests.push(result),
            Event::Done(done) => return Told { tests, done },
        }
    }
}

/// A job whose function is `f`, with half a second of CPU time.
pub fn job(language: Language, source: &str, tests: Vec<Vec<Value>>) -> Job {
    Job {
        language,
        source: source.into(),
        function: "f".to_owned(),
        tests,
        limits: Limits { cpu_ms: 500, memory_mb: 64 },
        mode: Mode::All,
    }
}

/// Asks again until there is an answer, for a minute.
pub async fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    for _ in 0..6_000 {
        if let Some(found) = look() {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("waited in vain until {what}");
}

/// Processes whose command line has this path in it, or that were started from it.
pub fn processes_of(program: &Path) -> Vec<i32> {
    let folder = program.parent().unwrap();
    let is_of_it = |pid: &i32| {
        let exe = fs::read_link(format!("/proc/{pid}/exe")).unwrap_or_default();
        exe.starts_with(folder)
    };
    let pids = fs::read_dir("/proc").unwrap().flatten();
    pids.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).filter(is_of_it).collect()
}
