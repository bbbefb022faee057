//! Speed chat: an owner starts it, the clock moves it on, and everybody in the lobby is put together anew each round.
//!
//! Its rules are in `parlor_core::lobby::SpeedChat`; here its tables become rooms, and rooms tables.

use super::Scene;
use super::pairing::{add_third, load_all, make_room, pair_all, view_of};
use crate::groups::GroupError;
use crate::{App, Caller, Failure};
use parlor_bus::{LobbyNotice, News};
use parlor_core::lobby::{Change, Departure, Match, Plan, SpeedChat};
use parlor_core::permission::{Action, Denied, may};
use parlor_core::{Code, DisplayName, GroupId, History, Refusal, RoomId, Timestamp, WaiterId};
use parlor_store::places::Place;
use parlor_store::rooms::Room;
use parlor_store::tx::Tx;
use parlor_store::{Write, meetings, members, places, rooms, speed_chats};
use std::collections::{HashMap, HashSet};
use std::time::Duration;

/// The longest time between the call and the first round: people have to find the lobby.
pub const LONGEST_NOTICE: Duration = Duration::from_secs(3_600);

/// Why no speed chat was started or stopped.
#[derive(Debug, thiserror::Error)]
pub enum SpeedChatError {
    /// There is no such group, or the caller is no member.
    #[error("there is no such group")]
    NotFound,
    /// Only an owner may.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// One runs already.
    #[error("a speed chat runs already")]
    Runs,
    /// None runs.
    #[error("no speed chat runs")]
    RunsNot,
    /// Ours.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl Refusal for SpeedChatError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Denied(_) => Code::Forbidden,
            Self::Runs | Self::RunsNot => Code::Conflict,
            Self::Failure(failure) => failure.code(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Failure(failure) => failure.retry_after(),
            _ => None,
        }
    }
}

/// A lobby from outside.
#[derive(Clone, Debug)]
pub struct LobbyState {
    /// Whose.
    pub group: GroupId,
    /// How many wait.
    pub waiting: u64,
    /// Since when the first of them does.
    pub since: Option<Timestamp>,
    /// The speed chat, running or the last one.
    pub speed_chat: Option<SpeedChat>,
    /// Who sits where, for those who may see it.
    pub tables: Vec<Vec<(WaiterId, DisplayName)>>,
    /// Who takes part and sits out, for the same.
    pub sitting_out: Vec<(WaiterId, DisplayName)>,
}

impl App {
    /// How a group's lobby is. Who sits at which table of speed chat is shown to those who may run one.
    ///
    /// # Errors
    /// See [`GroupError`].
    #[tracing::instrument(
        name = "lobby.state", level = "debug", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get())
    )]
    pub async fn lobby_state(&self, caller: &Caller, group: GroupId) -> Result<LobbyState, GroupError> {
        let (now, account) = (self.now(), caller.account.id);
        self.store()
            .read(move |tx| {
                let role =
                    members::role_in_live_group(tx, group, account, now)?.ok_or(GroupError::NotFound)?;
                let state = state_of(tx, group)?;
                if may(role, Action::RunSpeedChat, None).is_err() {
                    return Ok(state);
                }
                Ok(with_tables(tx, state)?)
            })
            .await
    }

    /// Starts a speed chat; its first round begins after `notice`, with all who are in the lobby then.
    ///
    /// # Errors
    /// See [`SpeedChatError`].
    #[tracing::instrument(
        name = "lobby.start_speed_chat", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get())
    )]
    pub async fn start_speed_chat(
        &self,
        caller: &Caller,
        group: GroupId,
        plan: Plan,
        notice: Duration,
    ) -> Result<LobbyState, SpeedChatError> {
        let account = caller.account.id;
        self.decide(move |write, scene| {
            owner(write, scene, group, account)?;
            if speed_chats::is_running(write, group)? {
                return Err(SpeedChatError::Runs);
            }
            let threes = places::allows_threes(write, group, scene.now)?.unwrap_or(false);
            let begin = scene.now.plus(notice.min(LONGEST_NOTICE));
            speed_chats::save(write, group, &SpeedChat::new(plan.with_threes(threes), begin))?;
            advance(write, scene, group)?;
            scene.tell(LobbyNotice::Changed { group });
            let state = state_of(write, group)?;
            Ok(with_tables(write, state)?)
        })
        .await
    }

    /// Ends a speed chat now. Those who sit together may go on talking.
    ///
    /// # Errors
    /// See [`SpeedChatError`].
    #[tracing::instrument(
        name = "lobby.stop_speed_chat", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get())
    )]
    pub async fn stop_speed_chat(&self, caller: &Caller, group: GroupId) -> Result<(), SpeedChatError> {
        let account = caller.account.id;
        self.decide(move |write, scene| {
            owner(write, scene, group, account)?;
            let chat = speed_chats::load(write, group)?.filter(|chat| chat.ending.is_none());
            let mut chat = chat.ok_or(SpeedChatError::RunsNot)?;
            let changes = chat.stop();
            apply(write, scene, group, &chat, &changes)?;
            Ok(())
        })
        .await
    }

    /// What a lobby looks like from inside, for the faces.
    pub(super) async fn crowd(&self, group: GroupId) -> Result<LobbyState, Failure> {
        self.store().read(move |tx| state_of(tx, group)).await
    }
}

fn owner(
    write: &mut Write<'_>,
    scene: &Scene,
    group: GroupId,
    account: parlor_core::AccountId,
) -> Result<(), SpeedChatError> {
    let role = members::role_in_live_group(write, group, account, scene.now)?;
    Ok(may(role.ok_or(SpeedChatError::NotFound)?, Action::RunSpeedChat, None)?)
}

fn state_of(tx: &mut dyn Tx, group: GroupId) -> Result<LobbyState, Failure> {
    let (waiting, since) = places::count_waiting(tx, group)?;
    let speed_chat = speed_chats::load(tx, group)?;
    Ok(LobbyState { group, waiting, since, speed_chat, tables: Vec::new(), sitting_out: Vec::new() })
}

fn with_tables(tx: &mut dyn Tx, state: LobbyState) -> Result<LobbyState, Failure> {
    let Some(chat) = &state.speed_chat else { return Ok(state) };
    let names: HashMap<WaiterId, DisplayName> =
        places::in_group(tx, state.group)?.into_iter().map(|place| (place.who, place.name)).collect();
    let named = |who: &WaiterId| names.get(who).map(|name| (*who, name.clone()));
    let tables = chat.tables.iter().map(|table| table.members().iter().filter_map(named).collect()).collect();
    let sitting_out = chat.sitting_out.iter().filter_map(named).collect();
    Ok(LobbyState { tables, sitting_out, ..state })
}

/// Does what is due in a speed chat at this moment, with those who are there now. Nothing when none runs.
pub(super) fn advance(write: &mut Write<'_>, scene: &mut Scene, group: GroupId) -> Result<(), Failure> {
    let Some(before) = speed_chats::load(write, group)? else { return Ok(()) };
    let present = present(write, group)?;
    let mut history = History::new();
    for who in &present {
        meetings::add_blocks(write, &mut history, *who)?;
    }
    let mut chat = before.clone();
    let changes = chat.decide(&present, &history, scene.now, &mut scene.chance());
    apply(write, scene, group, &chat, &changes)?;
    // Of three, one may leave without anything to be told.
    if changes.is_empty() && chat != before {
        speed_chats::save(write, group, &chat)?;
    }
    Ok(())
}

/// Who waits and is there, and who sits at a table, where a place is kept for one who vanished.
fn present(tx: &mut dyn Tx, group: GroupId) -> Result<Vec<WaiterId>, Failure> {
    let tables: HashSet<RoomId> = tables(tx, group)?.into_iter().map(|table| table.id).collect();
    let people = places::in_group(tx, group)?.into_iter().filter(|place| match place.room {
        None => place.vanished_at.is_none(),
        Some(room) => tables.contains(&room),
    });
    Ok(people.map(|place| place.who).collect())
}

fn tables(tx: &mut dyn Tx, group: GroupId) -> Result<Vec<Room>, Failure> {
    let rooms = rooms::of_group(tx, group)?;
    Ok(rooms.into_iter().filter(|room| room.round_ends_at.is_some()).collect())
}

fn apply(
    write: &mut Write<'_>,
    scene: &mut Scene,
    group: GroupId,
    chat: &SpeedChat,
    changes: &[Change],
) -> Result<(), Failure> {
    if changes.is_empty() {
        return Ok(());
    }
    for change in changes {
        match change {
            Change::RoundBegan { ends_at, .. } => begin_round(write, scene, group, &chat.tables, *ends_at)?,
            // Who is left at a table stays there until the round is over: to read, to report, to block.
            Change::LostPartner(_) => {}
            Change::JoinedTable { who, table } => {
                let place = stand_up(write, scene, *who)?;
                let others: Vec<WaiterId> =
                    table.members().iter().copied().filter(|other| other != who).collect();
                if let (Some(place), Some(room)) = (place, room_of(write, &others)?) {
                    add_third(write, scene, room, place)?;
                }
            }
            Change::Ended(_) => end(write, scene, group)?,
        }
    }
    scene.tell(LobbyNotice::Changed { group });
    speed_chats::save(write, group, chat)?;
    if chat.ending.is_some() { pair_all(write, scene, group) } else { Ok(()) }
}

fn begin_round(
    write: &mut Write<'_>,
    scene: &mut Scene,
    group: GroupId,
    matches: &[Match],
    ends_at: Timestamp,
) -> Result<(), Failure> {
    for table in tables(write, group)? {
        clear(write, scene, table.id, Departure::RoundOver)?;
    }
    for table in matches {
        let people = load_all(write, table.members())?;
        make_room(write, scene, people, None, Some(ends_at))?;
    }
    Ok(())
}

/// Ends a room for all in it: they wait again.
fn clear(write: &mut Write<'_>, scene: &mut Scene, room: RoomId, why: Departure) -> Result<(), Failure> {
    for place in places::in_room(write, room)? {
        places::put(write, &Place { room: None, keeps: false, ..place })?;
    }
    rooms::delete(write, room)?;
    scene.tell(LobbyNotice::Over { room, why });
    Ok(())
}

/// Takes one who lost their partner from the table; `None` when they have gone, too.
fn stand_up(write: &mut Write<'_>, scene: &mut Scene, who: WaiterId) -> Result<Option<Place>, Failure> {
    if let Some(room) = places::load(write, who)?.and_then(|place| place.room) {
        clear(write, scene, room, Departure::Moved)?;
    }
    places::load(write, who)
}

fn room_of(tx: &mut dyn Tx, whos: &[WaiterId]) -> Result<Option<RoomId>, Failure> {
    for who in whos {
        if let Some(room) = places::load(tx, *who)?.and_then(|place| place.room) {
            return Ok(Some(room));
        }
    }
    Ok(None)
}

/// Tables become rooms like any other: nobody is torn away from the last one they met.
fn end(write: &mut Write<'_>, scene: &mut Scene, group: GroupId) -> Result<(), Failure> {
    for table in tables(write, group)? {
        rooms::end_round(write, table.id)?;
        if let Some(room) = view_of(write, table.id)? {
            scene.tell(LobbyNotice::Room { room, news: News::Everybody { newcomer: None } });
        }
    }
    Ok(())
}
