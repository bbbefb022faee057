//! What there is to play: the problems that this node was started with, and those that a service wrote.
//!
//! A generated problem is a draft until whoever runs the server promotes it: only a race that names it plays it.

use super::DuelError;
use super::arena::lock;
use super::begin::rank_of;
use crate::limits::Limit;
use crate::{App, Caller, Failure};
use parlor_core::duel::DuelRank;
use parlor_core::{Code, Refusal};
use parlor_judge::client::Judge;
use parlor_problems::generate::{GenerateError, Generated};
use parlor_problems::{Problem, Rank};
use parlor_store::duels::results;
use parlor_store::generated_problems as store;
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

/// A problem takes a service about so long.
const WRITING: Duration = Duration::from_secs(60);

/// What writes new problems.
pub trait ProblemSource: Send + Sync {
    /// One of this rank that is like none of those that are known, and that passed the gate.
    fn make<'a>(&'a self, judge: &'a Judge, rank: Rank, known: &'a [Problem]) -> Making<'a>;
}

/// A problem that is being written. Every one ends; the source says how late at most.
pub type Making<'a> = Pin<Box<dyn Future<Output = Result<Generated, GenerateError>> + Send + 'a>>;

/// The problems of a node.
#[derive(Default)]
pub(crate) struct Problems {
    own: OnceLock<Vec<Arc<Problem>>>,
    generated: Mutex<Vec<GeneratedProblem>>,
    source: OnceLock<Arc<dyn ProblemSource>>,
    /// One is written at a time: each costs whoever runs the server.
    writing: tokio::sync::Mutex<()>,
}

#[derive(Clone)]
struct GeneratedProblem {
    problem: Arc<Problem>,
    is_draft: bool,
}

/// Why a problem was not promoted.
#[derive(Debug, thiserror::Error)]
pub enum PromoteError {
    /// The caller does not run this server.
    #[error("only who runs this server may do that")]
    Denied,
    /// There is no such draft.
    #[error("there is no such draft")]
    NotFound,
    /// Ours.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl Refusal for PromoteError {
    fn code(&self) -> Code {
        match self {
            Self::Denied => Code::Forbidden,
            Self::NotFound => Code::NotFound,
            Self::Failure(failure) => failure.code(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Failure(failure) => failure.retry_after(),
            _ => None,
        }
    }
}

impl App {
    /// Sets what writes new problems. Called once, at start.
    pub fn set_problem_source(&self, source: Arc<dyn ProblemSource>) {
        let _ = self.inner.duels.problems.source.set(source);
    }

    /// Reads the problems that were written before. Called once, at start; one that this version refuses is left out.
    ///
    /// # Errors
    /// What the database says.
    pub async fn load_generated_problems(&self) -> Result<(), Failure> {
        let stored = self.store().read::<_, Failure>(store::all).await?;
        let mut generated = lock(&self.inner.duels.problems.generated);
        for one in stored {
            match Problem::parse(&format!("{}.toml", one.id), &one.text) {
                Ok(problem) => {
                    let problem = Arc::new(problem);
                    generated.push(GeneratedProblem { problem, is_draft: one.is_draft });
                }
                Err(faults) => {
                    tracing::warn!(
                        problem = one.id,
                        faults = faults.len(),
                        "a generated problem is left out"
                    );
                }
            }
        }
        Ok(())
    }

    /// A new problem of the caller's rank. It is a draft.
    ///
    /// # Errors
    /// [`DuelError::NoWriter`], `NotWritten`, `NoJudge`, `Busy`, `TooOften`, ours.
    #[tracing::instrument(name = "duel.generate_problem", skip_all, fields(account.id = caller.account.id.get()))]
    pub async fn generate_problem(&self, caller: &Caller) -> Result<Arc<Problem>, DuelError> {
        let problems = &self.inner.duels.problems;
        let source = problems.source.get().ok_or(DuelError::NoWriter)?;
        let judge = self.judge()?;
        let account = caller.account.id;
        let _turn = problems.writing.try_lock().map_err(|_| DuelError::Busy { retry_after: WRITING })?;
        self.take_limit(Limit::NewProblem, account)?;
        let rating = self.store().read::<_, Failure>(move |tx| results::rating(tx, account)).await?;
        let rank = problem_rank(DuelRank::of(rating.xp));
        let known: Vec<Problem> = self.known_problems().iter().map(|problem| (**problem).clone()).collect();
        let made = source.make(&judge, rank, &known).await.map_err(|error| {
            // What it says may hold hidden tests.
            tracing::warn!(reason = reason(&error), "no problem was written");
            DuelError::NotWritten
        })?;
        let (id, now) = (made.problem.id.clone(), self.now());
        let kept = self
            .store()
            .write::<_, Failure>(move |write| {
                store::insert(write, &made.problem.id, &made.text, account, now)
                    .map(|kept| kept.then_some(made.problem))
            })
            .await?;
        // Another node was faster with the same name.
        let problem = Arc::new(kept.ok_or(DuelError::NotWritten)?);
        tracing::info!(problem = id, "a problem was written; it is a draft until it is promoted");
        let generated = GeneratedProblem { problem: problem.clone(), is_draft: true };
        lock(&problems.generated).push(generated);
        Ok(problem)
    }

    /// Lets everybody play a draft.
    ///
    /// # Errors
    /// See [`PromoteError`].
    #[tracing::instrument(name = "duel.promote_problem", skip_all, fields(account.id = caller.account.id.get()))]
    pub async fn promote_problem(&self, caller: &Caller, id: &str) -> Result<(), PromoteError> {
        if !caller.admin {
            return Err(PromoteError::Denied);
        }
        let (name, now) = (id.to_owned(), self.now());
        let promoted =
            self.store().write::<_, Failure>(move |write| store::promote(write, &name, now)).await?;
        if !promoted {
            return Err(PromoteError::NotFound);
        }
        for one in lock(&self.inner.duels.problems.generated).iter_mut().filter(|one| one.problem.id == id) {
            one.is_draft = false;
        }
        Ok(())
    }

    /// Everything that may be played, drafts too.
    #[must_use]
    pub fn known_problems(&self) -> Vec<Arc<Problem>> {
        self.problems_that(|_| true)
    }

    /// What duels choose from.
    pub(super) fn playable_problems(&self) -> Vec<Arc<Problem>> {
        self.problems_that(|one| !one.is_draft)
    }

    /// A problem by its name.
    pub(super) fn problem(&self, id: &str) -> Option<Arc<Problem>> {
        self.known_problems().into_iter().find(|problem| problem.id == id)
    }

    pub(super) fn set_own_problems(&self, problems: Vec<Problem>) {
        let _ = self.inner.duels.problems.own.set(problems.into_iter().map(Arc::new).collect());
    }

    fn problems_that(&self, may_be: impl Fn(&GeneratedProblem) -> bool) -> Vec<Arc<Problem>> {
        let problems = &self.inner.duels.problems;
        let own = problems.own.get().map_or(&[][..], Vec::as_slice).iter().cloned();
        let generated = lock(&problems.generated);
        own.chain(generated.iter().filter(|one| may_be(one)).map(|one| one.problem.clone())).collect()
    }
}

fn problem_rank(rank: DuelRank) -> Rank {
    let same = Rank::ALL.into_iter().find(|other| rank_of(*other) == rank);
    same.expect("both have the same four ranks")
}

/// Why, without a word of what was written.
fn reason(error: &GenerateError) -> String {
    match error {
        GenerateError::Faulty(_) => "what was written did not pass".to_owned(),
        GenerateError::Writer(error) => error.to_string(),
        other => other.to_string(),
    }
}
