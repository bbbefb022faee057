//! What finished duels do to points and ratings, and who stands where.

use super::shapes::{fraction, micros};
use super::{Ended, Unranked, duel_id, known, small};
use crate::tx::{Row, Tx, Value, query_all, query_one};
use crate::write::Write;
use crate::{Failure, rows};
use parlor_core::duel::{Ending, Mode, Place};
use parlor_core::{AccountId, DisplayName, DuelId, GroupId, Timestamp};

/// How strong somebody is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rating {
    /// Who.
    pub account: AccountId,
    /// Points.
    pub xp: u32,
    /// Duels won.
    pub wins: u32,
    /// Duels lost.
    pub losses: u32,
    /// Duels without a winner.
    pub draws: u32,
    /// Glicko-2.
    pub rating: f64,
    /// How sure that is.
    pub deviation: f64,
    /// How steady.
    pub volatility: f64,
}

impl Rating {
    /// Somebody who has not played: the values with which Glicko-2 begins.
    #[must_use]
    pub const fn new(account: AccountId) -> Self {
        Self {
            account,
            xp: 0,
            wins: 0,
            losses: 0,
            draws: 0,
            rating: 1500.0,
            deviation: 350.0,
            volatility: 0.06,
        }
    }
}

/// Somebody on the leaderboard.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranked {
    /// What they are called.
    pub name: DisplayName,
    /// How strong they are.
    pub rating: Rating,
}

/// A duel that somebody played.
#[derive(Clone, Debug, PartialEq)]
pub struct Played {
    /// Which.
    pub duel: DuelId,
    /// Whose members played.
    pub group: Option<GroupId>,
    /// Whether everybody may see it.
    pub public: bool,
    /// What decided a round.
    pub mode: Mode,
    /// How it ended.
    pub ended: Ended,
    /// Their place.
    pub place: Option<u32>,
    /// Their points before and after.
    pub xp: [u32; 2],
    /// Their rating before and after.
    pub rating: [f64; 2],
    /// The others.
    pub opponents: Vec<(AccountId, DisplayName)>,
}

/// A rating after a duel that counted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// When.
    pub at: Timestamp,
    /// What it became.
    pub rating: f64,
    /// How sure that was.
    pub deviation: f64,
    /// What the points became.
    pub xp: u32,
}

/// How strong somebody is; as one begins where they have not played.
///
/// # Errors
/// What the database says.
pub fn rating(tx: &mut dyn Tx, account: AccountId) -> Result<Rating, Failure> {
    let sql = "SELECT account_id, xp, wins, losses, draws, rating, deviation, volatility FROM duel_ratings \
               WHERE account_id = $1";
    let found = query_one(tx, sql, &[Value::Int(account.get())], |row| rating_of(row, 0))?;
    Ok(found.unwrap_or(Rating::new(account)))
}

/// How often `winner` has won a duel that counted against `loser` since then.
///
/// # Errors
/// What the database says.
pub fn wins_against(
    tx: &mut dyn Tx,
    winner: AccountId,
    loser: AccountId,
    since: Timestamp,
) -> Result<u32, Failure> {
    let sql = "SELECT COUNT(*) FROM duel_players p JOIN duels d ON d.id = p.duel_id \
               WHERE p.account_id = $1 AND d.winner_id = $2 AND d.ended_at >= $3 AND d.unranked IS NULL";
    let params = [loser.get(), winner.get(), since.as_millis()].map(Value::Int);
    Ok(query_one(tx, sql, &params, |row| small(row, 0))?.unwrap_or(0))
}

/// Ends a duel. False where it has ended before: then nothing that follows from it may be written.
///
/// # Errors
/// What the database says.
pub fn end(write: &mut Write<'_>, duel: DuelId, ended: &Ended) -> Result<bool, Failure> {
    let sql = "UPDATE duels SET ended_at = $1, ending = $2, winner_id = $3, unranked = $4, replay = $5 \
               WHERE id = $6 AND ended_at IS NULL";
    let params = [
        Value::Int(ended.at.as_millis()),
        Value::Text(ended.ending.as_str()),
        Value::int_or_null(ended.winner.map(AccountId::get)),
        Value::text_or_null(ended.unranked.map(Unranked::as_str)),
        Value::Int(i64::from(ended.replay)),
        Value::Int(duel.get()),
    ];
    Ok(write.execute(sql, &params)? > 0)
}

/// Writes down where somebody stood at the end, and as what they left.
///
/// # Errors
/// What the database says.
pub fn place(write: &mut Write<'_>, duel: DuelId, place: &Place, after: &Rating) -> Result<(), Failure> {
    let sql = "UPDATE duel_players SET place = $1, won = $2, xp_after = $3, rating_after = $4, deviation_after = $5 \
               WHERE duel_id = $6 AND account_id = $7";
    let params = [
        place.place.into(),
        place.won.into(),
        after.xp.into(),
        micros(after.rating),
        micros(after.deviation),
        duel.get(),
        place.player.get(),
    ];
    write.execute(sql, &params.map(Value::Int))?;
    Ok(())
}

/// Writes down how strong somebody is now.
///
/// # Errors
/// What the database says.
pub fn put_rating(write: &mut Write<'_>, now: &Rating) -> Result<(), Failure> {
    let sql = "INSERT INTO duel_ratings (account_id, xp, wins, losses, draws, rating, deviation, volatility) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (account_id) DO UPDATE SET xp = excluded.xp, \
               wins = excluded.wins, losses = excluded.losses, draws = excluded.draws, rating = excluded.rating, \
               deviation = excluded.deviation, volatility = excluded.volatility";
    let params = [
        now.account.get(),
        now.xp.into(),
        now.wins.into(),
        now.losses.into(),
        now.draws.into(),
        micros(now.rating),
        micros(now.deviation),
        micros(now.volatility),
    ];
    write.execute(sql, &params.map(Value::Int))?;
    Ok(())
}

/// The strongest, after so many others.
///
/// # Errors
/// What the database says.
pub fn leaderboard(tx: &mut dyn Tx, skip: u32, limit: usize) -> Result<Vec<Ranked>, Failure> {
    let sql = "SELECT r.account_id, r.xp, r.wins, r.losses, r.draws, r.rating, r.deviation, r.volatility, \
               a.display_name FROM duel_ratings r JOIN accounts a ON a.id = r.account_id \
               ORDER BY r.xp DESC, r.rating DESC, r.account_id LIMIT $1 OFFSET $2";
    let params = [i64::try_from(limit).unwrap_or(i64::MAX), skip.into()].map(Value::Int);
    query_all(tx, sql, &params, |row| {
        Ok(Ranked { rating: rating_of(row, 0)?, name: DisplayName::from_stored(row.text(8)?) })
    })
}

/// What somebody's rating became, the newest first.
///
/// # Errors
/// What the database says.
pub fn points(tx: &mut dyn Tx, account: AccountId, limit: usize) -> Result<Vec<Point>, Failure> {
    let sql = "SELECT d.ended_at, p.rating_after, p.deviation_after, p.xp_after FROM duel_players p \
               JOIN duels d ON d.id = p.duel_id WHERE p.account_id = $1 AND d.ended_at IS NOT NULL \
               AND d.unranked IS NULL ORDER BY p.duel_id DESC LIMIT $2";
    let params = [account.get(), i64::try_from(limit).unwrap_or(i64::MAX)].map(Value::Int);
    query_all(tx, sql, &params, |row| {
        Ok(Point {
            at: rows::time(row, 0)?,
            rating: fraction(row.int(1)?),
            deviation: fraction(row.int(2)?),
            xp: small(row, 3)?,
        })
    })
}

/// The duels that somebody played and that are over, the newest first, those before `before`.
///
/// # Errors
/// What the database says.
pub fn history(
    tx: &mut dyn Tx,
    account: AccountId,
    before: Option<DuelId>,
    limit: usize,
) -> Result<Vec<Played>, Failure> {
    let sql = "SELECT d.id, d.group_id, d.public, d.mode, p.place, p.xp_before, p.xp_after, p.rating_before, \
               p.rating_after, d.ended_at, d.ending, d.winner_id, d.unranked, d.replay \
               FROM duel_players p JOIN duels d ON d.id = p.duel_id \
               WHERE p.account_id = $1 AND p.duel_id < $2 AND d.ended_at IS NOT NULL ORDER BY p.duel_id DESC LIMIT $3";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let params = [account.get(), before.map_or(i64::MAX, DuelId::get), limit].map(Value::Int);
    let mut played = query_all(tx, sql, &params, played)?;
    let sql = "SELECT a.id, a.display_name FROM duel_players p JOIN accounts a ON a.id = p.account_id \
               WHERE p.duel_id = $1 AND p.account_id <> $2 ORDER BY p.seat";
    for one in &mut played {
        let params = [one.duel.get(), account.get()].map(Value::Int);
        one.opponents = query_all(tx, sql, &params, |row| {
            Ok((rows::account_id(row.int(0)?)?, DisplayName::from_stored(row.text(1)?)))
        })?;
    }
    Ok(played)
}

fn played(row: &dyn Row) -> Result<Played, Failure> {
    Ok(Played {
        duel: duel_id(row.int(0)?)?,
        group: row.int_or_null(1)?.map(rows::group_id).transpose()?,
        public: row.int(2)? == 1,
        mode: known(Mode::from_name(row.text(3)?))?,
        place: row.int_or_null(4)?.map(|place| u32::try_from(place).unwrap_or(u32::MAX)),
        xp: [small(row, 5)?, small(row, 6)?],
        rating: [fraction(row.int(7)?), fraction(row.int(8)?)],
        ended: Ended {
            at: rows::time(row, 9)?,
            ending: known(row.text_or_null(10)?.and_then(Ending::from_name))?,
            winner: row.int_or_null(11)?.map(rows::account_id).transpose()?,
            unranked: row.text_or_null(12)?.map(|name| known(Unranked::from_name(name))).transpose()?,
            replay: row.int(13)? == 1,
        },
        opponents: Vec::new(),
    })
}

pub(crate) fn rating_of(row: &dyn Row, first: usize) -> Result<Rating, Failure> {
    Ok(Rating {
        account: rows::account_id(row.int(first)?)?,
        xp: small(row, first + 1)?,
        wins: small(row, first + 2)?,
        losses: small(row, first + 3)?,
        draws: small(row, first + 4)?,
        rating: fraction(row.int(first + 5)?),
        deviation: fraction(row.int(first + 6)?),
        volatility: fraction(row.int(first + 7)?),
    })
}
