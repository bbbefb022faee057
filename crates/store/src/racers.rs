//! People of the face of Codemaze: their avatars, and their points beside them.

use crate::Failure;
use crate::duels::results::{Rating, rating_of};
use crate::tx::{Row, Tx, Value, query_all, query_one};
use crate::write::Write;
use parlor_core::{AccountId, Username};

/// Somebody as this face shows them.
#[derive(Clone, Debug, PartialEq)]
pub struct RacerRow {
    /// What they sign in with; what others see of a guest.
    pub name: String,
    /// Empty where they have none.
    pub avatar: String,
    /// Points, wins and losses.
    pub rating: Rating,
}

impl RacerRow {
    /// Who.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.rating.account
    }
}

/// Makes an account one of this face, if it is not.
///
/// # Errors
/// What the database says.
pub fn insert(write: &mut Write<'_>, account: AccountId) -> Result<(), Failure> {
    let sql = "INSERT INTO racers (account_id, avatar) VALUES ($1, '') ON CONFLICT (account_id) DO NOTHING";
    write.execute(sql, &[Value::Int(account.get())])?;
    Ok(())
}

/// Gives somebody another avatar.
///
/// # Errors
/// What the database says.
pub fn set_avatar(write: &mut Write<'_>, account: AccountId, avatar: &str) -> Result<(), Failure> {
    let sql = "INSERT INTO racers (account_id, avatar) VALUES ($1, $2) \
               ON CONFLICT (account_id) DO UPDATE SET avatar = excluded.avatar";
    write.execute(sql, &[Value::Int(account.get()), Value::Text(avatar)])?;
    Ok(())
}

/// Somebody; `None` where there is no such account.
///
/// # Errors
/// What the database says.
pub fn load(tx: &mut dyn Tx, account: AccountId) -> Result<Option<RacerRow>, Failure> {
    let sql = "SELECT a.id, COALESCE(d.xp, 0), COALESCE(d.wins, 0), COALESCE(d.losses, 0), COALESCE(d.draws, 0), \
               COALESCE(d.rating, 1500000000), COALESCE(d.deviation, 350000000), COALESCE(d.volatility, 60000), \
               COALESCE(a.username, a.display_name), COALESCE(r.avatar, '') FROM accounts a \
               LEFT JOIN racers r ON r.account_id = a.id LEFT JOIN duel_ratings d ON d.account_id = a.id \
               WHERE a.id = $1";
    query_one(tx, sql, &[Value::Int(account.get())], racer)
}

/// Somebody by what they sign in with.
///
/// # Errors
/// What the database says.
pub fn find(tx: &mut dyn Tx, username: &Username) -> Result<Option<RacerRow>, Failure> {
    let found = crate::accounts::find(tx, username)?;
    found.map_or(Ok(None), |found| load(tx, found.account.id))
}

/// Everybody of this face and everybody who has points, those with the most first.
///
/// # Errors
/// What the database says.
pub fn leaderboard(tx: &mut dyn Tx, limit: i64) -> Result<Vec<RacerRow>, Failure> {
    let sql = "SELECT a.id, COALESCE(d.xp, 0) AS points, COALESCE(d.wins, 0), COALESCE(d.losses, 0), \
               COALESCE(d.draws, 0), COALESCE(d.rating, 1500000000) AS strength, COALESCE(d.deviation, 350000000), \
               COALESCE(d.volatility, 60000), a.username, COALESCE(r.avatar, '') FROM accounts a \
               LEFT JOIN racers r ON r.account_id = a.id LEFT JOIN duel_ratings d ON d.account_id = a.id \
               WHERE a.username IS NOT NULL AND (r.account_id IS NOT NULL OR d.account_id IS NOT NULL) \
               ORDER BY points DESC, strength DESC, a.id LIMIT $1";
    query_all(tx, sql, &[Value::Int(limit)], racer)
}

fn racer(row: &dyn Row) -> Result<RacerRow, Failure> {
    Ok(RacerRow {
        rating: rating_of(row, 0)?,
        name: row.text(8)?.to_owned(),
        avatar: row.text(9)?.to_owned(),
    })
}
