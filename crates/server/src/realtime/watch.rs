//! Watching together over `/v1`: what a client calls. Changes of the player come as events of the group, who watches as
//! `viewers`.

use parlor_app::App;
use parlor_core::watch::{Ask, Command, Kind, Length, Media, MediaTime, Rate, Report, Rev, Source, Title};
use parlor_core::{AccountId, ClientId, Emoji, GroupId, Invalid, ItemId};
use parlor_socketio::{Event, Socket};
use parlor_wire::number::Id;
use parlor_wire::problem::Problem;
use parlor_wire::socket::Done;
use parlor_wire::watch::{
    AskTime, Commanded, NewMedia, OfWatch, PlayerAsk, PlayerCheer, PlayerCommand, PlayerReady, PlayerReport,
    TimeAnswer,
};

use super::Realtime;
use super::calls::{acknowledge, group_of, parse, refused};
use super::connection::Visitor;
use super::watch_view::watch;

/// `watch_open`
pub(super) async fn open(realtime: Realtime, socket: Socket, mut event: Event) {
    let group = parse(&event).and_then(|call: OfWatch| group_of(call.group));
    let opened = match group {
        Ok(group) => {
            let caller = Visitor::of(&socket).caller();
            // Listed first: a close that overtakes nothing is still found.
            realtime.0.viewing.enter(group, caller.account.id, &socket);
            let opened = realtime.0.app.enter_watch(&caller, group).await;
            if opened.is_err() || !socket.is_connected() {
                realtime.close_watch(&socket, group);
            }
            opened.map(|view| watch(group, &view)).map_err(refused)
        }
        Err(problem) => Err(problem),
    };
    acknowledge(&mut event, opened);
}

/// `watch_close`
pub(super) async fn close(realtime: Realtime, socket: Socket, mut event: Event) {
    let group = parse(&event).and_then(|call: OfWatch| group_of(call.group));
    let closed = group.map(|group| {
        realtime.close_watch(&socket, group);
        Done {}
    });
    acknowledge(&mut event, closed);
}

/// `player_command`
pub(super) async fn command(realtime: Realtime, socket: Socket, mut event: Event) {
    let json = event.arguments().json(0).unwrap_or_default();
    let call = PlayerCommand::parse(json.as_bytes()).and_then(|call| {
        let client_id = ClientId::parse(&call.client_id).map_err(refused)?;
        let command = Command { seen: Rev::new(call.seen), ask: ask(call.ask).map_err(refused)? };
        Ok((group_of(call.group)?, client_id, command))
    });
    let done = match call {
        Ok((group, client_id, command)) => {
            let caller = Visitor::of(&socket).caller();
            realtime.0.app.command_player(&caller, group, &client_id, command).await.map_err(refused)
        }
        Err(problem) => Err(problem),
    };
    let answer = done.map(|event| Commanded { event: event.as_deref().map(Into::into) });
    acknowledge(&mut event, answer);
}

/// `player_report`
pub(super) async fn report(realtime: Realtime, socket: Socket, mut event: Event) {
    let reported = parse(&event).and_then(|call: PlayerReport| {
        let group = realtime.viewed(&socket, call.group)?;
        let report = report_of(&call).map_err(refused)?;
        realtime.0.app.report_player(&Visitor::of(&socket).caller(), group, report);
        Ok(Done {})
    });
    acknowledge(&mut event, reported);
}

/// `player_ready`
pub(super) async fn ready(realtime: Realtime, socket: Socket, mut event: Event) {
    let said = parse(&event).and_then(|call: PlayerReady| {
        let group = realtime.viewed(&socket, call.group)?;
        realtime.0.app.player_is_ready(&Visitor::of(&socket).caller(), group, Rev::new(call.rev));
        Ok(Done {})
    });
    acknowledge(&mut event, said);
}

/// `player_cheer`
pub(super) async fn cheer(realtime: Realtime, socket: Socket, mut event: Event) {
    let call = parse(&event).and_then(|call: PlayerCheer| {
        Ok((group_of(call.group)?, Emoji::parse(&call.emoji).map_err(refused)?))
    });
    let cheered = match call {
        Ok((group, emoji)) => {
            let caller = Visitor::of(&socket).caller();
            realtime.0.app.cheer(&caller, group, emoji).await.map_err(refused)
        }
        Err(problem) => Err(problem),
    };
    acknowledge(&mut event, cheered.map(|()| Done {}));
}

/// `time`: both moments are taken here, so what the answer waits for afterwards counts as the network's.
pub(super) async fn time(realtime: Realtime, _: Socket, mut event: Event) {
    let now = |app: &App| app.media_clock_millis();
    let received_ms = now(&realtime.0.app);
    let answer =
        parse(&event).map(|AskTime {}| TimeAnswer { received_ms, answered_ms: now(&realtime.0.app) });
    acknowledge(&mut event, answer);
}

impl Realtime {
    pub(super) fn close_watch(&self, socket: &Socket, group: GroupId) {
        let caller = Visitor::of(socket).caller();
        if self.0.viewing.leave(group, caller.account.id, socket) {
            self.0.app.leave_watch(&caller, group);
        }
    }

    /// A socket is gone, and watches nothing any more.
    pub(super) fn close_watches(&self, socket: &Socket) {
        for group in self.0.viewing.groups_of(socket) {
            self.close_watch(socket, group);
        }
    }

    /// The group, if this socket watches along with it: that it may was checked when it opened.
    fn viewed(&self, socket: &Socket, group: Id) -> Result<GroupId, Problem> {
        let group = group_of(group)?;
        if self.0.viewing.has(group, socket) {
            Ok(group)
        } else {
            Err(crate::http::problem::Failed::not_found().0)
        }
    }
}

fn ask(ask: PlayerAsk) -> Result<Ask, Invalid> {
    Ok(match ask {
        PlayerAsk::Load(load) => {
            let (media, start) = media_of(&load.media)?;
            let start = load.start_ms.map_or(Ok(start), |millis| MediaTime::parse("start_ms", millis))?;
            Ask::Load { media, start }
        }
        PlayerAsk::Play => Ask::Play,
        PlayerAsk::Pause => Ask::Pause,
        PlayerAsk::Seek(seek) => Ask::Seek { to: MediaTime::parse("to_ms", seek.to_ms)? },
        PlayerAsk::Rate(rate) => Ask::SetRate { rate: Rate::parse(rate.rate)? },
        PlayerAsk::Next(next) => Ask::Next { leaving: item_of(next.leaving)? },
        PlayerAsk::Add(add) => Ask::Add { media: media_of(&add.media)?.0 },
        PlayerAsk::Remove(remove) => Ask::Remove { item: item_of(remove.item)? },
        PlayerAsk::Move(moved) => {
            Ask::Move { item: item_of(moved.item)?, before: moved.before.map(item_of).transpose()? }
        }
        PlayerAsk::Vote(vote) => Ask::Vote { item: item_of(vote.item)?, on: vote.on },
        PlayerAsk::VoteSkip(vote) => Ask::VoteSkip { item: item_of(vote.item)?, on: vote.on },
        PlayerAsk::HandOver(hand_over) => {
            let to = AccountId::new(hand_over.to.0).ok_or(Invalid { field: "to", rule: "is nobody" })?;
            Ask::HandOver { to }
        }
        PlayerAsk::SetControl(set) => Ask::SetControl { control: set.control.into() },
    })
}

fn media_of(new: &NewMedia) -> Result<(Media, MediaTime), Invalid> {
    let pasted = Source::parse(&new.source)?;
    let title = match &new.title {
        Some(title) => Title::parse(title)?,
        None => Title::of(&pasted.source),
    };
    let kind = new.kind.map_or(Kind::Video, Kind::from);
    Ok((Media { source: pasted.source, title, kind, length: Length::Unknown }, pasted.start))
}

fn item_of(Id(id): Id) -> Result<ItemId, Invalid> {
    ItemId::new(id).ok_or(Invalid { field: "item", rule: "is no item" })
}

fn report_of(call: &PlayerReport) -> Result<Report, Invalid> {
    let buffered = call.buffered_ms.unwrap_or(0.0);
    let length = call.length_ms.map(|millis| MediaTime::parse("length_ms", millis)).transpose()?;
    Ok(Report {
        rev: Rev::new(call.rev),
        state: call.state.into(),
        drift_ms: Report::parse_drift(call.drift_ms)?,
        buffered_ms: MediaTime::parse("buffered_ms", buffered)?.as_millis(),
        delay_ms: Report::parse_delay(call.delay_ms.unwrap_or(0.0))?,
        length,
        hidden: call.hidden,
        solo: call.solo,
    })
}
