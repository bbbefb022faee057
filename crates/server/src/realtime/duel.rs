//! Duels over `/v1`: what a client calls. What happens there comes over `dueling`.

use parlor_app::duel::challenge::{Challenge, Opened};
use parlor_app::duel::play::Queued;
use parlor_app::duel::seek::Sought;
use parlor_app::duel::{CallText, DuelError, Program};
use parlor_core::duel::{Ask, BestOf, Minutes, Seats, Terms, Wish};
use parlor_core::{AccountId, DuelId, Emoji, GroupId, Invalid};
use parlor_socketio::{Event, Socket};
use parlor_wire::duel::{
    DuelAbort, DuelChallenge, DuelCode, DuelOpened, DuelQueued, DuelReact, DuelReady, DuelRecord,
    DuelRematch, DuelRun, DuelSaid, DuelSay, DuelSeek, DuelSought, DuelSubmit, EndSeek, OfDuel,
};
use parlor_wire::hidden::Hidden;
use parlor_wire::judge::Language;
use parlor_wire::number::Id;
use parlor_wire::problem::Problem;
use parlor_wire::socket::Done;

use super::Realtime;
use super::calls::{acknowledge, group_of, parse, refused};
use super::connection::Visitor;
use super::duel_view;
use crate::http::problem::Failed;

/// `duel_seek`
pub(super) async fn seek(realtime: Realtime, socket: Socket, mut event: Event) {
    let caller = Visitor::of(&socket).caller();
    let sought = match parse(&event).and_then(|call: DuelSeek| wish(&call).map_err(refused)) {
        Ok(wish) => {
            realtime.0.dueling.seeks(caller.account.id, &socket);
            let sought = realtime.0.app.seek_duel(&caller, wish).await;
            if !socket.is_connected() {
                realtime.stop_seeking(&socket);
            }
            sought.map_err(refused)
        }
        Err(problem) => Err(problem),
    };
    let answer = sought.map(|sought| match sought {
        Sought::Since(since) => DuelSought { since: Some(since.into()), duel: None },
        Sought::Found(duel) => DuelSought { since: None, duel: Some(duel.into()) },
    });
    acknowledge(&mut event, answer);
}

/// `duel_seek_cancel`: with whichever socket it began.
pub(super) async fn stop_seeking(realtime: Realtime, socket: Socket, mut event: Event) {
    let stopped = parse(&event).map(|EndSeek {}| {
        realtime.0.app.stop_seeking(Visitor::of(&socket).caller().account.id);
        Done {}
    });
    acknowledge(&mut event, stopped);
}

/// `duel_challenge`
pub(super) async fn challenge(realtime: Realtime, socket: Socket, mut event: Event) {
    let caller = Visitor::of(&socket).caller();
    let made = match parse(&event).and_then(|call: DuelChallenge| challenge_of(&call)) {
        Ok(wanted) => realtime.0.app.challenge(&caller, wanted).await.map_err(refused),
        Err(problem) => Err(problem),
    };
    let shown = made.and_then(|opened| realtime.show_duel(&socket, &opened));
    acknowledge(&mut event, shown);
}

/// `duel_join`
pub(super) async fn join(realtime: Realtime, socket: Socket, mut event: Event) {
    let opened = match parse(&event).and_then(|call: OfDuel| duel_of(call.duel)) {
        Ok(duel) => realtime.look(&socket, duel, true).await,
        Err(problem) => Err(problem),
    };
    acknowledge(&mut event, opened);
}

/// `duel_open`
pub(super) async fn open(realtime: Realtime, socket: Socket, mut event: Event) {
    let opened = match parse(&event).and_then(|call: OfDuel| duel_of(call.duel)) {
        Ok(duel) => realtime.look(&socket, duel, false).await,
        Err(problem) => Err(problem),
    };
    acknowledge(&mut event, opened);
}

/// `duel_start`
pub(super) async fn start(realtime: Realtime, socket: Socket, mut event: Event) {
    let caller = Visitor::of(&socket).caller();
    let started = match parse(&event).and_then(|call: OfDuel| duel_of(call.duel)) {
        Ok(duel) => realtime.0.app.start_duel(&caller, duel).await.map_err(refused),
        Err(problem) => Err(problem),
    };
    acknowledge(&mut event, started.map(|()| Done {}));
}

/// `duel_leave`
pub(super) async fn leave(realtime: Realtime, socket: Socket, mut event: Event) {
    let call = parse(&event).map(|call: OfDuel| (call.duel, Ask::Leave));
    realtime.ask(&socket, &mut event, call);
}

/// `duel_close`
pub(super) async fn close(realtime: Realtime, socket: Socket, mut event: Event) {
    let closed = parse(&event).and_then(|call: OfDuel| duel_of(call.duel)).map(|duel| {
        realtime.close_duel(&socket, duel);
        Done {}
    });
    acknowledge(&mut event, closed);
}

/// `duel_code`
pub(super) async fn code(realtime: Realtime, socket: Socket, mut event: Event) {
    let kept = parse(&event).and_then(|call: DuelCode| {
        let program = program(call.code, call.language)?;
        let caller = Visitor::of(&socket).caller();
        realtime.0.app.keep_code(&caller, duel_of(call.duel)?, program).map_err(refused)
    });
    acknowledge(&mut event, kept.map(|()| Done {}));
}

/// `duel_run`
pub(super) async fn run(realtime: Realtime, socket: Socket, mut event: Event) {
    let queued = parse(&event).and_then(|call: DuelRun| {
        let program = program(call.code, call.language)?;
        let own = call.call.map(|own| CallText::parse(own.into_inner())).transpose().map_err(refused)?;
        let caller = Visitor::of(&socket).caller();
        let duel = duel_of(call.duel)?;
        realtime.0.app.run_program(&caller, duel, program, own.as_ref()).map_err(refused)
    });
    acknowledge(&mut event, queued.map(queued_answer));
}

/// `duel_submit`
pub(super) async fn submit(realtime: Realtime, socket: Socket, mut event: Event) {
    let queued = parse(&event).and_then(|call: DuelSubmit| {
        let program = program(call.code, call.language)?;
        let caller = Visitor::of(&socket).caller();
        realtime.0.app.submit_program(&caller, duel_of(call.duel)?, program).map_err(refused)
    });
    acknowledge(&mut event, queued.map(queued_answer));
}

/// `duel_say`
pub(super) async fn say(realtime: Realtime, socket: Socket, mut event: Event) {
    let said = parse(&event).and_then(|call: DuelSay| {
        let caller = Visitor::of(&socket).caller();
        realtime.0.app.say_in_duel(&caller, duel_of(call.duel)?, call.text.reveal()).map_err(refused)
    });
    acknowledge(&mut event, said.map(|at| DuelSaid { at: at.into() }));
}

/// `duel_react`
pub(super) async fn react(realtime: Realtime, socket: Socket, mut event: Event) {
    let call = parse(&event)
        .and_then(|call: DuelReact| Ok((duel_of(call.duel)?, Emoji::parse(&call.emoji).map_err(refused)?)));
    let reacted = match call {
        Ok((duel, emoji)) => {
            let caller = Visitor::of(&socket).caller();
            realtime.0.app.react_to_duel(&caller, duel, emoji).await.map_err(refused)
        }
        Err(problem) => Err(problem),
    };
    acknowledge(&mut event, reacted.map(|()| Done {}));
}

/// `duel_ready`
pub(super) async fn ready(realtime: Realtime, socket: Socket, mut event: Event) {
    let call = parse(&event).map(|call: DuelReady| (call.duel, Ask::Ready(call.on)));
    realtime.ask(&socket, &mut event, call);
}

/// `duel_record`
pub(super) async fn record(realtime: Realtime, socket: Socket, mut event: Event) {
    let call = parse(&event).map(|call: DuelRecord| (call.duel, Ask::Record(call.on)));
    realtime.ask(&socket, &mut event, call);
}

/// `duel_rematch`
pub(super) async fn rematch(realtime: Realtime, socket: Socket, mut event: Event) {
    let call = parse(&event).map(|call: DuelRematch| (call.duel, Ask::Rematch(call.on)));
    realtime.ask(&socket, &mut event, call);
}

/// `duel_abort`
pub(super) async fn abort(realtime: Realtime, socket: Socket, mut event: Event) {
    let call = parse(&event).map(|call: DuelAbort| (call.duel, Ask::Abort(call.on)));
    realtime.ask(&socket, &mut event, call);
}

/// `duel_forfeit`
pub(super) async fn forfeit(realtime: Realtime, socket: Socket, mut event: Event) {
    let call = parse(&event).map(|call: OfDuel| (call.duel, Ask::Forfeit));
    realtime.ask(&socket, &mut event, call);
}

impl Realtime {
    fn ask(&self, socket: &Socket, event: &mut Event, call: Result<(Id, Ask), Problem>) {
        let done = call.and_then(|(duel, ask)| {
            let caller = Visitor::of(socket).caller();
            self.0.app.ask_of_duel(&caller, duel_of(duel)?, ask).map_err(refused)
        });
        acknowledge(event, done.map(|()| Done {}));
    }

    /// Listed first, so that nothing is missed between the answer and what is told next.
    async fn look(&self, socket: &Socket, duel: DuelId, joins: bool) -> Result<DuelOpened, Problem> {
        let caller = Visitor::of(socket).caller();
        let app = &self.0.app;
        // Whoever may not see it must hear nothing of it, not even for a moment.
        let members_of = app.may_see_duel(&caller, duel).await.map_err(refused)?;
        self.list(socket, duel, members_of)?;
        let opened =
            if joins { app.join_duel(&caller, duel).await } else { app.open_duel(&caller, duel).await };
        // Who finds no place may look on, unless they were removed before they were listed: nobody else would notice.
        let stays = opened.is_ok() || joins && app.may_see_duel(&caller, duel).await.is_ok();
        if !stays || !socket.is_connected() {
            self.close_duel(socket, duel);
        }
        self.count_spectators(duel);
        opened.map(|opened| duel_view::opened(&opened)).map_err(refused)
    }

    fn show_duel(&self, socket: &Socket, opened: &Opened) -> Result<DuelOpened, Problem> {
        self.list(socket, opened.view.id, opened.view.members_of())?;
        if !socket.is_connected() {
            self.close_duel(socket, opened.view.id);
        }
        Ok(duel_view::opened(opened))
    }

    fn list(&self, socket: &Socket, duel: DuelId, members_of: Option<GroupId>) -> Result<(), Problem> {
        let account = Visitor::of(socket).caller().account.id;
        if self.0.dueling.enter(duel, members_of, account, socket) {
            Ok(())
        } else {
            let retry_after = std::time::Duration::from_secs(60);
            Err(refused(DuelError::TooOften { retry_after }))
        }
    }

    fn close_duel(&self, socket: &Socket, duel: DuelId) {
        let account = Visitor::of(socket).caller().account.id;
        if self.0.dueling.leave(duel, account, socket) {
            self.0.app.away_from_duel(account, duel);
        }
        self.count_spectators(duel);
    }

    fn count_spectators(&self, duel: DuelId) {
        self.0.app.count_spectators(duel, &self.0.dueling.accounts(duel));
    }

    /// A group's duels are no longer for this account to see, or for anybody where none is named. Who plays, plays on.
    pub(super) fn send_away_from_duels(&self, group: GroupId, removed: Option<AccountId>) {
        for (duel, account, socket) in self.0.dueling.among_members(group) {
            if removed.is_none_or(|removed| removed == account) && !self.0.app.lost_membership(account, duel)
            {
                self.close_duel(&socket, duel);
            }
        }
    }

    /// A socket is gone, and with it what it had open and sought.
    pub(super) fn gone_from_duels(&self, socket: &Socket) {
        for duel in self.0.dueling.of_socket(socket) {
            self.close_duel(socket, duel);
        }
        self.stop_seeking(socket);
    }

    fn stop_seeking(&self, socket: &Socket) {
        let account = Visitor::of(socket).caller().account.id;
        if self.0.dueling.seeks_no_more(account, socket) {
            self.0.app.stop_seeking(account);
        }
    }
}

fn wish(call: &DuelSeek) -> Result<Wish, Invalid> {
    Ok(Wish {
        mode: call.mode.into(),
        language: call.language.map(Into::into),
        best_of: call.rounds.map(BestOf::parse).transpose()?,
        minutes: call.minutes.map(Minutes::parse).transpose()?,
    })
}

fn challenge_of(call: &DuelChallenge) -> Result<Challenge, Problem> {
    let terms = || -> Result<Terms, Invalid> {
        Ok(Terms {
            mode: call.mode.into(),
            language: call.language.map(Into::into),
            best_of: BestOf::parse(call.rounds)?,
            minutes: Minutes::parse(call.minutes)?,
        })
    };
    Ok(Challenge {
        group: group_of(call.group)?,
        seats: call.players.map_or(Ok(Seats::TWO), Seats::parse).map_err(refused)?,
        terms: terms().map_err(refused)?,
        public: call.public,
    })
}

fn program(code: Hidden, language: Language) -> Result<Program, Problem> {
    Program::parse(code.into_inner(), language.into()).map_err(refused)
}

fn queued_answer(queued: Queued) -> DuelQueued {
    DuelQueued { job: queued.job, position: queued.position }
}

/// An id out of range is no duel's.
fn duel_of(Id(id): Id) -> Result<DuelId, Problem> {
    DuelId::new(id).ok_or_else(|| Failed::not_found().0)
}
