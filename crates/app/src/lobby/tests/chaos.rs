//! Everybody does anything at any time, and things go wrong; what must hold, holds after every step.

use super::*;
use crate::Entropy;
use crate::testing::CountingEntropy;
use std::fmt::Write as _;

const PEOPLE: usize = 9;
const STEPS: usize = 600;

/// Chance for the steps, another for each seed.
struct Dice(CountingEntropy);

impl Dice {
    fn new(seed: usize) -> Self {
        let dice = Self(CountingEntropy::default());
        for _ in 0..seed {
            dice.throw(2);
        }
        dice
    }

    fn throw(&self, sides: usize) -> usize {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        usize::try_from(u64::from_le_bytes(bytes) >> 8).unwrap_or(0) % sides
    }
}

#[tokio::test]
async fn whatever_everybody_does_nobody_is_in_two_rooms_and_nobody_is_forgotten() {
    for seed in 1..=4 {
        let lobby = Lobby::new();
        let dice = Dice::new(seed);
        let mut people = Vec::new();
        for number in 0..PEOPLE {
            people.push(lobby.house.account(&format!("person{number}")).await);
        }
        let others: Vec<&Caller> = people[1..].iter().collect();
        let group = lobby.house.group(&people[0], &others).await;
        let edit = crate::groups::GroupEdit { lobby_threes: Some(seed % 2 == 0), ..Default::default() };
        lobby.house.app.change_group(&people[0], group, edit).await.unwrap();
        let mut done = String::new();
        for _ in 0..STEPS {
            let who = &people[dice.throw(PEOPLE)];
            step(&lobby, &dice, who, group, &mut done).await;
            check(&lobby, group, &done).await;
        }
    }
}

async fn step(lobby: &Lobby, dice: &Dice, who: &Caller, group: GroupId, done: &mut String) {
    let app = &lobby.house.app;
    let room = lobby.place(who).await.and_then(|place| place.room);
    let number = dice.throw(12);
    writeln!(done, "{} {number} {room:?}", who.account.display_name).unwrap();
    // Refusals are fine: what matters is what is there afterwards.
    match (number, room) {
        (0..=3, _) => drop(app.enter_lobby(who, group, "s").await),
        (4, _) => app.vanish_from_lobby(id(who)).await,
        (5, _) => drop(app.leave_lobby(id(who)).await),
        (6, Some(room)) => drop(app.leave_room(id(who), room).await),
        (7 | 8, Some(room)) => drop(app.next_room(id(who), room).await),
        (9, Some(room)) if dice.throw(8) == 0 => drop(app.block(id(who), room, None).await),
        (10, _) if dice.throw(20) == 0 => {
            let plan = Plan::new(2, 1, dice.throw(2) == 0).unwrap();
            drop(app.start_speed_chat(who, group, plan, Duration::from_secs(5)).await);
        }
        _ => lobby.tick_after(Duration::from_secs([1, 5, 12, 25][dice.throw(4)])).await,
    }
}

async fn check(lobby: &Lobby, group: GroupId, done: &str) {
    let read = move |tx: &mut dyn parlor_store::tx::Tx| {
        Ok::<_, crate::Failure>((places::in_group(tx, group)?, parlor_store::rooms::of_group(tx, group)?))
    };
    let (places, rooms) = lobby.house.app.store().read(read).await.unwrap();
    let mut whos: Vec<WaiterId> = places.iter().map(|place| place.who).collect();
    whos.sort();
    whos.dedup();
    assert_eq!(whos.len(), places.len(), "one place a person\n{done}");
    let mut inside: HashMap<RoomId, usize> = HashMap::new();
    for room in places.iter().filter_map(|place| place.room) {
        *inside.entry(room).or_default() += 1;
    }
    for room in &rooms {
        let count = inside.remove(&room.id).unwrap_or(0);
        assert!((1..=3).contains(&count), "a room of {count}\n{done}");
    }
    assert!(inside.is_empty(), "everybody who is in a room is in one that is there\n{done}");
    // No two wait who could be together, unless rounds run.
    let running = lobby
        .house
        .app
        .store()
        .read(move |tx| parlor_store::speed_chats::is_running(tx, group))
        .await
        .unwrap();
    if running {
        return;
    }
    let waiting: Vec<&places::Place> =
        places.iter().filter(|place| place.room.is_none() && place.vanished_at.is_none()).collect();
    for (at, a) in waiting.iter().enumerate() {
        for b in &waiting[at + 1..] {
            let blocked = is_blocked(lobby, group, a.who, b.who).await;
            assert!(
                blocked || a.last.contains(b.who) || b.last.contains(a.who),
                "two wait who may meet\n{done}"
            );
        }
    }
}

async fn is_blocked(lobby: &Lobby, group: GroupId, a: WaiterId, b: WaiterId) -> bool {
    let read = move |tx: &mut dyn parlor_store::tx::Tx| {
        let mut history = parlor_core::History::new();
        parlor_store::meetings::add_known(tx, &mut history, group, a)?;
        Ok::<_, crate::Failure>(history.is_blocked(a, b))
    };
    lobby.house.app.store().read(read).await.unwrap()
}
