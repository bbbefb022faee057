//! What the players of a duel do: write, try, submit, talk, agree, give up.

use super::DuelError;
use super::arena::{Line, Live, MOST_LINES, Source, lock};
use super::judging::{Assignment, JobKind};
use crate::limits::Limit;
use crate::{App, Caller};
use parlor_core::duel::{Ask, Command, Language, Phase, Refused, decide};
use parlor_core::{AccountId, DuelId, Emoji, Invalid, Timestamp, text};
use parlor_judge::client::MOST_SOURCE_BYTES;
use parlor_judge::queue::{Asker, Kind};
use parlor_store::duels::Edit;
use parlor_wire::judge::Value;
use std::sync::{Arc, Mutex};

/// What all kept edits of a duel take at most, in bytes; later ones are not kept.
const MOST_EDITS_BYTES: usize = 4 << 20;
/// Arguments of a call of one's own.
const MOST_ARGUMENTS: usize = 16;

/// A program of at most 64 KiB.
#[derive(Clone)]
pub struct Program {
    pub(super) source: String,
    pub(super) language: Language,
}

impl Program {
    /// # Errors
    /// `code`.
    pub fn parse(source: String, language: Language) -> Result<Self, Invalid> {
        if source.len() > MOST_SOURCE_BYTES {
            return Err(Invalid { field: "code", rule: "must be at most 64 KiB" });
        }
        Ok(Self { source, language })
    }
}

/// A call of one's own: `name([1, 2], "x")`, at most 4,000 characters.
#[derive(Clone)]
pub struct CallText(String);

impl CallText {
    /// # Errors
    /// `call`.
    pub fn parse(text: String) -> Result<Self, Invalid> {
        if text::longer_than(&text, 4_000) {
            return Err(Invalid { field: "call", rule: "must be at most 4000 characters" });
        }
        Ok(Self(text))
    }

    fn arguments(&self, function: &str) -> Option<Vec<Value>> {
        let call = self.0.trim();
        let inner = call.strip_prefix(function)?.trim_start().strip_prefix('(')?.strip_suffix(')')?;
        let arguments: Vec<Value> = serde_json::from_str(&format!("[{inner}]")).ok()?;
        (arguments.len() <= MOST_ARGUMENTS).then_some(arguments)
    }
}

/// A program that was received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Queued {
    /// Its number.
    pub job: u64,
    /// How many wait before it, at most.
    pub position: u32,
}

impl App {
    /// Keeps what stands in the caller's editor, for coming back.
    ///
    /// # Errors
    /// See [`DuelError`].
    pub fn keep_code(&self, caller: &Caller, duel: DuelId, program: Program) -> Result<(), DuelError> {
        let who = caller.account.id;
        let arc = self.playing(caller, duel)?;
        self.take_limit(Limit::DuelCode, who)?;
        let mut live = lock(&arc);
        if live.duel.phase != Phase::Running {
            return Err(Refused::NoRound.into());
        }
        let now = self.now();
        if all_record(&live) {
            keep_edit(&mut live, who, &program, now);
        }
        live.code.insert(who, program);
        live.is_typing(who, now);
        self.tell_progress(&mut live, who, false);
        Ok(())
    }

    /// Tries a program on the examples, and on a call of one's own.
    ///
    /// # Errors
    /// See [`DuelError`].
    pub fn run_program(
        &self,
        caller: &Caller,
        duel: DuelId,
        program: Program,
        call: Option<&CallText>,
    ) -> Result<Queued, DuelError> {
        self.receive(caller, duel, program, JobKind::Run, call)
    }

    /// Lets a program be judged by the hidden tests. It is received when this is called, whatever waits for the judge.
    ///
    /// # Errors
    /// See [`DuelError`].
    pub fn submit_program(
        &self,
        caller: &Caller,
        duel: DuelId,
        program: Program,
    ) -> Result<Queued, DuelError> {
        self.receive(caller, duel, program, JobKind::Submit, None)
    }

    fn receive(
        &self,
        caller: &Caller,
        duel: DuelId,
        program: Program,
        kind: JobKind,
        call: Option<&CallText>,
    ) -> Result<Queued, DuelError> {
        let (who, now) = (caller.account.id, self.now());
        let judge = self.judge()?;
        let arc = self.playing(caller, duel)?;
        let mut live = lock(&arc);
        let language = program.language;
        let ask = match kind {
            JobKind::Run => Ask::Run { language },
            JobKind::Submit => Ask::Submit { language, length: length(&program.source) },
        };
        // Decided first and kept only if the judge takes it.
        let next = decide(&live.duel, Command::By { who, ask }, now)?.ok_or(Refused::NoRound)?;
        let problem = live.problem().cloned().ok_or(Refused::NoRound)?;
        let own = match call {
            Some(call) => Some(call.arguments(&problem.signature.name).ok_or(Invalid {
                field: "call",
                rule: "must be a call of the function, its arguments written as in JSON",
            })?),
            None => None,
        };
        self.take_limit(Limit::DuelJob, who)?;
        let round = next.round.as_ref().map_or(0, |round| round.number);
        let assignment = Assignment { round, job: next.last_job, author: who, kind, problem, own };
        let asker = Asker { room: live.id.get() as u64, player: who.get() as u64 };
        let queue = match kind {
            JobKind::Run => Kind::Run,
            JobKind::Submit => Kind::Submit,
        };
        let run = judge.run(asker, queue, assignment.job_for(&program))?;
        let queued = Queued { job: next.last_job, position: run.position() as u32 };
        if kind == JobKind::Submit {
            live.sources.insert(queued.job, Source { text: program.source.clone(), cpu_ms: 0 });
        } else {
            *live.trying.entry(who).or_default() += 1;
        }
        live.code.insert(who, program);
        self.tell_queued(&live, &assignment, queued.position);
        self.replace_match(&arc, &mut live, next);
        self.tell_progress(&mut live, who, true);
        drop(live);
        tokio::spawn(self.clone().follow_run(arc, assignment, run));
        Ok(queued)
    }

    /// Says something to all who are there; players only. Nothing of it is stored.
    ///
    /// # Errors
    /// See [`DuelError`].
    pub fn say_in_duel(&self, caller: &Caller, duel: DuelId, line: &str) -> Result<Timestamp, DuelError> {
        text::check_body("text", line, 500)?;
        let arc = self.playing(caller, duel)?;
        self.take_limit(Limit::Message, caller.account.id)?;
        let mut live = lock(&arc);
        let line = Line { by: caller.account.author(), at: self.now(), text: line.to_owned() };
        if live.lines.len() == MOST_LINES {
            live.lines.pop_front();
        }
        live.lines.push_back(line.clone());
        self.inner.duels.faces().iter().for_each(|face| face.said(duel, &line));
        Ok(line.at)
    }

    /// Lets an emoji float over a duel that the caller may see. Too many are dropped in silence.
    ///
    /// # Errors
    /// See [`DuelError`].
    pub async fn react_to_duel(&self, caller: &Caller, duel: DuelId, emoji: Emoji) -> Result<(), DuelError> {
        self.visible(caller, duel).await?;
        if self.take_limit(Limit::Typing, caller.account.id).is_ok() {
            let by = caller.account.author();
            self.inner.duels.faces().iter().for_each(|face| face.reacted(duel, &by, &emoji));
        }
        Ok(())
    }

    /// Everything else that a player may ask for: to leave, to be ready, to end it …
    ///
    /// # Errors
    /// See [`DuelError`].
    pub fn ask_of_duel(&self, caller: &Caller, duel: DuelId, ask: Ask) -> Result<(), DuelError> {
        let arc = self.playing(caller, duel)?;
        self.may_step(caller.account.id)?;
        let mut live = lock(&arc);
        self.change_duel(&arc, &mut live, Command::By { who: caller.account.id, ask })?;
        if matches!(ask, Ask::Record(false)) {
            live.edits = Vec::new();
            live.edits_bytes = 0;
        }
        Ok(())
    }

    /// A player's last connection to a duel is gone. One who does not play, or a duel that is no more, is no error.
    pub fn away_from_duel(&self, account: AccountId, duel: DuelId) {
        let Ok(arc) = self.live(duel) else { return };
        let mut live = lock(&arc);
        let _ = self.change_duel(&arc, &mut live, Command::By { who: account, ask: Ask::Away });
    }

    /// These people have it open; those of them who do not play are counted, and told about once a second.
    pub fn count_spectators(&self, duel: DuelId, watching: &[AccountId]) {
        if let Ok(arc) = self.live(duel) {
            let mut live = lock(&arc);
            let watching = watching.iter().filter(|account| live.duel.player(**account).is_none());
            live.spectators = watching.count() as u32;
        }
    }

    /// The duel, where the caller plays in it; to everybody else it is as if there were none.
    fn playing(&self, caller: &Caller, duel: DuelId) -> Result<Arc<Mutex<Live>>, DuelError> {
        let arc = self.live(duel)?;
        let (plays, public) = {
            let live = lock(&arc);
            (live.duel.player(caller.account.id).is_some(), live.new.public)
        };
        match (plays, public) {
            (true, _) => Ok(arc),
            (false, true) => Err(Refused::NotAPlayer.into()),
            (false, false) => Err(DuelError::NotFound),
        }
    }

    pub(super) fn take_limit(&self, limit: Limit, account: AccountId) -> Result<(), DuelError> {
        let key = self.limits().account(account);
        self.limits().take(limit, key, self.now()).map_err(|retry_after| DuelError::TooOften { retry_after })
    }
}

/// What one writes is kept only while everybody lets it be.
fn all_record(live: &Live) -> bool {
    live.duel.players.iter().all(|player| player.records)
}

fn keep_edit(live: &mut Live, by: AccountId, program: &Program, now: Timestamp) {
    let Some(round) = &live.duel.round else { return };
    if live.edits_bytes + program.source.len() > MOST_EDITS_BYTES {
        return;
    }
    live.edits_bytes += program.source.len();
    let at_ms = now.since(round.starts_at).as_millis() as u64;
    let (language, source) = (program.language, program.source.clone());
    live.edits.push(Edit { round: round.number, by, at_ms, language, source });
}

/// What counts in `shortest`: characters, without the empty lines and spaces at both ends.
fn length(source: &str) -> u32 {
    source.trim().chars().count() as u32
}
