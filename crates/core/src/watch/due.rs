//! What happens without anybody asking: a start, an end, a wait, a skip by vote, another host.

use super::{Audience, Change, Length, MediaTime, Phase, Play, Reason, Watch, decide, wait};
use crate::{AccountId, Role, Timestamp};
use std::time::Duration;

/// Who still shows the end has this long before the next item.
pub const END_GRACE: Duration = Duration::from_millis(2_000);
/// At most this long until the next look, for what becomes due because reports grow old.
const LOOK_AGAIN: Duration = Duration::from_millis(1_000);
/// Players that differ by less, in milliseconds, agree on a length.
const SAME_LENGTH_MS: u32 = 1_000;

/// The next change that is due at `now`. To be asked whenever somebody comes, goes, reports or commands, and at
/// [`due_at`]; after each change again, until there is none. Two nodes that ask at once do no harm: the second asks with
/// the state that the first has made, and finds nothing due.
#[must_use]
pub fn due(watch: &Watch, audience: &Audience, now: Timestamp) -> Option<Change> {
    another_host(watch, audience, now)
        .or_else(|| length(watch, audience, now))
        .or_else(|| skip(watch, audience, now))
        .or_else(|| start(watch, audience, now))
        .or_else(|| end(watch, audience, now))
        .or_else(|| next_of_queue(watch, audience, now))
        .or_else(|| stop_for_some(watch, audience, now))
}

/// When to ask [`due`] again at the latest, when nothing happens until then; `None` while nothing can become due.
#[must_use]
pub fn due_at(watch: &Watch, audience: &Audience, now: Timestamp) -> Option<Timestamp> {
    let looks_again = audience.here().next().map(|_| now.plus(LOOK_AGAIN));
    let begins = wait::begins_at(&watch.play, audience, now);
    let end =
        watch.length().filter(|_| watch.play.phase == Phase::Playing).map(|end| watch.play.reaches(end));
    let ends = end.map(|end| if end > now { end } else { end.plus(END_GRACE) });
    [looks_again, begins, ends].into_iter().flatten().min()
}

/// The host has been gone for a while: whoever has been there longest leads, guests not; nobody where there is nobody.
fn another_host(watch: &Watch, audience: &Audience, now: Timestamp) -> Option<Change> {
    let gone = audience.away_since(watch.host?)?;
    if now.since(gone) < super::audience::GRACE {
        return None;
    }
    let to = audience
        .here()
        .filter(|(_, viewer)| viewer.role > Role::Guest)
        .min_by_key(|(account, viewer)| (viewer.since, *account))
        .map(|(account, _)| account);
    Some(Change::HandedOver { to })
}

/// The players of more than half of those who watch agree: only then a length counts, so that one viewer alone cannot end
/// what others watch.
fn length(watch: &Watch, audience: &Audience, now: Timestamp) -> Option<Change> {
    let known = watch.current.as_ref()?.media.length;
    if matches!(known, Length::Known(_)) {
        return None;
    }
    let reports = || audience.active(now).filter_map(|(_, viewer)| viewer.fresh_report(now));
    let mut named: Vec<MediaTime> = reports()
        // A report about an earlier item says nothing of this one.
        .filter(|report| report.rev >= watch.current_since)
        .filter_map(|report| report.length)
        .filter(|length| *length > MediaTime::START)
        .collect();
    named.sort_unstable();
    // If a majority agrees, the middle one is among them.
    let middle = *named.get(named.len() / 2)?;
    let agree = |other: MediaTime| other.as_millis().abs_diff(middle.as_millis()) <= SAME_LENGTH_MS;
    let majority = named.iter().filter(|length| agree(**length)).count() * 2 > reports().count();
    let news = known.get().is_none_or(|known| !agree(known));
    (majority && news).then_some(Change::Measured { length: middle })
}

/// Half of those who are awake want to leave what plays.
fn skip(watch: &Watch, audience: &Audience, now: Timestamp) -> Option<Change> {
    let (mut awake, mut votes) = (0_usize, 0_usize);
    for (account, _) in audience.here().filter(|(_, viewer)| viewer.is_awake(now)) {
        awake += 1;
        votes += usize::from(watch.skip_votes.contains(&account));
    }
    let needed = awake.div_ceil(2).max(1);
    if votes < needed {
        return None;
    }
    decide::leave(watch, Reason::Skip, now)
}

fn start(watch: &Watch, audience: &Audience, now: Timestamp) -> Option<Change> {
    wait::begins(&watch.play, audience, now).then(|| {
        let at = now.plus(wait::lead(audience, now));
        Change::Played { play: watch.play.then(Phase::Playing, watch.play.pos, at), reason: Reason::Start }
    })
}

fn end(watch: &Watch, audience: &Audience, now: Timestamp) -> Option<Change> {
    if watch.play.phase != Phase::Playing {
        return None;
    }
    let length = watch.length()?;
    let end = watch.play.reaches(length);
    let some_are_late =
        audience.active(now).any(|(_, viewer)| viewer.stalled_for(&watch.play, now).is_some());
    let grace = if some_are_late { END_GRACE } else { Duration::ZERO };
    if now < end.plus(grace) {
        return None;
    }
    // With nobody there the queue is kept for who comes next.
    let watched = audience.here().next().is_some();
    watched.then(|| decide::leave(watch, Reason::End, now)).flatten().or_else(|| {
        let play = watch.play.then(Phase::Ended, length, now);
        Some(Change::Played { play, reason: Reason::End })
    })
}

/// Something waits, nothing plays, and somebody is there.
fn next_of_queue(watch: &Watch, audience: &Audience, now: Timestamp) -> Option<Change> {
    let nothing_plays = matches!(watch.play.phase, Phase::Idle | Phase::Ended);
    let waits = !watch.queue.entries().is_empty() && audience.here().next().is_some();
    (nothing_plays && waits).then(|| decide::leave(watch, Reason::Queue, now)).flatten()
}

fn stop_for_some(watch: &Watch, audience: &Audience, now: Timestamp) -> Option<Change> {
    let whom: Vec<AccountId> = wait::stops_for(watch, audience, now)?;
    let phase = Phase::Preparing { until: now.plus(wait::STALLED) };
    let play: Play = watch.play.then(phase, watch.position(now), now);
    Some(Change::Waited { play, whom })
}

#[cfg(test)]
mod tests;
