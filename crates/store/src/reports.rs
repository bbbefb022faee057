//! What people reported of a room, with what they saw of it. Read by those who keep order in the group, deleted by them.

use crate::tx::{Row, Tx, Value, query_all, query_one};
use crate::write::Write;
use crate::{Failure, rows};
use parlor_core::{AccountId, DisplayName, GroupId, ReportId, Timestamp};
use serde_json::{Value as Json, json};

/// Somebody in a report: the account where there is one, and the name that they had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// `None` for one who came without an account.
    pub account: Option<AccountId>,
    /// The name then.
    pub name: DisplayName,
}

/// One line of a room.
#[derive(Clone, PartialEq, Eq)]
pub struct Line {
    /// When it was said.
    pub at: Timestamp,
    /// By whom.
    pub by: Person,
    /// What.
    pub text: String,
}

// A text is in no log line.
impl std::fmt::Debug for Line {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Line").field("at", &self.at).field("by", &self.by.account).finish_non_exhaustive()
    }
}

/// A report before it is stored.
#[derive(Clone, Debug)]
pub struct NewReport {
    /// In whose lobby they met.
    pub group: GroupId,
    /// Who reports.
    pub by: Person,
    /// About whom.
    pub about: Person,
    /// Why, in the reporter's words; may be empty.
    pub reason: String,
    /// The last of what the reporter saw.
    pub lines: Vec<Line>,
    /// When.
    pub at: Timestamp,
}

/// A report that is stored.
#[derive(Clone, Debug)]
pub struct Report {
    /// Which.
    pub id: ReportId,
    /// All the rest.
    pub report: NewReport,
}

/// Stores a report.
///
/// # Errors
/// What the database says.
pub fn insert(write: &mut Write<'_>, new: &NewReport) -> Result<ReportId, Failure> {
    let sql = "INSERT INTO reports (group_id, by_id, by_name, about_id, about_name, reason, lines, at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id";
    let lines = lines_json(&new.lines).to_string();
    let params = [
        Value::Int(new.group.get()),
        Value::int_or_null(new.by.account.map(AccountId::get)),
        Value::Text(new.by.name.as_str()),
        Value::int_or_null(new.about.account.map(AccountId::get)),
        Value::Text(new.about.name.as_str()),
        Value::Text(&new.reason),
        Value::Text(&lines),
        Value::Int(new.at.as_millis()),
    ];
    let id = query_one(write, sql, &params, |row| rows::report_id(row.int(0)?))?;
    id.ok_or_else(|| Failure::internal("a new report has no number"))
}

/// The reports of a group, newest first, those before `before`; at most `limit`.
///
/// # Errors
/// What the database says.
pub fn list(
    tx: &mut dyn Tx,
    group: GroupId,
    before: Option<ReportId>,
    limit: usize,
) -> Result<Vec<Report>, Failure> {
    let sql = "SELECT id, by_id, by_name, about_id, about_name, reason, lines, at FROM reports \
               WHERE group_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let params = [group.get(), before.map_or(i64::MAX, ReportId::get), limit].map(Value::Int);
    query_all(tx, sql, &params, |row| report(row, group))
}

/// Deletes a report of a group; whether there was one.
///
/// # Errors
/// What the database says.
pub fn delete(write: &mut Write<'_>, group: GroupId, id: ReportId) -> Result<bool, Failure> {
    let sql = "DELETE FROM reports WHERE id = $1 AND group_id = $2";
    Ok(write.execute(sql, &[id.get(), group.get()].map(Value::Int))? > 0)
}

fn report(row: &dyn Row, group: GroupId) -> Result<Report, Failure> {
    let person = |first: usize| {
        let account = row.int_or_null(first)?.map(rows::account_id).transpose()?;
        Ok::<_, Failure>(Person { account, name: DisplayName::from_stored(row.text(first + 1)?) })
    };
    let lines: Json = serde_json::from_str(row.text(6)?).map_err(Failure::internal)?;
    Ok(Report {
        id: rows::report_id(row.int(0)?)?,
        report: NewReport {
            group,
            by: person(1)?,
            about: person(3)?,
            reason: row.text(5)?.to_owned(),
            lines: lines_of(&lines)?,
            at: rows::time(row, 7)?,
        },
    })
}

fn lines_json(lines: &[Line]) -> Json {
    let lines: Vec<Json> = lines
        .iter()
        .map(|line| {
            let (by, name) = (line.by.account.map(AccountId::get), line.by.name.as_str());
            json!({"at": line.at.as_millis(), "by": by, "name": name, "text": line.text})
        })
        .collect();
    json!({"v": 1, "lines": lines})
}

fn lines_of(json: &Json) -> Result<Vec<Line>, Failure> {
    let broken = || Failure::internal("the lines of a report are broken");
    let lines = json["lines"].as_array().ok_or_else(broken)?;
    lines
        .iter()
        .map(|line| {
            let account = line["by"].as_i64().map(rows::account_id).transpose()?;
            let name = DisplayName::from_stored(line["name"].as_str().ok_or_else(broken)?);
            let at = Timestamp::from_millis(line["at"].as_i64().ok_or_else(broken)?);
            let text = line["text"].as_str().ok_or_else(broken)?.to_owned();
            Ok(Line { at, by: Person { account, name }, text })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_their_shape() {
        let by = Person { account: AccountId::new(3), name: DisplayName::from_stored("Ada") };
        let stranger = Person { account: None, name: DisplayName::from_stored("Anonymous") };
        let at = Timestamp::from_millis(1_800_000_000_000);
        let lines =
            [Line { at, by, text: "hello".to_owned() }, Line { at, by: stranger, text: "bye".to_owned() }];
        let json = lines_json(&lines);
        assert_eq!(
            json.to_string(),
            r#"{"lines":[{"at":1800000000000,"by":3,"name":"Ada","text":"hello"},{"at":1800000000000,"by":null,"name":"Anonymous","text":"bye"}],"v":1}"#
        );
        assert!(lines_of(&json).unwrap() == lines);
        assert!(lines_of(&json!({"v": 1})).is_err());
    }
}
