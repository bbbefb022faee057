//! How often YouTube was searched today, for all nodes and across restarts.

use crate::Failure;
use crate::tx::{Tx, Value, query_one};
use crate::write::Write;

/// Counts one search of `day` and answers how many that makes; `None`, and nothing is counted, where there were `most`.
/// The days before are forgotten.
///
/// # Errors
/// What the database says.
pub fn count(write: &mut Write<'_>, day: i64, most: u32) -> Result<Option<u32>, Failure> {
    write.execute("DELETE FROM video_searches WHERE day < $1", &[Value::Int(day)])?;
    let sql = "INSERT INTO video_searches (day, searches) SELECT $1, 1 WHERE $2 > 0 \
               ON CONFLICT (day) DO UPDATE SET searches = video_searches.searches + 1 \
               WHERE video_searches.searches < $2 RETURNING searches";
    let params = [day, i64::from(most)].map(Value::Int);
    let searches = query_one(write, sql, &params, |row| row.int(0))?;
    Ok(searches.map(number))
}

/// Notes that YouTube allows no more on `day`, whatever was counted here.
///
/// # Errors
/// What the database says.
pub fn spend(write: &mut Write<'_>, day: i64, most: u32) -> Result<(), Failure> {
    let sql = "INSERT INTO video_searches (day, searches) VALUES ($1, $2) \
               ON CONFLICT (day) DO UPDATE SET searches = excluded.searches";
    write.execute(sql, &[day, i64::from(most)].map(Value::Int)).map(drop)
}

/// How many there were on `day`.
///
/// # Errors
/// What the database says.
pub fn counted(tx: &mut dyn Tx, day: i64) -> Result<u32, Failure> {
    let sql = "SELECT searches FROM video_searches WHERE day = $1";
    let searches = query_one(tx, sql, &[Value::Int(day)], |row| row.int(0))?;
    Ok(searches.map_or(0, number))
}

fn number(searches: i64) -> u32 {
    u32::try_from(searches).unwrap_or(u32::MAX)
}
