//! What comes of a viewer's command.

use super::{Ask, Change, Command, Item, Media, MediaTime, Phase, Play, Reason, Refused, Viewer, Watch};
use super::{control, wait};
use crate::{ItemId, Timestamp};
use std::time::Duration;

/// Between two who go to another place, at least this long: each makes all viewers load anew.
pub const BETWEEN_SEEKS: Duration = Duration::from_millis(250);

/// What happens when `viewer` asks for this at `now`: at most one change, or none where it is so already.
///
/// A command is about what its client saw. Where something else plays by now, a seek is refused: its place belonged to
/// another item. Votes and `next` name their item and come to nothing. Play, pause and speed hold for whatever plays,
/// and among several for the same item the last wins. Repeating a command that may have arrived is made harmless by the
/// caller, who keeps one change for each `client_id`.
///
/// # Errors
/// [`Refused`]; nothing changes then. How fast one viewer's commands come is checked before, by
/// [`CommandPace`](super::CommandPace).
pub fn decide(
    watch: &Watch,
    command: &Command,
    viewer: Viewer,
    now: Timestamp,
) -> Result<Option<Change>, Refused> {
    if command.seen > watch.play.rev {
        return Err(Refused::NeverSeen);
    }
    if !control::allows(watch, viewer, &command.ask) {
        return Err(Refused::NotAllowed);
    }
    match &command.ask {
        Ask::Load { media, start } => load(watch, media, *start, viewer, now).map(Some),
        Ask::Play => play(watch, now),
        Ask::Pause => Ok(pause(watch, now)),
        Ask::Seek { to } => {
            if command.seen < watch.current_since {
                return Err(Refused::Stale);
            }
            seek(watch, *to, now).map(Some)
        }
        Ask::SetRate { rate } => Ok((*rate != watch.play.rate).then(|| {
            // A start that lies ahead stays where it is.
            let at = now.max(watch.play.at);
            let moved = match watch.play.phase {
                Phase::Playing => watch.play.then(Phase::Playing, watch.position(now), at),
                _ => Play { rev: watch.play.rev.next(), ..watch.play },
            };
            Change::Played { play: Play { rate: *rate, ..moved }, reason: Reason::Rate }
        })),
        Ask::Next { leaving } => {
            Ok(if watch.play.item == Some(*leaving) { leave(watch, Reason::Next, now) } else { None })
        }
        Ask::Add { media } => {
            if watch.queue.is_full() {
                return Err(Refused::QueueFull);
            }
            new_item(watch, media, viewer).map(|item| Some(Change::Added { item }))
        }
        Ask::Remove { item } => queued(watch, *item).map(|()| Some(Change::Removed { item: *item })),
        Ask::Move { item, before } => {
            let moves = watch.queue.would_move(*item, *before).ok_or(Refused::NoSuchItem)?;
            Ok(moves.then_some(Change::Moved { item: *item, before: *before }))
        }
        Ask::Vote { item, on } => {
            let entry = watch.queue.find(*item).ok_or(Refused::NoSuchItem)?;
            let changes = entry.votes.contains(&viewer.account) != *on;
            Ok(changes.then_some(Change::Voted { item: *item, by: viewer.account, on: *on }))
        }
        Ask::VoteSkip { item, on } => {
            let playable = !matches!(watch.play.phase, Phase::Ended) && watch.play.item == Some(*item);
            let changes = playable && watch.skip_votes.contains(&viewer.account) != *on;
            Ok(changes.then_some(Change::SkipVoted { by: viewer.account, on: *on }))
        }
        Ask::HandOver { to } => Ok((watch.host != Some(*to)).then_some(Change::HandedOver { to: Some(*to) })),
        Ask::SetControl { control } => {
            let host = watch.host.or(control.needs_host().then_some(viewer.account));
            let changes = *control != watch.control || host != watch.host;
            Ok(changes.then_some(Change::ControlSet { control: *control, host }))
        }
    }
}

/// Leaves what plays for the next of the queue, or stops where it is when there is none.
pub(super) fn leave(watch: &Watch, reason: Reason, now: Timestamp) -> Option<Change> {
    if let Some(next) = watch.queue.first(watch.order()) {
        let play = begin(&watch.play, next.item.id, MediaTime::START, now);
        return Some(Change::Advanced { play, reason });
    }
    let over = matches!(watch.play.phase, Phase::Idle | Phase::Ended);
    (!over).then(|| Change::Played { play: watch.play.then(Phase::Ended, watch.position(now), now), reason })
}

fn load(
    watch: &Watch,
    media: &Media,
    start: MediaTime,
    viewer: Viewer,
    now: Timestamp,
) -> Result<Change, Refused> {
    if media.length.get().is_some_and(|length| start > length) {
        return Err(Refused::BeyondEnd);
    }
    let item = new_item(watch, media, viewer)?;
    let play = begin(&watch.play, item.id, start, now);
    Ok(Change::Loaded { item, play })
}

fn play(watch: &Watch, now: Timestamp) -> Result<Option<Change>, Refused> {
    let from = match watch.play.phase {
        Phase::Playing | Phase::Preparing { .. } => return Ok(None),
        Phase::Paused => watch.play.pos,
        Phase::Ended => MediaTime::START,
        Phase::Idle => return leave(watch, Reason::Play, now).map(Some).ok_or(Refused::NothingLoaded),
    };
    let phase = Phase::Preparing { until: now.plus(wait::SAME_ITEM) };
    Ok(Some(Change::Played { play: watch.play.then(phase, from, now), reason: Reason::Play }))
}

fn pause(watch: &Watch, now: Timestamp) -> Option<Change> {
    let moves = matches!(watch.play.phase, Phase::Playing | Phase::Preparing { .. });
    moves.then(|| Change::Played {
        play: watch.play.then(Phase::Paused, watch.position(now), now),
        reason: Reason::Pause,
    })
}

fn seek(watch: &Watch, to: MediaTime, now: Timestamp) -> Result<Change, Refused> {
    if watch.play.item.is_none() {
        return Err(Refused::NothingLoaded);
    }
    if watch.length().is_some_and(|length| to > length) {
        return Err(Refused::BeyondEnd);
    }
    let free_at = watch.sought_at.map(|sought| sought.plus(BETWEEN_SEEKS));
    // A clock that was set back must not lock the player: more than the bound ahead is no recent seek.
    if let Some(free_at) = free_at
        && now < free_at
        && free_at.since(now) <= BETWEEN_SEEKS
    {
        return Err(Refused::SoughtJustNow { retry_after: free_at.since(now) });
    }
    let phase = match watch.play.phase {
        Phase::Playing | Phase::Preparing { .. } => Phase::Preparing { until: now.plus(wait::SAME_ITEM) },
        // Nobody waits for a picture that stands.
        Phase::Paused | Phase::Ended | Phase::Idle => Phase::Paused,
    };
    Ok(Change::Played { play: watch.play.then(phase, to, now), reason: Reason::Seek })
}

fn begin(play: &Play, item: ItemId, start: MediaTime, now: Timestamp) -> Play {
    let phase = Phase::Preparing { until: now.plus(wait::ANOTHER_ITEM) };
    Play { item: Some(item), ..play.then(phase, start, now) }
}

fn new_item(watch: &Watch, media: &Media, viewer: Viewer) -> Result<Item, Refused> {
    // After 2^53 items none fits any more.
    let id = watch.next_id().ok_or(Refused::QueueFull)?;
    Ok(Item { id, media: media.clone(), added_by: viewer.account })
}

fn queued(watch: &Watch, item: ItemId) -> Result<(), Refused> {
    watch.queue.find(item).map(|_| ()).ok_or(Refused::NoSuchItem)
}

#[cfg(test)]
mod tests;
