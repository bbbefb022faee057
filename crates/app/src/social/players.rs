//! What groups of this face watch, by a name: the native player, and what was called so when it was put on.

use super::seen::Eyes;
use super::{SocialError, SocialGroup, SocialPlayer, one_or_all, standing};
use crate::videos::{LookedUp, Videos};
use crate::watch::WatchError;
use crate::{App, Caller, Failure};
use parlor_core::watch::{Ask, Change, Command, Kind, Length, Media, Pasted, Phase, Source, Title, Watch};
use parlor_core::{AccountId, ClientId, Code, EventBody, GroupId, Invalid, Refusal, Timestamp, text};
use parlor_store::tx::Tx;
use parlor_store::{social as store, watches};
use std::sync::Arc;
use std::time::Duration;

/// How long another server may let one wait that is asked what a video is called.
const LOOKS_UP_FOR: Duration = Duration::from_secs(2);

/// What a player is called: the address of a video, which then plays, or any other line, which is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlayerName {
    name: String,
    video: Option<Pasted>,
}

impl PlayerName {
    /// Most characters: as of an address.
    pub const MOST: usize = 2_048;

    /// Trims and reads.
    ///
    /// # Errors
    /// `name`, when it is empty, too long or holds what no line may hold.
    pub fn parse(input: &str) -> Result<Self, Invalid> {
        let name = text::check_line("name", input, 1, Self::MOST)?;
        Ok(Self { name: name.to_owned(), video: Source::parse(name).ok() })
    }
}

/// Why a player stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum PlayerError {
    /// What holds for everything of this face.
    #[error(transparent)]
    Social(#[from] SocialError),
    /// The native player refuses.
    #[error(transparent)]
    Watch(#[from] WatchError),
}

impl Refusal for PlayerError {
    fn code(&self) -> Code {
        match self {
            Self::Social(error) => error.code(),
            Self::Watch(error) => error.code(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Social(error) => error.field(),
            Self::Watch(error) => error.field(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Social(error) => error.retry_after(),
            Self::Watch(error) => error.retry_after(),
        }
    }
}

impl From<Failure> for PlayerError {
    fn from(failure: Failure) -> Self {
        Self::Social(failure.into())
    }
}

impl App {
    /// What a group watches, if anything; without one, what each of the caller's groups does.
    ///
    /// # Errors
    /// See [`SocialError`].
    #[tracing::instrument(name = "social.players", skip_all, fields(account.id = caller.account.id.get()))]
    pub async fn social_players(
        &self,
        caller: &Caller,
        group: Option<GroupId>,
    ) -> Result<Vec<SocialPlayer>, SocialError> {
        let (now, account) = (self.now(), caller.account.id);
        self.store().read(move |tx| list(tx, group, account, now)).await
    }

    /// Puts something on in a group; any member may. A name that is no address is kept, and what was on is stopped.
    ///
    /// # Errors
    /// See [`PlayerError`].
    #[tracing::instrument(
        name = "social.set_player", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get())
    )]
    pub async fn set_social_player(
        &self,
        videos: &Videos,
        caller: &Caller,
        group: GroupId,
        name: PlayerName,
    ) -> Result<SocialPlayer, PlayerError> {
        let watch = self.watch_of(caller, group).await?;
        let item = match name.video {
            Some(video) => {
                let start = video.start;
                let media = media_of(videos, caller, video).await;
                let done = self.ask_player(caller, group, &watch, Ask::Load { media, start }).await?;
                done.unwrap_or_else(|| item_of(&watch))
            }
            None => {
                if matches!(watch.play.phase, Phase::Playing | Phase::Preparing { .. }) {
                    self.ask_player(caller, group, &watch, Ask::Pause).await?;
                }
                item_of(&watch)
            }
        };
        let name = name.name;
        self.name_player(group, item, Some(name.clone())).await?;
        let group = self.social_group(caller, group).await?;
        Ok(SocialPlayer { group, name })
    }

    /// Takes off what a group watches; any member may.
    ///
    /// # Errors
    /// See [`PlayerError`]; `NotFound` where nothing is on.
    #[tracing::instrument(
        name = "social.delete_player", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get())
    )]
    pub async fn delete_social_player(&self, caller: &Caller, group: GroupId) -> Result<(), PlayerError> {
        if self.social_players(caller, Some(group)).await?.is_empty() {
            return Err(SocialError::NotFound.into());
        }
        let watch = self.watch_of(caller, group).await?;
        if let Some(leaving) = watch.play.item {
            self.ask_player(caller, group, &watch, Ask::Next { leaving }).await?;
        }
        Ok(self.name_player(group, item_of(&watch), None).await?)
    }

    /// The group's player, for a member of this face's group.
    async fn watch_of(&self, caller: &Caller, group: GroupId) -> Result<Watch, PlayerError> {
        let (now, account) = (self.now(), caller.account.id);
        self.store().read(move |tx| standing(tx, group, account, now).map(drop)).await?;
        Ok(self.watch(caller, group).await?.watch)
    }

    /// The item that was put on, where the command put one on.
    async fn ask_player(
        &self,
        caller: &Caller,
        group: GroupId,
        watch: &Watch,
        ask: Ask,
    ) -> Result<Option<i64>, WatchError> {
        let random: [u8; 16] = self.random();
        let digits: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let client_id = ClientId::from_stored(&format!("social-{digits}"));
        let command = Command { seen: watch.play.rev, ask };
        let event = self.command_player(caller, group, &client_id, command).await?;
        Ok(event.and_then(|event| match &event.body {
            EventBody::Player(change) => match change.as_ref() {
                Change::Loaded { item, .. } => Some(item.id.get()),
                _ => None,
            },
            _ => None,
        }))
    }

    async fn name_player(&self, group: GroupId, item: i64, name: Option<String>) -> Result<(), SocialError> {
        self.store()
            .write::<_, Failure>(move |write| store::set_player(write, group, item, name.as_deref()))
            .await?;
        Ok(())
    }
}

/// What can be found out of a video, or what is known of its address alone: nobody is kept from watching something
/// because this server gets no answer about it.
async fn media_of(videos: &Videos, caller: &Caller, video: Pasted) -> Media {
    let bare = Media {
        title: Title::of(&video.source),
        source: video.source.clone(),
        kind: Kind::Video,
        length: Length::Unknown,
    };
    match tokio::time::timeout(LOOKS_UP_FOR, videos.look_up(caller, video)).await {
        Ok(Ok(LookedUp { video, .. })) => {
            let length = video.length.filter(|_| !video.live).map_or(Length::Unknown, Length::Known);
            Media { title: video.title, kind: video.kind, length, ..bare }
        }
        _ => bare,
    }
}

fn item_of(watch: &Watch) -> i64 {
    watch.play.item.map_or(0, parlor_core::ItemId::get)
}

fn list(
    tx: &mut dyn Tx,
    group: Option<GroupId>,
    account: AccountId,
    now: Timestamp,
) -> Result<Vec<SocialPlayer>, SocialError> {
    let mut eyes = Eyes::of(account, now);
    let mut players = Vec::new();
    for there in one_or_all(tx, group, account, now)? {
        let stored = watches::load(tx, there.id)?;
        let said = store::player(tx, there.id)?;
        if let Some(name) = name_of(stored.as_ref().map(|stored| &stored.watch), said) {
            let group: Arc<SocialGroup> = eyes.group(tx, there)?;
            players.push(SocialPlayer { group, name });
        }
    }
    Ok(players)
}

/// What a group's player is called: as it was named through this face, while the same item is on; else its address.
fn name_of(watch: Option<&Watch>, said: Option<(i64, Option<String>)>) -> Option<String> {
    let item = watch.map_or(0, item_of);
    match said {
        Some((of, name)) if of == item => name,
        _ => watch.and_then(|watch| watch.current.as_ref()).map(|item| address_of(&item.media)),
    }
}

/// The address of what is on; of a file its title, since nobody outside can open it.
fn address_of(media: &Media) -> String {
    match &media.source {
        Source::YouTube(video) => format!("https://www.youtube.com/watch?v={}", video.as_str()),
        Source::Direct(address) => address.as_str().to_owned(),
        Source::Upload(_) => media.title.as_str().to_owned(),
    }
}
