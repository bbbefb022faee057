//! What is said in a room: buttons that are passed on, the problem that both get, and who has won.

use parlor_app::duel::race::{Question, Race};
use parlor_core::AccountId;
use parlor_problems::Problem;
use parlor_socketio::{Event, Socket, Values};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::Codemaze;
use super::documents::{codes, printed, problem_number, question, rooms};
use super::fields::number;
use crate::payload;

/// What is pressed or shown by one, and what all in the room hear of it.
const PASSED_ON: [(&str, &str); 4] = [
    ("button_press", "button_pressed"),
    ("button_enable", "button_enabled"),
    ("display_popup", "displayed_popup"),
    ("hide_popup", "hidden_popup"),
];
/// Most bytes of an answer that is passed on, and of what a question is named by: a description has at most 3,000
/// characters.
const MOST_BYTES: usize = 16 * 1024;

#[derive(Deserialize)]
struct SettingQuestion {
    #[serde(default, rename = "initialQ")]
    initial: Value,
    #[serde(default, rename = "testCase")]
    test_case: Value,
    #[serde(default, rename = "expectedOutcome")]
    expected: Value,
}

#[derive(Deserialize)]
struct UserRooms {
    #[serde(default)]
    room: Value,
    #[serde(default)]
    username: Value,
}

/// `winner_refused`
#[derive(Serialize)]
struct WinnerRefused {
    message: String,
}

/// Whether an event is one of these.
pub(super) fn knows(event: &str) -> bool {
    PASSED_ON.iter().any(|(said, _)| *said == event)
        || matches!(
            event,
            "sendRooms"
                | "setting_question"
                | "getting_question"
                | "check_answer"
                | "set_opponent"
                | "set_winner"
                | "send_user_rooms"
        )
}

impl Codemaze {
    /// Whatever is said by somebody who is in a room; what is said outside of one, or too fast, is heard by nobody.
    pub(super) fn hear(&self, socket: &Socket, event: &Event) {
        if !self.app.may_step_in_race(socket.id()) {
            return;
        }
        if event.name() == "set_winner" {
            return self.set_winner(socket, event);
        }
        let Some(race) = self.app.race_of(socket.id()) else { return };
        match event.name() {
            "sendRooms" => self.emit_to(race.code, "receiveRooms2", &Values::one(&rooms(&race))),
            "setting_question" => self.set_question(socket, event),
            "getting_question" => {
                if let Some(question) = question(&race) {
                    self.emit_to(race.code, "got_question", &Values::one(&question));
                }
            }
            "check_answer" => self.check_answer(&race, event),
            "set_opponent" => {
                if let Some(other) = race.opponent(socket.id()) {
                    socket.emit("opponent_set", &other.account.get());
                }
            }
            "send_user_rooms" => send_user_rooms(socket, &race, event),
            said => {
                if let Some((_, heard)) = PASSED_ON.iter().find(|(name, _)| *name == said) {
                    self.emit_to(race.code, heard, &Values::new());
                }
            }
        }
    }

    /// `set_winner`
    fn set_winner(&self, socket: &Socket, event: &Event) {
        let id = first(event).as_ref().and_then(number).and_then(AccountId::new);
        let claimed = match id {
            Some(id) => self.app.claim_race(socket.id(), id).map_err(|refused| refused.to_string()),
            None => Err("the winner is named by an id".to_owned()),
        };
        match (claimed, id) {
            (Ok(Some(code)), Some(id)) => self.emit_to(code, "winner_set", &Values::one(&id.get())),
            // It was told already.
            (Ok(_), _) => {}
            (Err(message), _) => socket.emit("winner_refused", &WinnerRefused { message }),
        }
    }

    /// `check_answer`
    fn check_answer(&self, race: &Race, event: &Event) {
        let sent = event.arguments().json(0).unwrap_or("null");
        let mut values = Values::new();
        if sent.len() <= MOST_BYTES
            && let Ok(raw) = serde_json::from_str(sent)
        {
            values.push_json(raw);
            self.emit_to(race.code, "checked_answer", &values);
        }
    }

    /// `setting_question`
    fn set_question(&self, socket: &Socket, event: &Event) {
        let Some(sent) = payload::object::<SettingQuestion>(event) else { return };
        if let Some(question) = question_of(&self.app.known_problems(), &sent) {
            self.app.ask_in_race(socket.id(), question);
        }
    }
}

/// `send_user_rooms`
fn send_user_rooms(socket: &Socket, race: &Race, event: &Event) {
    let Some(sent) = payload::object::<UserRooms>(event) else { return };
    let (room, name) = (payload::text(&sent.room), payload::text(&sent.username));
    let is_theirs = |(known, code): &(&str, String)| name == Some(*known) && room == Some(code.as_str());
    let known: BTreeMap<&str, String> = codes(race).into_iter().filter(is_theirs).collect();
    socket.emit("sendback_user_rooms", &known);
}

fn first(event: &Event) -> Option<Value> {
    serde_json::from_str(event.arguments().json(0)?).ok()
}

/// The question that a client means; `None` where it names no problem of ours. Its test case is kept where it calls an
/// example of the problem, and its outcome where that is what the example gives: nobody is misled by the other.
fn question_of(problems: &[Arc<Problem>], sent: &SettingQuestion) -> Option<Question> {
    let asked = sent.initial.to_string();
    if asked.len() > MOST_BYTES {
        return None;
    }
    let test_case = payload::text(&sent.test_case).filter(|text| text.len() <= MOST_BYTES);
    let problem = problems
        .iter()
        .find(|problem| is_named(problem, &sent.initial))
        .or_else(|| test_case.and_then(|text| problems.iter().find(|one| called(one, text).is_some())))?;
    let matched = test_case.and_then(|text| called(problem, text));
    let example = &problem.examples[matched.unwrap_or(0)];
    let outcome = printed(&example.case.expected);
    let expected =
        sent.expected.as_str().map_or_else(|| sent.expected.to_string(), |text| text.trim().to_owned());
    let says_so = expected == outcome;
    Some(Question {
        problem: problem.id.clone(),
        call: example.call.clone(),
        asked: asked.into(),
        test_case: if matched.is_some() { sent.test_case.to_string() } else { json(&example.call) }.into(),
        expected: if matched.is_some() && says_so { sent.expected.to_string() } else { json(&outcome) }
            .into(),
    })
}

/// By its number, its title or its description, or by an object or a list that begins with one that has them.
fn is_named(problem: &Problem, sent: &Value) -> bool {
    let is_text =
        |text: &str| [&problem.title, &problem.statement].iter().any(|own| own.trim() == text.trim());
    match sent {
        Value::Array(list) => list.first().is_some_and(|first| is_named(problem, first)),
        Value::Object(object) => ["id", "title", "description"]
            .iter()
            .any(|key| object.get(*key).is_some_and(|own| is_named(problem, own))),
        Value::String(text) if is_text(text) => true,
        other => number(other) == Some(problem_number(&problem.id).into()),
    }
}

/// Which example a text calls.
fn called(problem: &Problem, text: &str) -> Option<usize> {
    let bare = |text: &str| text.chars().filter(|character| !character.is_whitespace()).collect::<String>();
    let text = bare(text);
    problem.examples.iter().position(|example| text.contains(&bare(&example.call)))
}

fn json(text: &str) -> String {
    Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn question(sent: &Value) -> Option<Question> {
        let problems: Vec<_> =
            parlor_problems::embedded::problems().unwrap().into_iter().map(Arc::new).collect();
        question_of(&problems, &serde_json::from_value(sent.clone()).unwrap())
    }

    #[test]
    fn a_question_names_a_problem_of_ours() {
        let all = parlor_problems::embedded::problems().unwrap();
        let problem = all.iter().find(|problem| problem.id == "balanced-ribbon").unwrap();
        let (id, call) = (problem_number(&problem.id), problem.examples[1].call.as_str());
        for initial in [
            json!(problem.statement),
            json!(problem.title),
            json!(id),
            json!(id.to_string()),
            json!({ "id": id }),
            json!([{ "title": problem.title, "id": 0 }]),
            json!("whatever, but its test case is ours"),
        ] {
            let sent =
                json!({ "initialQ": initial, "testCase": format!("print({call})"), "expectedOutcome": "3" });
            let question = question(&sent).unwrap();
            assert_eq!((question.problem.as_str(), question.call.as_str()), ("balanced-ribbon", call));
            assert_eq!((&*question.asked, &*question.expected), (initial.to_string().as_str(), "\"3\""));
            assert_eq!(&*question.test_case, json!(format!("print({call})")).to_string());
        }
        for unknown in [json!("sums"), json!(null), json!(7), json!({}), json!([])] {
            assert_eq!(question(&json!({ "initialQ": unknown })), None, "{unknown}");
        }
    }

    #[test]
    fn nobody_is_misled_by_a_question() {
        let sent =
            json!({ "initialQ": "The balanced ribbon", "testCase": "1 == 1", "expectedOutcome": "True" });
        let question = question(&sent).unwrap();
        assert_eq!(question.call, r#"longest_balanced("rrgbbg")"#);
        assert_eq!(&*question.test_case, json!(question.call).to_string());
        assert_eq!(&*question.expected, "\"6\"");
    }
}
