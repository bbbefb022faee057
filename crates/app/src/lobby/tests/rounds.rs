//! Speed chat from its start to its end.

use super::*;

async fn people(lobby: &Lobby, count: usize) -> (Vec<Caller>, GroupId) {
    let mut people = Vec::new();
    for number in 0..count {
        people.push(lobby.house.account(&format!("person{number}")).await);
    }
    let others: Vec<&Caller> = people[1..].iter().collect();
    let group = lobby.house.group(&people[0], &others).await;
    for who in &people {
        lobby.house.app.leave_lobby(id(who)).await.unwrap();
    }
    (people, group)
}

async fn tables(lobby: &Lobby, people: &[Caller]) -> HashMap<RoomId, Vec<WaiterId>> {
    let mut tables: HashMap<RoomId, Vec<WaiterId>> = HashMap::new();
    for who in people {
        if let Some(room) = lobby.place(who).await.and_then(|place| place.room) {
            tables.entry(room).or_default().push(id(who));
        }
    }
    tables
}

#[tokio::test]
async fn everybody_meets_everybody_and_the_clock_moves_them_on() {
    let lobby = Lobby::new();
    let (people, group) = people(&lobby, 6).await;
    let app = &lobby.house.app;
    let plan = Plan::new(3, 5, false).unwrap();
    assert!(matches!(
        app.start_speed_chat(&people[1], group, plan, Duration::ZERO).await,
        Err(SpeedChatError::Denied(_))
    ));
    let state = app.start_speed_chat(&people[0], group, plan, Duration::from_secs(60)).await.unwrap();
    assert_eq!(state.speed_chat.unwrap().round, 0);
    assert!(matches!(
        app.start_speed_chat(&people[0], group, plan, Duration::ZERO).await,
        Err(SpeedChatError::Runs)
    ));
    for who in &people {
        assert!(waits(&lobby.enter(who, group).await), "all wait for the first round");
    }
    let mut met = HashSet::new();
    lobby.tick_after(Duration::from_secs(60)).await;
    for round in 1..=3 {
        let tables = tables(&lobby, &people).await;
        assert_eq!(tables.len(), 3, "round {round}");
        for (room, table) in &tables {
            let [a, b] = table[..] else { panic!("two at a table") };
            assert!(met.insert((a.min(b), a.max(b))), "nobody twice");
            assert!(matches!(app.next_room(a, *room).await, Err(LobbyError::RoundRuns)));
            lobby.hears("room of 2").await;
            app.say_in_room(a, *room, text("hello")).unwrap();
        }
        let state = app.lobby_state(&people[0], group).await.unwrap();
        assert_eq!((state.tables.len(), state.waiting), (3, 0));
        assert!(app.lobby_state(&people[1], group).await.unwrap().tables.is_empty());
        lobby.tick_after(Duration::from_secs(5 * 60)).await;
    }
    assert!(app.lobby_state(&people[0], group).await.unwrap().speed_chat.unwrap().ending.is_some());
    let last = tables(&lobby, &people).await;
    assert_eq!(last.len(), 3, "nobody is torn away from the last one they met");
    let (room, table) = last.iter().next().unwrap();
    assert!(waits(&app.next_room(table[0], *room).await.unwrap()), "now they go on by themselves");
}

#[tokio::test]
async fn who_loses_their_partner_sits_out_and_who_comes_late_waits() {
    let lobby = Lobby::new();
    let (people, group) = people(&lobby, 5).await;
    let app = &lobby.house.app;
    for who in &people[..4] {
        lobby.enter(who, group).await;
    }
    // Those who talk already are not torn apart; they take part when they come free.
    let before = tables(&lobby, &people).await;
    assert_eq!(before.len(), 2);
    app.start_speed_chat(&people[0], group, Plan::new(5, 1, false).unwrap(), Duration::ZERO).await.unwrap();
    assert_eq!(tables(&lobby, &people).await, before);
    for (room, table) in before {
        for who in table {
            assert!(waits(&app.next_room(who, room).await.unwrap()));
        }
    }
    lobby.tick_after(Duration::from_secs(60)).await;
    let second = tables(&lobby, &people).await;
    assert_eq!(second.len(), 2);
    lobby.enter(&people[4], group).await;
    let (room, table) = second.iter().next().unwrap();
    lobby.hears("room of 2").await;
    app.say_in_room(table[0], *room, text("go away")).unwrap();
    lobby.hears("said go away").await;
    app.leave_room(table[0], *room).await.unwrap();
    // Who is left stays at the table until the round is over, and may report what was said there, also a little later.
    let alone = people.iter().find(|person| id(person) == table[1]).unwrap();
    assert_eq!(lobby.place(alone).await.unwrap().room, Some(*room));
    app.report(id(alone), *room, None, ReportReason::default()).await.unwrap();
    lobby.tick_after(Duration::from_secs(60)).await;
    assert_eq!(tables(&lobby, &people).await.len(), 2, "four are left, all sit");
    lobby.hears("over round_over").await;
    app.block(id(alone), *room, None).await.unwrap();
    let reports = app.reports(&people[0], group, None, crate::PageLimit::default()).await.unwrap().items;
    assert_eq!(reports[0].report.lines[0].text, "go away");

    app.stop_speed_chat(&people[0], group).await.unwrap();
    assert!(matches!(app.stop_speed_chat(&people[0], group).await, Err(SpeedChatError::RunsNot)));
    assert_eq!(tables(&lobby, &people).await.len(), 2);
}

#[tokio::test]
async fn a_speed_chat_outlives_its_node() {
    let lobby = Lobby::new();
    let (people, group) = people(&lobby, 4).await;
    for who in &people {
        lobby.house.app.leave_lobby(id(who)).await.unwrap();
        lobby.enter(who, group).await;
    }
    let app = &lobby.house.app;
    for (room, table) in tables(&lobby, &people).await {
        for who in table {
            let _ = app.leave_room(who, room).await;
        }
    }
    app.start_speed_chat(&people[0], group, Plan::new(2, 1, false).unwrap(), Duration::ZERO).await.unwrap();
    for who in &people {
        lobby.enter(who, group).await;
    }
    lobby.tick_after(Duration::from_secs(60)).await;
    assert_eq!(tables(&lobby, &people).await.len(), 2);
    // Another process over the same database: everybody is away, and back within the time.
    lobby.listening.abort();
    assert!(lobby.listening.await.is_err());
    let folder = lobby.house.into_folder();
    let house = House::on(folder, Settings { rate_limits: false });
    house.app.take_over_lobbies().await.unwrap();
    for who in &people {
        let back = house.app.enter_lobby(who, group, "again").await.unwrap();
        assert!(!waits(&back), "the same table");
    }
}
