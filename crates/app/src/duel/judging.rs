//! What becomes of a program: the job for the judge, and its events on their way to the author and to the match.
//!
//! Of a hidden test nothing leaves but its number, its verdict and its time: neither what the program printed nor why it
//! broke, since both may hold the arguments.

use super::arena::{Live, Program, lock};
use crate::App;
use parlor_core::AccountId;
use parlor_core::duel::{Command, Language, Verdict};
use parlor_judge::client::Run;
use parlor_judge::verdict::Judging;
use parlor_problems::Problem;
use parlor_wire::judge::{
    Done, Event, Job, Language as JudgeLanguage, Limits, Mode, Outcome, ProgramError, Stop, TestResult,
    Value, Verdict as JudgeVerdict,
};
use std::sync::{Arc, Mutex};

/// What a player sees of a value, in characters.
const MOST_SHOWN: usize = 4_000;

/// Tried or submitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobKind {
    /// On the examples.
    Run,
    /// On the hidden tests.
    Submit,
}

/// Something happened to a program.
#[derive(Clone, Debug)]
pub struct JobNews {
    /// In which round.
    pub round: u32,
    /// Its number.
    pub job: u64,
    /// Tried or submitted.
    pub kind: JobKind,
    /// What.
    pub what: Happened,
}

/// What happened.
#[derive(Clone, Debug)]
pub enum Happened {
    /// It waits behind so many others at most.
    Queued(u32),
    /// It runs; a second time, it runs anew.
    Started,
    /// A test was finished.
    Test {
        /// From 1.
        number: u32,
        /// What it is worth.
        verdict: JudgeVerdict,
        /// CPU time in microseconds.
        us: u64,
        /// What it returned, as JSON; of a test that may be shown.
        value: Option<String>,
        /// What it printed; the same.
        output: Option<String>,
        /// Why there is no value; the same.
        error: Option<Problematic>,
    },
    /// Nothing more comes.
    Done {
        /// What it is worth.
        verdict: JudgeVerdict,
        /// Tests passed.
        passed: u32,
        /// Tests that have an expected value.
        total: u32,
        /// CPU time.
        cpu_ms: u64,
        /// The largest memory.
        peak_mb: u32,
        /// What ended it.
        error: Option<Problematic>,
    },
}

/// What went wrong in a program, for its author.
#[derive(Clone)]
pub struct Problematic {
    /// In words.
    pub message: String,
    /// The line of the program, from 1.
    pub line: Option<u32>,
}

// A program's own words are in no log line.
impl std::fmt::Debug for Problematic {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Problematic").field("line", &self.line).finish_non_exhaustive()
    }
}

/// A program that the judge was given.
pub(super) struct Assignment {
    pub(super) round: u32,
    pub(super) job: u64,
    pub(super) author: AccountId,
    pub(super) kind: JobKind,
    pub(super) problem: Arc<Problem>,
    /// The arguments of a call of one's own.
    pub(super) own: Option<Vec<Value>>,
}

impl Assignment {
    pub(super) fn job_for(&self, program: &Program) -> Job {
        let tests = match self.kind {
            JobKind::Submit => self.problem.hidden.iter().map(|case| case.arguments.clone()).collect(),
            JobKind::Run => {
                let examples = self.problem.examples.iter().map(|example| example.case.arguments.clone());
                examples.chain(self.own.clone()).collect()
            }
        };
        Job {
            language: match program.language {
                Language::JavaScript => JudgeLanguage::JavaScript,
                Language::Python => JudgeLanguage::Python,
            },
            source: program.source.as_str().into(),
            function: self.problem.signature.name.clone(),
            tests,
            limits: Limits { cpu_ms: self.problem.limits.cpu_ms, memory_mb: self.problem.limits.memory_mb },
            mode: match self.kind {
                JobKind::Submit => Mode::StopAtFailure,
                JobKind::Run => Mode::All,
            },
        }
    }

    pub(super) fn judging(&self) -> Judging {
        let expected = match self.kind {
            JobKind::Submit => self.problem.hidden.iter().map(|case| Some(case.expected.clone())).collect(),
            JobKind::Run => {
                let examples = self.problem.examples.iter().map(|one| Some(one.case.expected.clone()));
                examples.chain(self.own.iter().map(|_| None)).collect()
            }
        };
        Judging::new(expected, self.problem.compare)
    }

    fn news(&self, what: Happened) -> JobNews {
        JobNews { round: self.round, job: self.job, kind: self.kind, what }
    }
}

impl App {
    pub(super) fn tell_queued(&self, live: &Live, assignment: &Assignment, position: u32) {
        self.tell_author(live, assignment, Happened::Queued(position));
    }

    /// Passes on what happens to a program until it is over. One whose round has ended is stopped.
    pub(super) async fn follow_run(self, arc: Arc<Mutex<Live>>, assignment: Assignment, mut run: Run) {
        let mut judging = assignment.judging();
        let (mut passed, mut has_failed) = (0, false);
        while let Some(event) = run.next().await {
            let mut live = lock(&arc);
            if !is_wanted(&live, &assignment) {
                break;
            }
            match event {
                Event::Started => self.tell_author(&live, &assignment, Happened::Started),
                Event::Restarted => {
                    judging.restart();
                    (passed, has_failed) = (0, false);
                    self.tell_author(&live, &assignment, Happened::Started);
                }
                // It was stopped; how much further it came meanwhile is the machine's chance and counts for nothing.
                Event::Test(_) if has_failed => {}
                Event::Test(result) => {
                    let Some(verdict) = judging.test(&result) else { continue };
                    passed += u32::from(verdict == JudgeVerdict::Accepted);
                    self.tell_author(&live, &assignment, tested(&assignment, &result, verdict));
                    if assignment.kind == JobKind::Submit {
                        if verdict == JudgeVerdict::Accepted {
                            self.note_passed(&mut live, &assignment, passed);
                        } else {
                            has_failed = true;
                            run.stop();
                        }
                    }
                }
                Event::Done(done) => {
                    let judged = judging.done(&done);
                    let error = ending(&done.stop);
                    let what = Happened::Done {
                        verdict: judged.verdict,
                        passed: judged.passed,
                        total: judged.total,
                        cpu_ms: done.cpu_ms,
                        peak_mb: u32::try_from(done.peak_kb.div_ceil(1024)).unwrap_or(u32::MAX),
                        error,
                    };
                    self.tell_author(&live, &assignment, what);
                    self.end_run(&arc, &mut live, &assignment, judged.verdict, judged.passed, &done);
                    return;
                }
            }
        }
        let mut live = lock(&arc);
        // Its round is over, or the judge was shut down: ours in any case.
        let done = Done { stop: Stop::Stopped, cpu_ms: 0, wall_ms: 0, peak_kb: 0 };
        self.end_run(&arc, &mut live, &assignment, JudgeVerdict::InternalError, 0, &done);
    }

    fn note_passed(&self, live: &mut Live, assignment: &Assignment, passed: u32) {
        live.duel.note_passed(assignment.job, passed);
        self.tell_progress(live, assignment.author, false);
    }

    fn end_run(
        &self,
        arc: &Arc<Mutex<Live>>,
        live: &mut Live,
        assignment: &Assignment,
        verdict: JudgeVerdict,
        passed: u32,
        done: &Done,
    ) {
        if let Some(trying) = live.trying.get_mut(&assignment.author)
            && assignment.kind == JobKind::Run
        {
            *trying = trying.saturating_sub(1);
        }
        if assignment.kind == JobKind::Submit {
            if let Stop::Fault(reason) = &done.stop {
                tracing::error!(reason, "a program could not be judged");
            }
            if let Some(source) = live.sources.get_mut(&assignment.job) {
                source.cpu_ms = done.cpu_ms;
            }
            let command = Command::Judged { job: assignment.job, verdict: worth(verdict), passed };
            // Nothing that a judge says is refused.
            let _ = self.change_duel(arc, live, command);
        }
        self.tell_progress(live, assignment.author, true);
    }

    fn tell_author(&self, live: &Live, assignment: &Assignment, what: Happened) {
        let news = assignment.news(what);
        self.inner.duels.faces().iter().for_each(|face| face.judged(live.id, assignment.author, &news));
    }
}

fn is_wanted(live: &Live, assignment: &Assignment) -> bool {
    use parlor_core::duel::Phase;
    let same = live.duel.round.as_ref().is_some_and(|round| round.number == assignment.round);
    same && matches!(live.duel.phase, Phase::Running | Phase::Judging)
}

fn tested(assignment: &Assignment, result: &TestResult, verdict: JudgeVerdict) -> Happened {
    let is_shown = assignment.kind == JobKind::Run;
    let (value, error) = match &result.outcome {
        Outcome::Value(value) => (Some(shown(value)), None),
        Outcome::Error(error) => (None, Some(problematic(error))),
    };
    Happened::Test {
        number: result.i + 1,
        verdict,
        us: result.us,
        value: value.filter(|_| is_shown),
        output: is_shown.then(|| result.output.clone()),
        error: error.filter(|_| is_shown),
    }
}

/// A value as JSON.
pub(super) fn shown(value: &Value) -> String {
    let text = serde_json::to_string(value).unwrap_or_default();
    match text.char_indices().nth(MOST_SHOWN) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

fn problematic(error: &ProgramError) -> Problematic {
    Problematic { message: error.message.clone(), line: error.line }
}

/// What ended a run, where it did not simply finish. It came before any test, or says nothing of one.
pub(super) fn ending(stop: &Stop) -> Option<Problematic> {
    let message = match stop {
        Stop::Finished | Stop::Stopped => return None,
        Stop::Compile(error) => return Some(problematic(error)),
        Stop::CpuLimit => "more CPU time than allowed",
        Stop::Idle => "it waits for something that never comes",
        Stop::MemoryLimit => "more memory than allowed",
        Stop::OutputLimit => "more than 64 KiB printed, or a result of more than 256 KiB",
        Stop::Forbidden => "forbidden operation",
        Stop::Signal(_) => "the program crashed",
        Stop::Exit(_) => "the program ended before its tests did",
        Stop::BadResult => "the program disturbed how its results are read",
        Stop::Fault(_) => "a fault of this server: it counts for nobody",
    };
    Some(Problematic { message: message.to_owned(), line: None })
}

/// What was skipped as a whole was stopped by us.
pub(super) fn worth(verdict: JudgeVerdict) -> Verdict {
    match verdict {
        JudgeVerdict::Accepted | JudgeVerdict::Shown => Verdict::Accepted,
        JudgeVerdict::WrongAnswer => Verdict::WrongAnswer,
        JudgeVerdict::TimeLimit => Verdict::TimeLimit,
        JudgeVerdict::MemoryLimit => Verdict::MemoryLimit,
        JudgeVerdict::OutputLimit => Verdict::OutputLimit,
        JudgeVerdict::RuntimeError => Verdict::RuntimeError,
        JudgeVerdict::CompileError => Verdict::CompileError,
        JudgeVerdict::Idle => Verdict::Idle,
        JudgeVerdict::InternalError | JudgeVerdict::Skipped => Verdict::Fault,
    }
}
