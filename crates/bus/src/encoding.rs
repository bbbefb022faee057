//! Notices as bytes, from node to node.
//!
//! A frame is `version: u8 = 1`, `node: u64`, `number: u64` and then entries; an entry is `kind: u8`, `length: u32` and
//! as many bytes, the fields of that kind as postcard writes a tuple of them. Whole numbers outside entries are
//! little-endian. A frame without entries says that its node lives.
//!
//! Nodes of two versions run beside each other during an upgrade. So **a kind keeps its fields for ever**: another shape
//! is another kind, and a reader passes over a kind that it does not know. A hint may be lost, so nothing else is needed.
//! postcard, because its tuples need no twin of every type.
//!
//! This file knows no connection and no queue.

mod event;
mod lobby;

use crate::notice::ViewerNews;
use crate::{EndedSessions, Notice, Signal, SignalKind};
use parlor_core::watch::{MediaTime, PlayerState, Report, Rev};
use parlor_core::{AccountId, Author, DisplayName, Emoji, Epoch, GroupId, Position, Role, Seq, SessionId};
use serde::Serialize;
use serde::de::Deserialize;
use std::sync::Arc;

/// The version of a frame that this code writes and reads.
const VERSION: u8 = 1;
/// Bytes of a frame's head: version, node, number.
const HEAD: usize = 17;
/// Bytes of an entry's head: kind, length.
const ENTRY_HEAD: usize = 5;
/// A frame that has as many bytes takes no further entry: large enough that a thousand messages are a handful of
/// frames, small enough for every server (NATS takes 1 MiB unless it is told otherwise).
const FULL: usize = 64 * 1024;
/// Most bytes of one entry; what is larger does not travel. The circle dialect's largest object is far below.
const MOST_ENTRY: usize = 768 * 1024;

const EVENTS: u8 = 1;
const HEADS: u8 = 2;
const SIGNAL: u8 = 3;
const SESSIONS_ENDED: u8 = 4;
const MEMBERSHIP: u8 = 5;
const READ_MOVED: u8 = 6;
const RENAMED: u8 = 7;
const VIEWER: u8 = 8;
const GROUP_GONE: u8 = 9;
const HERE: u8 = 10;
const NO_LONGER_HERE: u8 = 11;
const WHO_IS_HERE: u8 = 12;
/// The kinds of lobbies begin here.
const LOBBY: u8 = 32;

/// Writes the frames of one node, numbered without a gap.
pub(crate) struct FrameWriter {
    node: i64,
    number: u64,
    full: Vec<Vec<u8>>,
    open: Vec<u8>,
}

impl FrameWriter {
    pub(crate) fn new(node: i64) -> Self {
        Self { node, number: 0, full: Vec::new(), open: Vec::new() }
    }

    /// Leaves out a number: whoever hears the next frame knows that something was lost.
    pub(crate) fn skip_number(&mut self) {
        self.number += 1;
    }

    /// Adds a notice. False when it is too large to travel.
    pub(crate) fn put(&mut self, notice: &Notice) -> bool {
        match notice {
            Notice::Events(events) => event::write(events, self),
            Notice::Head { group, position } => {
                self.entry(HEADS, &(group.get(), position.epoch.get(), position.seq.get()))
            }
            Notice::Signal(signal) => {
                let Author { id, name } = &signal.by;
                let (kind, emoji) = match &signal.kind {
                    SignalKind::Typing { on } => (u8::from(*on), ""),
                    SignalKind::Cheer { emoji } => (2, emoji.as_str()),
                    SignalKind::Presence { online } => (3 + u8::from(*online), ""),
                };
                self.entry(SIGNAL, &(signal.group.get(), id.get(), name.as_str(), kind, emoji))
            }
            Notice::SessionsEnded(ended) => {
                let fields =
                    (ended.account.get(), ended.only.map(SessionId::get), ended.except.map(SessionId::get));
                self.entry(SESSIONS_ENDED, &fields)
            }
            Notice::Membership { group, account, role } => {
                self.entry(MEMBERSHIP, &(group.get(), account.get(), role.map(Role::as_str)))
            }
            Notice::ReadMoved { group, account, last_read, unread } => {
                self.entry(READ_MOVED, &(group.get(), account.get(), last_read.get(), unread))
            }
            Notice::Renamed { account, name } => self.entry(RENAMED, &(account.get(), name.as_str())),
            Notice::Lobby(notice) => lobby::write(notice, self),
            Notice::Viewer { group, account, news } => {
                self.entry(VIEWER, &(group.get(), account.get(), viewer_fields(news)))
            }
            Notice::Here { node, group, people } => {
                let people: Vec<(i64, &str)> =
                    people.iter().map(|by| (by.id.get(), by.name.as_str())).collect();
                self.entry(HERE, &(node, group.get(), people))
            }
            Notice::NoLongerHere { node, group, account } => {
                self.entry(NO_LONGER_HERE, &(node, group.get(), account.get()))
            }
            Notice::WhoIsHere { node, group } => self.entry(WHO_IS_HERE, &(node, group.get())),
            Notice::GroupGone { group } => self.entry(GROUP_GONE, &group.get()),
        }
    }

    /// The frames so far; one without entries when there are none.
    pub(crate) fn finish(&mut self) -> Vec<Vec<u8>> {
        self.open_frame();
        self.close_frame();
        std::mem::take(&mut self.full)
    }

    fn entry(&mut self, kind: u8, fields: &impl Serialize) -> bool {
        if self.open.len() >= FULL {
            self.close_frame();
        }
        self.open_frame();
        let begin = self.open.len();
        self.open.extend_from_slice(&[kind, 0, 0, 0, 0]);
        self.open = postcard::to_extend(fields, std::mem::take(&mut self.open))
            .expect("a tuple of numbers and texts can be written into memory");
        let length = self.open.len() - begin - ENTRY_HEAD;
        if length > MOST_ENTRY {
            self.open.truncate(begin);
            return false;
        }
        let length = u32::try_from(length).expect("checked a line above");
        self.open[begin + 1..begin + ENTRY_HEAD].copy_from_slice(&length.to_le_bytes());
        if self.open.len() > FULL && begin > HEAD {
            // It stands alone, so that no frame is larger than one full one and one entry.
            let entry = self.open.split_off(begin);
            self.close_frame();
            self.open_frame();
            self.open.extend_from_slice(&entry);
        }
        true
    }

    fn open_frame(&mut self) {
        if self.open.is_empty() {
            self.number += 1;
            self.open.push(VERSION);
            self.open.extend_from_slice(&self.node.to_le_bytes());
            self.open.extend_from_slice(&self.number.to_le_bytes());
        }
    }

    fn close_frame(&mut self) {
        if !self.open.is_empty() {
            self.full.push(std::mem::take(&mut self.open));
        }
    }
}

/// Whose frame it is.
pub(crate) struct FrameHead {
    pub(crate) node: i64,
    pub(crate) number: u64,
}

/// The bytes are no frame, or none of a version that this code knows.
#[derive(Debug)]
pub(crate) struct NotAFrame;

/// The head of a frame and its entries.
pub(crate) fn read_frame(bytes: &[u8]) -> Result<(FrameHead, Entries<'_>), NotAFrame> {
    let (head, entries) = bytes.split_at_checked(HEAD).ok_or(NotAFrame)?;
    if head[0] != VERSION {
        return Err(NotAFrame);
    }
    let node = i64::from_le_bytes(head[1..9].try_into().map_err(|_| NotAFrame)?);
    let number = u64::from_le_bytes(head[9..HEAD].try_into().map_err(|_| NotAFrame)?);
    Ok((FrameHead { node, number }, Entries(entries)))
}

/// The notices of a frame; `None` for an entry that is of an unknown kind or broken.
pub(crate) struct Entries<'a>(&'a [u8]);

impl Iterator for Entries<'_> {
    type Item = Option<Notice>;

    fn next(&mut self) -> Option<Option<Notice>> {
        if self.0.is_empty() {
            return None;
        }
        let rest = std::mem::take(&mut self.0);
        let Some((head, rest)) = rest.split_at_checked(ENTRY_HEAD) else { return Some(None) };
        let length = u32::from_le_bytes([head[1], head[2], head[3], head[4]]);
        let Some((fields, rest)) = usize::try_from(length).ok().and_then(|at| rest.split_at_checked(at))
        else {
            return Some(None);
        };
        self.0 = rest;
        Some(read(head[0], fields))
    }
}

fn read(kind: u8, bytes: &[u8]) -> Option<Notice> {
    Some(match kind {
        EVENTS => Notice::Events(event::read(bytes)?),
        HEADS => {
            let (group, epoch, seq) = fields(bytes)?;
            let position = Position { epoch: Epoch::new(epoch)?, seq: Seq::new(seq)? };
            Notice::Head { group: GroupId::new(group)?, position }
        }
        SIGNAL => {
            let (group, by, name, kind, emoji): (i64, i64, &str, u8, &str) = fields(bytes)?;
            let kind = match kind {
                0 | 1 => SignalKind::Typing { on: kind == 1 },
                2 => SignalKind::Cheer { emoji: Emoji::from_stored(emoji) },
                3 | 4 => SignalKind::Presence { online: kind == 4 },
                _ => return None,
            };
            let by = Author { id: AccountId::new(by)?, name: DisplayName::from_stored(name) };
            Notice::Signal(Arc::new(Signal { group: GroupId::new(group)?, by, kind }))
        }
        SESSIONS_ENDED => {
            let (account, only, except) = fields(bytes)?;
            let (only, except) = (optional(only, SessionId::new)?, optional(except, SessionId::new)?);
            Notice::SessionsEnded(EndedSessions { account: AccountId::new(account)?, only, except })
        }
        MEMBERSHIP => {
            let (group, account, role): (i64, i64, Option<&str>) = fields(bytes)?;
            let role = optional(role, Role::from_name)?;
            Notice::Membership { group: GroupId::new(group)?, account: AccountId::new(account)?, role }
        }
        READ_MOVED => {
            let (group, account, last_read, unread) = fields(bytes)?;
            let (group, account) = (GroupId::new(group)?, AccountId::new(account)?);
            Notice::ReadMoved { group, account, last_read: Seq::new(last_read)?, unread }
        }
        RENAMED => {
            let (account, name) = fields(bytes)?;
            Notice::Renamed { account: AccountId::new(account)?, name: DisplayName::from_stored(name) }
        }
        VIEWER => {
            let (group, account, news) = fields(bytes)?;
            let (group, account) = (GroupId::new(group)?, AccountId::new(account)?);
            Notice::Viewer { group, account, news: viewer_news(news)? }
        }
        HERE => {
            let (node, group, people): (i64, i64, Vec<(i64, &str)>) = fields(bytes)?;
            let people = people.into_iter().map(|(id, name)| {
                Some(Author { id: AccountId::new(id)?, name: DisplayName::from_stored(name) })
            });
            Notice::Here { node, group: GroupId::new(group)?, people: people.collect::<Option<_>>()? }
        }
        NO_LONGER_HERE => {
            let (node, group, account) = fields(bytes)?;
            let (group, account) = (GroupId::new(group)?, AccountId::new(account)?);
            Notice::NoLongerHere { node, group, account }
        }
        WHO_IS_HERE => {
            let (node, group) = fields(bytes)?;
            Notice::WhoIsHere { node, group: GroupId::new(group)? }
        }
        GROUP_GONE => Notice::GroupGone { group: GroupId::new(fields(bytes)?)? },
        kind => Notice::Lobby(lobby::read(kind, bytes)?),
    })
}

/// 0 came as (role), 1 went, 2 reported (report), 3 ready (rev).
type ViewerFields<'a> = (u8, &'a str, u64, Option<ReportFields<'a>>);
/// State, drift, buffered, delay, length, hidden, solo.
type ReportFields<'a> = (&'a str, i32, u32, u16, Option<u64>, bool, bool);

fn viewer_fields(news: &ViewerNews) -> ViewerFields<'static> {
    match news {
        ViewerNews::Came(role) => (0, role.as_str(), 0, None),
        ViewerNews::Went => (1, "", 0, None),
        ViewerNews::Reported(report) => {
            let length = report.length.map(|length| u64::from(length.as_millis()));
            let times = (report.drift_ms, report.buffered_ms, report.delay_ms);
            let fields =
                (report.state.as_str(), times.0, times.1, times.2, length, report.hidden, report.solo);
            (2, "", report.rev.get(), Some(fields))
        }
        ViewerNews::Ready(rev) => (3, "", rev.get(), None),
    }
}

fn viewer_news((kind, role, rev, report): ViewerFields<'_>) -> Option<ViewerNews> {
    Some(match (kind, report) {
        (0, None) => ViewerNews::Came(Role::from_name(role)?),
        (1, None) => ViewerNews::Went,
        (2, Some((state, drift_ms, buffered_ms, delay_ms, length, hidden, solo))) => {
            ViewerNews::Reported(Report {
                rev: Rev::new(rev),
                state: PlayerState::from_name(state)?,
                drift_ms,
                buffered_ms,
                delay_ms,
                length: length.map(MediaTime::from_millis),
                hidden,
                solo,
            })
        }
        (3, None) => ViewerNews::Ready(Rev::new(rev)),
        _ => return None,
    })
}

/// The fields of an entry. Bytes after them are none of this kind's business.
fn fields<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Option<T> {
    postcard::from_bytes(bytes).ok()
}

/// `None` for a value that is there and cannot be.
fn optional<Raw, T>(raw: Option<Raw>, parse: impl Fn(Raw) -> Option<T>) -> Option<Option<T>> {
    match raw {
        None => Some(None),
        Some(raw) => parse(raw).map(Some),
    }
}

#[cfg(test)]
mod tests;
