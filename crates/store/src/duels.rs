//! Duels: who plays, what came of each round, what was submitted, what stood in the editors.
//!
//! [`results`] has what a finished duel does to points and ratings, and who stands where. A duel ends once:
//! [`results::end`] says no to a second time, whoever tries.

pub mod results;
mod shapes;

use crate::tx::{Row, Tx, Value, query_all, query_one};
use crate::write::Write;
use crate::{Failure, rows};
use parlor_core::duel::{
    BestOf, Ending, Language, Minutes, Mode, RoundEnding, RoundResult, Seats, Terms, Verdict,
};
use parlor_core::{AccountId, DisplayName, DuelId, GroupId, Timestamp, WaiterId};
use std::collections::BTreeSet;
use std::fmt;

/// A duel before it has a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDuel {
    /// Which node has it while it runs.
    pub node: i64,
    /// Whose members play.
    pub group: Option<GroupId>,
    /// Who made the challenge.
    pub owner: Option<AccountId>,
    /// Whether everybody who is signed in may watch.
    pub public: bool,
    /// What was agreed upon.
    pub terms: Terms,
    /// How many may play.
    pub seats: Seats,
    /// When it was made.
    pub at: Timestamp,
}

/// A duel that is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredDuel {
    /// Which.
    pub id: DuelId,
    /// What it was made with.
    pub new: NewDuel,
    /// Who plays, in the order in which they came.
    pub seated: Vec<Seated>,
    /// Its rounds that are over.
    pub rounds: Vec<StoredRound>,
    /// How it ended.
    pub ended: Option<Ended>,
}

/// One who plays, as they came and as they left.
#[derive(Clone, Debug, PartialEq)]
pub struct Seated {
    /// Who.
    pub account: AccountId,
    /// What they are called now.
    pub name: DisplayName,
    /// Points when it began.
    pub xp_before: u32,
    /// Rating when it began.
    pub rating_before: f64,
    /// 1 is the best; `None` while it runs and where it is void.
    pub place: Option<u32>,
    /// Rounds won.
    pub won: u32,
    /// Points after it.
    pub xp_after: u32,
    /// Rating after it.
    pub rating_after: f64,
}

/// A round that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRound {
    /// Its problem.
    pub problem: String,
    /// What that was called.
    pub title: String,
    /// What came of it.
    pub result: RoundResult,
}

/// How a duel ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub ending: Ending,
    /// Who won.
    pub winner: Option<AccountId>,
    /// Why it moved no points.
    pub unranked: Option<Unranked>,
    /// Whether its edits were kept.
    pub replay: bool,
}

/// Why a duel moved no points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unranked {
    /// It is void.
    Void,
    /// A guest played, or somebody who was not seen to be whom they claimed to be.
    Guest,
    /// The winner has won against the same player too often that day.
    TooOften,
}

/// A program that was submitted.
#[derive(Clone, PartialEq, Eq)]
pub struct Submitted {
    /// Rises in the order of receiving.
    pub job: u64,
    /// In which round.
    pub round: u32,
    /// By whom.
    pub by: AccountId,
    /// Milliseconds of the round.
    pub at_ms: u64,
    /// What it is written in.
    pub language: Language,
    /// All of it.
    pub source: String,
    /// What it was worth; `None` where the round ended before.
    pub verdict: Option<Verdict>,
    /// Hidden tests passed.
    pub passed: u32,
    /// How many there were.
    pub total: u32,
    /// CPU time.
    pub cpu_ms: u64,
}

/// What stood in an editor.
#[derive(Clone, PartialEq, Eq)]
pub struct Edit {
    /// In which round.
    pub round: u32,
    /// Whose.
    pub by: AccountId,
    /// Milliseconds of the round.
    pub at_ms: u64,
    /// What it is written in.
    pub language: Language,
    /// All of it.
    pub source: String,
}

// A program is in no log line.
impl fmt::Debug for Submitted {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Submitted").field("job", &self.job).field("by", &self.by).finish_non_exhaustive()
    }
}

impl fmt::Debug for Edit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Edit").field("round", &self.round).field("by", &self.by).finish_non_exhaustive()
    }
}

/// Makes a duel.
///
/// # Errors
/// What the database says.
pub fn insert(write: &mut Write<'_>, new: &NewDuel) -> Result<DuelId, Failure> {
    let sql = "INSERT INTO duels (node, group_id, owner_id, public, mode, language, rounds, minutes, seats, created_at, \
               replay) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0) RETURNING id";
    let params = [
        Value::Int(new.node),
        Value::int_or_null(new.group.map(GroupId::get)),
        Value::int_or_null(new.owner.map(AccountId::get)),
        Value::Int(i64::from(new.public)),
        Value::Text(new.terms.mode.as_str()),
        Value::text_or_null(new.terms.language.map(Language::as_str)),
        Value::Int(new.terms.best_of.get().into()),
        Value::Int(new.terms.minutes.get().into()),
        Value::Int(new.seats.get() as i64),
        Value::Int(new.at.as_millis()),
    ];
    let id = query_one(write, sql, &params, |row| duel_id(row.int(0)?))?;
    id.ok_or_else(|| Failure::internal("a new duel has no number"))
}

/// Writes down who plays, as a duel begins.
///
/// # Errors
/// What the database says.
pub fn seat(write: &mut Write<'_>, duel: DuelId, players: &[results::Rating]) -> Result<(), Failure> {
    let sql = "INSERT INTO duel_players (duel_id, account_id, seat, xp_before, rating_before, won, xp_after, \
               rating_after, deviation_after) VALUES ($1, $2, $3, $4, $5, 0, $4, $5, $6)";
    for (seat, player) in players.iter().enumerate() {
        let (rating, deviation) = (shapes::micros(player.rating), shapes::micros(player.deviation));
        let params = [duel.get(), player.account.get(), seat as i64, player.xp.into(), rating, deviation];
        write.execute(sql, &params.map(Value::Int))?;
    }
    Ok(())
}

/// Notes that these people were shown a problem.
///
/// # Errors
/// What the database says.
pub fn see(
    write: &mut Write<'_>,
    accounts: &[AccountId],
    problem: &str,
    now: Timestamp,
) -> Result<(), Failure> {
    let sql = "INSERT INTO duel_seen (account_id, problem, at) VALUES ($1, $2, $3) \
               ON CONFLICT (account_id, problem) DO UPDATE SET at = excluded.at";
    for account in accounts {
        let params = [Value::Int(account.get()), Value::Text(problem), Value::Int(now.as_millis())];
        write.execute(sql, &params)?;
    }
    Ok(())
}

/// The last problems that somebody was shown, the newest first.
///
/// # Errors
/// What the database says.
pub fn seen(tx: &mut dyn Tx, account: AccountId, limit: usize) -> Result<Vec<(String, Timestamp)>, Failure> {
    let sql = "SELECT problem, at FROM duel_seen WHERE account_id = $1 ORDER BY at DESC LIMIT $2";
    let params = [account.get(), i64::try_from(limit).unwrap_or(i64::MAX)].map(Value::Int);
    query_all(tx, sql, &params, |row| Ok((row.text(0)?.to_owned(), rows::time(row, 1)?)))
}

/// Whom somebody never meets.
///
/// # Errors
/// What the database says.
pub fn blocked(tx: &mut dyn Tx, account: AccountId) -> Result<BTreeSet<AccountId>, Failure> {
    let sql = "SELECT other FROM blocks WHERE who = $1";
    let who = rows::waiter_number(WaiterId::from(account));
    let others = query_all(tx, sql, &[Value::Int(who)], |row| Ok(AccountId::new(row.int(0)?)))?;
    Ok(others.into_iter().flatten().collect())
}

/// Writes a round down that is over, with everything that was submitted in it. False where it was written before.
///
/// # Errors
/// What the database says.
pub fn save_round(
    write: &mut Write<'_>,
    duel: DuelId,
    round: &StoredRound,
    submitted: &[Submitted],
) -> Result<bool, Failure> {
    let sql = "INSERT INTO duel_rounds (duel_id, number, problem, title, winner_id, ending, places) \
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (duel_id, number) DO NOTHING";
    let places = shapes::places_json(&round.result.places);
    let params = [
        Value::Int(duel.get()),
        Value::Int(round.result.number.into()),
        Value::Text(&round.problem),
        Value::Text(&round.title),
        Value::int_or_null(round.result.winner.map(AccountId::get)),
        Value::Text(round.result.ending.as_str()),
        Value::Text(&places),
    ];
    if write.execute(sql, &params)? == 0 {
        return Ok(false);
    }
    let sql = "INSERT INTO duel_submissions (duel_id, job, round, account_id, at_ms, language, source, verdict, passed, \
               total, cpu_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    for one in submitted {
        let params = [
            Value::Int(duel.get()),
            Value::Int(rows::stored_bytes(one.job)),
            Value::Int(one.round.into()),
            Value::Int(one.by.get()),
            Value::Int(rows::stored_bytes(one.at_ms)),
            Value::Text(one.language.as_str()),
            Value::Text(&one.source),
            Value::text_or_null(one.verdict.map(Verdict::as_str)),
            Value::Int(one.passed.into()),
            Value::Int(one.total.into()),
            Value::Int(rows::stored_bytes(one.cpu_ms)),
        ];
        write.execute(sql, &params)?;
    }
    Ok(true)
}

/// Keeps what stood in the editors.
///
/// # Errors
/// What the database says.
pub fn keep_edits(write: &mut Write<'_>, duel: DuelId, edits: &[Edit]) -> Result<(), Failure> {
    let sql = "INSERT INTO duel_edits (duel_id, round, account_id, at_ms, language, source) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    for edit in edits {
        let params = [
            Value::Int(duel.get()),
            Value::Int(edit.round.into()),
            Value::Int(edit.by.get()),
            Value::Int(rows::stored_bytes(edit.at_ms)),
            Value::Text(edit.language.as_str()),
            Value::Text(&edit.source),
        ];
        write.execute(sql, &params)?;
    }
    Ok(())
}

/// Ends what was made before then and has not ended: void, since nobody knows how it would have.
///
/// # Errors
/// What the database says.
pub fn void_unfinished(write: &mut Write<'_>, before: Timestamp, now: Timestamp) -> Result<u64, Failure> {
    let sql = "UPDATE duels SET ended_at = $1, ending = 'fault', unranked = 'void' \
               WHERE ended_at IS NULL AND created_at <= $2";
    write.execute(sql, &[now.as_millis(), before.as_millis()].map(Value::Int))
}

/// A duel with its players and rounds.
///
/// # Errors
/// What the database says.
pub fn load(tx: &mut dyn Tx, id: DuelId) -> Result<Option<StoredDuel>, Failure> {
    let sql = "SELECT node, group_id, owner_id, public, mode, language, rounds, minutes, seats, created_at, ended_at, \
               ending, winner_id, unranked, replay FROM duels WHERE id = $1";
    let key = [Value::Int(id.get())];
    let Some((new, ended)) = query_one(tx, sql, &key, |row| Ok((new_duel(row)?, ended(row, 10)?)))? else {
        return Ok(None);
    };
    let sql = "SELECT p.account_id, a.display_name, p.xp_before, p.rating_before, p.place, p.won, p.xp_after, \
               p.rating_after FROM duel_players p JOIN accounts a ON a.id = p.account_id WHERE p.duel_id = $1 \
               ORDER BY p.seat";
    let seated = query_all(tx, sql, &key, seated)?;
    let sql = "SELECT number, problem, title, winner_id, ending, places FROM duel_rounds WHERE duel_id = $1 \
               ORDER BY number";
    let rounds = query_all(tx, sql, &key, round)?;
    Ok(Some(StoredDuel { id, new, seated, rounds, ended }))
}

/// Everything that was submitted in the rounds that are over, in order.
///
/// # Errors
/// What the database says.
pub fn submitted(tx: &mut dyn Tx, duel: DuelId) -> Result<Vec<Submitted>, Failure> {
    let sql = "SELECT job, round, account_id, at_ms, language, source, verdict, passed, total, cpu_ms \
               FROM duel_submissions WHERE duel_id = $1 ORDER BY job";
    query_all(tx, sql, &[Value::Int(duel.get())], |row| {
        Ok(Submitted {
            job: rows::bytes(row, 0)?,
            round: small(row, 1)?,
            by: rows::account_id(row.int(2)?)?,
            at_ms: rows::bytes(row, 3)?,
            language: known(Language::from_name(row.text(4)?))?,
            source: row.text(5)?.to_owned(),
            verdict: row.text_or_null(6)?.map(|name| known(Verdict::from_name(name))).transpose()?,
            passed: small(row, 7)?,
            total: small(row, 8)?,
            cpu_ms: rows::bytes(row, 9)?,
        })
    })
}

/// What stood in the editors, in order.
///
/// # Errors
/// What the database says.
pub fn edits(tx: &mut dyn Tx, duel: DuelId) -> Result<Vec<Edit>, Failure> {
    let sql =
        "SELECT round, account_id, at_ms, language, source FROM duel_edits WHERE duel_id = $1 ORDER BY id";
    query_all(tx, sql, &[Value::Int(duel.get())], |row| {
        Ok(Edit {
            round: small(row, 0)?,
            by: rows::account_id(row.int(1)?)?,
            at_ms: rows::bytes(row, 2)?,
            language: known(Language::from_name(row.text(3)?))?,
            source: row.text(4)?.to_owned(),
        })
    })
}

fn new_duel(row: &dyn Row) -> Result<NewDuel, Failure> {
    let terms = Terms {
        mode: known(Mode::from_name(row.text(4)?))?,
        language: row.text_or_null(5)?.map(|name| known(Language::from_name(name))).transpose()?,
        best_of: BestOf::parse(small(row, 6)?).map_err(Failure::internal)?,
        minutes: Minutes::parse(small(row, 7)?).map_err(Failure::internal)?,
    };
    Ok(NewDuel {
        node: row.int(0)?,
        group: row.int_or_null(1)?.map(rows::group_id).transpose()?,
        owner: row.int_or_null(2)?.map(rows::account_id).transpose()?,
        public: row.int(3)? == 1,
        terms,
        seats: Seats::parse(small(row, 8)?).map_err(Failure::internal)?,
        at: rows::time(row, 9)?,
    })
}

/// From five columns on: when, why, who, why not, replay.
fn ended(row: &dyn Row, first: usize) -> Result<Option<Ended>, Failure> {
    let Some(at) = rows::time_or_null(row, first)? else { return Ok(None) };
    Ok(Some(Ended {
        at,
        ending: known(row.text_or_null(first + 1)?.and_then(Ending::from_name))?,
        winner: row.int_or_null(first + 2)?.map(rows::account_id).transpose()?,
        unranked: row.text_or_null(first + 3)?.map(|name| known(Unranked::from_name(name))).transpose()?,
        replay: row.int(first + 4)? == 1,
    }))
}

fn seated(row: &dyn Row) -> Result<Seated, Failure> {
    Ok(Seated {
        account: rows::account_id(row.int(0)?)?,
        name: DisplayName::from_stored(row.text(1)?),
        xp_before: small(row, 2)?,
        rating_before: shapes::fraction(row.int(3)?),
        place: row.int_or_null(4)?.map(|place| u32::try_from(place).unwrap_or(u32::MAX)),
        won: small(row, 5)?,
        xp_after: small(row, 6)?,
        rating_after: shapes::fraction(row.int(7)?),
    })
}

fn round(row: &dyn Row) -> Result<StoredRound, Failure> {
    Ok(StoredRound {
        problem: row.text(1)?.to_owned(),
        title: row.text(2)?.to_owned(),
        result: RoundResult {
            number: small(row, 0)?,
            winner: row.int_or_null(3)?.map(rows::account_id).transpose()?,
            ending: known(RoundEnding::from_name(row.text(4)?))?,
            places: shapes::places_of(row.text(5)?)?,
        },
    })
}

impl Unranked {
    const NAMES: [(Self, &'static str); 3] =
        [(Self::Void, "void"), (Self::Guest, "guest"), (Self::TooOften, "too_often")];

    fn as_str(self) -> &'static str {
        Self::NAMES.iter().find(|(why, _)| *why == self).map_or("void", |(_, name)| name)
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, other)| *other == name).map(|(why, _)| *why)
    }
}

fn duel_id(value: i64) -> Result<DuelId, Failure> {
    known(DuelId::new(value))
}

fn small(row: &dyn Row, column: usize) -> Result<u32, Failure> {
    u32::try_from(row.int(column)?).map_err(Failure::internal)
}

fn known<T>(value: Option<T>) -> Result<T, Failure> {
    value.ok_or_else(|| Failure::internal("the database holds a word of duels that nobody knows"))
}
