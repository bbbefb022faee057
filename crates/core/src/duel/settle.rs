//! What follows by itself: of time that passed, and of what was just decided.

use super::round::{Decided, decided, standings_of};
use super::state::{
    COUNTDOWN, Ending, Match, Outcome, PAUSE, Phase, Place, Presence, Round, RoundEnding, RoundResult,
};
use super::terms::Mode;
use crate::{AccountId, Timestamp};

/// Lets everything happen that is due at `now`. Each step leads on, so this ends.
pub(super) fn settle(duel: &mut Match, now: Timestamp) {
    while step(duel, now) {}
}

/// The first thing that is due; whether there was one.
fn step(duel: &mut Match, now: Timestamp) -> bool {
    match duel.phase {
        Phase::Over => false,
        Phase::Open { until } => settle_open(duel, until, now),
        _ => settle_players(duel, now) || settle_phase(duel, now),
    }
}

fn settle_open(duel: &mut Match, until: Timestamp, now: Timestamp) -> bool {
    let before = duel.players.len();
    duel.players.retain(|player| !is_overdue(player.presence, now));
    let owner_left = duel.owner.is_some_and(|owner| duel.player(owner).is_none());
    if owner_left || until <= now {
        end(duel, Ending::Cancelled, None, now);
        return true;
    }
    duel.players.len() < before
}

fn settle_players(duel: &mut Match, now: Timestamp) -> bool {
    if duel.players.iter().any(|player| is_overdue(player.presence, now)) {
        if !duel.players.iter().any(|player| player.presence == Presence::Here) {
            end(duel, Ending::Deserted, None, now);
            return true;
        }
        for player in &mut duel.players {
            if is_overdue(player.presence, now) {
                player.presence = Presence::Forfeited;
            }
        }
    }
    let left: Vec<AccountId> =
        duel.players.iter().filter(|player| player.plays()).map(|player| player.account).collect();
    match left[..] {
        [] => end(duel, Ending::Deserted, None, now),
        [winner] => {
            if matches!(duel.phase, Phase::Running | Phase::Judging) {
                close_round(duel, RoundEnding::Forfeit, Some(winner), now);
            }
            end(duel, Ending::Forfeit, Some(winner), now);
        }
        _ if duel.players.iter().all(|player| !player.plays() || player.abort) => {
            end(duel, Ending::Aborted, None, now);
        }
        _ => return false,
    }
    true
}

fn is_overdue(presence: Presence, now: Timestamp) -> bool {
    matches!(presence, Presence::Away { until } if until <= now)
}

fn settle_phase(duel: &mut Match, now: Timestamp) -> bool {
    let Some(round) = &duel.round else { return false };
    let all_ready = duel.players.iter().all(|player| !player.plays() || player.ready);
    match duel.phase {
        Phase::Countdown if round.starts_at <= now => duel.phase = Phase::Running,
        Phase::Pause { until } if until <= now || all_ready => begin_countdown(duel, now),
        Phase::Running | Phase::Judging => {
            let is_closed = duel.phase == Phase::Judging;
            match decided(duel, is_closed) {
                Decided::NotYet => {
                    let content = duel.terms.mode == Mode::Shortest && all_ready;
                    if is_closed || !(round.ends_at <= now || content) {
                        return false;
                    }
                    duel.phase = Phase::Judging;
                }
                Decided::Void => close_round(duel, RoundEnding::Void, None, now),
                Decided::Solved(winner) => close_round(duel, RoundEnding::Solved, Some(winner), now),
                Decided::TimeUp(winner) => close_round(duel, RoundEnding::TimeUp, winner, now),
            }
        }
        _ => return false,
    }
    true
}

/// The next round is about to begin.
pub(super) fn begin_countdown(duel: &mut Match, now: Timestamp) {
    let number = duel.round.as_ref().map_or(1, |round| round.number + 1);
    if duel.puzzle(number).is_none() {
        return end(duel, Ending::Fault, None, now);
    }
    let starts_at = now.plus(COUNTDOWN);
    let ends_at = starts_at.plus(duel.terms.minutes.span());
    duel.round = Some(Round { number, starts_at, ends_at, submissions: Vec::new() });
    duel.players.iter_mut().for_each(|player| player.ready = false);
    duel.phase = Phase::Countdown;
}

/// Writes the result of the round down, and ends the duel or lets it pause.
fn close_round(duel: &mut Match, ending: RoundEnding, winner: Option<AccountId>, now: Timestamp) {
    let Some(round) = &duel.round else { return };
    let places = standings_of(duel, round, winner);
    duel.results.push(RoundResult { number: round.number, winner, ending, places });
    for player in &mut duel.players {
        player.ready = false;
        player.won += u32::from(Some(player.account) == winner);
    }
    if ending == RoundEnding::Forfeit {
        // The duel ends for the same reason.
        return;
    }
    let played = duel.results.iter().filter(|result| result.ending != RoundEnding::Void).count();
    let best_of = duel.terms.best_of;
    let most = duel.players.iter().filter(|player| player.plays()).map(|player| player.won).max();
    let leaders: Vec<AccountId> = duel
        .players
        .iter()
        .filter(|player| player.plays() && Some(player.won) == most)
        .map(|player| player.account)
        .collect();
    match leaders[..] {
        [winner] if most >= Some(best_of.needed()) || played >= best_of.get() as usize => {
            end(duel, Ending::Won, Some(winner), now);
        }
        _ if played >= best_of.get() as usize => end(duel, Ending::Draw, None, now),
        _ => duel.phase = Phase::Pause { until: now.plus(PAUSE) },
    }
}

/// The duel is over.
pub(super) fn end(duel: &mut Match, ending: Ending, winner: Option<AccountId>, now: Timestamp) {
    let places = if ending.is_void() { Vec::new() } else { places(duel, winner) };
    duel.outcome = Some(Outcome { at: now, ending, winner, places });
    duel.phase = Phase::Over;
}

/// The winner, then those who played on by rounds won, then those who gave up.
fn places(duel: &Match, winner: Option<AccountId>) -> Vec<Place> {
    let key =
        |player: &super::Player| (Some(player.account) != winner, !player.plays(), u32::MAX - player.won);
    let mut sorted: Vec<_> = duel.players.iter().collect();
    sorted.sort_by_key(|player| key(player));
    let mut places: Vec<Place> = Vec::with_capacity(sorted.len());
    for (i, player) in sorted.iter().enumerate() {
        let alike = i > 0 && key(sorted[i - 1]) == key(player);
        let place = if alike { places[i - 1].place } else { i as u32 + 1 };
        places.push(Place { player: player.account, place, won: player.won });
    }
    places
}
