//! How a duel begins: with problems of the rank of its weakest player that none of them has seen lately.

use super::arena::{Live, Person, lock};
use super::{DuelError, FoundBy};
use crate::{App, Caller, Failure};
use parlor_core::duel::{Ask, Command, DuelRank, Match, Phase, Player, Puzzle, Refused};
use parlor_core::{Account, AccountId, DuelId, GroupId, Timestamp};
use parlor_problems::{Problem, Rank};
use parlor_store::duels::results::{self, Rating};
use parlor_store::duels::{self, NewDuel};
use parlor_store::members;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// So many of the last problems that a player was shown are avoided.
const AVOIDED: usize = 30;
/// So often its players are looked up before a duel begins, where they change meanwhile.
const TRIES: usize = 3;

/// What the database knows of those who are about to play.
#[derive(Default)]
struct Found {
    ratings: Vec<Rating>,
    /// When one of them was last shown a problem.
    seen: HashMap<String, Timestamp>,
    /// Who is no member of the duel's group any more.
    strangers: Vec<AccountId>,
}

impl App {
    /// Makes a duel with these people in it, who have not begun yet. Each is awaited until a socket of theirs opens it.
    pub(super) async fn make_duel(
        &self,
        new: NewDuel,
        people: Vec<Person>,
    ) -> Result<Arc<Mutex<Live>>, DuelError> {
        self.inner.duels.has_room()?;
        let row = new.clone();
        let id: DuelId = self.store().write::<_, Failure>(move |write| duels::insert(write, &row)).await?;
        let mut duel = Match::new(new.terms, new.seats, new.owner, new.at);
        // Its owner, too: for a rematch nobody has opened it.
        duel.players = people.iter().map(|person| Player::awaited(person.author.id, new.at)).collect();
        Ok(self.inner.duels.add(Live::new(id, new, duel, people)))
    }

    /// Begins a duel: by its owner, or since it is full. Who is no member of its group any more loses the place.
    pub(super) async fn begin_duel(
        &self,
        arc: &Arc<Mutex<Live>>,
        by: Option<AccountId>,
        found_by: FoundBy,
    ) -> Result<(), DuelError> {
        for _ in 0..TRIES {
            let (accounts, group, needed) = {
                let live = lock(arc);
                if live.duel.phase == Phase::Over {
                    return Err(Refused::Over.into());
                }
                (players_of(&live), live.new.group, live.duel.puzzles_needed())
            };
            let found = self.look_up(accounts.clone(), group).await?;
            let problems = self.choose_problems(&found.ratings, &found.seen, needed)?;
            let mut live = lock(arc);
            if players_of(&live) != accounts {
                // Somebody came or left meanwhile: nothing was looked up for these.
                continue;
            }
            if found.strangers.is_empty() {
                return self.begin_with(arc, &mut live, by, found_by, problems, found.ratings);
            }
            if found_by == FoundBy::Rematch {
                return Err(DuelError::NotFound);
            }
            for who in found.strangers {
                self.change_duel(arc, &mut live, Command::By { who, ask: Ask::Leave })?;
            }
        }
        Err(DuelError::Busy { retry_after: Duration::from_secs(1) })
    }

    fn begin_with(
        &self,
        arc: &Arc<Mutex<Live>>,
        live: &mut Live,
        by: Option<AccountId>,
        found_by: FoundBy,
        problems: Vec<Arc<Problem>>,
        ratings: Vec<Rating>,
    ) -> Result<(), DuelError> {
        let puzzles = problems.iter().map(|problem| puzzle(problem)).collect();
        let chosen = std::mem::replace(&mut live.problems, problems);
        if let Err(refused) = self.change_duel(arc, live, Command::Begin { by, puzzles }) {
            // It has begun meanwhile, with others.
            live.problems = chosen;
            return Err(refused.into());
        }
        for person in &mut live.people {
            if let Some(rating) = ratings.iter().find(|rating| rating.account == person.author.id) {
                person.rating = *rating;
            }
        }
        let id = live.id;
        self.write_later(move |write| duels::seat(write, id, &ratings));
        let players = players_of(live);
        self.inner.duels.faces().iter().for_each(|face| face.found(id, &players, found_by));
        Ok(())
    }

    async fn look_up(&self, accounts: Vec<AccountId>, group: Option<GroupId>) -> Result<Found, Failure> {
        let now = self.now();
        self.store()
            .read::<_, Failure>(move |tx| {
                let mut found = Found::default();
                for account in accounts {
                    found.ratings.push(results::rating(tx, account)?);
                    for (problem, at) in duels::seen(tx, account, AVOIDED)? {
                        let last = found.seen.entry(problem).or_insert(at);
                        *last = at.max(*last);
                    }
                    if let Some(group) = group
                        && members::role_in_live_group(tx, group, account, now)?.is_none()
                    {
                        found.strangers.push(account);
                    }
                }
                Ok(found)
            })
            .await
    }

    /// Problems of the weakest player's rank; of the ranks beside it where there are too few.
    pub(super) fn choose_problems(
        &self,
        ratings: &[Rating],
        seen: &HashMap<String, Timestamp>,
        needed: usize,
    ) -> Result<Vec<Arc<Problem>>, DuelError> {
        let rank = DuelRank::of(ratings.iter().map(|rating| rating.xp).min().unwrap_or(0));
        let all = self.playable_problems();
        let mut order: Vec<_> = all
            .iter()
            .map(|problem| {
                let apart = (rank_of(problem.rank) as i32 - rank as i32).abs();
                let last = seen.get(&problem.id).copied().map_or(i64::MIN, Timestamp::as_millis);
                let chance = u64::from_le_bytes(self.random());
                ((apart, last, chance), problem)
            })
            .collect();
        order.sort_by_key(|(key, _)| *key);
        if order.is_empty() {
            return Err(DuelError::NoProblems);
        }
        Ok(order.into_iter().take(needed).map(|(_, problem)| problem.clone()).collect())
    }

    /// Another duel of the same people, who all want it.
    pub(super) async fn begin_rematch(self, arc: Arc<Mutex<Live>>) {
        let (new, people) = {
            let live = lock(&arc);
            // Who left before it began is none of them.
            let mut people = live.people.clone();
            people.retain(|person| live.duel.player(person.author.id).is_some());
            (NewDuel { at: self.now(), ..live.new.clone() }, people)
        };
        let elsewhere = people.iter().any(|person| self.inner.duels.of(person.author.id).is_some());
        let made = if elsewhere { Err(DuelError::PlaysElsewhere) } else { self.make_duel(new, people).await };
        let began = match made {
            Ok(next) => self.begin_everybody(&next, FoundBy::Rematch).await.map(|()| lock(&next).id),
            Err(error) => Err(error),
        };
        let mut live = lock(&arc);
        match began {
            Ok(next) => live.rematch = Some(next),
            Err(error) => {
                tracing::debug!(error = %error, "there is no rematch");
                live.rematch_asked = false;
                live.duel.players.iter_mut().for_each(|player| player.rematch = false);
            }
        }
        live.duel.rev += 1;
        self.tell_duel(&mut live);
    }

    /// Begins with all who are there, however many places are left.
    pub(super) async fn begin_everybody(
        &self,
        arc: &Arc<Mutex<Live>>,
        found_by: FoundBy,
    ) -> Result<(), DuelError> {
        let by = {
            let live = lock(arc);
            if live.duel.is_full() { None } else { live.duel.owner }
        };
        let began = self.begin_duel(arc, by, found_by).await;
        if began.is_err() {
            let id = lock(arc).id;
            self.inner.duels.forget(id);
        }
        began
    }

    /// One who would play, as they are now.
    pub(super) async fn person(&self, caller: &Caller) -> Result<Person, Failure> {
        let account = caller.account.id;
        let rating = self.store().read::<_, Failure>(move |tx| results::rating(tx, account)).await?;
        Ok(person(&caller.account, rating))
    }

    pub(super) fn note_problem_seen(&self, live: &Live) {
        let Some(problem) = live.problem().map(|problem| problem.id.clone()) else { return };
        let players = players_of(live);
        let now = self.now();
        self.write_later(move |write| duels::see(write, &players, &problem, now));
    }

    /// Hands a job to the writer, in the order of these calls; what goes wrong is logged.
    pub(super) fn write_later<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut parlor_store::Write<'_>) -> Result<T, Failure> + Send + 'static,
    ) {
        let written = self.store().write::<_, Failure>(job);
        tokio::spawn(async move {
            if let Err(error) = written.await {
                tracing::error!(error = %error, "a duel can not be written down");
            }
        });
    }
}

pub(super) fn person(account: &Account, rating: Rating) -> Person {
    Person { author: account.author(), guest: account.username.is_none(), rating }
}

fn players_of(live: &Live) -> Vec<AccountId> {
    live.duel.players.iter().map(|player| player.account).collect()
}

fn puzzle(problem: &Problem) -> Puzzle {
    Puzzle { id: problem.id.clone(), tests: problem.hidden.len() as u32 }
}

pub(super) const fn rank_of(rank: Rank) -> DuelRank {
    match rank {
        Rank::Bronze => DuelRank::Bronze,
        Rank::Silver => DuelRank::Silver,
        Rank::Gold => DuelRank::Gold,
        Rank::Platinum => DuelRank::Platinum,
    }
}
