//! A group's player as `/v1` and REST show it.

use parlor_app::watch::WatchView;
use parlor_app::watch::keep_time::ShownViewer as AppViewer;
use parlor_core::GroupId;
use parlor_store::watches::Watched as StoredWatched;
use parlor_wire::watch::{ShownViewer, Watch, Watched};

/// The player.
pub fn watch(group: GroupId, view: &WatchView) -> Watch {
    let watch = &view.watch;
    Watch {
        group: group.into(),
        epoch: view.position.epoch.into(),
        head: view.position.seq.into(),
        now_ms: view.now.as_millis(),
        play: (&watch.play).into(),
        item: watch.current.as_ref().map(Into::into),
        item_since: watch.current_since.get(),
        queue: watch.queue.entries().iter().map(Into::into).collect(),
        control: watch.control.into(),
        host: watch.host.map(Into::into),
        skip_votes: watch.skip_votes.iter().copied().map(Into::into).collect(),
    }
}

/// One viewer.
pub fn viewer(viewer: &AppViewer) -> ShownViewer {
    let report = viewer.report;
    ShownViewer {
        account: viewer.account.into(),
        state: report.map(|report| report.state.into()),
        drift_ms: report.map(|report| report.drift_ms),
        hidden: report.is_some_and(|report| report.hidden),
        solo: report.is_some_and(|report| report.solo),
    }
}

/// Something that was watched.
pub fn watched(watched: &StoredWatched) -> Watched {
    Watched {
        item: (&watched.item).into(),
        at: watched.at.into(),
        from: watched.from.into(),
        until: watched.until.map(Into::into),
    }
}
