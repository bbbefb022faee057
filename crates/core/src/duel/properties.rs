//! Every order of programs, verdicts and lost connections, and what must hold in all of them.

use super::*;
use crate::{AccountId, Timestamp};
use proptest::prelude::*;
use proptest::sample::{Index, select};

const BEGIN: i64 = 1_000_000;

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(BEGIN + millis)
}

fn who(number: i64) -> AccountId {
    AccountId::new(number).unwrap()
}

/// A match of so many that has begun; its first round runs from 3,000 on.
fn running(mode: Mode, players: i64, rounds: u32) -> Match {
    let terms = Terms {
        mode,
        language: None,
        best_of: BestOf::parse(rounds).unwrap(),
        minutes: Minutes::parse(1).unwrap(),
    };
    let seats = Seats::parse(players.try_into().unwrap()).unwrap();
    let mut duel = Match::new(terms, seats, Some(who(1)), at(0));
    for number in 2..=players {
        duel = must(&duel, by(number, Ask::Join), 0);
    }
    let puzzles = (0..duel.puzzles_needed()).map(|i| Puzzle { id: format!("p{i}"), tests: 12 }).collect();
    duel = must(&duel, Command::Begin { by: None, puzzles }, 0);
    assert_eq!(decide(&duel, Command::Time, at(2_999)), Ok(None));
    let duel = must(&duel, Command::Time, 3_000);
    assert_eq!(duel.phase, Phase::Running);
    duel
}

fn by(number: i64, ask: Ask) -> Command {
    Command::By { who: who(number), ask }
}

fn submit(number: i64, length: u32) -> Command {
    by(number, Ask::Submit { language: Language::Python, length })
}

fn must(duel: &Match, command: Command, millis: i64) -> Match {
    decide(duel, command, at(millis)).unwrap().unwrap()
}

fn judged(job: u64, verdict: Verdict, passed: u32) -> Command {
    Command::Judged { job, verdict, passed }
}

#[test]
fn a_later_accepted_program_waits_for_an_earlier_one() {
    for (first, winner) in [(Verdict::Accepted, 1), (Verdict::WrongAnswer, 2)] {
        let mut duel = running(Mode::Fastest, 2, 1);
        duel = must(&duel, submit(1, 9), 4_000);
        duel = must(&duel, submit(2, 9), 4_001);
        duel = must(&duel, judged(2, Verdict::Accepted, 12), 4_010);
        assert_eq!(duel.phase, Phase::Running, "the first is not judged yet");
        duel = must(&duel, judged(1, first, 12), 9_000);
        assert_eq!(duel.outcome.unwrap().winner, Some(who(winner)));
    }
}

#[test]
fn a_fault_of_ours_costs_nobody() {
    let mut duel = running(Mode::Fastest, 2, 1);
    duel = must(&duel, submit(1, 9), 62_000);
    duel = must(&duel, Command::Time, 63_000);
    assert_eq!(duel.phase, Phase::Judging);
    assert_eq!(decide(&duel, submit(2, 9), at(63_001)), Err(Refused::NoRound));
    duel = must(&duel, judged(1, Verdict::Fault, 0), 65_000);
    assert_eq!(duel.phase, Phase::Running, "time is given back");
    assert_eq!(duel.round.as_ref().unwrap().ends_at, at(68_000));
    duel = must(&duel, submit(2, 9), 66_000);
    duel = must(&duel, judged(2, Verdict::Accepted, 12), 66_100);
    assert_eq!(duel.results[0].ending, RoundEnding::Void, "the first might have been right");
    assert_eq!((duel.players[1].won, duel.outcome.is_none()), (0, true));
    duel = must(&duel, Command::Time, 76_100);
    assert_eq!((duel.phase, duel.round.as_ref().unwrap().number), (Phase::Countdown, 2));
}

#[test]
fn when_time_is_up_tests_count_and_then_fewer_in_vain() {
    for (passed, winner) in [([3, 4], Some(2)), ([4, 4], None), ([0, 0], None), ([5, 4], Some(1))] {
        let mut duel = running(Mode::Fastest, 2, 1);
        for (number, passed) in [(1, passed[0]), (2, passed[1])] {
            duel = must(&duel, submit(number, 9), 4_000);
            duel = must(&duel, judged(number as u64, Verdict::WrongAnswer, passed), 4_000);
        }
        duel = must(&duel, Command::Time, 63_000);
        assert_eq!(duel.outcome.unwrap().winner, winner.map(who), "{passed:?}");
    }
    let mut duel = running(Mode::Fastest, 2, 1);
    for (job, number) in [(1, 1), (2, 1), (3, 2)] {
        duel = must(&duel, submit(number, 9), 4_000);
        duel = must(&duel, judged(job, Verdict::WrongAnswer, 4), 4_000);
    }
    assert_eq!(must(&duel, Command::Time, 63_000).outcome.unwrap().winner, Some(who(2)));
}

#[test]
fn the_shortest_wins_when_all_are_content() {
    let mut duel = running(Mode::Shortest, 2, 1);
    for (job, number, length) in [(1, 1, 50), (2, 2, 40), (3, 1, 40)] {
        duel = must(&duel, submit(number, length), 4_000);
        duel = must(&duel, judged(job, Verdict::Accepted, 12), 4_000);
    }
    duel = must(&duel, by(1, Ask::Ready(true)), 5_000);
    assert_eq!(duel.phase, Phase::Running);
    duel = must(&duel, by(2, Ask::Ready(true)), 5_000);
    assert_eq!(duel.outcome.unwrap().winner, Some(who(2)), "of the same length the first received");
}

#[test]
fn who_does_not_come_back_has_given_up_and_nobody_left_is_void() {
    let mut duel = running(Mode::Fastest, 2, 3);
    duel = must(&duel, by(1, Ask::Away), 10_000);
    let back = must(&duel, by(1, Ask::Back), 69_999);
    assert_eq!(must(&back, Command::Time, 80_000).outcome, None);
    let lost = must(&duel, Command::Time, 70_000);
    let outcome = lost.outcome.unwrap();
    assert_eq!((outcome.ending, outcome.winner), (Ending::Forfeit, Some(who(2))));
    let both = must(&duel, by(2, Ask::Away), 20_000);
    let outcome = must(&both, Command::Time, 70_000).outcome.unwrap();
    assert_eq!((outcome.ending, outcome.winner, outcome.places.len()), (Ending::Deserted, None, 0));
    let resigned = must(&duel, by(2, Ask::Forfeit), 20_000).outcome.unwrap();
    assert_eq!((resigned.ending, resigned.winner), (Ending::Forfeit, Some(who(1))));
}

#[test]
fn an_end_for_nothing_needs_all() {
    let duel = must(&running(Mode::Fastest, 3, 3), by(1, Ask::Abort(true)), 9_000);
    let duel = must(&must(&duel, by(2, Ask::Abort(true)), 9_000), by(1, Ask::Abort(false)), 9_000);
    let duel = must(&duel, by(3, Ask::Abort(true)), 9_000);
    assert_eq!(duel.outcome, None);
    let duel = must(&duel, by(1, Ask::Abort(true)), 9_000);
    assert_eq!(duel.outcome.as_ref().unwrap().ending, Ending::Aborted);
    assert_eq!(decide(&duel, by(1, Ask::Forfeit), at(9_001)), Err(Refused::Over));
    assert!(must(&duel, by(1, Ask::Rematch(true)), 9_001).players[0].rematch);
}

#[test]
fn best_of_three_is_two_and_a_place_is_held_once() {
    let mut duel = running(Mode::Reverse, 2, 3);
    assert_eq!(decide(&duel, by(1, Ask::Join), at(3_000)), Ok(None), "a second time is the same place");
    assert_eq!(decide(&duel, by(9, Ask::Join), at(3_000)), Err(Refused::Begun));
    for (job, millis) in [(1, 4_000), (2, 18_000)] {
        duel = must(&duel, submit(2, 9), millis);
        assert_eq!(duel.last_job, job);
        duel = must(&duel, judged(job, Verdict::Accepted, 12), millis);
        if job == 1 {
            duel = must(&duel, Command::Time, millis + 10_000);
            duel = must(&duel, Command::Time, millis + 13_000);
        }
    }
    let outcome = duel.outcome.unwrap();
    assert_eq!((outcome.ending, outcome.winner, outcome.places[0].won), (Ending::Won, Some(who(2)), 2));
}

proptest! {
    /// Whatever the order in which verdicts come, the first received of the accepted ones wins.
    #[test]
    fn the_order_of_verdicts_changes_nothing(
        programs in proptest::collection::vec((1_i64..=4, any::<bool>()), 1..12),
        order in proptest::collection::vec(any::<Index>(), 12),
    ) {
        let mut duel = running(Mode::Fastest, 4, 1);
        for (number, _) in &programs {
            duel = must(&duel, submit(*number, 9), 5_000);
        }
        let mut waiting: Vec<usize> = (0..programs.len()).collect();
        for index in order.iter().take(programs.len()) {
            let next = waiting.remove(index.index(waiting.len()));
            let verdict = if programs[next].1 { Verdict::Accepted } else { Verdict::WrongAnswer };
            let passed = if programs[next].1 { 12 } else { 3 };
            if let Some(changed) = decide(&duel, judged(next as u64 + 1, verdict, passed), at(6_000)).unwrap() {
                duel = changed;
            }
        }
        let first = programs.iter().find(|(_, accepted)| *accepted).map(|(number, _)| who(*number));
        match first {
            Some(first) => prop_assert_eq!(duel.outcome.unwrap().winner, Some(first)),
            None => prop_assert_eq!(duel.phase, Phase::Running),
        }
    }

    /// Anything in any order: nobody wins without an accepted program, a better result or being the only one left, a
    /// result never changes, numbers only grow, and time alone ends everything.
    #[test]
    fn nothing_breaks_a_match(
        mode in select(vec![Mode::Fastest, Mode::Shortest, Mode::Reverse]),
        players in 2_i64..=4,
        steps in proptest::collection::vec((0_u8..12, 1_i64..=5, 0_i64..40_000, any::<Index>()), 1..120),
    ) {
        let mut duel = running(mode, players, 3);
        let mut now = 3_000;
        for (kind, number, wait, index) in steps {
            now += if kind % 3 == 0 { wait } else { wait / 100 };
            let pending: Vec<u64> = duel.round.iter().flat_map(|round| &round.submissions)
                .filter(|one| one.verdict.is_none()).map(|one| one.job).collect();
            let verdicts = [Verdict::Accepted, Verdict::WrongAnswer, Verdict::Fault, Verdict::TimeLimit];
            let command = match kind {
                0..=2 => submit(number, index.index(60) as u32),
                3..=5 if !pending.is_empty() => {
                    let verdict = *index.get(&verdicts);
                    let passed = if verdict == Verdict::Accepted { 12 } else { index.index(12) as u32 };
                    judged(*index.get(&pending), verdict, passed)
                }
                6 => by(number, Ask::Away),
                7 => by(number, Ask::Back),
                8 => by(number, Ask::Ready(true)),
                9 if index.index(4) == 0 => by(number, Ask::Forfeit),
                10 => by(number, Ask::Abort(index.index(2) == 0)),
                _ => Command::Time,
            };
            let Ok(Some(next)) = decide(&duel, command, at(now)) else { continue };
            prop_assert_eq!(next.rev, duel.rev + 1);
            prop_assert!(next.results.starts_with(&duel.results));
            prop_assert!(duel.outcome.is_none() || next.outcome == duel.outcome);
            prop_assert!(next.last_job >= duel.last_job);
            for result in &next.results[duel.results.len()..] {
                let round = next.round.as_ref().unwrap();
                let of = |player| result.places.iter().find(|place| place.player == player).unwrap();
                match (result.ending, result.winner) {
                    (RoundEnding::Solved, Some(winner)) => {
                        prop_assert!(of(winner).standing.solved_ms.is_some());
                        if mode != Mode::Shortest {
                            let mine = round.submissions.iter()
                                .find(|one| one.by == winner && one.verdict == Some(Verdict::Accepted)).unwrap();
                            let earlier = round.submissions.iter().filter(|one| one.job < mine.job && one.by != winner);
                            for one in earlier.filter(|one| next.player(one.by).unwrap().plays()) {
                                prop_assert!(!matches!(one.verdict, None | Some(Verdict::Accepted | Verdict::Fault)));
                            }
                        }
                    }
                    (RoundEnding::TimeUp, Some(winner)) => prop_assert!(of(winner).standing.passed > 0),
                    (RoundEnding::Solved, None) | (RoundEnding::Void, Some(_)) => prop_assert!(false),
                    _ => {}
                }
            }
            duel = next;
        }
        // Whatever is being judged comes to an end, and nobody does anything more.
        for _ in 0..40 {
            let pending: Vec<u64> = duel.round.iter().flat_map(|round| &round.submissions)
                .filter(|one| one.verdict.is_none()).map(|one| one.job).collect();
            for job in pending {
                duel = decide(&duel, judged(job, Verdict::WrongAnswer, 0), at(now)).unwrap().unwrap_or(duel);
            }
            let Some(next) = duel.next_at() else { break };
            now = now.max(next.as_millis() - BEGIN);
            duel = decide(&duel, Command::Time, at(now)).unwrap().unwrap_or(duel);
        }
        let outcome = duel.outcome.clone();
        prop_assert!(outcome.is_some(), "{:?}", duel);
        let outcome = outcome.unwrap();
        prop_assert_eq!(outcome.places.is_empty(), outcome.ending.is_void());
        prop_assert_eq!(outcome.winner.is_some(), matches!(outcome.ending, Ending::Won | Ending::Forfeit));
    }
}
