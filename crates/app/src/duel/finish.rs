//! What is written when a round, or the duel, is over.

use super::arena::{Finish, Finished, Live, Person, lock};
use super::ratings;
use crate::{App, Failure};
use parlor_core::AccountId;
use parlor_core::duel::{Outcome, Phase, points};
use parlor_store::duels::results::{self, Rating};
use parlor_store::duels::{self, Edit, Ended, StoredRound, Submitted, Unranked};
use parlor_store::tx::Tx;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Wins against the same player are counted for so long.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl App {
    /// Writes the rounds down that are new, with everything that was submitted in them.
    pub(super) fn save_rounds(&self, live: &mut Live, from: usize) {
        let rounds: Vec<StoredRound> = live.duel.results[from..]
            .iter()
            .filter_map(|result| {
                let problem = live.problems.get((result.number as usize).checked_sub(1)?)?;
                let (id, title) = (problem.id.clone(), problem.title.clone());
                Some(StoredRound { problem: id, title, result: result.clone() })
            })
            .collect();
        let submitted = take_submitted(live);
        let id = live.id;
        self.write_later(move |write| {
            for round in &rounds {
                let own: Vec<Submitted> =
                    submitted.iter().filter(|one| one.round == round.result.number).cloned().collect();
                duels::save_round(write, id, round, &own)?;
            }
            Ok::<_, Failure>(())
        });
    }

    /// Writes the result down, once, and tells it.
    pub(super) fn finish_duel(&self, arc: &Arc<Mutex<Live>>, live: &mut Live) {
        let Some(outcome) = live.duel.outcome.clone() else { return };
        let people = live.people.clone();
        let accounts: Vec<AccountId> = live.duel.players.iter().map(|player| player.account).collect();
        let recorded = live.duel.players.iter().all(|player| player.records);
        let edits = std::mem::take(&mut live.edits);
        let edits = if recorded { edits } else { Vec::new() };
        let id = live.id;
        // Handed over while the duel is locked: after its rounds.
        let written = self
            .store()
            .write::<_, Failure>(move |write| finish(write, id, &outcome, &accounts, &people, &edits));
        let (app, arc) = (self.clone(), arc.clone());
        tokio::spawn(async move {
            let finish = written.await.unwrap_or_else(|error| {
                tracing::error!(error = %error, duel.id = id.get(), "the result of a duel can not be written down");
                Finish { unranked: Some(Unranked::Void), players: Vec::new() }
            });
            let mut live = lock(&arc);
            live.finish = Some(finish);
            live.duel.rev += 1;
            debug_assert!(live.duel.phase == Phase::Over);
            app.tell_duel(&mut live);
            let view = live.view(app.now());
            app.inner.duels.faces().iter().for_each(|face| face.over(&view));
        });
    }
}

/// One transaction: the end, where everybody stood, and what it did to them. The second time nothing is written.
pub(super) fn finish(
    write: &mut parlor_store::Write<'_>,
    duel: parlor_core::DuelId,
    outcome: &Outcome,
    accounts: &[AccountId],
    people: &[Person],
    edits: &[Edit],
) -> Result<Finish, Failure> {
    let mut before = Vec::with_capacity(accounts.len());
    for account in accounts {
        before.push(results::rating(write, *account)?);
    }
    let unranked = unranked(write, outcome, accounts, people)?;
    let after = match unranked {
        None => ratings::after(&before, &outcome.places, outcome.winner),
        Some(_) => before.clone(),
    };
    let ended = Ended {
        at: outcome.at,
        ending: outcome.ending,
        winner: outcome.winner,
        unranked,
        replay: !edits.is_empty(),
    };
    if !results::end(write, duel, &ended)? {
        return Err(Failure::internal("a duel has ended twice"));
    }
    for place in &outcome.places {
        let rating = after.iter().find(|rating| rating.account == place.player);
        if let Some(rating) = rating {
            results::place(write, duel, place, rating)?;
        }
    }
    if unranked.is_none() {
        for rating in &after {
            results::put_rating(write, rating)?;
        }
    }
    duels::keep_edits(write, duel, edits)?;
    let players = before.iter().zip(&after).map(|(before, after)| finished(before, after)).collect();
    Ok(Finish { unranked, players })
}

fn unranked(
    tx: &mut dyn Tx,
    outcome: &Outcome,
    accounts: &[AccountId],
    people: &[Person],
) -> Result<Option<Unranked>, Failure> {
    if outcome.ending.is_void() {
        return Ok(Some(Unranked::Void));
    }
    if people.iter().any(|person| person.guest && accounts.contains(&person.author.id)) {
        return Ok(Some(Unranked::Guest));
    }
    if let Some(winner) = outcome.winner {
        let since = outcome.at.minus(DAY);
        for loser in accounts.iter().filter(|account| **account != winner) {
            if results::wins_against(tx, winner, *loser, since)? >= points::MOST_WINS_PER_PAIR {
                return Ok(Some(Unranked::TooOften));
            }
        }
    }
    Ok(None)
}

fn finished(before: &Rating, after: &Rating) -> Finished {
    Finished { account: before.account, xp: [before.xp, after.xp], rating: [before.rating, after.rating] }
}

/// What was submitted in the round that is over, with its text.
fn take_submitted(live: &mut Live) -> Vec<Submitted> {
    let Some(round) = &live.duel.round else { return Vec::new() };
    let total = live.duel.puzzle(round.number).map_or(0, |puzzle| puzzle.tests);
    let sources = std::mem::take(&mut live.sources);
    round
        .submissions
        .iter()
        .map(|one| {
            let source = sources.get(&one.job);
            Submitted {
                job: one.job,
                round: round.number,
                by: one.by,
                at_ms: one.at.since(round.starts_at).as_millis() as u64,
                language: one.language,
                source: source.map(|source| source.text.clone()).unwrap_or_default(),
                verdict: one.verdict,
                passed: one.passed,
                total,
                cpu_ms: source.map_or(0, |source| source.cpu_ms),
            }
        })
        .collect()
}
