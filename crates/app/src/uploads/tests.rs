//! What needs a clock or a hand in the folder: slow senders, time that is over, files and rows without each other.

use super::*;
use crate::testing::House;
use bytes::Bytes;
use parlor_core::upload::UNFINISHED_LASTS;
use std::path::PathBuf;
use tokio::sync::mpsc;

/// A part that comes as the test sends it.
struct Sent(mpsc::UnboundedReceiver<Bytes>);

impl Incoming for Sent {
    async fn next(&mut self) -> Option<Result<Bytes, CutOff>> {
        self.0.recv().await.map(Ok)
    }
}

fn film(bytes: usize) -> Bytes {
    let mut film = b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2".to_vec();
    film.resize(bytes, 7);
    film.into()
}

struct Stage {
    house: House,
    ada: Caller,
    bob: Caller,
    group: GroupId,
}

async fn stage() -> Stage {
    let house = House::new();
    let (ada, bob) = (house.account("ada").await, house.account("bob").await);
    let group = house.group(&ada, &[&bob]).await;
    Stage { house, ada, bob, group }
}

impl Stage {
    async fn announce(&self, size: u64) -> UploadId {
        let new = NewUpload { name: FileName::clean("film.mp4"), kind: None, size };
        self.house.app.announce_upload(&self.bob, self.group, new).await.unwrap().id
    }

    async fn append(&self, id: UploadId, offset: u64, bytes: Bytes) -> Appended {
        let (sender, receiver) = mpsc::unbounded_channel();
        sender.send(bytes).unwrap();
        drop(sender);
        self.house.app.append_upload(&self.bob, self.group, id, offset, None, Sent(receiver)).await.unwrap()
    }

    async fn bring(&self, size: usize) -> UploadId {
        let id = self.announce(size as u64).await;
        assert!(is_ready(&self.append(id, 0, film(size)).await.upload));
        id
    }

    async fn is_there(&self, id: UploadId) -> bool {
        self.house.app.upload(&self.bob, self.group, id).await.is_ok()
    }

    /// As many rounds as it takes to look at every portion.
    async fn tidy(&self) {
        for _ in 0..256 {
            self.house.app.tidy().await.unwrap();
        }
    }

    fn files(&self) -> Vec<PathBuf> {
        let folders = std::fs::read_dir(self.house.uploads()).unwrap().map(Result::unwrap);
        folders
            .flat_map(|folder| std::fs::read_dir(folder.path()).unwrap())
            .map(|it| it.unwrap().path())
            .collect()
    }
}

#[tokio::test(start_paused = true)]
async fn a_part_that_comes_too_slowly_ends_and_is_kept() {
    let stage = stage().await;
    let id = stage.announce(1_000_000).await;
    let (sender, receiver) = mpsc::unbounded_channel();
    sender.send(film(5_000)).unwrap();
    // Nothing more comes, and the connection stays.
    let part = stage.house.app.append_upload(&stage.bob, stage.group, id, 0, None, Sent(receiver));
    let appended = part.await.unwrap();
    assert_eq!((appended.ended, appended.upload.received), (Ended::Slow, 5_000));
    drop(sender);
}

#[tokio::test]
async fn a_newer_part_takes_the_place_of_one_that_hangs() {
    let stage = stage().await;
    let id = stage.announce(20_000).await;
    let (sender, receiver) = mpsc::unbounded_channel();
    let first = film(20_000);
    sender.send(first.slice(..9_000)).unwrap();
    let hanging = stage.house.app.append_upload(&stage.bob, stage.group, id, 0, None, Sent(receiver));
    let goes_on = async {
        while stage.files().is_empty() {
            tokio::task::yield_now().await;
        }
        let at = stage.house.app.resume_upload(&stage.bob, stage.group, id).await.unwrap().received;
        stage.append(id, at, first.slice(usize::try_from(at).unwrap()..)).await
    };
    let (hanging, last) = tokio::join!(hanging, goes_on);
    assert_eq!(hanging.unwrap().ended, Ended::Replaced);
    assert!(is_ready(&last.upload));
}

#[tokio::test]
async fn what_does_not_go_on_is_forgotten_after_a_day() {
    let stage = stage().await;
    let (id, never) = (stage.announce(1_000_000).await, stage.announce(10).await);
    stage.house.clock.advance(UNFINISHED_LASTS / 2);
    stage.append(id, 0, film(5_000)).await;
    stage.house.clock.advance(UNFINISHED_LASTS / 2);
    assert!(stage.is_there(id).await, "its last byte counts");
    assert!(!stage.is_there(never).await);
    stage.house.app.tidy().await.unwrap();
    assert_eq!(stage.files().len(), 1);
    stage.house.clock.advance(UNFINISHED_LASTS / 2);
    assert!(!stage.is_there(id).await, "whether the housekeeping has come by or not");
    let part = stage.house.app.resume_upload(&stage.bob, stage.group, id).await;
    assert!(matches!(part, Err(AppendError::NotFound)));
    stage.house.app.tidy().await.unwrap();
    assert_eq!(stage.files(), Vec::<PathBuf>::new());
    let left =
        stage.house.app.list_uploads(&stage.bob, stage.group, None, PageLimit::default()).await.unwrap();
    assert_eq!((left.counted_bytes, left.page.items.len()), (0, 0));
}

#[tokio::test]
async fn files_without_rows_are_found_and_removed() {
    let stage = stage().await;
    let kept = stage.bring(5_000).await;
    let unfinished = stage.announce(1_000_000).await;
    stage.append(unfinished, 0, film(5_000)).await;
    for name in ["00", "ff"] {
        let folder = stage.house.uploads().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name.repeat(16)), b"of nobody").unwrap();
        std::fs::write(folder.join(name.repeat(16) + ".thumb"), b"of nobody").unwrap();
    }
    assert_eq!(stage.files().len(), 6);
    stage.tidy().await;
    assert_eq!(stage.files().len(), 2);
    assert!(stage.is_there(kept).await && stage.is_there(unfinished).await);
}

#[tokio::test]
async fn rows_without_files_are_hidden_until_the_files_are_back() {
    let stage = stage().await;
    let id = stage.bring(5_000).await;
    let counted = || async {
        let all = stage.house.app.list_uploads(&stage.ada, stage.group, None, PageLimit::default()).await;
        all.unwrap().counted_bytes
    };
    assert_eq!(counted().await, 65_536);
    let file = stage.files().remove(0);
    let aside = stage.house.uploads().join("aside");
    std::fs::rename(&file, &aside).unwrap();
    let read = stage.house.app.upload_content(&stage.ada, stage.group, id, Part::Whole).await;
    assert!(matches!(read, Err(ContentError::NotFound)), "before anybody looked");
    stage.house.clock.advance(Duration::from_secs(1));
    stage.tidy().await;
    assert!(!stage.is_there(id).await);
    assert_eq!(counted().await, 0);
    std::fs::rename(&aside, &file).unwrap();
    stage.tidy().await;
    assert!(stage.is_there(id).await);
    assert_eq!(counted().await, 65_536);
}

#[tokio::test(start_paused = true)]
async fn a_film_ends_for_whoever_is_sent_away() {
    let stage = stage().await;
    let app = &stage.house.app;
    let id = stage.bring(5_000_000).await;
    let eve = stage.house.guest("Eve").await;
    assert!(matches!(
        app.upload_content(&eve, stage.group, id, Part::Whole).await,
        Err(ContentError::NotFound)
    ));
    let open = async || app.upload_content(&stage.ada, stage.group, id, Part::Whole).await.unwrap();
    let mut film = open().await.read(0..u64::MAX).unwrap();
    let mut signed_out = open().await.read(10..20).unwrap();
    assert_eq!(film.next().await.unwrap().unwrap().len(), 256 * 1024);
    tokio::time::advance(Duration::from_secs(1)).await;
    assert!(film.next().await.unwrap().is_some(), "who may see it goes on");

    app.hand_over(&stage.ada, stage.group, stage.bob.account.id).await.unwrap();
    app.remove_member(&stage.bob, stage.group, stage.ada.account.id).await.unwrap();
    tokio::time::advance(Duration::from_secs(1)).await;
    assert!(matches!(film.next().await, Err(ContentError::NotFound)));
    assert!(matches!(signed_out.next().await, Err(ContentError::NotFound)));
}

#[tokio::test]
async fn one_account_reads_so_much_at_once() {
    let stage = stage().await;
    let app = &stage.house.app;
    let id = stage.bring(5_000).await;
    let open = async || app.upload_content(&stage.ada, stage.group, id, Part::Whole).await.unwrap();
    let mut reading = Vec::new();
    for _ in 0..content::MOST_READERS_OF_ONE {
        reading.push(open().await.read(0..1).unwrap());
    }
    assert!(matches!(open().await.read(0..1), Err(ContentError::TooOften { .. })));
    drop(reading);
    assert!(open().await.read(0..1).is_ok());
}

#[tokio::test]
async fn only_ready_files_of_the_group_can_be_referred_to() {
    let stage = stage().await;
    let other = stage.house.group(&stage.bob, &[]).await;
    let (ready, unfinished) = (stage.bring(5_000).await, stage.announce(10).await);
    let now = stage.house.app.now();
    let of = async |group| {
        let found = stage
            .house
            .app
            .store()
            .read::<_, Failure>(move |tx| of_group(tx, group, &[unfinished, ready], now));
        found.await.unwrap().into_iter().map(|upload| upload.id).collect::<Vec<_>>()
    };
    assert_eq!(of(stage.group).await, [ready]);
    assert_eq!(of(other).await, []);
}
