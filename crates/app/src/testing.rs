//! A clock that stands still and chance that counts: for the tests of this crate.

use crate::uploads::UploadSettings;
use crate::{App, Caller, Client, Clock, Edges, Entropy, PasswordCost, Settings};
use parlor_bus::Bus;
use parlor_core::{
    AttachmentIds, ClientId, Description, DisplayName, GroupId, GroupName, MessageText, Password, Rules, Seq,
    Timestamp, Username,
};
use parlor_store::Store;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

/// Stands still until it is moved.
pub(crate) struct ManualClock(AtomicI64);

impl ManualClock {
    pub(crate) fn advance(&self, span: Duration) {
        let millis = i64::try_from(span.as_millis()).expect("tests do not last that long");
        self.0.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// Never gives the same bytes twice.
#[derive(Default)]
pub(crate) struct CountingEntropy(AtomicU64);

impl Entropy for CountingEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            // A step that mixes well: neighbours in time share no digits.
            let mut mixed = self.0.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::SeqCst);
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            let mixed = (mixed ^ (mixed >> 31)).to_le_bytes();
            chunk.copy_from_slice(&mixed[..chunk.len()]);
        }
    }
}

const UPLOADS: UploadSettings = UploadSettings { max_bytes: 100_000_000, group_quota_bytes: 200_000_000 };

/// An application over a database of its own.
pub(crate) struct House {
    pub(crate) app: App,
    pub(crate) clock: Arc<ManualClock>,
    folder: tempfile::TempDir,
}

impl House {
    pub(crate) fn new() -> Self {
        Self::with(Settings { rate_limits: false })
    }

    pub(crate) fn with(settings: Settings) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self::on(folder, settings)
    }

    /// Over the database in this folder, or a new one.
    pub(crate) fn on(folder: tempfile::TempDir, settings: Settings) -> Self {
        let clock = Arc::new(ManualClock(AtomicI64::new(1_800_000_000_000)));
        // Another process over the same database draws other numbers.
        static HOUSES: AtomicU64 = AtomicU64::new(0);
        let entropy = CountingEntropy(AtomicU64::new(HOUSES.fetch_add(1 << 32, Ordering::SeqCst)));
        let edges = Edges { clock: clock.clone(), entropy: Arc::new(entropy) };
        let path = folder.path().join("parlor.db");
        let store = Store::open_sqlite(&path, edges.new_epoch()).expect("a database");
        let cost = PasswordCost { memory_kib: 64, passes: 1 };
        let app = App::with_password_cost(store, Bus::in_process(), edges, settings, cost);
        app.open_uploads(folder.path().join("uploads"), UPLOADS).expect("a folder for files");
        Self { app, clock, folder }
    }

    /// Ends it; its database stays.
    pub(crate) fn into_folder(self) -> tempfile::TempDir {
        self.folder
    }

    /// Where its files lie.
    pub(crate) fn uploads(&self) -> std::path::PathBuf {
        self.folder.path().join("uploads")
    }

    /// A guest.
    pub(crate) async fn guest(&self, name: &str) -> Caller {
        let new = crate::guests::NewGuest {
            display_name: DisplayName::parse(name).expect("a name"),
            access_code: None,
        };
        self.app.create_guest(new, &client()).await.expect("a guest").signed_in.caller
    }

    /// A group, with the others in it as members.
    pub(crate) async fn group(&self, owner: &Caller, others: &[&Caller]) -> GroupId {
        let new = crate::groups::NewGroup {
            name: GroupName::parse("A group").expect("a name"),
            description: Description::default(),
            rules: Rules::default(),
            expires_in: None,
        };
        let group = self.app.create_group(owner, new).await.expect("a group");
        let code = group.access_code.expect("its owner sees the code");
        for other in others {
            self.app.join_group(other, code.clone(), &client()).await.expect("a way in");
        }
        group.id
    }

    /// Sends, and answers with the place.
    pub(crate) async fn send(&self, caller: &Caller, group: GroupId, client_id: &str) -> Seq {
        let sent = self.app.send_message(caller, group, draft(client_id, "hello")).await;
        sent.expect("a message").event.seq
    }

    /// An account with the password `<name>-password`.
    pub(crate) async fn account(&self, name: &str) -> Caller {
        let new = crate::accounts::NewAccount {
            username: Username::parse(name).expect("a username"),
            password: Password::parse(&format!("{name}-password")).expect("a password"),
            display_name: None,
            first_admin: None,
        };
        self.app.create_account(new, &client()).await.expect("an account").caller
    }
}

pub(crate) fn draft(client_id: &str, text: &str) -> crate::messages::Draft {
    crate::messages::Draft {
        client_id: ClientId::parse(client_id).expect("a client id"),
        text: MessageText::parse(text).expect("a text"),
        reply_to: None,
        files: AttachmentIds::default(),
    }
}

/// Somebody at 192.0.2.1.
pub(crate) fn client() -> Client {
    client_at(1)
}

/// Somebody at 192.0.2.`last`.
pub(crate) fn client_at(last: u8) -> Client {
    Client { address: IpAddr::V4(Ipv4Addr::new(192, 0, 2, last)), agent: Some("test".to_owned()) }
}
