//! Values for the tests of this module.

use super::{
    Ask, Audience, Change, Command, Item, Kind, Length, Media, MediaTime, PlayerState, Refused, Report, Rev,
    Source, Title, Viewer, Watch, decide, due,
};
use crate::{AccountId, Epoch, ItemId, Role, Timestamp};

pub(super) fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

pub(super) fn account(id: i64) -> AccountId {
    AccountId::new(id).unwrap()
}

pub(super) fn item_id(id: i64) -> ItemId {
    ItemId::new(id).unwrap()
}

pub(super) fn epoch(value: i64) -> Epoch {
    Epoch::new(value).unwrap()
}

pub(super) fn ms(millis: u64) -> MediaTime {
    MediaTime::from_millis(millis)
}

pub(super) fn media(address: &str, length: Length) -> Media {
    let source = Source::parse(address).unwrap().source;
    Media { source, title: Title::parse("Title").unwrap(), kind: Kind::Video, length }
}

/// Item `id`, brought by account 1, of unknown length.
pub(super) fn item(id: i64) -> Item {
    Item { id: item_id(id), media: media("https://a.example/x.webm", Length::Unknown), added_by: account(1) }
}

pub(super) fn load(address: &str) -> Ask {
    Ask::Load { media: media(address, Length::Unknown), start: MediaTime::START }
}

/// A film of that length, from its beginning.
pub(super) fn load_of(length: u64) -> Ask {
    Ask::Load {
        media: media("https://a.example/film.webm", Length::Known(ms(length))),
        start: MediaTime::START,
    }
}

pub(super) fn add(address: &str) -> Ask {
    Ask::Add { media: media(address, Length::Unknown) }
}

pub(super) fn watch_of(epoch: Epoch) -> Watch {
    Watch::new(epoch, at(0))
}

/// A report without anything special, of one who has seen `rev`.
pub(super) fn report(rev: Rev, state: PlayerState) -> Report {
    Report {
        rev,
        state,
        drift_ms: 0,
        buffered_ms: 10_000,
        delay_ms: 100,
        length: None,
        hidden: false,
        solo: false,
    }
}

/// A group that watches, with its clock and every change that there was.
pub(super) struct Room {
    pub watch: Watch,
    pub audience: Audience,
    pub now: i64,
    pub log: Vec<Change>,
}

impl Room {
    /// Members 1 to `viewers` are there and have reported, nothing plays.
    pub fn new(viewers: i64) -> Self {
        let mut room =
            Self { watch: watch_of(epoch(1)), audience: Audience::new(at(0)), now: 0, log: Vec::new() };
        for id in 1..=viewers {
            room.audience.join(account(id), Role::Member, at(0));
        }
        room.all_report(PlayerState::Idle);
        room
    }

    /// All watch a film of that length, from 0 ms of it at `self.now`.
    pub fn watching(viewers: i64, length: u64) -> Self {
        let mut room = Self::new(viewers);
        room.ask(1, load_of(length)).unwrap();
        room.all_ready();
        room.now = room.watch.play.at.as_millis();
        room.all_report(PlayerState::Playing);
        room
    }

    pub fn at(&self) -> Timestamp {
        at(self.now)
    }

    /// A member asks, having seen everything.
    pub fn ask(&mut self, who: i64, ask: Ask) -> Result<Option<Change>, Refused> {
        self.ask_having_seen(self.watch.play.rev, who, ask)
    }

    pub fn ask_having_seen(&mut self, seen: Rev, who: i64, ask: Ask) -> Result<Option<Change>, Refused> {
        let viewer = Viewer { account: account(who), role: Role::Member };
        let decided = decide(&self.watch, &Command { seen, ask }, viewer, self.at())?;
        if let Some(change) = &decided {
            self.write(change.clone());
        }
        Ok(decided)
    }

    /// Lets happen what is due now, and says what did.
    pub fn settle(&mut self) -> Vec<Change> {
        let before = self.log.len();
        while let Some(change) = due(&self.watch, &self.audience, self.at()) {
            self.write(change);
            assert!(self.log.len() < before + 10, "{:?}", &self.log[before..]);
        }
        self.log[before..].to_vec()
    }

    pub fn report(&mut self, who: i64, report: Report) {
        self.audience.report(account(who), report, at(self.now));
    }

    pub fn says(&mut self, who: i64, state: PlayerState) {
        self.report(who, report(self.watch.play.rev, state));
    }

    pub fn all_report(&mut self, state: PlayerState) {
        let all: Vec<i64> = self.audience.here().map(|(id, _)| id.get()).collect();
        all.into_iter().for_each(|id| self.says(id, state));
    }

    pub fn ready(&mut self, who: i64) {
        self.audience.ready(account(who), self.watch.play.rev, at(self.now));
    }

    /// All are ready, and what follows from it.
    pub fn all_ready(&mut self) {
        let all: Vec<i64> = self.audience.here().map(|(id, _)| id.get()).collect();
        all.into_iter().for_each(|id| self.ready(id));
        self.settle();
    }

    /// Time passes in steps of 100 ms; all others than `silent` say every second that they play.
    pub fn pass(&mut self, millis: i64, silent: &[i64]) -> Vec<Change> {
        let before = self.log.len();
        let until = self.now + millis;
        while self.now < until {
            self.now = until.min(self.now + 100);
            if self.now % 1_000 < 100 {
                let all: Vec<i64> = self.audience.here().map(|(id, _)| id.get()).collect();
                for id in all.into_iter().filter(|id| !silent.contains(id)) {
                    self.says(id, PlayerState::Playing);
                    self.ready(id);
                }
            }
            self.settle();
        }
        self.log[before..].to_vec()
    }

    fn write(&mut self, change: Change) {
        self.watch.apply(&change);
        self.log.push(change);
    }
}
