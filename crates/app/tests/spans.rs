//! Every operation is one span, and no span says more than ids. A program of its own: a span that another thread meets
//! first, without a subscriber, would be off for all of them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use parlor_app::accounts::NewAccount;
use parlor_app::groups::{GroupEdit, NewGroup};
use parlor_app::guests::NewGuest;
use parlor_app::messages::Draft;
use parlor_app::uploads::{CutOff, Incoming, NewUpload, Part, UploadSettings};
use parlor_app::{App, Caller, Client, Edges, Page, PageLimit, PasswordCost, Settings};
use parlor_bus::Bus;
use parlor_core::{
    AttachmentIds, BanReason, ClientId, Description, DisplayName, Emoji, FileName, GroupName, MessageText,
    Password, Role, Rules, Seq, Username,
};
use parlor_store::Store;
use std::fmt::Debug;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// Keeps the names of the spans that begin, and fails on a field that is no number.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<Vec<(&'static str, Level)>>>);

impl Spans {
    /// What began since the last call.
    fn take(&self) -> Vec<(&'static str, Level)> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

impl Subscriber for Spans {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_span() && metadata.target().starts_with("parlor_app")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut NumbersOnly);
        let metadata = span.metadata();
        self.0.lock().unwrap().push((metadata.name(), *metadata.level()));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut NumbersOnly);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &Event<'_>) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

struct NumbersOnly;

impl Visit for NumbersOnly {
    fn record_i64(&mut self, _: &Field, _: i64) {}

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        panic!("{field} is {value:?}, which is no id");
    }
}

#[tokio::test]
async fn every_operation_is_one_span_of_ids() {
    let spans = Spans::default();
    let _guard = tracing::subscriber::set_default(spans.clone());
    let folder = tempfile::tempdir().unwrap();
    let edges = Edges::system();
    let store = Store::open_sqlite(&folder.path().join("parlor.db"), edges.new_epoch()).unwrap();
    let cost = PasswordCost { memory_kib: 64, passes: 1 };
    let settings = Settings { rate_limits: false };
    let app = &App::with_password_cost(store, Bus::in_process(), edges, settings, cost);
    let (ada, bob) = (account(app, "ada").await, account(app, "bob").await);
    assert_eq!(spans.take(), [("account.create_account", Level::INFO); 2]);
    // Runs an operation, which must be the span of this name at this level, and answers what it answers.
    macro_rules! is {
        ($level:ident $name:literal, $call:expr) => {{
            let answer = $call.await;
            assert_eq!(spans.take(), [($name, Level::$level)]);
            answer
        }};
    }
    let limit = PageLimit::default();
    let new = NewGroup {
        name: GroupName::parse("A group").unwrap(),
        description: Description::default(),
        rules: Rules::default(),
        expires_in: None,
    };
    let group = is!(INFO "chat.create_group", app.create_group(&ada, new)).unwrap();
    let (group, code) = (group.id, group.access_code.unwrap());
    is!(INFO "chat.join_group", app.join_group(&bob, code.clone(), &client())).unwrap();
    let guest = NewGuest { display_name: DisplayName::parse("Eve").unwrap(), access_code: Some(code) };
    is!(INFO "account.create_guest", app.create_guest(guest, &client())).unwrap();
    is!(INFO "chat.rotate_access_code", app.rotate_access_code(&ada, group)).unwrap();
    is!(INFO "chat.turn_off_access_code", app.turn_off_access_code(&ada, group)).unwrap();
    is!(INFO "chat.group", app.group(&ada, group)).unwrap();
    is!(INFO "chat.my_groups", app.my_groups(&ada, None, limit)).unwrap();
    let edit = GroupEdit { name: Some(GroupName::parse("Other").unwrap()), ..GroupEdit::default() };
    is!(INFO "chat.change_group", app.change_group(&ada, group, edit)).unwrap();

    let sent = is!(DEBUG "chat.send_message", app.send_message(&ada, group, draft("c", "hello"))).unwrap();
    let seq = sent.event.seq;
    is!(DEBUG "chat.send_message", app.submit_message(&bob, group, draft("d", "hello"))).unwrap();
    let text = MessageText::parse("hello, all").unwrap();
    is!(INFO "chat.edit_message", app.edit_message(&ada, group, seq, text)).unwrap();
    is!(INFO "chat.edit_history", app.edit_history(&ada, group, seq)).unwrap();
    let heart = Emoji::parse("❤️").unwrap();
    is!(INFO "chat.react", app.react(&ada, group, seq, heart, true)).unwrap();
    is!(INFO "chat.delete_message", app.delete_message(&ada, group, seq)).unwrap();
    is!(INFO "chat.messages_before", app.messages_before(&ada, group, None, limit)).unwrap();
    is!(DEBUG "chat.mark_read", app.mark_read(&bob, group, seq)).unwrap();
    is!(DEBUG "chat.resume", app.resume(&ada, group, None)).unwrap();
    is!(INFO "chat.events_page", app.events_page(&ada, group, None, limit)).unwrap();
    is!(DEBUG "chat.events_after", app.events_after(group, Seq::START)).unwrap();
    is!(DEBUG "chat.heads", app.heads(vec![group])).unwrap();
    is!(DEBUG "chat.typing", app.typing(&ada, group, true)).unwrap();
    is!(DEBUG "chat.presence", async { app.presence(&ada, group, true) });

    let limits = UploadSettings { max_bytes: 1_000, group_quota_bytes: 1_000_000 };
    app.open_uploads(folder.path().join("uploads"), limits).unwrap();
    let new = NewUpload { name: FileName::clean("song.mp3"), kind: None, size: 20 };
    let upload = is!(INFO "upload.announce", app.announce_upload(&ada, group, new)).unwrap().id;
    is!(DEBUG "upload.resume", app.resume_upload(&ada, group, upload)).unwrap();
    let song = Song(Some(b"ID3\x04\0\0\0\0\0\x0A0123456789"));
    is!(DEBUG "upload.append", app.append_upload(&ada, group, upload, 0, None, song)).unwrap();
    is!(INFO "upload.show", app.upload(&ada, group, upload)).unwrap();
    is!(INFO "upload.list", app.list_uploads(&ada, group, None, limit)).unwrap();
    assert!(is!(DEBUG "upload.content", app.upload_content(&ada, group, upload, Part::Whole)).is_ok());
    is!(INFO "upload.delete", app.delete_upload(&ada, group, upload)).unwrap();

    let Page { items: members, .. } =
        is!(INFO "chat.members", app.members(&ada, group, None, limit)).unwrap();
    assert_eq!(members.len(), 3);
    is!(INFO "chat.set_role", app.set_role(&ada, group, bob.account.id, Role::Moderator)).unwrap();
    is!(INFO "chat.hand_over", app.hand_over(&ada, group, bob.account.id)).unwrap();
    let reason = BanReason::parse("noise").unwrap();
    is!(INFO "chat.ban", app.ban(&bob, group, ada.account.id, reason)).unwrap();
    is!(INFO "chat.bans", app.bans(&bob, group, None, limit)).unwrap();
    is!(INFO "chat.unban", app.unban(&bob, group, ada.account.id)).unwrap();
    let guest = members.last().unwrap().account.id;
    is!(INFO "chat.remove_member", app.remove_member(&bob, group, guest)).unwrap();
    is!(INFO "chat.delete_group", app.delete_group(&bob, group)).unwrap();

    is!(INFO "account.first_admin_token", app.first_admin_token()).unwrap();
    let name = DisplayName::parse("Countess").unwrap();
    is!(INFO "account.rename", app.rename(&ada, name)).unwrap();
    let password = Password::parse("another password").unwrap();
    is!(INFO "account.change_password", app.change_password(&ada, "ada-password", password, &client()))
        .unwrap();
    let again = is!(INFO "account.sign_in", app.sign_in("ada", "another password", &client())).unwrap();
    is!(DEBUG "account.authenticate", app.authenticate(again.token.reveal())).unwrap();
    is!(INFO "account.sessions", app.sessions(&ada)).unwrap();
    is!(DEBUG "account.ended_sessions", app.ended_sessions(vec![ada.session])).unwrap();
    is!(INFO "account.end_session", app.end_session(&ada, again.session())).unwrap();
    is!(INFO "account.sign_out_others", app.sign_out_others(&ada)).unwrap();
    is!(INFO "account.sign_out_everywhere", app.sign_out_everywhere(&ada)).unwrap();
    app.sign_out(&ada).await.unwrap();
    let signed_out = [("account.sign_out", Level::INFO), ("account.end_session", Level::INFO)];
    assert_eq!(spans.take(), signed_out, "it is done by the other operation");
    is!(DEBUG "house.is_ready", app.is_ready()).unwrap();
    is!(DEBUG "house.tidy", app.tidy()).unwrap();
}

async fn account(app: &App, name: &str) -> Caller {
    let new = NewAccount {
        username: Username::parse(name).unwrap(),
        password: Password::parse(&format!("{name}-password")).unwrap(),
        display_name: None,
        first_admin: None,
    };
    app.create_account(new, &client()).await.unwrap().caller
}

/// A file that comes at once.
struct Song(Option<&'static [u8]>);

impl Incoming for Song {
    async fn next(&mut self) -> Option<Result<bytes::Bytes, CutOff>> {
        self.0.take().map(|bytes| Ok(bytes::Bytes::from_static(bytes)))
    }
}

fn client() -> Client {
    Client { address: IpAddr::V4(Ipv4Addr::LOCALHOST), agent: None }
}

fn draft(client_id: &str, text: &str) -> Draft {
    Draft {
        client_id: ClientId::parse(client_id).unwrap(),
        text: MessageText::parse(text).unwrap(),
        reply_to: None,
        files: AttachmentIds::default(),
    }
}
