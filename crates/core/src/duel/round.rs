//! Who won a round.

use super::state::{Match, Player, Round, RoundPlace, Standing, Submission};
use super::terms::{Mode, Verdict};
use crate::AccountId;

/// What can be said of a round by what was judged so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decided {
    /// Nothing yet.
    NotYet,
    /// This one won it with an accepted program.
    Solved(AccountId),
    /// Nobody's program was accepted; who passed the most tests won, or nobody.
    TimeUp(Option<AccountId>),
    /// A fault of ours may have cost somebody the round.
    Void,
}

/// `is_closed`: nothing is received any more.
pub(super) fn decided(duel: &Match, is_closed: bool) -> Decided {
    let Some(round) = &duel.round else { return Decided::NotYet };
    let playing = |submission: &&Submission| duel.player(submission.by).is_some_and(Player::plays);
    let submissions: Vec<&Submission> = round.submissions.iter().filter(playing).collect();
    let pending = submissions.iter().any(|submission| submission.verdict.is_none());
    let first = match duel.terms.mode {
        // The shortest is known only when nothing more can come.
        Mode::Shortest if !is_closed || pending => return Decided::NotYet,
        Mode::Shortest => accepted(&submissions).min_by_key(|one| (one.length, one.job)),
        Mode::Fastest | Mode::Reverse => accepted(&submissions).min_by_key(|one| one.job),
    };
    let Some(first) = first else {
        return if is_closed && !pending { Decided::TimeUp(best(duel, round)) } else { Decided::NotYet };
    };
    if duel.terms.mode != Mode::Shortest {
        let mut earlier = submissions.iter().filter(|one| one.job < first.job);
        if earlier.clone().any(|one| one.verdict.is_none()) {
            return Decided::NotYet;
        }
        // One of another player that we failed to judge might have been the first.
        if earlier.any(|one| one.verdict == Some(Verdict::Fault) && one.by != first.by) {
            return Decided::Void;
        }
    }
    Decided::Solved(first.by)
}

fn accepted<'a>(submissions: &[&'a Submission]) -> impl Iterator<Item = &'a Submission> {
    submissions.iter().copied().filter(|one| one.verdict == Some(Verdict::Accepted))
}

/// Who passed the most tests, then who submitted less in vain; nobody where two are alike or nobody passed any.
fn best(duel: &Match, round: &Round) -> Option<AccountId> {
    let mut order: Vec<_> = duel
        .players
        .iter()
        .filter(|player| player.plays())
        .map(|player| (key(duel, &standing(duel, round, player.account)), player.account))
        .collect();
    order.sort_unstable_by_key(|(key, _)| *key);
    match order[..] {
        [(first, winner), (second, _), ..] if first < second => {
            (standing(duel, round, winner).passed > 0).then_some(winner)
        }
        _ => None,
    }
}

/// All players, the best first.
pub(super) fn standings_of(duel: &Match, round: &Round, winner: Option<AccountId>) -> Vec<RoundPlace> {
    let mut order: Vec<_> = duel
        .players
        .iter()
        .map(|player| {
            let standing = standing(duel, round, player.account);
            let key = (Some(player.account) != winner, !player.plays(), key(duel, &standing));
            (key, player.account, standing)
        })
        .collect();
    order.sort_by_key(|(key, ..)| *key);
    let mut places: Vec<RoundPlace> = Vec::with_capacity(order.len());
    for (i, (key, player, standing)) in order.iter().enumerate() {
        let alike = i > 0 && order[i - 1].0 == *key;
        let place = if alike { places[i - 1].place } else { i as u32 + 1 };
        places.push(RoundPlace { player: *player, place, standing: *standing });
    }
    places
}

/// Smaller is better: an accepted program (the shorter or the earlier), then tests, then fewer in vain.
fn key(duel: &Match, standing: &Standing) -> (u64, u64, u32, u32) {
    let by = match duel.terms.mode {
        Mode::Shortest => standing.length.map_or(u64::MAX, u64::from),
        Mode::Fastest | Mode::Reverse => standing.solved_ms.unwrap_or(u64::MAX),
    };
    (by, standing.solved_ms.unwrap_or(u64::MAX), u32::MAX - standing.passed, standing.wrong)
}

/// What a player has done in a round.
pub(super) fn standing(duel: &Match, round: &Round, player: AccountId) -> Standing {
    let own = || round.submissions.iter().filter(|one| one.by == player);
    let accepted = own().filter(|one| one.verdict == Some(Verdict::Accepted));
    let counts = match duel.terms.mode {
        Mode::Shortest => accepted.min_by_key(|one| (one.length, one.job)),
        Mode::Fastest | Mode::Reverse => accepted.min_by_key(|one| one.job),
    };
    let is_wrong =
        |one: &&Submission| !matches!(one.verdict, None | Some(Verdict::Accepted | Verdict::Fault));
    Standing {
        passed: own().filter(|one| one.verdict.is_some()).map(|one| one.passed).max().unwrap_or(0),
        total: duel.puzzle(round.number).map_or(0, |puzzle| puzzle.tests),
        wrong: own().filter(is_wrong).count() as u32,
        solved_ms: counts.map(|one| one.at.since(round.starts_at).as_millis() as u64),
        length: counts.map(|one| one.length),
    }
}
