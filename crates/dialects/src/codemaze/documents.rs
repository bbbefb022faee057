//! What Codemaze answers with. Ids are integers; a single object often stands in an array, as the old service wrote it.

use parlor_app::duel::race::Race;
use parlor_app::duel::race::people::{RaceUser, RacerProfile};
use parlor_app::duel::race::record::RecordedRace;
use parlor_core::duel::DuelRank;
use parlor_problems::{Example as ProblemExample, Problem as ParlorProblem, Rank as ProblemRank, Signature};
use parlor_wire::judge::Value;
use serde::Serialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

#[derive(Serialize)]
pub(super) struct Rank {
    id: u32,
    name: &'static str,
    min_xp: u32,
    max_xp: u32,
}

#[derive(Serialize)]
pub(super) struct Problem<'a> {
    id: u32,
    title: &'a str,
    description: &'a str,
    rank: [Rank; 1],
    examples: Vec<Example<'a>>,
}

#[derive(Serialize)]
struct Example<'a> {
    /// Within its problem, from 1.
    id: usize,
    input: String,
    output: String,
    explanation: &'a str,
    test_case: &'a str,
}

#[derive(Serialize)]
pub(super) struct Avatar<'a> {
    id: i64,
    username: &'a str,
    avatar: &'a str,
}

/// Somebody on the leaderboard.
#[derive(Serialize)]
pub(super) struct Listed<'a> {
    id: i64,
    username: &'a str,
    avatar: &'a str,
    xp: u32,
    wins: u32,
    losses: u32,
    rank: [Rank; 1],
}

#[derive(Serialize)]
pub(super) struct Profile<'a> {
    id: i64,
    username: &'a str,
    xp: u32,
    avatar: &'a str,
    wins: u32,
    losses: u32,
    rank: [Rank; 1],
    sessions: Vec<Session<'a>>,
}

#[derive(Serialize)]
pub(super) struct Session<'a> {
    id: i64,
    /// Empty where this server has the problem no more.
    problem: Vec<Problem<'a>>,
    winner: [User<'a>; 1],
    users: Vec<User<'a>>,
}

#[derive(Serialize)]
pub(super) struct User<'a> {
    id: i64,
    username: &'a str,
    xp: u32,
}

/// What others know of a room.
#[derive(Serialize)]
pub(super) struct Room<'a> {
    members: usize,
    users: Vec<&'a str>,
    user_ids: Vec<i64>,
    winner_id: Option<i64>,
    question_data: Option<Question<'a>>,
}

#[derive(Serialize)]
pub(super) struct Question<'a> {
    question: &'a RawValue,
    testcases: &'a RawValue,
    expected: &'a RawValue,
}

impl From<DuelRank> for Rank {
    fn from(rank: DuelRank) -> Self {
        let (id, name, min_xp, max_xp) = match rank {
            DuelRank::Bronze => (1, "Bronze", 0, 250),
            DuelRank::Silver => (2, "Silver", 251, 500),
            DuelRank::Gold => (3, "Gold", 501, 750),
            // And above.
            DuelRank::Platinum => (4, "Platinum", 751, 1_000),
        };
        Self { id, name, min_xp, max_xp }
    }
}

impl<'a> From<&'a ParlorProblem> for Problem<'a> {
    fn from(problem: &'a ParlorProblem) -> Self {
        let rank = match problem.rank {
            ProblemRank::Bronze => DuelRank::Bronze,
            ProblemRank::Silver => DuelRank::Silver,
            ProblemRank::Gold => DuelRank::Gold,
            ProblemRank::Platinum => DuelRank::Platinum,
        };
        let examples = problem.examples.iter().zip(1..);
        Self {
            id: problem_number(&problem.id),
            title: &problem.title,
            description: &problem.statement,
            rank: [rank.into()],
            examples: examples.map(|(one, id)| example(id, one, &problem.signature)).collect(),
        }
    }
}

fn example<'a>(id: usize, example: &'a ProblemExample, signature: &Signature) -> Example<'a> {
    let named = signature.arguments.iter().zip(&example.case.arguments);
    let input: Vec<_> =
        named.map(|(argument, value)| format!("{} = {}", argument.name, json(value))).collect();
    Example {
        id,
        input: input.join(", "),
        output: printed(&example.case.expected),
        explanation: &example.explanation,
        test_case: &example.call,
    }
}

/// The number of a problem, whose own id is a word: always the same, 31 bits of FNV-1a.
pub(super) fn problem_number(id: &str) -> u32 {
    let hash =
        id.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    // 0 is no id.
    (hash & 0x7fff_ffff).max(1)
}

/// A value as a program prints it: text as it is, all else as JSON.
pub(super) fn printed(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        other => json(other),
    }
}

fn json(value: &Value) -> String {
    serde_json::to_string(value).expect("a value is JSON")
}

impl<'a> From<&'a RacerProfile> for Avatar<'a> {
    fn from(racer: &'a RacerProfile) -> Self {
        Self { id: racer.account().get(), username: &racer.name, avatar: &racer.avatar }
    }
}

impl<'a> From<&'a RacerProfile> for Listed<'a> {
    fn from(racer: &'a RacerProfile) -> Self {
        let rating = &racer.rating;
        Self {
            id: racer.account().get(),
            username: &racer.name,
            avatar: &racer.avatar,
            xp: rating.xp,
            wins: rating.wins,
            losses: rating.losses,
            rank: [DuelRank::of(rating.xp).into()],
        }
    }
}

impl<'a> Profile<'a> {
    pub(super) fn of(racer: &'a RacerProfile, races: &'a [RecordedRace]) -> Self {
        let Listed { id, username, avatar, xp, wins, losses, rank } = Listed::from(racer);
        let sessions = races.iter().map(Session::from).collect();
        Self { id, username, xp, avatar, wins, losses, rank, sessions }
    }
}

impl<'a> From<&'a RecordedRace> for Session<'a> {
    fn from(race: &'a RecordedRace) -> Self {
        Self {
            id: race.id.get(),
            problem: race.problem.iter().map(|problem| Problem::from(&**problem)).collect(),
            winner: [User::from(&race.winner)],
            users: race.players.iter().map(User::from).collect(),
        }
    }
}

impl<'a> From<&'a RaceUser> for User<'a> {
    fn from(user: &'a RaceUser) -> Self {
        Self { id: user.id.get(), username: &user.name, xp: user.xp }
    }
}

/// `{code: room}`
pub(super) fn rooms(race: &Race) -> BTreeMap<String, Room<'_>> {
    let room = Room {
        members: race.seats.len(),
        users: race.seats.iter().map(|seat| seat.name.as_str()).collect(),
        user_ids: race.seats.iter().map(|seat| seat.account.get()).collect(),
        winner_id: race.winner.map(parlor_core::AccountId::get),
        question_data: question(race),
    };
    BTreeMap::from([(race.code.to_string(), room)])
}

/// `{username: code}`
pub(super) fn codes(race: &Race) -> BTreeMap<&str, String> {
    race.seats.iter().map(|seat| (seat.name.as_str(), race.code.to_string())).collect()
}

/// The problem of a room as it was put.
pub(super) fn question(race: &Race) -> Option<Question<'_>> {
    let question = race.question.as_ref()?;
    let raw = |json| serde_json::from_str::<&RawValue>(json).expect("what is kept was JSON when it came");
    Some(Question {
        question: raw(&question.asked),
        testcases: raw(&question.test_case),
        expected: raw(&question.expected),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_problem_has_a_number_of_its_own() {
        let problems = parlor_problems::embedded::problems().unwrap();
        let numbers: HashSet<u32> = problems.iter().map(|problem| problem_number(&problem.id)).collect();
        assert_eq!(numbers.len(), problems.len());
        // Kept by clients and in results of theirs: it must never change.
        assert_eq!(problem_number("two-bells"), problem_number("two-bells"));
    }
}
