use super::*;

const HOME: Origin = Origin(1);
const SCHOOL: Origin = Origin(2);

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_millis(1_000_000_000).plus(Duration::from_secs(seconds))
}

fn account(id: i64) -> AccountId {
    AccountId::new(id).unwrap()
}

/// People who are called by their sockets; codes count.
#[derive(Default)]
struct Hall {
    races: Races,
    codes: u32,
}

impl Hall {
    fn enter(&mut self, socket: &str, id: i64, origin: Origin, seconds: u64) -> Entered {
        let name = DisplayName::parse(socket).unwrap();
        let racer = Racer { socket: socket.into(), account: account(id), name, origin };
        let codes = &mut self.codes;
        let new_code = || {
            *codes += 1;
            RaceCode::from_random(codes.to_le_bytes())
        };
        self.races.enter(racer, new_code, at(seconds)).unwrap()
    }

    fn ask(&mut self, socket: &str, problem: &str, seconds: u64) -> bool {
        let question = Question {
            problem: problem.to_owned(),
            call: "f([1, 2])".to_owned(),
            asked: problem.into(),
            test_case: "".into(),
            expected: "".into(),
        };
        self.races.ask(socket, question, at(seconds))
    }

    fn code_of(&self, socket: &str) -> Option<RaceCode> {
        self.races.of(socket).map(|race| race.code)
    }

    /// Ada (1) and Bob (2) at a problem, since second 10.
    fn with_two(origins: [Origin; 2]) -> Self {
        let mut hall = Self::default();
        hall.enter("ada", 1, origins[0], 0);
        hall.enter("bob", 2, origins[1], 1);
        assert!(hall.ask("ada", "sums", 10));
        hall
    }
}

#[test]
fn a_code_is_four_capital_letters() {
    for random in [[0; 4], [255; 4], [1, 2, 3, 4]] {
        let code = RaceCode::from_random(random).to_string();
        assert!(code.len() == 4 && code.bytes().all(|letter| letter.is_ascii_uppercase()), "{code}");
    }
}

#[test]
fn two_are_put_together_and_a_third_waits() {
    let mut hall = Hall::default();
    let first = hall.enter("ada", 1, HOME, 0).race.code;
    assert_eq!(hall.enter("bob", 2, HOME, 1).race.code, first);
    assert_ne!(hall.enter("eve", 3, HOME, 2).race.code, first);
    // Again from the same connection: nothing happens.
    let again = hall.enter("ada", 1, HOME, 3);
    assert_eq!((again.race.code, again.is_news), (first, false));
    // Nobody plays against themselves, from wherever.
    assert_ne!(hall.enter("eve elsewhere", 3, SCHOOL, 4).race.code, hall.code_of("eve").unwrap());
}

#[test]
fn a_place_is_held_for_a_minute() {
    for (back_at, origin, same) in [(60, HOME, true), (30, SCHOOL, false)] {
        let mut hall = Hall::with_two([HOME, HOME]);
        let code = hall.code_of("ada").unwrap();
        assert_eq!(hall.races.vanish("ada", at(1)).unwrap().code, code);
        assert_ne!(hall.enter("eve", 3, HOME, 2).race.code, code, "a held place is nobody else's");
        let back = hall.enter("ada anew", 1, origin, back_at);
        assert_eq!(back.race.code == code, same, "{back_at}");
        assert_eq!(back.race.question.is_some(), same);
        assert!(back.is_news && back.displaced.is_none());
    }
}

#[test]
fn a_place_that_was_given_up_is_the_next_ones() {
    let mut hall = Hall::with_two([HOME, HOME]);
    let code = hall.code_of("bob").unwrap();
    hall.races.vanish("ada", at(1));
    assert_eq!(hall.enter("eve", 3, HOME, 61).race.code, code);
    assert_ne!(hall.enter("ada anew", 1, HOME, 62).race.code, code);
}

#[test]
fn a_token_brings_back_from_another_address() {
    let mut hall = Hall::with_two([HOME, HOME]);
    let code = hall.code_of("ada").unwrap();
    hall.races.vanish("ada", at(20));
    hall.races.note_use(account(1), SCHOOL, at(25));
    assert_eq!(hall.enter("ada on the way", 1, SCHOOL, 30).race.code, code);
}

#[test]
fn a_new_connection_takes_the_place_of_the_old_one() {
    let mut hall = Hall::with_two([HOME, HOME]);
    let entered = hall.enter("ada anew", 1, HOME, 20);
    assert_eq!((entered.displaced.as_deref(), entered.is_news), (Some("ada"), false));
    assert_eq!((hall.code_of("ada"), hall.races.vanish("ada", at(21))), (None, None));
    assert_eq!(hall.races.of("bob").unwrap().seats.len(), 2);
}

#[test]
fn the_first_question_counts() {
    let mut hall = Hall::with_two([HOME, HOME]);
    assert!(!hall.ask("bob", "other", 11));
    assert_eq!(hall.races.of("bob").unwrap().question.as_ref().unwrap().problem, "sums");
    assert!(!hall.ask("nobody", "sums", 12));
}

#[test]
fn only_a_program_that_solved_the_problem_wins() {
    let refused = Err(ClaimRefused::NotSolved);
    for (by, problem, solved_at, claimed_at, expected) in [
        (Solver::Account(account(1)), "sums", 20, 80, Ok(true)),
        (Solver::Origin(HOME), "sums", 20, 80, Ok(true)),
        (Solver::Account(account(1)), "sums", 20, 81, refused),
        (Solver::Account(account(1)), "other", 20, 21, refused),
        (Solver::Account(account(2)), "sums", 20, 21, refused),
        (Solver::Origin(SCHOOL), "sums", 20, 21, refused),
        // In an earlier race, with the same problem.
        (Solver::Account(account(1)), "sums", 9, 21, refused),
    ] {
        let mut hall = Hall::with_two([HOME, SCHOOL]);
        hall.races.note_solved(by, problem.to_owned(), at(solved_at));
        let claimed = hall.races.claim("ada", account(1), at(claimed_at));
        assert_eq!(claimed.map(|code| code.is_some()), expected, "{by:?} {problem} {solved_at} {claimed_at}");
    }
}

#[test]
fn a_win_is_told_once_and_is_ones_own() {
    let mut hall = Hall::with_two([HOME, HOME]);
    hall.races.note_solved(Solver::Origin(HOME), "sums".to_owned(), at(20));
    assert_eq!(hall.races.claim("nobody", account(1), at(21)), Err(ClaimRefused::NotRacing));
    assert_eq!(hall.races.claim("bob", account(1), at(21)), Err(ClaimRefused::NotYourself));
    assert!(hall.races.claim("ada", account(1), at(21)).unwrap().is_some());
    assert_eq!(hall.races.claim("ada", account(1), at(22)), Ok(None));
    assert_eq!(hall.races.claim("bob", account(2), at(22)), Err(ClaimRefused::Decided));
}

#[test]
fn of_people_behind_one_address_one_run_is_one_win() {
    let mut hall = Hall::with_two([HOME, HOME]);
    hall.enter("cleo", 3, HOME, 2);
    hall.enter("dan", 4, HOME, 3);
    hall.ask("dan", "sums", 11);
    assert_eq!(hall.races.problems_called(Solver::Origin(HOME), "print(f([1,2]))"), ["sums"]);
    hall.races.note_solved(Solver::Origin(HOME), "sums".to_owned(), at(20));
    assert!(hall.races.claim("ada", account(1), at(21)).unwrap().is_some());
    assert_eq!(hall.races.claim("dan", account(4), at(21)), Err(ClaimRefused::NotSolved));
}

#[test]
fn a_program_is_tried_on_what_its_last_line_calls() {
    let hall = Hall::with_two([HOME, SCHOOL]);
    for (by, line, called) in [
        (Solver::Origin(HOME), "console.log( f([1,2]) );", true),
        (Solver::Account(account(2)), "f([1, 2])", true),
        (Solver::Account(account(1)), "print(f([1]))", false),
        (Solver::Account(account(3)), "print(f([1, 2]))", false),
    ] {
        assert_eq!(!hall.races.problems_called(by, line).is_empty(), called, "{by:?} {line}");
    }
}

#[test]
fn a_result_is_known_by_its_players_and_counts_once_both_are_proven() {
    let players = [account(2), account(1)];
    for (uses, counts) in [(&[(1, 5), (2, 6)][..], true), (&[(1, 5)], false), (&[(1, 5), (2, 900)], true)] {
        let mut hall = Hall::default();
        hall.enter("ada", 1, HOME, 600);
        hall.enter("bob", 2, HOME, 600);
        hall.ask("bob", "sums", 602);
        hall.races.note_solved(Solver::Account(account(1)), "sums".to_owned(), at(1_000));
        hall.races.claim("ada", account(1), at(1_001)).unwrap();
        for (id, seconds) in uses {
            hall.races.note_use(account(*id), HOME, at(*seconds));
        }
        let judged = hall.races.judged("sums", players, account(1)).unwrap().clone();
        assert_eq!(judged.players.each_ref().map(|party| party.account), [account(1), account(2)]);
        assert_eq!(hall.races.is_proven(&judged), counts, "{uses:?}");
        assert_eq!(hall.races.judged("sums", players, account(2)), None);
        assert_eq!(hall.races.judged("other", players, account(1)), None);
        assert_eq!(hall.races.judged("sums", [account(1); 2], account(1)), None);
    }
}

#[test]
fn leaving_does_not_save_who_is_losing() {
    let mut hall = Hall::with_two([HOME, SCHOOL]);
    hall.races.leave("bob");
    hall.races.note_solved(Solver::Origin(HOME), "sums".to_owned(), at(20));
    hall.races.claim("ada", account(1), at(21)).unwrap();
    assert!(hall.races.judged("sums", [account(1), account(2)], account(1)).is_some());
    // After a race another one is looked for, and a race in which nobody is left is no more.
    assert_ne!(hall.enter("ada", 1, HOME, 30).left, None);
    assert_eq!(hall.races.races.len(), 1);
}
