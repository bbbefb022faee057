//! What is left of duels: reviews, replays, profiles, the leaderboard; what runs now, and whether anything can.

use super::arena::{DuelView, Finish, Finished, Live, Person, lock};
use super::begin::rank_of;
use super::{DuelError, JudgeState};
use crate::{App, Caller, Failure, Page, PageLimit};
use parlor_core::duel::{DuelRank, Match, Outcome, Phase, Place, Player, Puzzle};
use parlor_core::permission::Action;
use parlor_core::{AccountId, Author, DuelId, GroupId, Timestamp};
use parlor_problems::Problem;
use parlor_store::duels::results::{self, Played, Point, Ranked, Rating};
use parlor_store::duels::{self, Edit, StoredDuel, StoredRound, Submitted};
use parlor_store::{accounts, members};
use parlor_wire::judge::Hello;
use std::sync::Arc;

/// Points of a rating graph.
const GRAPH: usize = 200;
/// Duels in a list.
const LISTED: usize = 200;

/// A duel, and everything of its rounds that are over.
pub struct Review {
    /// The match.
    pub view: DuelView,
    /// Its rounds.
    pub rounds: Vec<ReviewedRound>,
    /// Whether there is a replay.
    pub replay: bool,
}

/// A round that is over.
pub struct ReviewedRound {
    /// What came of it.
    pub stored: StoredRound,
    /// Its problem, where this server still has it.
    pub problem: Option<Arc<Problem>>,
    /// What was submitted.
    pub submitted: Vec<Submitted>,
}

/// Somebody's duels.
pub struct Profile {
    /// Who.
    pub author: Author,
    /// How strong they are.
    pub rating: Rating,
    /// How they became so, the oldest first.
    pub points: Vec<Point>,
    /// What they played; the flag says whether the caller may see it.
    pub history: Page<(Played, bool), DuelId>,
}

/// Whether duels can be played.
pub struct Status {
    /// Why not.
    pub reason: Option<String>,
    /// What the judge can do, where there is one.
    pub hello: Option<Hello>,
    /// How many problems each rank has.
    pub problems: Vec<(DuelRank, u32)>,
    /// How many people seek.
    pub seeking: u32,
    /// How many duels run.
    pub running: u32,
}

impl App {
    /// What can be joined or watched now: in a group, or by everybody. The newest first.
    ///
    /// # Errors
    /// See [`DuelError`].
    pub async fn duels(&self, caller: &Caller, group: Option<GroupId>) -> Result<Vec<DuelView>, DuelError> {
        if let Some(group) = group {
            self.check_member(caller, group, Action::Read).await?;
        }
        let is_listed = |live: &Live| {
            let here = match group {
                Some(group) => live.new.group == Some(group),
                None => live.new.public,
            };
            here && live.duel.phase != Phase::Over
        };
        let now = self.now();
        let mut views: Vec<DuelView> = Vec::new();
        for arc in self.inner.duels.all() {
            let live = lock(&arc);
            if is_listed(&live) {
                views.push(live.view(now));
            }
        }
        views.sort_by_key(|view| std::cmp::Reverse(view.id));
        views.truncate(LISTED);
        Ok(views)
    }

    /// A duel with all programs of the rounds that are over.
    ///
    /// # Errors
    /// See [`DuelError`].
    pub async fn review_duel(&self, caller: &Caller, duel: DuelId) -> Result<Review, DuelError> {
        if self.inner.duels.find(duel).is_some() {
            // What was told a moment ago is still on its way to the disk: behind this it is there.
            self.store().write::<_, Failure>(|_| Ok(())).await?;
        }
        let stored = self.stored_duel(caller, duel).await?;
        let submitted = self.store().read::<_, Failure>(move |tx| duels::submitted(tx, duel)).await?;
        let view = match self.inner.duels.find(duel) {
            Some(arc) => lock(&arc).view(self.now()),
            // It could not begin, or another node has it: there is nothing to look at, and nothing of it will be told.
            None if stored.ended.is_none() => return Err(DuelError::NotFound),
            None => self.view_of(&stored),
        };
        let replay = stored.ended.as_ref().is_some_and(|ended| ended.replay);
        let rounds = stored.rounds.into_iter().map(|stored| ReviewedRound {
            problem: self.problem(&stored.problem),
            submitted: submitted.iter().filter(|one| one.round == stored.result.number).cloned().collect(),
            stored,
        });
        Ok(Review { view, rounds: rounds.collect(), replay })
    }

    /// What stood in the editors, where all players let it be kept.
    ///
    /// # Errors
    /// See [`DuelError`]; `NotFound` where nothing was kept.
    pub async fn replay_duel(&self, caller: &Caller, duel: DuelId) -> Result<Vec<Edit>, DuelError> {
        let stored = self.stored_duel(caller, duel).await?;
        if !stored.ended.is_some_and(|ended| ended.replay) {
            return Err(DuelError::NotFound);
        }
        Ok(self.store().read::<_, Failure>(move |tx| duels::edits(tx, duel)).await?)
    }

    /// The strongest, after so many others.
    ///
    /// # Errors
    /// What the database says.
    pub async fn leaderboard(&self, skip: u32, limit: PageLimit) -> Result<Page<Ranked, u32>, Failure> {
        let found = self
            .store()
            .read::<_, Failure>(move |tx| results::leaderboard(tx, skip, limit.get() + 1))
            .await?;
        let next = skip.saturating_add(limit.get() as u32);
        Ok(Page::cut(found, limit, |_| next))
    }

    /// Somebody's duels.
    ///
    /// # Errors
    /// See [`DuelError`].
    pub async fn duel_profile(
        &self,
        caller: &Caller,
        account: AccountId,
        before: Option<DuelId>,
        limit: PageLimit,
    ) -> Result<Profile, DuelError> {
        let (me, now) = (caller.account.id, self.now());
        self.store()
            .read(move |tx| {
                let stored = accounts::load(tx, account)?.ok_or(DuelError::NotFound)?;
                let mut points = results::points(tx, account, GRAPH)?;
                points.reverse();
                let mut history = Vec::new();
                for played in results::history(tx, account, before, limit.get() + 1)? {
                    let seen = played.public
                        || me == account
                        || played.opponents.iter().any(|(other, _)| *other == me)
                        || match played.group {
                            Some(group) => members::role_in_live_group(tx, group, me, now)?.is_some(),
                            None => false,
                        };
                    history.push((played, seen));
                }
                Ok(Profile {
                    author: stored.account.author(),
                    rating: results::rating(tx, account)?,
                    points,
                    history: Page::cut(history, limit, |(played, _)| played.duel),
                })
            })
            .await
    }

    /// Whether duels can be played, and how many are.
    #[must_use]
    pub fn duel_status(&self) -> Status {
        let problems = self.playable_problems();
        let count = |rank| problems.iter().filter(|problem| rank_of(problem.rank) == rank).count() as u32;
        let runs = |live: &Live| !matches!(live.duel.phase, Phase::Over | Phase::Open { .. });
        let (reason, hello) = match self.judge_state() {
            JudgeState::Starting => (Some(DuelError::JudgeStarts.to_string()), None),
            JudgeState::Off(reason) => (Some(reason), None),
            JudgeState::Ready(_) if problems.is_empty() => (Some(DuelError::NoProblems.to_string()), None),
            JudgeState::Ready(judge) => (None, Some(judge.hello())),
        };
        Status {
            reason,
            hello,
            problems: DuelRank::ALL.map(|rank| (rank, count(rank))).into(),
            seeking: lock(&self.inner.duels.seekers).waiting.len() as u32,
            running: self.inner.duels.all().iter().filter(|arc| runs(&lock(arc))).count() as u32,
        }
    }

    /// The duel as it is stored, if it is for the caller to see.
    async fn stored_duel(&self, caller: &Caller, duel: DuelId) -> Result<StoredDuel, DuelError> {
        let (me, now) = (caller.account.id, self.now());
        self.store()
            .read(move |tx| {
                let stored = duels::load(tx, duel)?.ok_or(DuelError::NotFound)?;
                let plays = stored.new.owner == Some(me) || stored.seated.iter().any(|one| one.account == me);
                let seen = stored.new.public
                    || plays
                    || match stored.new.group {
                        Some(group) => members::role_in_live_group(tx, group, me, now)?.is_some(),
                        None => false,
                    };
                if seen { Ok(stored) } else { Err(DuelError::NotFound) }
            })
            .await
    }

    /// A duel that is in nobody's memory any more, as it was at its end.
    fn view_of(&self, stored: &StoredDuel) -> DuelView {
        let players = stored.seated.iter().map(|one| Player { won: one.won, ..Player::new(one.account) });
        let mut places: Vec<Place> = stored
            .seated
            .iter()
            .filter_map(|one| Some(Place { player: one.account, place: one.place?, won: one.won }))
            .collect();
        places.sort_by_key(|place| place.place);
        let outcome = stored.ended.as_ref().map(|ended| Outcome {
            at: ended.at,
            ending: ended.ending,
            winner: ended.winner,
            places,
        });
        let total = |round: &StoredRound| round.result.places.first().map_or(0, |place| place.standing.total);
        let new = &stored.new;
        let duel = Match {
            players: players.collect(),
            phase: Phase::Over,
            puzzles: stored
                .rounds
                .iter()
                .map(|round| Puzzle { id: round.problem.clone(), tests: total(round) })
                .collect(),
            results: stored.rounds.iter().map(|round| round.result.clone()).collect(),
            outcome,
            ..Match::new(new.terms, new.seats, new.owner, new.at)
        };
        let now: Timestamp = self.now();
        let people: Vec<Person> = stored.seated.iter().map(person_of).collect();
        let finish = stored.ended.as_ref().map(|ended| Finish {
            unranked: ended.unranked,
            players: stored.seated.iter().map(finished_of).collect(),
        });
        let mut live = Live::new(stored.id, new.clone(), duel, people);
        live.finish = finish;
        let problems = stored.rounds.iter().filter_map(|round| self.problem(&round.problem)).collect();
        DuelView { problems, ..live.view(now) }
    }
}

fn person_of(one: &duels::Seated) -> Person {
    let rating = Rating { xp: one.xp_before, rating: one.rating_before, ..Rating::new(one.account) };
    Person { author: Author { id: one.account, name: one.name.clone() }, guest: false, rating }
}

fn finished_of(one: &duels::Seated) -> Finished {
    Finished {
        account: one.account,
        xp: [one.xp_before, one.xp_after],
        rating: [one.rating_before, one.rating_after],
    }
}
