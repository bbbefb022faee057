//! Who may do what with the player: a group's settings, and the one function that reads them.

use super::named::named;
use super::{Ask, Watch};
use crate::permission::{Action, may};
use crate::{AccountId, Role};

/// Somebody who asks for something, and is a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// Who.
    pub account: AccountId,
    /// As what in the group.
    pub role: Role,
}

/// The settings of a group's player.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Control {
    /// Who plays, pauses, seeks and sets the speed.
    pub playback: Hands,
    /// Who says what plays: load, go to the next; by vote means that a majority skips.
    pub choice: Who,
    /// Who fills and orders the queue; by vote means that all may add and votes decide the order.
    pub queue: Who,
    /// Whether all wait for who has no data.
    pub patience: Patience,
}

/// Everybody, or the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hands {
    /// Every viewer.
    Everyone,
    /// The host and those who keep order. Where there is no host, everyone.
    Host,
}

/// Everybody, the host, or a vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Every viewer.
    Everyone,
    /// The host and those who keep order. Where there is no host, everyone.
    Host,
    /// A vote decides; those who keep order may also act alone.
    Vote,
}

/// What happens when a viewer's data does not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// All wait, within the bounds of [`wait`](super::wait).
    Together,
    /// Each catches up alone.
    Alone,
}

named!(Hands: Everyone = "everyone", Host = "host");
named!(Who: Everyone = "everyone", Host = "host", Vote = "vote");
named!(Patience: Together = "together", Alone = "alone");

impl Default for Control {
    fn default() -> Self {
        Self {
            playback: Hands::Everyone,
            choice: Who::Everyone,
            queue: Who::Everyone,
            patience: Patience::Together,
        }
    }
}

impl Control {
    /// Whether anything is left to a host.
    pub(super) fn needs_host(self) -> bool {
        self.playback == Hands::Host || self.choice == Who::Host || self.queue == Who::Host
    }
}

/// Whether `viewer` may ask for that now. Owner and moderators always may: they keep order.
pub(super) fn allows(watch: &Watch, viewer: Viewer, ask: &Ask) -> bool {
    let keeps_order = may(viewer.role, Action::ChangeGroup, None).is_ok();
    let is_host = watch.host == Some(viewer.account);
    let hosts = watch.host.is_none() || is_host;
    let by = |who| match who {
        Who::Everyone => true,
        Who::Host => hosts,
        Who::Vote => false,
    };
    let control = watch.control;
    keeps_order
        || match ask {
            Ask::Play | Ask::Pause | Ask::Seek { .. } | Ask::SetRate { .. } => {
                control.playback == Hands::Everyone || hosts
            }
            Ask::Load { .. } | Ask::Next { .. } => by(control.choice),
            Ask::VoteSkip { .. } => control.choice != Who::Host || hosts,
            Ask::Add { .. } => control.queue == Who::Vote || by(control.queue),
            Ask::Remove { item } => {
                let brought_it = |id| watch.queue.find(id).is_some_and(|e| e.item.added_by == viewer.account);
                by(control.queue) || brought_it(*item)
            }
            Ask::Move { .. } => by(control.queue),
            Ask::Vote { .. } => true,
            Ask::HandOver { .. } => is_host,
            Ask::SetControl { .. } => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::testing::{account, add, epoch, item_id, load, watch_of};
    use crate::watch::{MediaTime, Rate};

    /// Rows: what is asked. Columns, by letters: everyone's control, the host's, by vote; small letters for a plain
    /// member (m), the host (h), a moderator (o). A letter that is there may.
    #[test]
    fn the_table_of_who_may() {
        let item = item_id(1);
        let everyone = Control::default();
        let host =
            Control { playback: Hands::Host, choice: Who::Host, queue: Who::Host, ..Control::default() };
        let vote = Control { choice: Who::Vote, queue: Who::Vote, ..Control::default() };
        for (ask, by_everyone, by_host, by_vote) in [
            (Ask::Play, "mho", "ho", "mho"),
            (Ask::Pause, "mho", "ho", "mho"),
            (Ask::Seek { to: MediaTime::START }, "mho", "ho", "mho"),
            (Ask::SetRate { rate: Rate::NORMAL }, "mho", "ho", "mho"),
            (load("https://a.example/x"), "mho", "ho", "o"),
            (Ask::Next { leaving: item }, "mho", "ho", "o"),
            (Ask::VoteSkip { item, on: true }, "mho", "ho", "mho"),
            (add("https://a.example/x"), "mho", "ho", "mho"),
            (Ask::Remove { item }, "mho", "ho", "o"),
            (Ask::Move { item, before: None }, "mho", "ho", "o"),
            (Ask::Vote { item, on: true }, "mho", "mho", "mho"),
            (Ask::HandOver { to: account(9) }, "ho", "ho", "ho"),
            (Ask::SetControl { control: everyone }, "o", "o", "o"),
        ] {
            for (control, expected) in [(everyone, by_everyone), (host, by_host), (vote, by_vote)] {
                let watch = Watch { control, host: Some(account(2)), ..watch_of(epoch(1)) };
                let may: String = [(1, Role::Guest, 'm'), (2, Role::Member, 'h'), (3, Role::Moderator, 'o')]
                    .into_iter()
                    .filter(|(id, role, _)| {
                        allows(&watch, Viewer { account: account(*id), role: *role }, &ask)
                    })
                    .map(|(.., letter)| letter)
                    .collect();
                assert_eq!(may, expected, "{ask:?} {control:?}");
            }
        }
    }

    #[test]
    fn without_a_host_everyone_may_what_the_host_may() {
        let control = Control { playback: Hands::Host, ..Control::default() };
        let watch = Watch { control, host: None, ..watch_of(epoch(1)) };
        assert!(allows(&watch, Viewer { account: account(1), role: Role::Guest }, &Ask::Pause));
    }

    #[test]
    fn one_takes_back_what_one_brought() {
        let mut watch = watch_of(epoch(1));
        watch.queue.add(crate::watch::testing::item(1));
        watch.control.queue = Who::Vote;
        let may = |id| {
            allows(
                &watch,
                Viewer { account: account(id), role: Role::Guest },
                &Ask::Remove { item: item_id(1) },
            )
        };
        assert_eq!((may(1), may(2)), (true, false));
    }
}
