//! Numbers and texts of rows as values of `parlor_core`, and statements of many rows.
//!
//! What the database holds was parsed before it was written; a value that is out of range all the same is a fault of
//! ours, never a panic.

use crate::Failure;
use crate::tx::{Row, Value};
use parlor_core::{
    AccountId, Epoch, GroupId, ReportId, Role, RoomId, Seq, SessionId, Timestamp, UploadId, WaiterId,
};
use std::fmt::Write as _;
use std::sync::OnceLock;

fn out_of_range(what: &str) -> Failure {
    Failure::internal(format!("the database holds a {what} that is out of range"))
}

pub(crate) fn account_id(value: i64) -> Result<AccountId, Failure> {
    AccountId::new(value).ok_or_else(|| out_of_range("account id"))
}

pub(crate) fn group_id(value: i64) -> Result<GroupId, Failure> {
    GroupId::new(value).ok_or_else(|| out_of_range("group id"))
}

pub(crate) fn session_id(value: i64) -> Result<SessionId, Failure> {
    SessionId::new(value).ok_or_else(|| out_of_range("session id"))
}

pub(crate) fn room_id(value: i64) -> Result<RoomId, Failure> {
    RoomId::new(value).ok_or_else(|| out_of_range("room id"))
}

pub(crate) fn report_id(value: i64) -> Result<ReportId, Failure> {
    ReportId::new(value).ok_or_else(|| out_of_range("report id"))
}

pub(crate) fn upload_id(value: i64) -> Result<UploadId, Failure> {
    UploadId::new(value).ok_or_else(|| out_of_range("upload id"))
}

/// A number of bytes, or of anything else that cannot be negative.
pub(crate) fn bytes(row: &dyn Row, column: usize) -> Result<u64, Failure> {
    u64::try_from(row.int(column)?).map_err(|_| out_of_range("number of bytes"))
}

/// No file is longer than a database can count.
pub(crate) fn stored_bytes(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

pub(crate) fn waiter_id(value: i64) -> Result<WaiterId, Failure> {
    u64::try_from(value).map(WaiterId::new).map_err(|_| out_of_range("waiter id"))
}

/// Every waiter's number is below 2^63: an account's id, or one of [`WaiterId::stranger`].
pub(crate) fn waiter_number(who: WaiterId) -> i64 {
    i64::try_from(who.get()).unwrap_or(i64::MAX)
}

pub(crate) fn seq(value: i64) -> Result<Seq, Failure> {
    Seq::new(value).ok_or_else(|| out_of_range("position"))
}

pub(crate) fn epoch(value: i64) -> Result<Epoch, Failure> {
    Epoch::new(value).ok_or_else(|| out_of_range("epoch"))
}

pub(crate) fn time(row: &dyn Row, column: usize) -> Result<Timestamp, Failure> {
    row.int(column).map(Timestamp::from_millis)
}

pub(crate) fn time_or_null(row: &dyn Row, column: usize) -> Result<Option<Timestamp>, Failure> {
    Ok(row.int_or_null(column)?.map(Timestamp::from_millis))
}

pub(crate) fn role_number(role: Role) -> i64 {
    match role {
        Role::Guest => 1,
        Role::Member => 2,
        Role::Moderator => 3,
        Role::Owner => 4,
    }
}

pub(crate) fn role(value: i64) -> Result<Role, Failure> {
    match value {
        1 => Ok(Role::Guest),
        2 => Ok(Role::Member),
        3 => Ok(Role::Moderator),
        4 => Ok(Role::Owner),
        _ => Err(out_of_range("role")),
    }
}

/// A statement of many rows. As texts for 1, 2, 4 … 64 rows, so that few statements stay prepared however many rows come;
/// or as one text whose parameters are arrays, a column each, for a database that has such.
pub struct Chunked {
    texts: OnceLock<[String; 7]>,
    whole: OnceLock<Option<String>>,
    before: &'static str,
    row: &'static [&'static str],
    after: &'static str,
}

impl Chunked {
    /// A statement `before (row), (row) … after`, where `before` ends with VALUES; `row` names the type of each column,
    /// BIGINT or TEXT, for the first row's CAST (the database then knows the types of the others), or "" where the place
    /// says the type.
    pub(crate) const fn new(before: &'static str, row: &'static [&'static str], after: &'static str) -> Self {
        Self { texts: OnceLock::new(), whole: OnceLock::new(), before, row, after }
    }

    /// Calls `run` with the statement's text and the parameters of each portion of `params`.
    pub(crate) fn each<'v>(
        &self,
        params: &[Value<'v>],
        mut run: impl FnMut(&str, &[Value<'v>]) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let texts = self.texts.get_or_init(|| std::array::from_fn(|power| self.text(1 << power)));
        let width = self.row.len();
        let mut rest = params;
        for power in (0..texts.len()).rev() {
            let size = width << power;
            while rest.len() >= size {
                let (portion, others) = rest.split_at(size);
                run(&texts[power], portion)?;
                rest = others;
            }
        }
        Ok(())
    }

    /// The types of the columns.
    pub(crate) fn columns(&self) -> &'static [&'static str] {
        self.row
    }

    /// The text whose parameters are arrays; `None` where a type is not named.
    pub(crate) fn whole(&self) -> Option<&str> {
        let text = || {
            let head = self.before.strip_suffix("VALUES")?;
            let array = |(index, kind): (usize, &&str)| format!("CAST(${} AS {kind}[])", index + 1);
            let columns: Vec<String> = self.row.iter().enumerate().map(array).collect();
            let typed = self.row.iter().all(|kind| !kind.is_empty());
            typed.then(|| format!("{head}SELECT * FROM unnest({}){}", columns.join(", "), self.after))
        };
        self.whole.get_or_init(text).as_deref()
    }

    fn text(&self, rows: usize) -> String {
        let mut text = String::from(self.before);
        let mut number = 0;
        for index in 0..rows {
            text.push_str(if index == 0 { " (" } else { ", (" });
            for (column, kind) in self.row.iter().enumerate() {
                number += 1;
                let comma = if column == 0 { "" } else { ", " };
                let wrote = if index == 0 && !kind.is_empty() {
                    write!(text, "{comma}CAST(${number} AS {kind})")
                } else {
                    write!(text, "{comma}${number}")
                };
                wrote.expect("writing into a String does not fail");
            }
            text.push(')');
        }
        text.push_str(self.after);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_rows_is_cut_into_powers_of_two() {
        let statement = Chunked::new("INSERT INTO t VALUES", &["BIGINT", ""], " RETURNING 1");
        let params: Vec<Value<'_>> = (0..2 * 135).map(Value::Int).collect();
        let (mut sizes, mut seen) = (Vec::new(), Vec::new());
        statement
            .each(&params, |_, portion| {
                sizes.push(portion.len() / 2);
                seen.extend_from_slice(portion);
                Ok(())
            })
            .unwrap();
        assert_eq!(sizes, [64, 64, 4, 2, 1]);
        assert_eq!(seen, params);
    }

    #[test]
    fn a_statement_of_arrays_says_the_same() {
        let statement = Chunked::new("WITH w(a, b) AS (VALUES", &["BIGINT", "TEXT"], ") SELECT a FROM w");
        let text = "WITH w(a, b) AS (SELECT * FROM unnest(CAST($1 AS BIGINT[]), CAST($2 AS TEXT[]))) SELECT a FROM w";
        assert_eq!(statement.whole(), Some(text));
        assert_eq!(Chunked::new("INSERT INTO t VALUES", &["BIGINT", ""], "").whole(), None);
    }

    #[test]
    fn parameters_are_numbered_as_they_appear() {
        let statement = Chunked::new("INSERT INTO t VALUES", &["BIGINT", ""], " RETURNING 1");
        assert_eq!(statement.text(2), "INSERT INTO t VALUES (CAST($1 AS BIGINT), $2), ($3, $4) RETURNING 1");
    }
}
