//! Stories of watching together, with a clock that stands still until it is moved.

use super::keep_time::{ShownViewer, WatchFace};
use super::*;
use crate::Settings;
use crate::testing::House;
use parlor_bus::Received;
use parlor_core::EventBody;
use parlor_core::watch::{
    Ask, Change, Control, Hands, Kind, Length, Media, MediaTime, Phase, PlayerState, Reason, Source, Title,
};
use std::sync::Mutex;

/// Remembers who was shown.
#[derive(Default)]
struct Eye(Mutex<Vec<(GroupId, Vec<ShownViewer>)>>);

impl WatchFace for Eye {
    fn viewers(&self, group: GroupId, viewers: &[ShownViewer]) {
        self.0.lock().unwrap().push((group, viewers.to_vec()));
    }
}

fn film(address: &str) -> Media {
    let source = Source::parse(address).unwrap().source;
    Media { title: Title::of(&source), source, kind: Kind::Video, length: Length::Unknown }
}

fn load(address: &str) -> Ask {
    Ask::Load { media: film(address), start: MediaTime::START }
}

fn client_id(name: &str) -> ClientId {
    ClientId::parse(name).unwrap()
}

struct Cinema {
    house: House,
    eye: Arc<Eye>,
    running: tokio::task::JoinHandle<()>,
    commands: std::sync::atomic::AtomicUsize,
}

impl Cinema {
    fn new() -> Self {
        Self::over(House::with(Settings { rate_limits: false }))
    }

    fn over(house: House) -> Self {
        let eye = Arc::new(Eye::default());
        let (app, face) = (house.app.clone(), eye.clone());
        let running = tokio::spawn(async move { app.follow_watches(vec![face]).await });
        Self { house, eye, running, commands: std::sync::atomic::AtomicUsize::new(0) }
    }

    async fn ask(&self, who: &Caller, group: GroupId, ask: Ask) -> Result<Option<Arc<Event>>, WatchError> {
        let number = self.commands.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let seen = self.house.app.watch(who, group).await.unwrap().watch.play.rev;
        let command = Command { seen, ask };
        self.house.app.command_player(who, group, &client_id(&format!("c{number}")), command).await
    }

    async fn watch(&self, who: &Caller, group: GroupId) -> Watch {
        self.house.app.watch(who, group).await.unwrap().watch
    }

    async fn until(&self, who: &Caller, group: GroupId, what: &str, met: impl Fn(&Watch) -> bool) -> Watch {
        let waited = tokio::time::timeout(Duration::from_secs(10), async {
            loop {
                let watch = self.watch(who, group).await;
                if met(&watch) {
                    return watch;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        });
        waited.await.unwrap_or_else(|_| panic!("never {what}"))
    }

    fn report(&self, who: &Caller, group: GroupId, rev: Rev, state: PlayerState) {
        let report = Report {
            rev,
            state,
            drift_ms: 5,
            buffered_ms: 9_000,
            delay_ms: 40,
            length: Some(MediaTime::from_millis(60_000)),
            hidden: false,
            solo: false,
        };
        self.house.app.report_player(who, group, report);
    }
}

#[tokio::test]
async fn what_is_loaded_starts_when_all_are_ready_and_ends_by_the_clock() {
    let cinema = Cinema::new();
    let (app, house) = (&cinema.house.app, &cinema.house);
    let (ada, bob) = (house.account("ada").await, house.account("bob").await);
    let group = house.group(&ada, &[&bob]).await;
    app.enter_watch(&ada, group).await.unwrap();
    app.enter_watch(&bob, group).await.unwrap();
    cinema.ask(&ada, group, load("https://example.org/film.mp4")).await.unwrap();
    let preparing = cinema.watch(&bob, group).await;
    assert!(matches!(preparing.play.phase, Phase::Preparing { .. }));
    assert_eq!(preparing.current.unwrap().media.title.as_str(), "film.mp4");
    let rev = preparing.play.rev;
    for viewer in [&ada, &bob] {
        cinema.report(viewer, group, rev, PlayerState::Paused);
        app.player_is_ready(viewer, group, rev);
    }
    let playing = cinema.until(&ada, group, "plays", |watch| watch.play.phase == Phase::Playing).await;
    assert!(playing.play.at > house.app.media_clock(), "all begin at one moment that lies ahead");
    for viewer in [&ada, &bob] {
        cinema.report(viewer, group, playing.play.rev, PlayerState::Playing);
    }
    let length = Some(MediaTime::from_millis(60_000));
    cinema.until(&ada, group, "is measured", |watch| watch.length() == length).await;

    cinema.ask(&bob, group, Ask::Add { media: film("https://youtu.be/dQw4w9WgXcQ") }).await.unwrap();
    house.clock.advance(Duration::from_secs(65));
    for viewer in [&ada, &bob] {
        cinema.report(viewer, group, playing.play.rev, PlayerState::Playing);
    }
    let next = cinema.until(&ada, group, "goes on", |watch| watch.queue.entries().is_empty()).await;
    assert_eq!(next.current.unwrap().media.source.to_string(), "youtube:dQw4w9WgXcQ");
    let page = app.watched(&bob, group, None, PageLimit::default()).await.unwrap();
    assert_eq!(page.items.len(), 2);
    assert_eq!(page.items[1].until, Some(page.items[0].from), "the first ends where the second begins");
    let both = || cinema.eye.0.lock().unwrap().iter().any(|(_, viewers)| viewers.len() == 2);
    cinema.until(&ada, group, "shows them to each other", |_| both()).await;
}

#[tokio::test]
async fn the_log_tells_everything_and_a_repeat_does_nothing() {
    let cinema = Cinema::new();
    let (app, house) = (&cinema.house.app, &cinema.house);
    let (ada, bob) = (house.account("ada").await, house.account("bob").await);
    let group = house.group(&ada, &[&bob]).await;
    let mut heard = app.subscribe();
    let start = cinema.watch(&ada, group).await;
    let command = Command { seen: Rev::START, ask: Ask::Add { media: film("https://example.org/a.webm") } };
    let first = app.command_player(&ada, group, &client_id("once"), command.clone()).await.unwrap();
    assert!(first.is_some());
    assert!(app.command_player(&ada, group, &client_id("once"), command.clone()).await.unwrap().is_none());
    app.command_player(&bob, group, &client_id("once"), command).await.unwrap();
    for ask in [
        load("https://example.org/b.mp4"),
        Ask::Seek { to: MediaTime::from_millis(5_000) },
        Ask::SetRate { rate: parlor_core::watch::Rate::parse(1.5).unwrap() },
        Ask::Pause,
        Ask::SetControl { control: Control { playback: Hands::Host, ..Control::default() } },
    ] {
        cinema.ask(&ada, group, ask).await.unwrap();
    }
    let mut replayed = start;
    while let Some(Received::Notice(notice)) = heard.try_receive() {
        let Notice::Events(events) = notice else { continue };
        for event in events.iter() {
            if let EventBody::Player(change) = &event.body {
                replayed.apply(change);
            }
        }
    }
    let now = cinema.watch(&bob, group).await;
    assert_eq!(now.queue.entries().len(), 2);
    assert_eq!(Watch { play: replayed.play, ..now.clone() }, now);
    assert_eq!((replayed.queue, replayed.control, replayed.host), (now.queue, now.control, now.host));
}

#[tokio::test]
async fn who_may_not_changes_nothing() {
    let cinema = Cinema::new();
    let (app, house) = (&cinema.house.app, &cinema.house);
    let (ada, bob, eve) =
        (house.account("ada").await, house.account("bob").await, house.account("eve").await);
    let group = house.group(&ada, &[&bob]).await;
    for refused in [
        app.enter_watch(&eve, group).await.map(drop),
        app.watch(&eve, group).await.map(drop),
        app.command_player(&eve, group, &client_id("x"), Command { seen: Rev::START, ask: Ask::Pause })
            .await
            .map(drop),
    ] {
        assert!(matches!(refused, Err(WatchError::NotFound)));
    }
    assert!(app.watched(&eve, group, None, PageLimit::default()).await.is_err());
    assert!(app.cheer(&eve, group, Emoji::parse("🎉").unwrap()).await.is_err());
    cinema.ask(&ada, group, load("https://example.org/b.mp4")).await.unwrap();
    let control = Control { playback: Hands::Host, ..Control::default() };
    cinema.ask(&ada, group, Ask::SetControl { control }).await.unwrap();
    let before = cinema.watch(&bob, group).await;
    let refused = cinema.ask(&bob, group, Ask::Pause).await.unwrap_err();
    assert_eq!(refused.code(), Code::Forbidden);
    let claims = Command { seen: Rev::new(1_000), ask: Ask::Pause };
    let refused = app.command_player(&bob, group, &client_id("y"), claims).await.unwrap_err();
    assert_eq!(refused.code(), Code::Conflict);
    assert_eq!(cinema.watch(&bob, group).await, before);

    app.enter_watch(&ada, group).await.unwrap();
    for turn in 0..20 {
        let id = client_id(&format!("fast{turn}"));
        let command =
            Command { seen: Rev::START, ask: Ask::Add { media: film("https://example.org/c.mp4") } };
        let done = app.command_player(&ada, group, &id, command).await;
        assert_eq!(done.is_ok(), turn < 9, "the tenth within a second is refused");
    }
}

#[tokio::test]
async fn after_a_restart_it_stands_where_it_was() {
    let cinema = Cinema::new();
    let house = &cinema.house;
    let ada = house.account("ada").await;
    let group = house.group(&ada, &[]).await;
    house.app.enter_watch(&ada, group).await.unwrap();
    cinema.ask(&ada, group, load("https://example.org/b.mp4")).await.unwrap();
    let rev = cinema.watch(&ada, group).await.play.rev;
    cinema.report(&ada, group, rev, PlayerState::Paused);
    house.app.player_is_ready(&ada, group, rev);
    let playing = cinema.until(&ada, group, "plays", |watch| watch.play.phase == Phase::Playing).await;
    house.clock.advance(Duration::from_secs(30));
    house
        .app
        .store()
        .write(|write| watches::note_alive(write, Timestamp::from_millis(1_800_000_030_000)))
        .await
        .unwrap();

    cinema.running.abort();
    let _ = cinema.running.await;
    let folder = cinema.house.into_folder();
    let cinema = Cinema::over(House::on(folder, Settings { rate_limits: false }));
    cinema.house.clock.advance(Duration::from_secs(3_600));
    let eve = cinema.house.account("eve").await;
    let before = cinema.house.app.heads(vec![group]).await.unwrap();
    assert!(matches!(cinema.house.app.enter_watch(&eve, group).await, Err(WatchError::NotFound)));
    assert_eq!(cinema.house.app.heads(vec![group]).await.unwrap(), before, "a stranger writes nothing");
    let view = cinema.house.app.enter_watch(&ada, group).await.unwrap();
    assert_eq!(view.watch.play.phase, Phase::Paused);
    assert_ne!(view.watch.play.epoch, playing.play.epoch);
    let position = view.watch.position(cinema.house.app.media_clock()).as_millis();
    assert!((29_000..=30_000).contains(&position), "{position}");
    let events = cinema.house.app.events_after(group, Seq::START);
    let events = events.await.unwrap().unwrap().events;
    let last = events.iter().rev().find_map(|event| match &event.body {
        EventBody::Player(change) => Some(change.clone()),
        _ => None,
    });
    assert!(matches!(*last.unwrap(), Change::Played { reason: Reason::Restart, .. }));
}
