//! Searches and look-ups against sites that answer as they are told, and count how often they are asked.

use super::sites::Asking;
use super::*;
use crate::Settings;
use crate::testing::House;
use parlor_core::Invalid;
use parlor_core::watch::WebAddress;
use std::collections::VecDeque;
use std::sync::Mutex;

const ID: &str = "dQw4w9WgXcQ";

#[derive(Default)]
struct Scripted {
    without_key: bool,
    searches: Mutex<VecDeque<Result<Vec<VideoId>, SiteError>>>,
    videos: Mutex<VecDeque<Result<Vec<YouTubeVideo>, SiteError>>>,
    oembeds: Mutex<VecDeque<Result<Embed, SiteError>>>,
    probes: Mutex<VecDeque<Result<Probe, ProbeError>>>,
    asked: Mutex<Vec<String>>,
    /// Searches wait until there is a permit.
    gate: Option<Semaphore>,
}

impl Scripted {
    fn next<T>(&self, what: String, answers: &Mutex<VecDeque<T>>) -> T {
        self.asked.lock().unwrap().push(what);
        answers.lock().unwrap().pop_front().expect("nobody told what to answer")
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }

    fn finds(&self, ids: &[&str]) {
        self.searches.lock().unwrap().push_back(Ok(ids.iter().map(|id| video_id(id)).collect()));
        self.videos.lock().unwrap().push_back(Ok(ids.iter().map(|id| video(id)).collect()));
    }
}

impl Sites for Scripted {
    fn has_key(&self) -> bool {
        !self.without_key
    }

    fn search<'a>(&'a self, text: &'a SearchText) -> Asking<'a, Result<Vec<VideoId>, SiteError>> {
        Box::pin(async move {
            if let Some(gate) = &self.gate {
                gate.acquire().await.unwrap().forget();
            }
            self.next(format!("search {}", text.as_str()), &self.searches)
        })
    }

    fn videos<'a>(&'a self, ids: &'a [VideoId]) -> Asking<'a, Result<Vec<YouTubeVideo>, SiteError>> {
        Box::pin(async move { self.next(format!("videos {}", ids.len()), &self.videos) })
    }

    fn oembed<'a>(&'a self, id: &'a VideoId) -> Asking<'a, Result<Embed, SiteError>> {
        Box::pin(async move { self.next(format!("oembed {}", id.as_str()), &self.oembeds) })
    }

    fn probe<'a>(&'a self, address: &'a WebAddress) -> Asking<'a, Result<Probe, ProbeError>> {
        Box::pin(async move { self.next(format!("probe {}", address.as_str()), &self.probes) })
    }
}

struct Stage {
    house: House,
    sites: Arc<Scripted>,
    videos: Videos,
    ada: Caller,
}

impl Stage {
    async fn new(sites: Scripted, searches_per_day: u32, rate_limits: bool) -> Self {
        let house = House::with(Settings { rate_limits });
        let ada = house.account("ada").await;
        house.group(&ada, &[]).await;
        let sites = Arc::new(sites);
        let videos = Videos::new(house.app.clone(), sites.clone(), searches_per_day);
        Self { house, sites, videos, ada }
    }

    async fn search(&self, text: &str) -> Result<FoundVideos, SearchError> {
        self.videos.search(&self.ada, &SearchText::parse(text).unwrap()).await
    }

    async fn look_up(&self, text: &str) -> Result<LookedUp, LookUpError> {
        self.videos.look_up(&self.ada, Source::parse(text).unwrap()).await
    }

    async fn refused_address(&self, text: &str) -> Invalid {
        match self.look_up(text).await.unwrap_err() {
            LookUpError::Address(invalid) => invalid,
            other => panic!("{other}"),
        }
    }
}

fn video_id(id: &str) -> VideoId {
    VideoId::parse(id).unwrap()
}

fn video(id: &str) -> YouTubeVideo {
    YouTubeVideo {
        id: video_id(id),
        title: Title::clean("A film"),
        channel: Title::clean("Somebody"),
        kind: Kind::Music,
        length: Some(MediaTime::from_millis(1_000)),
        live: false,
        embeddable: true,
    }
}

#[tokio::test]
async fn the_same_search_within_a_day_is_asked_once() {
    let stage = Stage::new(Scripted::default(), 100, true).await;
    stage.sites.finds(&[ID]);
    let first = stage.search("Big Buck").await.unwrap();
    assert_eq!((first.videos.len(), first.quota.used, first.quota.limit), (1, 1, 100));
    let found = &first.videos[0];
    assert_eq!((found.source.to_string(), found.title.as_str()), (format!("youtube:{ID}"), "A film"));
    let again = stage.search("  big   BUCK ").await.unwrap();
    assert_eq!((again.videos, again.quota.used), (first.videos, 1));
    assert_eq!(stage.sites.asked(), ["search Big Buck", "videos 1"]);
    // What was found is known when it is pasted, too.
    assert_eq!(stage.look_up(&format!("youtube:{ID}")).await.unwrap().video.title.as_str(), "A film");
    assert!(stage.sites.asked().is_empty());

    stage.house.clock.advance(KEPT_FOR);
    stage.sites.finds(&[]);
    assert!(stage.search("big buck").await.unwrap().videos.is_empty());
    assert_eq!(stage.sites.asked(), ["search big buck"], "without an id there is nothing more to ask");
}

#[tokio::test]
async fn two_who_search_for_the_same_at_once_cost_one_search() {
    let gated = Scripted { gate: Some(Semaphore::new(0)), ..Scripted::default() };
    let stage = Stage::new(gated, 100, true).await;
    stage.sites.finds(&[ID]);
    let (one, two, ()) = tokio::join!(stage.search("a"), stage.search("A"), async {
        tokio::task::yield_now().await;
        stage.sites.gate.as_ref().unwrap().add_permits(1);
    });
    assert_eq!((one.unwrap().quota.used, two.unwrap().quota.used), (1, 1));
    assert_eq!(stage.sites.asked().len(), 2);
}

#[tokio::test]
async fn the_searches_of_a_day_end_and_begin_anew_at_midnight_on_the_pacific_coast() {
    let stage = Stage::new(Scripted::default(), 2, false).await;
    for text in ["a", "b"] {
        stage.sites.finds(&[]);
        stage.search(text).await.unwrap();
    }
    stage.sites.asked();
    let refused = stage.search("c").await.unwrap_err();
    let until = PacificDay::of(stage.house.app.now()).ends_at.since(stage.house.app.now());
    assert_eq!((refused.code(), refused.retry_after()), (Code::Unavailable, Some(until)));
    assert!(!refused.is_fault());
    assert!(stage.sites.asked().is_empty(), "YouTube is not asked for what it will not give");
    assert_eq!(stage.search("a").await.unwrap().quota.used, 2, "what is kept is still found");
    stage.house.clock.advance(until);
    stage.sites.finds(&[]);
    assert_eq!(stage.search("c").await.unwrap().quota.used, 1);
}

#[tokio::test]
async fn what_was_counted_outlives_the_process() {
    let stage = Stage::new(Scripted::default(), 2, false).await;
    for text in ["a", "b"] {
        stage.sites.finds(&[]);
        stage.search(text).await.unwrap();
    }
    let after = Videos::new(stage.house.app.clone(), stage.sites.clone(), 2);
    let refused = after.search(&stage.ada, &SearchText::parse("c").unwrap()).await.unwrap_err();
    assert!(matches!(refused, SearchError::QuotaSpent { .. }), "{refused}");
}

#[tokio::test]
async fn youtube_knows_better_how_much_is_left() {
    let stage = Stage::new(Scripted::default(), 100, false).await;
    stage.sites.searches.lock().unwrap().push_back(Err(SiteError::QuotaSpent));
    assert!(matches!(stage.search("a").await.unwrap_err(), SearchError::QuotaSpent { .. }));
    assert!(matches!(stage.search("b").await.unwrap_err(), SearchError::QuotaSpent { .. }));
    assert_eq!(stage.sites.asked(), ["search a"], "it is asked no more that day");
    assert_eq!(stage.videos.quota().await.unwrap().used, 100);
}

#[tokio::test]
async fn a_search_that_fails_is_counted_and_not_kept() {
    let stage = Stage::new(Scripted::default(), 100, false).await;
    let no_answer = || SiteError::NoAnswer("it was HTML".into());
    stage.sites.searches.lock().unwrap().push_back(Err(no_answer()));
    let refused = stage.search("a").await.unwrap_err();
    assert_eq!((refused.code(), refused.is_fault()), (Code::Unavailable, true));
    assert!(!refused.to_string().contains("HTML"), "the cause is for the log");
    stage.sites.searches.lock().unwrap().push_back(Ok(vec![video_id(ID)]));
    stage.sites.videos.lock().unwrap().push_back(Err(SiteError::KeyRefused));
    assert!(matches!(stage.search("a").await.unwrap_err(), SearchError::Site(SiteError::KeyRefused)));
    stage.sites.finds(&[ID]);
    assert_eq!(stage.search("a").await.unwrap().quota.used, 3);
}

#[tokio::test]
async fn what_cannot_be_embedded_is_not_found_but_can_be_looked_up() {
    let stage = Stage::new(Scripted::default(), 100, false).await;
    let closed = || YouTubeVideo { embeddable: false, title: None, ..video(ID) };
    stage.sites.searches.lock().unwrap().push_back(Ok(vec![video_id(ID), video_id("aaaaaaaaaaa")]));
    stage.sites.videos.lock().unwrap().push_back(Ok(vec![closed(), video("aaaaaaaaaaa")]));
    let found = stage.search("a").await.unwrap().videos;
    assert_eq!(
        found.iter().map(|video| video.source.to_string()).collect::<Vec<_>>(),
        ["youtube:aaaaaaaaaaa"]
    );
    stage.sites.videos.lock().unwrap().push_back(Ok(vec![closed()]));
    let looked_up = stage.look_up(&format!("https://youtu.be/{ID}?t=90")).await.unwrap();
    assert_eq!((looked_up.video.embeddable, looked_up.start.as_millis()), (Some(false), 90_000));
    assert_eq!(looked_up.video.title.as_str(), format!("YouTube {ID}"), "it has none that can be shown");
}

#[tokio::test]
async fn without_a_key_nothing_is_searched_and_oembed_is_asked() {
    let sites = Scripted { without_key: true, ..Scripted::default() };
    let stage = Stage::new(sites, 100, false).await;
    let refused = stage.search("a").await.unwrap_err();
    assert_eq!((refused.code(), refused.retry_after()), (Code::Unavailable, None));
    assert!(!refused.is_fault());
    let address = format!("https://www.youtube.com/watch?v={ID}");
    let answers = &stage.sites.oembeds;
    let allowed = Embed::Allowed { title: Title::clean("A film"), channel: None };
    answers.lock().unwrap().push_back(Ok(allowed));
    let video = stage.look_up(&address).await.unwrap().video;
    assert_eq!((video.title.as_str(), video.length, video.embeddable), ("A film", None, Some(true)));
    answers.lock().unwrap().push_back(Ok(Embed::Forbidden));
    assert_eq!(stage.look_up(&address).await.unwrap().video.embeddable, Some(false));
    answers.lock().unwrap().push_back(Ok(Embed::NotThere));
    assert_eq!(stage.refused_address(&address).await.field, "url");
    answers.lock().unwrap().push_back(Err(SiteError::NoAnswer("closed".into())));
    let unknown = stage.look_up(&address).await.unwrap().video;
    assert_eq!((unknown.embeddable, unknown.title.as_str()), (None, "YouTube dQw4w9WgXcQ"));
    assert_eq!(stage.sites.asked(), vec![format!("oembed {ID}"); 4]);
}

#[tokio::test]
async fn where_the_data_api_fails_oembed_helps() {
    let stage = Stage::new(Scripted::default(), 100, false).await;
    for error in [SiteError::QuotaSpent, SiteError::KeyRefused, SiteError::NoAnswer("late".into())] {
        stage.sites.videos.lock().unwrap().push_back(Err(error));
        let allowed = Embed::Allowed { title: None, channel: Title::clean("Somebody") };
        stage.sites.oembeds.lock().unwrap().push_back(Ok(allowed));
        let video = stage.look_up(&format!("youtube:{ID}")).await.unwrap().video;
        assert_eq!(video.channel.unwrap().as_str(), "Somebody");
        assert_eq!(stage.sites.asked(), ["videos 1".to_owned(), format!("oembed {ID}")]);
    }
    stage.sites.videos.lock().unwrap().push_back(Ok(Vec::new()));
    assert_eq!(
        stage.refused_address(&format!("youtube:{ID}")).await,
        look_up_rule("leads to no video that everybody may see")
    );
}

fn look_up_rule(rule: &'static str) -> Invalid {
    Invalid { field: "url", rule }
}

#[tokio::test]
async fn a_direct_address_is_what_its_host_says() {
    let stage = Stage::new(Scripted::default(), 100, false).await;
    let address = "https://media.example/films/film.mp4?key=1";
    let probes = &stage.sites.probes;
    let media = Probe::Media {
        kind: Some(Kind::Music),
        content_type: Some("audio/mpeg".to_owned()),
        bytes: Some(42),
    };
    probes.lock().unwrap().push_back(Ok(media));
    let found = stage.look_up(address).await.unwrap();
    assert_eq!((found.video.title.as_str(), found.video.kind), ("film.mp4", Kind::Music));
    assert_eq!((found.video.embeddable, found.bytes), (Some(true), Some(42)));
    assert_eq!(found.content_type.as_deref(), Some("audio/mpeg"));
    probes.lock().unwrap().push_back(Ok(Probe::Unknown));
    let found = stage.look_up(address).await.unwrap();
    assert_eq!((found.video.kind, found.video.embeddable, found.bytes), (Kind::Video, None, None));
    let mut refusals = std::collections::HashSet::new();
    for answer in
        [Ok(Probe::NoMedia), Ok(Probe::NotThere), Err(ProbeError::Private), Err(ProbeError::Redirects)]
    {
        probes.lock().unwrap().push_back(answer);
        refusals.insert(stage.refused_address(address).await.to_string());
    }
    assert_eq!(refusals.len(), 4, "each is named");
    assert_eq!(stage.refused_address("upload:42").await.field, "url");
}

#[tokio::test]
async fn only_members_of_a_group_make_this_server_ask() {
    let stage = Stage::new(Scripted::default(), 100, false).await;
    let guest = stage.house.guest("Gus").await;
    let text = SearchText::parse("a").unwrap();
    assert_eq!(stage.videos.search(&guest, &text).await.unwrap_err().code(), Code::Forbidden);
    for address in [format!("youtube:{ID}"), "https://media.example/a.mp4".to_owned()] {
        let refused = stage.videos.look_up(&guest, Source::parse(&address).unwrap()).await.unwrap_err();
        assert_eq!(refused.code(), Code::Forbidden);
    }
    assert!(stage.sites.asked().is_empty());
}

#[tokio::test]
async fn one_account_asks_only_so_often() {
    let stage = Stage::new(Scripted::default(), 100, true).await;
    for number in 0..10 {
        stage.sites.finds(&[]);
        stage.search(&format!("number {number}")).await.unwrap();
    }
    let refused = stage.search("one more").await.unwrap_err();
    assert_eq!((refused.code(), refused.retry_after()), (Code::RateLimited, Some(Duration::from_secs(360))));
    assert_eq!(stage.search("number 3").await.unwrap().quota.used, 10, "what is kept is free");
    for _ in 0..20 {
        stage.sites.probes.lock().unwrap().push_back(Ok(Probe::Unknown));
        stage.look_up("https://media.example/a.mp4").await.unwrap();
    }
    let refused = stage.look_up("https://media.example/a.mp4").await.unwrap_err();
    assert_eq!((refused.code(), refused.retry_after()), (Code::RateLimited, Some(Duration::from_secs(6))));
    // Another has their own.
    let bob = stage.house.account("bob").await;
    stage.house.group(&bob, &[]).await;
    stage.sites.finds(&[]);
    stage.videos.search(&bob, &SearchText::parse("one more").unwrap()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_turn_that_does_not_come_is_refused() {
    let gated = Scripted { gate: Some(Semaphore::new(0)), ..Scripted::default() };
    let stage = Arc::new(Stage::new(gated, 100, false).await);
    let first = stage.clone();
    let first = tokio::spawn(async move { first.search("a").await.map(drop) });
    while stage.videos.inner.searching.available_permits() > 0 {
        tokio::task::yield_now().await;
    }
    let refused = stage.search("b").await.unwrap_err();
    assert_eq!((refused.code(), refused.retry_after()), (Code::Unavailable, Some(LONGEST_WAIT)));
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    // Who went away gave the turn back.
    stage.sites.finds(&[]);
    stage.sites.gate.as_ref().unwrap().add_permits(1);
    stage.search("b").await.unwrap();
}
