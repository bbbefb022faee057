//! What a decided race does, without a judge: that somebody solved the problem is said by the tests. With the real one,
//! the stories race.

use super::record::{RaceResult, RecordError};
use super::*;
use crate::PageLimit;
use crate::duel::JudgeState;
use crate::duel::problems::PromoteError;
use crate::testing::{House, client_at};
use parlor_core::race::Solver;
use std::time::Duration;

const PROBLEM: &str = "two-bells";

fn house() -> House {
    let house = House::new();
    let problems = parlor_problems::embedded::problems().unwrap();
    house.app.open_duels(problems, JudgeState::Off("no judge in this test".to_owned()));
    house
}

/// The tokens of these people are used from their addresses.
fn used(house: &House, people: &[(&Caller, u8)]) {
    for (caller, address) in people {
        let origin = house.app.origin(&client_at(*address));
        lock(&house.app.inner.duels.races.races).note_use(caller.account.id, origin, house.app.now());
    }
}

/// The first of these people wins a race against the second; each is at the address of that number.
fn won(house: &House, people: [(&Caller, u8); 2]) -> RaceResult {
    let players = people.map(|(caller, address)| {
        let (account, name) = (caller.account.id, caller.account.display_name.clone());
        let new = NewRacer { socket: name.as_str().into(), account, name };
        house.app.enter_race(new, &client_at(address)).unwrap();
        account
    });
    let (socket, winner) = (people[0].0.account.display_name.as_str(), players[0]);
    let question = Question {
        problem: PROBLEM.to_owned(),
        call: String::new(),
        asked: "1".into(),
        test_case: "1".into(),
        expected: "1".into(),
    };
    assert!(house.app.ask_in_race(socket, question));
    let now = house.app.now();
    lock(&house.app.inner.duels.races.races).note_solved(Solver::Account(winner), PROBLEM.to_owned(), now);
    assert!(house.app.claim_race(socket, winner).unwrap().is_some());
    for (caller, _) in people {
        assert!(house.app.leave_race(caller.account.display_name.as_str()).is_some());
    }
    RaceResult { problem: PROBLEM.to_owned(), players, winner }
}

async fn xp(house: &House, caller: &Caller) -> u32 {
    house.app.racer(caller).await.unwrap().0.rating.xp
}

#[tokio::test(flavor = "multi_thread")]
async fn a_result_is_written_once_whoever_says_it_and_how_often() {
    let house = house();
    let (ada, bob, eve) =
        (house.account("ada").await, house.account("bob").await, house.account("eve").await);
    used(&house, &[(&ada, 1), (&bob, 2)]);
    let said = won(&house, [(&ada, 1), (&bob, 2)]);
    let record = |caller: &Caller| {
        let (app, caller, said) = (house.app.clone(), caller.clone(), said.clone());
        async move { app.record_race(&caller, said).await }
    };
    let (one, two, three) = tokio::join!(record(&ada), record(&bob), record(&ada));
    let ids = [one, two, three].map(|recorded| recorded.unwrap().id);
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    assert_eq!((xp(&house, &ada).await, xp(&house, &bob).await), (10, 0));
    let (_, races) = house.app.racer(&bob).await.unwrap();
    assert_eq!(
        races.iter().map(|race| (race.id, race.winner.id)).collect::<Vec<_>>(),
        [(ids[0], ada.account.id)]
    );
    assert!(matches!(record(&eve).await, Err(RecordError::NotJudged)));
    for wrong in [
        RaceResult { winner: bob.account.id, ..said.clone() },
        RaceResult { problem: "same-tune".to_owned(), ..said.clone() },
        RaceResult { players: [ada.account.id, eve.account.id], ..said.clone() },
    ] {
        assert!(matches!(house.app.record_race(&ada, wrong).await, Err(RecordError::NotJudged)));
    }
    let nobody = RaceResult { winner: eve.account.id, ..said };
    assert!(matches!(house.app.record_race(&ada, nobody).await, Err(RecordError::NotAPlayer)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_race_counts_when_both_were_seen_and_not_too_often() {
    let house = house();
    let (ada, bob) = (house.account("ada").await, house.account("bob").await);
    // Bob's token was used somewhere else.
    used(&house, &[(&ada, 1), (&bob, 3)]);
    let said = won(&house, [(&ada, 1), (&bob, 2)]);
    house.app.record_race(&ada, said).await.unwrap();
    assert_eq!(xp(&house, &ada).await, 0);
    assert!(house.app.racer(&bob).await.unwrap().1.is_empty(), "it stands in nobody's history");

    used(&house, &[(&bob, 2)]);
    for _ in 0..6 {
        let said = won(&house, [(&ada, 1), (&bob, 2)]);
        house.app.record_race(&bob, said).await.unwrap();
    }
    assert_eq!(xp(&house, &ada).await, 50, "the sixth win of a day moves nothing");
    let profile = house.app.duel_profile(&bob, bob.account.id, None, PageLimit::default()).await.unwrap();
    assert_eq!((profile.rating.losses, profile.history.items.len()), (5, 6));

    // What was not recorded within the hour is forgotten.
    let late = won(&house, [(&bob, 2), (&ada, 1)]);
    house.clock.advance(Duration::from_secs(60 * 60 + 1));
    used(&house, &[(&ada, 1), (&bob, 2)]);
    won(&house, [(&ada, 1), (&bob, 2)]);
    assert!(matches!(house.app.record_race(&bob, late).await, Err(RecordError::NotJudged)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_problem_is_of_ones_rank_and_another_each_time() {
    let house = house();
    let ada = house.account("ada").await;
    let mut seen = Vec::new();
    for _ in 0..15 {
        let problem = house.app.problem_to_race(&ada).await.unwrap();
        assert_eq!(problem.rank, parlor_problems::Rank::Bronze);
        assert!(!seen.contains(&problem.id), "{}", problem.id);
        seen.push(problem.id.clone());
    }
    assert!(matches!(house.app.generate_problem(&ada).await, Err(DuelError::NoWriter)));
    assert!(matches!(house.app.promote_problem(&ada, PROBLEM).await, Err(PromoteError::Denied)));
}
