//! Writes the result of a race down: once, whoever says it first, and only as this server saw it. It becomes a duel of
//! one round, with everything that follows from one: points, ratings, the limit against boosting.

use super::super::arena::{Person, lock};
use super::super::finish::finish;
use super::people::RaceUser;
use crate::{App, Caller, Failure};
use parlor_core::duel::{
    BestOf, Ending, Minutes, Mode, Outcome, Place, RoundEnding, RoundPlace, RoundResult, Seats, Standing,
    Terms,
};
use parlor_core::race::{Judged, Party};
use parlor_core::{AccountId, Code, DuelId, Refusal, Timestamp};
use parlor_problems::Problem;
use parlor_store::duels::results::{self, Rating};
use parlor_store::duels::{self, Ended, NewDuel, StoredRound, Unranked};
use parlor_store::tx::Tx;
use parlor_store::{Write, accounts, racers};
use std::sync::Arc;
use std::time::Duration;

/// What somebody says came of a race.
#[derive(Clone, Debug)]
pub struct RaceResult {
    /// The problem.
    pub problem: String,
    /// Who played.
    pub players: [AccountId; 2],
    /// Who won.
    pub winner: AccountId,
}

/// A result that was recorded.
#[derive(Clone, Debug)]
pub struct RecordedRace {
    /// By what it is known.
    pub id: DuelId,
    /// The problem, where this server still has it.
    pub problem: Option<Arc<Problem>>,
    /// Who won.
    pub winner: RaceUser,
    /// Who played, in the order in which they came.
    pub players: Vec<RaceUser>,
}

/// Why a result was not recorded.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The winner did not play.
    #[error("the winner is neither of the two")]
    NotAPlayer,
    /// This server judged no race of the caller so.
    #[error("the server did not judge this match so")]
    NotJudged,
    /// Ours.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl Refusal for RecordError {
    fn code(&self) -> Code {
        match self {
            Self::NotAPlayer => Code::Invalid,
            Self::NotJudged => Code::Conflict,
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
    /// Records what came of a race in which the caller played. The second time answers as the first.
    ///
    /// # Errors
    /// See [`RecordError`].
    #[tracing::instrument(name = "duel.record_race", skip_all, fields(account.id = caller.account.id.get()))]
    pub async fn record_race(&self, caller: &Caller, said: RaceResult) -> Result<RecordedRace, RecordError> {
        if !said.players.contains(&said.winner) {
            return Err(RecordError::NotAPlayer);
        }
        let (judged, counts) = {
            let races = lock(&self.inner.duels.races.races);
            let judged = races.judged(&said.problem, said.players, said.winner);
            let judged = judged.filter(|_| said.players.contains(&caller.account.id));
            let judged = judged.ok_or(RecordError::NotJudged)?.clone();
            let counts = races.is_proven(&judged);
            let oldest = races.oldest_judged();
            drop(races);
            lock(&self.inner.duels.races.recorded).retain(|number, _| *number >= oldest);
            (judged, counts)
        };
        let recorded = lock(&self.inner.duels.races.recorded).entry(judged.number).or_default().clone();
        let id = *recorded.get_or_try_init(|| self.write_race(judged.clone(), counts)).await?;
        let problem = self.problem(&judged.problem);
        let users = self
            .store()
            .read::<_, Failure>(move |tx| {
                judged.players.iter().map(|party| user_of(tx, party)).collect::<Result<Vec<_>, _>>()
            })
            .await?;
        let winner = users.iter().find(|user| user.id == said.winner).cloned();
        let winner = winner.ok_or_else(|| Failure::internal("a race was won by nobody who played"))?;
        Ok(RecordedRace { id, problem, winner, players: users })
    }

    async fn write_race(&self, judged: Judged, counts: bool) -> Result<DuelId, Failure> {
        let problem = self.problem(&judged.problem);
        let (title, tests) = problem
            .map_or((String::new(), 0), |problem| (problem.title.clone(), problem.hidden.len() as u32));
        let (node, now) = (self.inner.node, self.now());
        self.store()
            .write(move |write| {
                let id = duels::insert(write, &duel_of(node, now)?)?;
                if counts {
                    write_counting(write, id, &judged, title, tests, now)?;
                } else {
                    // Whoever was named there may never have played: it stands in nobody's history.
                    let ended = Ended {
                        at: now,
                        ending: Ending::Won,
                        winner: Some(judged.winner),
                        unranked: Some(Unranked::Guest),
                        replay: false,
                    };
                    results::end(write, id, &ended)?;
                }
                Ok(id)
            })
            .await
    }
}

fn write_counting(
    write: &mut Write<'_>,
    id: DuelId,
    judged: &Judged,
    title: String,
    tests: u32,
    now: Timestamp,
) -> Result<(), Failure> {
    let (mut people, mut ratings) = (Vec::new(), Vec::new());
    for party in &judged.players {
        let stored = accounts::load(write, party.account)?;
        let account =
            stored.ok_or_else(|| Failure::internal("a player with a token has no account"))?.account;
        let rating = results::rating(write, party.account)?;
        people.push(Person { author: account.author(), guest: account.username.is_none(), rating });
        ratings.push(rating);
    }
    duels::seat(write, id, &ratings)?;
    let round = StoredRound { problem: judged.problem.clone(), title, result: round_of(judged, tests) };
    duels::save_round(write, id, &round, &[])?;
    let accounts: Vec<AccountId> = ratings.iter().map(|rating: &Rating| rating.account).collect();
    let outcome = Outcome {
        at: now,
        ending: Ending::Won,
        winner: Some(judged.winner),
        places: by_place(judged)
            .map(|(player, place)| Place { player, place, won: u32::from(place == 1) })
            .collect(),
    };
    finish(write, id, &outcome, &accounts, &people, &[])?;
    Ok(())
}

/// One round, the fastest wins. Only its players see it natively.
fn duel_of(node: i64, now: Timestamp) -> Result<NewDuel, Failure> {
    let best_of = BestOf::parse(1).map_err(Failure::internal)?;
    Ok(NewDuel {
        node,
        group: None,
        owner: None,
        public: false,
        terms: Terms { mode: Mode::Fastest, language: None, best_of, minutes: Minutes::USUAL },
        seats: Seats::TWO,
        at: now,
    })
}

fn round_of(judged: &Judged, total: u32) -> RoundResult {
    let places = by_place(judged).map(|(player, place)| {
        let won = place == 1;
        let solved_ms = won.then_some(judged.after.as_millis() as u64);
        let passed = if won { total } else { 0 };
        RoundPlace { player, place, standing: Standing { passed, total, wrong: 0, solved_ms, length: None } }
    });
    RoundResult {
        number: 1,
        winner: Some(judged.winner),
        ending: RoundEnding::Solved,
        places: places.collect(),
    }
}

/// The winner first.
fn by_place(judged: &Judged) -> impl Iterator<Item = (AccountId, u32)> + '_ {
    let won = judged.players.iter().filter(|party| party.account == judged.winner);
    let lost = judged.players.iter().filter(|party| party.account != judged.winner);
    won.chain(lost).zip(1..).map(|(party, place)| (party.account, place))
}

/// Somebody who played; by their own words where there is no such account.
fn user_of(tx: &mut dyn Tx, party: &Party) -> Result<RaceUser, Failure> {
    Ok(match racers::load(tx, party.account)? {
        Some(racer) => RaceUser::from(&racer),
        None => RaceUser { id: party.account, name: party.name.as_str().to_owned(), xp: 0 },
    })
}
