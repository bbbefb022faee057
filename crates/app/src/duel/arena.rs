//! The duels that run on this node, and the one way to change one.
//!
//! Two locks: the table of all, and one for each duel. The table's is held for a look-up only and never while a duel is
//! locked; neither is held across an await.

use super::{DuelError, DuelFace, JudgeState, problems, race};
use crate::App;
use parlor_core::duel::{
    Command, Ending, Language, Match, Phase, Presence, Refused, Seeker, Verdict, decide,
};
use parlor_core::{AccountId, Author, DuelId, GroupId, Timestamp};
use parlor_problems::Problem;
use parlor_store::duels::results::Rating;
use parlor_store::duels::{Edit, NewDuel, Unranked};
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

/// Duels on one node that are not over at most; beyond that nobody begins another. Of those that are over so many are
/// kept at most, the last ones.
const MOST_DUELS: usize = 2_000;
/// Lines that are kept, for whoever comes later.
pub(super) const MOST_LINES: usize = 50;
/// A duel that is over is kept for a rematch and a last look.
const KEPT_AFTER: Duration = Duration::from_secs(600);
/// The same for one that never began.
const KEPT_CANCELLED: Duration = Duration::from_secs(5);
/// Who writes is seen to for so long.
const TYPING: Duration = Duration::from_secs(5);
/// Between two progresses of a player.
const PROGRESS: Duration = Duration::from_millis(100);

/// Everything of duels that a node has in memory.
pub(crate) struct Duels {
    live: Mutex<HashMap<DuelId, Arc<Mutex<Live>>>>,
    pub(super) seekers: Mutex<Seekers>,
    pub(super) faces: OnceLock<Vec<Arc<dyn DuelFace>>>,
    pub(super) problems: problems::Problems,
    judge: Mutex<JudgeState>,
    pub(super) races: race::Memory,
}

impl Default for Duels {
    fn default() -> Self {
        Self {
            live: Mutex::default(),
            seekers: Mutex::default(),
            faces: OnceLock::new(),
            problems: problems::Problems::default(),
            judge: Mutex::new(JudgeState::Starting),
            races: race::Memory::default(),
        }
    }
}

/// Those who seek an opponent.
#[derive(Default)]
pub(super) struct Seekers {
    pub(super) waiting: Vec<Seeker>,
    /// Those whose duel is being made: they wait again if it can not be, unless they stopped seeking meanwhile.
    pub(super) paired: Vec<Seeker>,
}

/// A duel that runs here.
pub(super) struct Live {
    pub(super) id: DuelId,
    pub(super) new: NewDuel,
    pub(super) duel: Match,
    pub(super) people: Vec<Person>,
    /// Those of its rounds, in order.
    pub(super) problems: Vec<Arc<Problem>>,
    /// What stands in the editors, in this round.
    pub(super) code: HashMap<AccountId, Program>,
    /// What was submitted, until its round is written down: at most as much as the limits let through.
    pub(super) sources: HashMap<u64, Source>,
    /// What stood in the editors, while all let it be kept.
    pub(super) edits: Vec<Edit>,
    pub(super) edits_bytes: usize,
    pub(super) lines: VecDeque<Line>,
    pub(super) spectators: u32,
    pub(super) spectators_told: u32,
    pub(super) finish: Option<Finish>,
    pub(super) rematch: Option<DuelId>,
    pub(super) rematch_asked: bool,
    typing_until: HashMap<AccountId, Timestamp>,
    /// How many programs of somebody are being tried.
    pub(super) trying: HashMap<AccountId, u32>,
    progress_at: HashMap<AccountId, Timestamp>,
}

pub(super) use super::play::Program;

/// A program that was submitted.
pub(super) struct Source {
    pub(super) text: String,
    pub(super) cpu_ms: u64,
}

/// One who plays.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    /// Who.
    pub author: Author,
    /// Without a password: anybody can be any number of them.
    pub guest: bool,
    /// How strong they were when they came.
    pub rating: Rating,
}

/// A duel as the faces show it.
#[derive(Clone, Debug)]
pub struct DuelView {
    /// Which.
    pub id: DuelId,
    /// What it was made with.
    pub new: NewDuel,
    /// The match.
    pub duel: Match,
    /// Its players, in the order of the match.
    pub people: Vec<Person>,
    /// What each of them does.
    pub progress: Vec<Progress>,
    /// The problems of its rounds, as far as they were shown.
    pub problems: Vec<Arc<Problem>>,
    /// How many watch.
    pub spectators: u32,
    /// What the result did; `None` until it is written down.
    pub finish: Option<Finish>,
    /// What came of a rematch.
    pub rematch: Option<DuelId>,
    /// When this was.
    pub now: Timestamp,
}

/// What a result did.
#[derive(Clone, Debug, PartialEq)]
pub struct Finish {
    /// Why it moved no points.
    pub unranked: Option<Unranked>,
    /// As what its players came and left.
    pub players: Vec<Finished>,
}

/// As what a player came and left.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Finished {
    /// Who.
    pub account: AccountId,
    /// Points before and after.
    pub xp: [u32; 2],
    /// Rating before and after.
    pub rating: [f64; 2],
}

/// How far a player is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// In which round; 0 before the first.
    pub round: u32,
    /// Who.
    pub player: AccountId,
    /// What they do.
    pub activity: Activity,
    /// Tests that the last program has passed.
    pub passed: u32,
    /// How many there are.
    pub total: u32,
    /// What it was worth.
    pub verdict: Option<Verdict>,
    /// Programs submitted in this round.
    pub submits: u32,
}

/// What a player does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activity {
    /// Nothing that is seen.
    Idle,
    /// Writes.
    Typing,
    /// Tries something.
    Running,
    /// Is judged.
    Judged,
    /// Has an accepted program.
    Solved,
}

/// What is a player's own.
#[derive(Clone)]
pub struct Mine {
    /// What stands in the editor.
    pub code: Option<(String, Language)>,
    /// What was submitted in this round.
    pub submissions: Vec<OwnSubmission>,
}

/// A program of one's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnSubmission {
    /// Its number.
    pub job: u64,
    /// When it was received.
    pub at: Timestamp,
    /// What it is worth.
    pub verdict: Option<Verdict>,
    /// Tests passed.
    pub passed: u32,
    /// How many there are.
    pub total: u32,
}

/// A line that was said.
#[derive(Clone)]
pub struct Line {
    /// Who.
    pub by: Author,
    /// When.
    pub at: Timestamp,
    /// What.
    pub text: String,
}

impl DuelView {
    /// The group whose members alone may look at it, besides its players; `None` where everybody may.
    #[must_use]
    pub fn members_of(&self) -> Option<GroupId> {
        members_of(&self.new)
    }
}

impl Duels {
    pub(super) fn judge(&self) -> MutexGuard<'_, JudgeState> {
        lock(&self.judge)
    }

    pub(super) fn find(&self, id: DuelId) -> Option<Arc<Mutex<Live>>> {
        lock(&self.live).get(&id).cloned()
    }

    /// Every duel of this node.
    pub(super) fn all(&self) -> Vec<Arc<Mutex<Live>>> {
        lock(&self.live).values().cloned().collect()
    }

    pub(super) fn has_room(&self) -> Result<(), DuelError> {
        let runs = |live: &Live| live.duel.phase != Phase::Over;
        if self.all().iter().filter(|live| runs(&lock(live))).count() >= MOST_DUELS {
            return Err(DuelError::Busy { retry_after: Duration::from_secs(60) });
        }
        Ok(())
    }

    pub(super) fn add(&self, live: Live) -> Arc<Mutex<Live>> {
        let id = live.id;
        let live = Arc::new(Mutex::new(live));
        lock(&self.live).insert(id, live.clone());
        self.forget_oldest();
        live
    }

    /// Forgets the oldest of those that are over and written down, beyond as many as are kept.
    fn forget_oldest(&self) {
        let ended = |live: &Live| Some((live.finish.as_ref().and(live.duel.outcome.as_ref())?.at, live.id));
        let mut over: Vec<_> = self.all().iter().filter_map(|live| ended(&lock(live))).collect();
        let Some(beyond) = over.len().checked_sub(MOST_DUELS) else { return };
        over.sort_unstable();
        over[..beyond].iter().for_each(|(_, id)| self.forget(*id));
    }

    pub(super) fn forget(&self, id: DuelId) {
        lock(&self.live).remove(&id);
    }

    /// The duel in which somebody plays that is not over.
    pub(super) fn of(&self, account: AccountId) -> Option<DuelId> {
        self.all().iter().find_map(|live| {
            let live = lock(live);
            let plays =
                live.duel.phase != Phase::Over && live.duel.player(account).is_some_and(|one| one.plays());
            plays.then_some(live.id)
        })
    }

    pub(super) fn faces(&self) -> &[Arc<dyn DuelFace>] {
        self.faces.get().map_or(&[], Vec::as_slice)
    }
}

impl Live {
    pub(super) fn new(id: DuelId, new: NewDuel, duel: Match, people: Vec<Person>) -> Self {
        Self {
            id,
            new,
            duel,
            people,
            problems: Vec::new(),
            code: HashMap::new(),
            sources: HashMap::new(),
            edits: Vec::new(),
            edits_bytes: 0,
            lines: VecDeque::new(),
            spectators: 0,
            spectators_told: 0,
            finish: None,
            rematch: None,
            rematch_asked: false,
            typing_until: HashMap::new(),
            trying: HashMap::new(),
            progress_at: HashMap::new(),
        }
    }

    /// The problem of the round that runs or ran.
    pub(super) fn problem(&self) -> Option<&Arc<Problem>> {
        self.problems.get((self.duel.round.as_ref()?.number as usize).checked_sub(1)?)
    }

    pub(super) fn view(&self, now: Timestamp) -> DuelView {
        let in_order = |player: &parlor_core::duel::Player| {
            self.people.iter().find(|person| person.author.id == player.account).cloned()
        };
        // The problem of a countdown is not shown yet.
        let shown = match (&self.duel.round, self.duel.phase) {
            (Some(round), Phase::Countdown) => round.number as usize - 1,
            (Some(round), _) => round.number as usize,
            (None, _) => 0,
        };
        DuelView {
            id: self.id,
            new: self.new.clone(),
            duel: self.duel.clone(),
            people: self.duel.players.iter().filter_map(in_order).collect(),
            progress: self.duel.players.iter().map(|player| self.progress(player.account, now)).collect(),
            problems: self.problems.iter().take(shown).cloned().collect(),
            spectators: self.spectators,
            finish: self.finish.clone(),
            rematch: self.rematch,
            now,
        }
    }

    pub(super) fn progress(&self, player: AccountId, now: Timestamp) -> Progress {
        let round = self.duel.round.as_ref();
        let own = || round.into_iter().flat_map(|round| &round.submissions).filter(|one| one.by == player);
        let last = own().next_back();
        let activity = if own().any(|one| one.verdict == Some(Verdict::Accepted)) {
            Activity::Solved
        } else if own().any(|one| one.verdict.is_none()) {
            Activity::Judged
        } else if self.trying.get(&player).is_some_and(|trying| *trying > 0) {
            Activity::Running
        } else if self.typing_until.get(&player).is_some_and(|until| *until > now) {
            Activity::Typing
        } else {
            Activity::Idle
        };
        let number = round.map_or(0, |round| round.number);
        Progress {
            round: number,
            player,
            activity,
            passed: last.map_or(0, |one| one.passed),
            total: self.duel.puzzle(number).map_or(0, |puzzle| puzzle.tests),
            verdict: last.and_then(|one| one.verdict),
            submits: own().count() as u32,
        }
    }

    pub(super) fn mine(&self, player: AccountId) -> Mine {
        let round = self.duel.round.as_ref();
        let total = round.and_then(|round| self.duel.puzzle(round.number)).map_or(0, |puzzle| puzzle.tests);
        let submissions = round.into_iter().flat_map(|round| &round.submissions);
        Mine {
            code: self.code.get(&player).map(|program| (program.source.clone(), program.language)),
            submissions: submissions
                .filter(|one| one.by == player)
                .map(|one| OwnSubmission {
                    job: one.job,
                    at: one.at,
                    verdict: one.verdict,
                    passed: one.passed,
                    total,
                })
                .collect(),
        }
    }

    pub(super) fn is_typing(&mut self, player: AccountId, now: Timestamp) {
        self.typing_until.insert(player, now.plus(TYPING));
    }

    pub(super) fn is_forgotten(&self, now: Timestamp) -> bool {
        self.duel.outcome.as_ref().is_some_and(|outcome| {
            // One that never began leaves nothing to look at.
            let kept = if outcome.ending == Ending::Cancelled { KEPT_CANCELLED } else { KEPT_AFTER };
            now.since(outcome.at) > kept
        })
    }
}

impl App {
    /// Changes a duel, tells it, and starts what follows from it.
    pub(super) fn change_duel(
        &self,
        arc: &Arc<Mutex<Live>>,
        live: &mut Live,
        command: Command,
    ) -> Result<(), Refused> {
        let now = self.now();
        let Some(next) = decide(&live.duel, command, now)? else { return Ok(()) };
        self.replace_match(arc, live, next);
        Ok(())
    }

    /// The same with what was decided already.
    pub(super) fn replace_match(&self, arc: &Arc<Mutex<Live>>, live: &mut Live, next: Match) {
        let before = std::mem::replace(&mut live.duel, next);
        let began = live.duel.phase == Phase::Running && before.phase == Phase::Countdown;
        if began {
            live.code.clear();
            self.note_problem_seen(live);
        }
        if live.duel.results.len() > before.results.len() {
            self.save_rounds(live, before.results.len());
        }
        if live.duel.outcome.is_some() && before.outcome.is_none() {
            self.finish_duel(arc, live);
        }
        let all_again = live.duel.players.iter().all(|one| one.rematch && one.presence == Presence::Here);
        if live.finish.is_some() && all_again && !live.rematch_asked {
            live.rematch_asked = true;
            tokio::spawn(self.clone().begin_rematch(arc.clone()));
        }
        // A result is told when it is written down.
        if live.duel.outcome.is_none() || live.finish.is_some() {
            self.tell_duel(live);
        }
    }

    pub(super) fn tell_duel(&self, live: &mut Live) {
        live.spectators_told = live.spectators;
        let view = live.view(self.now());
        self.inner.duels.faces().iter().for_each(|face| face.changed(&view));
    }

    /// Tells the others how far somebody is; what comes too soon after the last is dropped, unless it is `urgent`.
    pub(super) fn tell_progress(&self, live: &mut Live, player: AccountId, urgent: bool) {
        let now = self.now();
        let last = live.progress_at.get(&player).copied();
        if !urgent && last.is_some_and(|last| now.since(last) < PROGRESS && now >= last) {
            return;
        }
        live.progress_at.insert(player, now);
        let progress = live.progress(player, now);
        self.inner.duels.faces().iter().for_each(|face| face.progressed(live.id, &progress));
    }

    pub(super) fn live(&self, id: DuelId) -> Result<Arc<Mutex<Live>>, DuelError> {
        self.inner.duels.find(id).ok_or(DuelError::NotFound)
    }
}

pub(super) fn members_of(new: &NewDuel) -> Option<GroupId> {
    if new.public { None } else { new.group }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
