//! What the face of Social Community knows besides: people by email, which groups are its own, the numbers of members,
//! the names of players.

use crate::accounts::{self, StoredAccount};
use crate::tx::{Row, Tx, Value, query_all, query_one};
use crate::write::Write;
use crate::{Failure, rows};
use parlor_core::social::{Email, PersonName, Picture};
use parlor_core::{AccountId, GroupId, GroupName, Role, Timestamp};

/// Somebody of this face, with everything that it knows of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// By what they sign in.
    pub email: Email,
    /// Their first name.
    pub first_name: PersonName,
    /// Their last name; may be empty.
    pub last_name: PersonName,
    /// Their picture.
    pub picture: Option<Picture>,
}

/// Somebody as another sees them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Their account.
    pub id: AccountId,
    /// Their first name; of somebody who is not of this face, the name that others see.
    pub first_name: PersonName,
    /// Their last name; may be empty.
    pub last_name: PersonName,
    /// Their picture.
    pub picture: Option<Picture>,
    /// Their email, where the one who looks may see it: it is their own, or they share a group of this face.
    pub email: Option<Email>,
}

/// A group of this face, as a member has it.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Its id.
    pub id: GroupId,
    /// What it is called.
    pub name: GroupName,
    /// Who owns it.
    pub owner: AccountId,
    /// JSON as it came.
    pub secondary_user: Option<String>,
    /// As what the member is in it.
    pub role: Role,
}

/// Makes an account one of this face; false when somebody has that email.
///
/// # Errors
/// What the database says.
pub fn insert_user(write: &mut Write<'_>, account: AccountId, profile: &Profile) -> Result<bool, Failure> {
    let sql = "INSERT INTO social_users (account_id, email, first_name, last_name, picture) \
               VALUES ($1, $2, $3, $4, $5) ON CONFLICT (email) DO NOTHING";
    let params = [
        Value::Int(account.get()),
        Value::Text(profile.email.as_str()),
        Value::Text(profile.first_name.as_str()),
        Value::Text(profile.last_name.as_str()),
        Value::text_or_null(profile.picture.as_ref().map(Picture::as_str)),
    ];
    Ok(write.execute(sql, &params)? > 0)
}

/// Takes everything away that this face knows of an account.
///
/// # Errors
/// What the database says.
pub fn delete_user(write: &mut Write<'_>, account: AccountId) -> Result<(), Failure> {
    write.execute("DELETE FROM social_users WHERE account_id = $1", &[Value::Int(account.get())])?;
    Ok(())
}

/// What this face knows of an account; `None` when it is none of its own.
///
/// # Errors
/// What the database says.
pub fn profile(tx: &mut dyn Tx, account: AccountId) -> Result<Option<Profile>, Failure> {
    let sql = "SELECT email, first_name, last_name, picture FROM social_users WHERE account_id = $1";
    query_one(tx, sql, &[Value::Int(account.get())], |row| {
        Ok(Profile {
            email: Email::from_stored(row.text(0)?),
            first_name: PersonName::from_stored(row.text(1)?),
            last_name: PersonName::from_stored(row.text(2)?),
            picture: row.text_or_null(3)?.map(Picture::from_stored),
        })
    })
}

/// The account that signs in by an email.
///
/// # Errors
/// What the database says.
pub fn find(tx: &mut dyn Tx, email: &Email) -> Result<Option<StoredAccount>, Failure> {
    let sql = "SELECT account_id FROM social_users WHERE email = $1";
    let found = query_one(tx, sql, &[Value::Text(email.as_str())], |row| rows::account_id(row.int(0)?))?;
    found.map_or(Ok(None), |account| accounts::load(tx, account))
}

/// Everybody of this face as `viewer` sees them, by id, at most `limit`; or the one with an email.
///
/// # Errors
/// What the database says.
pub fn people(
    tx: &mut dyn Tx,
    viewer: AccountId,
    email: Option<&Email>,
    limit: i64,
    now: Timestamp,
) -> Result<Vec<Person>, Failure> {
    let sql = "SELECT u.account_id, u.first_name, u.last_name, u.picture, CASE WHEN u.account_id = $1 OR u.account_id IN \
               (SELECT b.account_id FROM members a JOIN social_groups s ON s.group_id = a.group_id \
               JOIN groups g ON g.id = a.group_id JOIN members b ON b.group_id = a.group_id \
               WHERE a.account_id = $1 AND g.gone_at IS NULL AND (g.expires_at IS NULL OR g.expires_at > $2)) \
               THEN u.email END FROM social_users u \
               WHERE u.email = COALESCE(CAST($3 AS TEXT), u.email) ORDER BY u.account_id LIMIT $4";
    let params = [
        Value::Int(viewer.get()),
        Value::Int(now.as_millis()),
        Value::text_or_null(email.map(Email::as_str)),
        Value::Int(limit),
    ];
    query_all(tx, sql, &params, |row| {
        Ok(Person {
            id: rows::account_id(row.int(0)?)?,
            first_name: PersonName::from_stored(row.text(1)?),
            last_name: PersonName::from_stored(row.text(2)?),
            picture: row.text_or_null(3)?.map(Picture::from_stored),
            email: row.text_or_null(4)?.map(Email::from_stored),
        })
    })
}

/// Somebody as `viewer` sees them, whether they are of this face or came natively; `None` when their account is gone.
///
/// # Errors
/// What the database says.
pub fn person(
    tx: &mut dyn Tx,
    viewer: AccountId,
    id: AccountId,
    now: Timestamp,
) -> Result<Option<Person>, Failure> {
    let sql = "SELECT COALESCE(u.first_name, a.display_name), COALESCE(u.last_name, ''), u.picture, \
               CASE WHEN a.id = $1 OR EXISTS (SELECT 1 FROM members b JOIN social_groups s ON s.group_id = b.group_id \
               JOIN groups g ON g.id = b.group_id JOIN members c ON c.group_id = b.group_id AND c.account_id = $1 \
               WHERE b.account_id = a.id AND g.gone_at IS NULL AND (g.expires_at IS NULL OR g.expires_at > $2)) \
               THEN u.email END FROM accounts a LEFT JOIN social_users u ON u.account_id = a.id \
               WHERE a.id = $3 AND (a.username IS NOT NULL OR a.guest = 1)";
    let params = [viewer.get(), now.as_millis(), id.get()].map(Value::Int);
    query_one(tx, sql, &params, |row| {
        Ok(Person {
            id,
            first_name: PersonName::from_stored(row.text(0)?),
            last_name: PersonName::from_stored(row.text(1)?),
            picture: row.text_or_null(2)?.map(Picture::from_stored),
            email: row.text_or_null(3)?.map(Email::from_stored),
        })
    })
}

/// Makes a group one of this face.
///
/// # Errors
/// What the database says.
pub fn insert_group(
    write: &mut Write<'_>,
    group: GroupId,
    secondary_user: Option<&str>,
) -> Result<(), Failure> {
    let sql = "INSERT INTO social_groups (group_id, secondary_user) VALUES ($1, $2)";
    write.execute(sql, &[Value::Int(group.get()), Value::text_or_null(secondary_user)])?;
    Ok(())
}

/// Gives a group of this face another secondary user, or none.
///
/// # Errors
/// What the database says.
pub fn set_secondary_user(
    write: &mut Write<'_>,
    group: GroupId,
    secondary_user: Option<&str>,
) -> Result<(), Failure> {
    let sql = "UPDATE social_groups SET secondary_user = $1 WHERE group_id = $2";
    write.execute(sql, &[Value::text_or_null(secondary_user), Value::Int(group.get())])?;
    Ok(())
}

/// A group of this face; `None` when it is none, is gone at `now`, or the account is no member.
///
/// # Errors
/// What the database says.
pub fn standing(
    tx: &mut dyn Tx,
    group: GroupId,
    account: AccountId,
    now: Timestamp,
) -> Result<Option<Standing>, Failure> {
    let sql = "SELECT g.id, g.name, g.owner_id, s.secondary_user, m.role FROM social_groups s \
               JOIN groups g ON g.id = s.group_id JOIN members m ON m.group_id = s.group_id \
               WHERE s.group_id = $1 AND m.account_id = $2 AND g.gone_at IS NULL \
               AND (g.expires_at IS NULL OR g.expires_at > $3)";
    query_one(tx, sql, &[group.get(), account.get(), now.as_millis()].map(Value::Int), standing_of)
}

/// The groups of this face that an account is in, by id; at most `limit`.
///
/// # Errors
/// What the database says.
pub fn standings(
    tx: &mut dyn Tx,
    account: AccountId,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Standing>, Failure> {
    let sql = "SELECT g.id, g.name, g.owner_id, s.secondary_user, m.role FROM members m \
               JOIN social_groups s ON s.group_id = m.group_id JOIN groups g ON g.id = m.group_id \
               WHERE m.account_id = $1 AND g.gone_at IS NULL AND (g.expires_at IS NULL OR g.expires_at > $2) \
               ORDER BY g.id LIMIT $3";
    query_all(tx, sql, &[account.get(), now.as_millis(), limit].map(Value::Int), standing_of)
}

fn standing_of(row: &dyn Row) -> Result<Standing, Failure> {
    Ok(Standing {
        id: rows::group_id(row.int(0)?)?,
        name: GroupName::from_stored(row.text(1)?),
        owner: rows::account_id(row.int(2)?)?,
        secondary_user: row.text_or_null(3)?.map(str::to_owned),
        role: rows::role(row.int(4)?)?,
    })
}

/// The members of a group with their numbers, those of longest standing first; at most `limit`. Who has come natively
/// since the last [`number_members`] has none yet.
///
/// # Errors
/// What the database says.
pub fn members(
    tx: &mut dyn Tx,
    group: GroupId,
    limit: i64,
) -> Result<Vec<(AccountId, Option<i64>)>, Failure> {
    let sql = "SELECT m.account_id, n.id FROM members m LEFT JOIN social_members n \
               ON n.group_id = m.group_id AND n.account_id = m.account_id \
               WHERE m.group_id = $1 ORDER BY m.joined_at, n.id, m.account_id LIMIT $2";
    query_all(tx, sql, &[group.get(), limit].map(Value::Int), |row| {
        Ok((rows::account_id(row.int(0)?)?, row.int_or_null(1)?))
    })
}

/// Gives every member of a group a number who has none.
///
/// # Errors
/// What the database says.
pub fn number_members(write: &mut Write<'_>, group: GroupId) -> Result<(), Failure> {
    let sql = "INSERT INTO social_members (group_id, account_id) SELECT m.group_id, m.account_id FROM members m \
               WHERE m.group_id = $1 ORDER BY m.joined_at, m.account_id \
               ON CONFLICT (group_id, account_id) DO NOTHING";
    write.execute(sql, &[Value::Int(group.get())])?;
    Ok(())
}

/// The number of a member, if they have one.
///
/// # Errors
/// What the database says.
pub fn number(tx: &mut dyn Tx, group: GroupId, account: AccountId) -> Result<Option<i64>, Failure> {
    let sql = "SELECT id FROM social_members WHERE group_id = $1 AND account_id = $2";
    query_one(tx, sql, &[group.get(), account.get()].map(Value::Int), |row| row.int(0))
}

/// Whose number it is, and where; `None` when they are no member.
///
/// # Errors
/// What the database says.
pub fn member(tx: &mut dyn Tx, number: i64) -> Result<Option<(GroupId, AccountId)>, Failure> {
    let sql = "SELECT n.group_id, n.account_id FROM social_members n JOIN members m \
               ON m.group_id = n.group_id AND m.account_id = n.account_id WHERE n.id = $1";
    query_one(tx, sql, &[Value::Int(number)], |row| {
        Ok((rows::group_id(row.int(0)?)?, rows::account_id(row.int(1)?)?))
    })
}

/// Gives a number to another member; the one that they had before goes.
///
/// # Errors
/// What the database says.
pub fn move_number(
    write: &mut Write<'_>,
    number: i64,
    group: GroupId,
    account: AccountId,
) -> Result<(), Failure> {
    let sql = "DELETE FROM social_members WHERE group_id = $1 AND account_id = $2";
    write.execute(sql, &[group.get(), account.get()].map(Value::Int))?;
    let sql = "UPDATE social_members SET group_id = $1, account_id = $2 WHERE id = $3";
    write.execute(sql, &[group.get(), account.get(), number].map(Value::Int))?;
    Ok(())
}

/// The registered member of longest standing, other than `but`; `None` when there is none.
///
/// # Errors
/// What the database says.
pub fn longest_standing(
    tx: &mut dyn Tx,
    group: GroupId,
    but: AccountId,
) -> Result<Option<AccountId>, Failure> {
    let sql = "SELECT m.account_id FROM members m JOIN accounts a ON a.id = m.account_id LEFT JOIN social_members n \
               ON n.group_id = m.group_id AND n.account_id = m.account_id \
               WHERE m.group_id = $1 AND m.account_id <> $2 AND a.guest = 0 \
               ORDER BY m.joined_at, n.id, m.account_id LIMIT 1";
    query_one(tx, sql, &[group.get(), but.get()].map(Value::Int), |row| rows::account_id(row.int(0)?))
}

/// What was said of a group's player: of which item (0: of none), and its name unless it was deleted.
///
/// # Errors
/// What the database says.
pub fn player(tx: &mut dyn Tx, group: GroupId) -> Result<Option<(i64, Option<String>)>, Failure> {
    let sql = "SELECT item_id, name FROM social_players WHERE group_id = $1";
    query_one(tx, sql, &[Value::Int(group.get())], |row| {
        Ok((row.int(0)?, row.text_or_null(1)?.map(str::to_owned)))
    })
}

/// Notes what is said of a group's player.
///
/// # Errors
/// What the database says.
pub fn set_player(
    write: &mut Write<'_>,
    group: GroupId,
    item: i64,
    name: Option<&str>,
) -> Result<(), Failure> {
    let sql = "INSERT INTO social_players (group_id, item_id, name) VALUES ($1, $2, $3) \
               ON CONFLICT (group_id) DO UPDATE SET item_id = excluded.item_id, name = excluded.name";
    write.execute(sql, &[Value::Int(group.get()), Value::Int(item), Value::text_or_null(name)])?;
    Ok(())
}
