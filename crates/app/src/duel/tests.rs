//! What a result does, without a judge: its word is said by the tests. With the real one, the stories play.

use super::arena::{Live, lock};
use super::{DuelError, FoundBy, JudgeState, Program};
use crate::testing::House;
use crate::{Caller, PageLimit};
use parlor_core::duel::{
    Ask, BestOf, Command, Ending, Language, Minutes, Mode, Phase, Refused, Seats, Seeker, Terms, Verdict,
    Wish,
};
use parlor_core::{AccountId, DuelId, GroupId};
use parlor_store::duels::{NewDuel, Unranked};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const ANY: Wish = Wish { mode: Mode::Fastest, language: None, best_of: None, minutes: None };

/// A house with Parlor's own problems.
fn house() -> House {
    let house = House::new();
    let problems = parlor_problems::embedded::problems().unwrap();
    house.app.open_duels(problems, JudgeState::Off("no judge in this test".to_owned()));
    house
}

/// A duel of one round that has begun, with everybody there.
async fn begun(house: &House, players: &[&Caller]) -> Arc<Mutex<Live>> {
    let terms = Terms {
        mode: Mode::Fastest,
        language: None,
        best_of: BestOf::parse(1).unwrap(),
        minutes: Minutes::USUAL,
    };
    let mut people = Vec::new();
    for player in players {
        people.push(house.app.person(player).await.unwrap());
    }
    let new = NewDuel {
        node: 1,
        group: None,
        owner: None,
        public: true,
        terms,
        seats: Seats::parse(players.len() as u32).unwrap(),
        at: house.app.now(),
    };
    let arc = house.app.make_duel(new, people).await.unwrap();
    house.app.begin_everybody(&arc, FoundBy::Seek).await.unwrap();
    let duel = lock(&arc).id;
    for player in players {
        house.app.open_duel(player, duel).await.unwrap();
    }
    house.clock.advance(Duration::from_secs(3));
    change(house, &arc, Command::Time);
    assert_eq!(lock(&arc).duel.phase, Phase::Running);
    arc
}

fn change(house: &House, arc: &Arc<Mutex<Live>>, command: Command) {
    house.app.change_duel(arc, &mut lock(arc), command).unwrap();
}

/// Lets somebody win, and waits until it is written down.
async fn won(house: &House, players: &[&Caller], winner: &Caller) -> Arc<Mutex<Live>> {
    let arc = begun(house, players).await;
    let ask = Ask::Submit { language: Language::Python, length: 9 };
    change(house, &arc, Command::By { who: winner.account.id, ask });
    let job = lock(&arc).duel.last_job;
    change(house, &arc, Command::Judged { job, verdict: Verdict::Accepted, passed: 12 });
    written(&arc).await;
    arc
}

async fn written(arc: &Arc<Mutex<Live>>) {
    let deadline = std::time::Instant::now() + Duration::from_secs(10);
    while lock(arc).finish.is_none() {
        assert!(std::time::Instant::now() < deadline, "the result is not written down");
        tokio::task::yield_now().await;
    }
}

fn unranked(arc: &Arc<Mutex<Live>>) -> Option<Unranked> {
    lock(arc).finish.as_ref().unwrap().unranked
}

async fn xp(house: &House, caller: &Caller) -> u32 {
    let me = caller.account.id;
    house.app.duel_profile(caller, me, None, PageLimit::default()).await.unwrap().rating.xp
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sixth_win_of_a_day_against_the_same_player_moves_nothing() {
    let house = house();
    let (ada, bob, cleo) =
        (house.account("ada").await, house.account("bob").await, house.account("cleo").await);
    for _ in 0..5 {
        assert_eq!(unranked(&won(&house, &[&ada, &bob], &ada).await), None);
    }
    assert_eq!(unranked(&won(&house, &[&ada, &bob], &ada).await), Some(Unranked::TooOften));
    assert_eq!((xp(&house, &ada).await, xp(&house, &bob).await), (50, 0));
    // The other way round, and against somebody else, it counts.
    assert_eq!(unranked(&won(&house, &[&ada, &bob], &bob).await), None);
    assert_eq!(unranked(&won(&house, &[&ada, &cleo], &ada).await), None);
    house.clock.advance(Duration::from_secs(24 * 60 * 60));
    assert_eq!(unranked(&won(&house, &[&ada, &bob], &ada).await), None);
    assert_eq!((xp(&house, &ada).await, xp(&house, &bob).await), (70, 10));
    let board = house.app.leaderboard(0, PageLimit::default()).await.unwrap().items;
    let wins: Vec<_> = board.iter().map(|one| (one.rating.wins, one.rating.losses)).collect();
    assert_eq!(wins, [(7, 1), (1, 6), (0, 1)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_moves_no_points_and_a_void_duel_has_no_places() {
    let house = house();
    let (ada, guest) = (house.account("ada").await, house.guest("Guest").await);
    assert_eq!(unranked(&won(&house, &[&ada, &guest], &ada).await), Some(Unranked::Guest));
    let arc = begun(&house, &[&ada, &guest]).await;
    for who in [ada.account.id, guest.account.id] {
        change(&house, &arc, Command::By { who, ask: Ask::Abort(true) });
    }
    written(&arc).await;
    assert_eq!(unranked(&arc), Some(Unranked::Void));
    let id = lock(&arc).id;
    let review = house.app.review_duel(&ada, id).await.unwrap();
    let outcome = review.view.duel.outcome.unwrap();
    assert_eq!((outcome.ending, outcome.places.len()), (Ending::Aborted, 0));
    assert_eq!(xp(&house, &ada).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_a_problem_again_soon_and_a_result_is_found_as_it_was_told() {
    let house = house();
    let (ada, bob) = (house.account("ada").await, house.account("bob").await);
    let mut played = Vec::new();
    for _ in 0..15 {
        let arc = won(&house, &[&ada, &bob], &bob).await;
        let (id, problem) = {
            let live = lock(&arc);
            (live.id, live.problem().unwrap().id.clone())
        };
        assert!(!played.contains(&problem), "{problem} again");
        played.push(problem);
        let told = house.app.review_duel(&ada, id).await.unwrap().view;
        house.app.inner.duels.forget(id);
        let found = house.app.review_duel(&ada, id).await.unwrap();
        assert_eq!(found.view.duel.outcome, told.duel.outcome);
        assert_eq!(found.view.duel.results, told.duel.results);
        assert_eq!(found.view.finish, told.finish);
        assert_eq!(found.rounds[0].submitted.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_judge_nobody_begins_and_the_reason_is_told() {
    let house = house();
    let ada = house.account("ada").await;
    let refused = house.app.seek_duel(&ada, ANY).await.unwrap_err();
    assert!(matches!(&refused, DuelError::NoJudge(reason) if reason == "no judge in this test"), "{refused}");
    assert_eq!(house.app.duel_status().reason.as_deref(), Some("no judge in this test"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ran_when_the_server_ended_is_void() {
    let house = house();
    let (ada, bob) = (house.account("ada").await, house.account("bob").await);
    let arc = begun(&house, &[&ada, &bob]).await;
    let duel: DuelId = lock(&arc).id;
    let player: AccountId = ada.account.id;
    assert_eq!(house.app.inner.duels.of(player), Some(duel));
    house.app.inner.duels.forget(duel);
    house.app.void_unfinished_duels().await.unwrap();
    let view = house.app.review_duel(&bob, duel).await.unwrap().view;
    assert_eq!(view.duel.outcome.unwrap().ending, Ending::Fault);
    assert_eq!(view.finish.unwrap().unranked, Some(Unranked::Void));
    assert_eq!((view.people.len(), xp(&house, &ada).await), (2, 0));
}

/// A duel of a group of ada's that bob has joined, which has not begun.
async fn joined(house: &House, ada: &Caller, bob: &Caller) -> (GroupId, Arc<Mutex<Live>>) {
    let group = house.group(ada, &[bob]).await;
    let mut people = Vec::new();
    for player in [ada, bob] {
        people.push(house.app.person(player).await.unwrap());
    }
    let terms = Terms {
        mode: Mode::Fastest,
        language: None,
        best_of: BestOf::parse(1).unwrap(),
        minutes: Minutes::USUAL,
    };
    let new = NewDuel {
        node: 1,
        group: Some(group),
        owner: Some(ada.account.id),
        public: false,
        terms,
        seats: Seats::parse(3).unwrap(),
        at: house.app.now(),
    };
    (group, house.app.make_duel(new, people).await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_no_member_any_more_loses_the_place_and_plays_no_rematch() {
    let house = house();
    let (ada, bob) = (house.account("ada").await, house.account("bob").await);
    let (group, arc) = joined(&house, &ada, &bob).await;
    house.app.remove_member(&ada, group, bob.account.id).await.unwrap();
    let rematch = house.app.begin_duel(&arc, Some(ada.account.id), FoundBy::Rematch).await.unwrap_err();
    assert!(matches!(rematch, DuelError::NotFound), "{rematch}");
    assert_eq!(lock(&arc).duel.players.len(), 2);
    let start = house.app.begin_duel(&arc, Some(ada.account.id), FoundBy::Challenge).await.unwrap_err();
    assert!(matches!(start, DuelError::Refused(Refused::Alone)), "{start}");
    assert!(lock(&arc).duel.player(bob.account.id).is_none());
    let (_, other) = joined(&house, &ada, &bob).await;
    let id = lock(&other).id;
    assert!(!house.app.lost_membership(bob.account.id, id));
    assert!(lock(&other).duel.player(bob.account.id).is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_plays_elsewhere_is_no_pair_and_the_other_seeks_on() {
    let house = house();
    let (ada, bob, cleo) =
        (house.account("ada").await, house.account("bob").await, house.account("cleo").await);
    begun(&house, &[&ada, &cleo]).await;
    let since = house.app.now();
    let seeker = |who: &Caller| Seeker {
        account: who.account.id,
        wish: ANY,
        xp: 0,
        rating: 1500,
        since,
        blocked: BTreeSet::new(),
    };
    lock(&house.app.inner.duels.seekers).waiting = vec![seeker(&ada), seeker(&bob)];
    house.clock.advance(Duration::from_secs(1));
    house.app.pair_seekers().await;
    let seekers = lock(&house.app.inner.duels.seekers);
    assert_eq!(seekers.waiting, [seeker(&bob)]);
    assert!(seekers.paired.is_empty());
    assert_eq!(house.app.inner.duels.of(bob.account.id), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn edits_are_kept_only_while_all_let_them_be() {
    let house = house();
    let (ada, bob) = (house.account("ada").await, house.account("bob").await);
    let arc = begun(&house, &[&ada, &bob]).await;
    let duel = lock(&arc).id;
    let write = || {
        let program = Program::parse("pass".to_owned(), Language::Python).unwrap();
        house.app.keep_code(&ada, duel, program).unwrap();
        lock(&arc).edits.len()
    };
    house.app.ask_of_duel(&ada, duel, Ask::Record(true)).unwrap();
    assert_eq!(write(), 0);
    house.app.ask_of_duel(&bob, duel, Ask::Record(true)).unwrap();
    assert_eq!(write(), 1);
    house.app.ask_of_duel(&bob, duel, Ask::Record(false)).unwrap();
    assert!(lock(&arc).edits.is_empty());
    assert_eq!(write(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_duel_without_an_end_that_nobody_has_is_not_shown() {
    let house = house();
    let (ada, bob) = (house.account("ada").await, house.account("bob").await);
    let arc = begun(&house, &[&ada, &bob]).await;
    let duel = lock(&arc).id;
    assert!(house.app.review_duel(&ada, duel).await.is_ok());
    house.app.inner.duels.forget(duel);
    assert!(matches!(house.app.review_duel(&ada, duel).await, Err(DuelError::NotFound)));
}
