//! Runs a program as a whole, outside of any duel: what it prints, and why it broke. Where its last line calls the test
//! case of a race that its author is in, what stands before that line is judged by the problem's hidden tests too.

use super::super::arena::lock;
use super::super::judging::{Assignment, JobKind, ending};
use super::super::play::Program;
use super::super::{DuelError, JudgeState};
use crate::limits::Limit;
use crate::{App, Caller, Client};
use parlor_core::race::Solver;
use parlor_core::{Invalid, duel::Language};
use parlor_judge::client::{Judge, MOST_SOURCE_BYTES};
use parlor_judge::queue::{Asker, Kind};
use parlor_problems::Problem;
use parlor_wire::judge::{
    Done, Event, Job, Language as JudgeLanguage, Limits, Mode, Outcome, Stop, Value, Verdict,
};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Runs the program that is its argument. An error in it keeps its own place in the text.
const PYTHON: &str = include_str!("run/whole_program.py");
const JAVASCRIPT: &str = include_str!("run/whole_program.js");

/// What a program did.
#[derive(Clone, PartialEq, Eq)]
pub struct Ran {
    /// What it printed; cut at 8 KiB.
    pub output: String,
    /// Why it broke; empty where it did not.
    pub error: String,
}

impl App {
    /// Runs a program to its end, within the judge's limits. `input` is what it can read.
    ///
    /// # Errors
    /// See [`DuelError`].
    pub async fn run_program_alone(
        &self,
        caller: Option<&Caller>,
        from: &Client,
        program: Program,
        input: String,
    ) -> Result<Ran, DuelError> {
        if input.len() > MOST_SOURCE_BYTES {
            return Err(Invalid { field: "input", rule: "must be at most 64 KiB" }.into());
        }
        let judge = self.judge()?;
        let by = match caller {
            Some(caller) => {
                self.take_limit(Limit::RunByAccount, caller.account.id)?;
                Solver::Account(caller.account.id)
            }
            None => {
                self.take_from_address(Limit::RunByAddress, from)?;
                Solver::Origin(self.origin(from))
            }
        };
        let ran = self.run_whole(&judge, by, &program, input).await?;
        self.judge_for_races(&judge, by, &program).await;
        Ok(ran)
    }

    async fn run_whole(
        &self,
        judge: &Judge,
        by: Solver,
        program: &Program,
        input: String,
    ) -> Result<Ran, DuelError> {
        let (language, runner) = match program.language {
            Language::Python => (JudgeLanguage::Python, PYTHON),
            Language::JavaScript => (JudgeLanguage::JavaScript, JAVASCRIPT),
        };
        let job = Job {
            language,
            source: runner.into(),
            function: "run".to_owned(),
            tests: vec![vec![Value::Text(program.source.clone()), Value::Text(input)]],
            limits: Limits::default(),
            mode: Mode::All,
        };
        let mut run = judge.run(self.asker(by), Kind::Run, job)?;
        let mut ran = Ran { output: String::new(), error: String::new() };
        while let Some(event) = run.next().await {
            match event {
                Event::Started => {}
                Event::Restarted => (ran.output, ran.error) = (String::new(), String::new()),
                Event::Test(result) => {
                    ran.output = result.output;
                    if let Outcome::Error(error) = result.outcome {
                        // Only Python knows the place in a program that is not the whole source.
                        let line = error.line.filter(|_| {
                            program.language == Language::Python && !error.message.contains("(solution, line")
                        });
                        ran.error = match line {
                            Some(line) => format!("{} (line {line})", error.message),
                            None => error.message,
                        };
                    }
                }
                Event::Done(Done { stop, .. }) => {
                    if let Stop::Fault(reason) = &stop {
                        tracing::error!(reason, "a program could not be run");
                    }
                    if let Some(problem) = ending(&stop) {
                        ran.error = problem.message;
                    }
                    return Ok(ran);
                }
            }
        }
        // The judge was shut down.
        Err(match self.judge_state() {
            JudgeState::Off(reason) => DuelError::NoJudge(reason),
            _ => DuelError::JudgeStarts,
        })
    }

    /// Notes whatever problem of a race the program solves. The answer waits for it: a claim may follow at once.
    async fn judge_for_races(&self, judge: &Judge, by: Solver, program: &Program) {
        let Some((source, last_line)) = split_last_line(&program.source) else { return };
        let called = lock(&self.inner.duels.races.races).problems_called(by, last_line);
        let solution = Program { source: source.to_owned(), language: program.language };
        for problem in called.iter().filter_map(|id| self.problem(id)) {
            if self.solves(judge, by, &problem, &solution).await {
                let now = self.now();
                lock(&self.inner.duels.races.races).note_solved(by, problem.id.clone(), now);
            }
        }
    }

    async fn solves(&self, judge: &Judge, by: Solver, problem: &Arc<Problem>, solution: &Program) -> bool {
        let author = match by {
            Solver::Account(account) => account,
            // Nobody is told anything of this run, so it needs no author.
            Solver::Origin(_) => parlor_core::AccountId::new(1).expect("1 is an id"),
        };
        let problem = problem.clone();
        let assignment = Assignment { round: 0, job: 0, author, kind: JobKind::Submit, problem, own: None };
        let mut judging = assignment.judging();
        let Ok(mut run) = judge.run(self.asker(by), Kind::Submit, assignment.job_for(solution)) else {
            return false;
        };
        while let Some(event) = run.next().await {
            match event {
                Event::Started => {}
                Event::Restarted => judging.restart(),
                Event::Test(result) => {
                    if judging.test(&result) != Some(Verdict::Accepted) {
                        return false;
                    }
                }
                Event::Done(done) => return judging.done(&done).verdict == Verdict::Accepted,
            }
        }
        false
    }

    /// Everybody has their turn; no run takes the place of a neighbour's behind the same address.
    fn asker(&self, by: Solver) -> Asker {
        // Apart from the rooms of duels, which are small numbers.
        const RACES: u64 = 1 << 63;
        let room = match by {
            Solver::Account(account) => account.get() as u64,
            Solver::Origin(origin) => origin.0,
        };
        Asker { room: room | RACES, player: self.inner.duels.races.runs.fetch_add(1, Ordering::Relaxed) }
    }
}

/// What stands before the last line that is not blank, and that line.
fn split_last_line(source: &str) -> Option<(&str, &str)> {
    source.trim_end().rsplit_once('\n')
}

#[cfg(test)]
mod tests {
    use super::split_last_line;

    #[test]
    fn the_last_line_is_one_that_says_something() {
        for (source, split) in [
            ("a\nb\nf(1)\n\n  ", Some(("a\nb", "f(1)"))),
            ("a\r\nf(1)\r\n", Some(("a\r", "f(1)"))),
            ("f(1)", None),
            ("", None),
        ] {
            assert_eq!(split_last_line(source), split, "{source:?}");
        }
    }
}
