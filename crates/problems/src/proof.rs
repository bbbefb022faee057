//! Runs the solutions of a problem in the sandbox: both references must be right and quick, every wrong one be found out.

use crate::fault::{Fault, Faults};
use crate::problem::{Case, Problem, Solution};
use parlor_judge::client::{Judge, Run, RunError};
use parlor_judge::queue::{Asker, Kind};
use parlor_judge::verdict::{Judged, Judging};
use parlor_wire::judge::{
    Done, Event, Job, Language, Limits, Mode, Outcome, Stop, TestResult, Value, Verdict,
};

/// A reference may need this part of the CPU time: players write slower programs, and machines differ.
const REFERENCE_PART: u64 = 4;
/// A reference that was too slow is run this often in all, and its least time counts: a busy machine only adds to it.
const MOST_RUNS: usize = 3;
/// How much of a value is shown, in characters.
const MOST_SHOWN: usize = 80;

/// What the sandbox said of a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// CPU time in milliseconds of the reference in Python, for all cases together.
    pub python_ms: u64,
    /// The same in JavaScript.
    pub javascript_ms: u64,
    /// What does not hold.
    pub faults: Vec<Fault>,
}

/// The sandbox said nothing. The problem is not to blame.
#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    /// The judge does not take a solution: the language is missing, or others keep it busy.
    #[error("a solution of {file} was not taken")]
    Refused {
        /// The problem's file.
        file: String,
        /// Why.
        source: RunError,
    },
    /// The judge failed more than once at the same solution, or was shut down.
    #[error("a solution of {file} could not be judged: {reason}")]
    NotJudged {
        /// The problem's file.
        file: String,
        /// What it said.
        reason: String,
    },
}

/// Runs all solutions of a problem: the references on every case, the wrong ones on the hidden cases.
///
/// One problem at a time at a judge: a second one meets its places in the queue taken.
///
/// # Errors
/// When the sandbox is to blame.
pub async fn prove(judge: &Judge, problem: &Problem) -> Result<Proof, ProofError> {
    let bench = Bench { judge, problem };
    let every: Vec<&Case> =
        problem.examples.iter().map(|example| &example.case).chain(&problem.hidden).collect();
    let hidden: Vec<&Case> = problem.hidden.iter().collect();
    let python = Solution { language: Language::Python, source: problem.references.python.clone() };
    let javascript =
        Solution { language: Language::JavaScript, source: problem.references.javascript.clone() };
    // All of them wait at the judge together, so every slot has work; each is a player of its own there.
    let mut player = 0;
    let mut begin = |solution, cases| {
        player += 1;
        bench.begin(player, solution, cases, Mode::All)
    };
    let in_python = begin(&python, &every)?;
    let in_javascript = begin(&javascript, &every)?;
    let wrong: Vec<Run> =
        problem.wrong.iter().map(|solution| begin(solution, &hidden)).collect::<Result<_, _>>()?;

    let mut faults = Faults::of(&problem.file());
    let python_ms = bench.check_reference(in_python, &python, &every, &mut faults).await?;
    let javascript_ms = bench.check_reference(in_javascript, &javascript, &every, &mut faults).await?;
    for (i, run) in wrong.into_iter().enumerate() {
        bench.check_wrong(i, run, &hidden, &mut faults).await?;
    }
    Ok(Proof { python_ms, javascript_ms, faults: faults.into_list() })
}

/// One problem at the judge.
struct Bench<'a> {
    judge: &'a Judge,
    problem: &'a Problem,
}

/// A run that is over.
struct Finished {
    judged: Judged,
    done: Done,
    /// The value of the first test that failed by one, or what the program said.
    gave: Option<String>,
}

impl Bench<'_> {
    fn begin(
        &self,
        player: u64,
        solution: &Solution,
        cases: &[&Case],
        mode: Mode,
    ) -> Result<Run, ProofError> {
        let limits = self.problem.limits;
        let job = Job {
            language: solution.language,
            source: solution.source.as_str().into(),
            function: self.problem.signature.name.clone(),
            tests: cases.iter().map(|case| case.arguments.clone()).collect(),
            limits: Limits { cpu_ms: limits.cpu_ms, memory_mb: limits.memory_mb },
            mode,
        };
        let refused = |source| ProofError::Refused { file: self.problem.file(), source };
        self.judge.run(Asker { room: 0, player }, Kind::Submit, job).map_err(refused)
    }

    /// The least CPU time of a reference, in milliseconds.
    async fn check_reference(
        &self,
        run: Run,
        solution: &Solution,
        cases: &[&Case],
        faults: &mut Faults,
    ) -> Result<u64, ProofError> {
        let field = match solution.language {
            Language::Python => "reference.python",
            Language::JavaScript => "reference.javascript",
        };
        let most = u64::from(self.problem.limits.cpu_ms) / REFERENCE_PART;
        let mut finished = self.finish(run, cases).await?;
        let mut least = finished.done.cpu_ms;
        for _ in 1..MOST_RUNS {
            let is_slow = finished.judged.verdict == Verdict::TimeLimit || least > most;
            if !is_slow {
                break;
            }
            finished = self.finish(self.begin(0, solution, cases, Mode::All)?, cases).await?;
            least = least.min(finished.done.cpu_ms);
        }
        if finished.judged.verdict == Verdict::Accepted {
            let rule =
                format!("must need at most {most} ms, a quarter of limits.cpu_ms, and needs {least} ms");
            faults.check(least <= most, field, rule);
        } else {
            faults.add(field, self.why(&finished, cases));
        }
        Ok(least)
    }

    async fn check_wrong(
        &self,
        i: usize,
        run: Run,
        hidden: &[&Case],
        faults: &mut Faults,
    ) -> Result<(), ProofError> {
        let finished = self.finish(run, hidden).await?;
        match finished.judged.verdict {
            Verdict::Accepted => faults.add(format!("wrong[{i}]"), "must fail a hidden case, and passes all"),
            // It would fail whatever the cases are, so it shows nothing of them.
            Verdict::CompileError => {
                let said = finished.gave.unwrap_or_default();
                faults.add(format!("wrong[{i}]"), format!("must be a program with the function: {said}"));
            }
            _ => {}
        }
        Ok(())
    }

    /// Waits for the end; the judge bounds how long that takes.
    async fn finish(&self, mut run: Run, cases: &[&Case]) -> Result<Finished, ProofError> {
        let expected: Vec<_> = cases.iter().map(|case| Some(case.expected.clone())).collect();
        let mut judging = Judging::new(expected, self.problem.compare);
        let mut gave = None;
        while let Some(event) = run.next().await {
            match event {
                Event::Started => {}
                Event::Restarted => {
                    judging.restart();
                    gave = None;
                }
                Event::Test(result) => {
                    let verdict = judging.test(&result);
                    if gave.is_none() && verdict != Some(Verdict::Accepted) {
                        gave = Some(outcome(&result));
                    }
                }
                Event::Done(done) => return self.finished(judging, done, gave),
            }
        }
        Err(self.not_judged("it was shut down"))
    }

    fn finished(&self, judging: Judging, done: Done, gave: Option<String>) -> Result<Finished, ProofError> {
        let judged = judging.done(&done);
        if judged.verdict == Verdict::InternalError {
            return Err(self.not_judged(&format!("{:?}", done.stop)));
        }
        let gave = match &done.stop {
            Stop::Compile(error) => Some(error.message.clone()),
            _ => gave,
        };
        Ok(Finished { judged, done, gave })
    }

    fn not_judged(&self, reason: &str) -> ProofError {
        ProofError::NotJudged { file: self.problem.file(), reason: reason.to_owned() }
    }

    /// Why a run was not accepted: in which case, and what came instead.
    fn why(&self, finished: &Finished, cases: &[&Case]) -> String {
        let Judged { verdict, passed, total, first_failed, .. } = &finished.judged;
        let verdict = format!("must give every expected value: {verdict:?}, {passed} of {total} cases");
        let Some(first) = first_failed.map(|first| first as usize) else { return verdict };
        let examples = self.problem.examples.len();
        let case = match first.checked_sub(examples) {
            None => format!("example[{first}]"),
            Some(hidden) => format!("hidden[{hidden}]"),
        };
        let expected = shown(&cases[first].expected);
        let gave = finished.gave.as_deref().unwrap_or("nothing");
        format!("{verdict}; {case} expects {expected} and it gave {gave}")
    }
}

fn outcome(result: &TestResult) -> String {
    match &result.outcome {
        Outcome::Value(value) => shown(value),
        Outcome::Error(error) => error.message.clone(),
    }
}

fn shown(value: &Value) -> String {
    let text = serde_json::to_string(value).unwrap_or_else(|error| error.to_string());
    match text.char_indices().nth(MOST_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
