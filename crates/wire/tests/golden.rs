//! Every event, signal, problem and answer has a golden file: what is written today, and must still be read tomorrow.
//! `PARLOR_WRITE=1 cargo test -p parlor-wire` writes missing or changed ones anew; a change is a change of the interface.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::path::Path;

use parlor_wire::account::{Account, Author, Me, MyGroup, SignedIn};
use parlor_wire::event::{
    DeleteData, EditData, Event, GroupUpdatedData, LeaveReason, MemberJoinedData, MemberLeftData,
    MemberRoleData, MessageData, ReactionData, What,
};
use parlor_wire::group::{Ban, BanAnswer, Group, Member, Members, Role};
use parlor_wire::lobby::{
    Block, Blocks, Departure, LobbyLeft, LobbyState, Occupant, Report, ReportedLine, ReportedPerson, Reports,
    Room, RoomEnded, RoomLeft, RoomMessage, RoomSignal, RoomSignalWhat, Somebody, SpeedChat, Standing,
};
use parlor_wire::message::{Attachment, Events, Message, Messages, Reaction, Sent};
use parlor_wire::number::{Id, Seq};
use parlor_wire::problem::{Code, Problem};
use parlor_wire::signal::{Signal, SignalWhat};
use parlor_wire::socket::{
    Ack, Behind, Done, OpenRefused, Opened, OpenedGroup, OpenedGroups, Reload, Resume, True,
};
use parlor_wire::time::Time;
use parlor_wire::upload::{FileKind, Upload, UploadAnswer, Uploads};
use parlor_wire::video::{FoundVideo, VideoLookup, VideoQuota, VideoSearch};
use parlor_wire::watch::{
    MediaKind, PlayPhase, PlayReason, PlayState, PlayerActivity, PlayerAsk, PlayerChange, PlayerCommand,
    QueueEntry, SeekAsk, ShownViewer, TimeAnswer, Viewers, Watch, WatchControl, WatchHands, WatchItem,
    WatchPatience, WatchWho, Watched, WatchedList,
};

#[test]
fn events() {
    for what in [
        What::Message(MessageData {
            text: "hello".into(),
            client_id: "c-1".to_owned(),
            reply_to: None,
            files: Vec::new(),
            deleted: false,
        }),
        What::Edit(EditData { seq: Seq(41), text: "hello, all".into() }),
        What::Delete(DeleteData { seq: Seq(41) }),
        What::Reaction(ReactionData { seq: Seq(41), emoji: "🎉".to_owned(), on: true }),
        What::MemberJoined(MemberJoinedData { account: ada(), role: Role::Member }),
        What::MemberLeft(MemberLeftData { account: guest(), reason: LeaveReason::Kicked }),
        What::MemberRole(MemberRoleData { account: ada(), role: Role::Moderator }),
        What::GroupUpdated(GroupUpdatedData {
            name: Some("Reading".to_owned()),
            slow_mode_s: Some(10),
            expires_at: Some(None),
            ..Default::default()
        }),
    ] {
        let event = event(what);
        let json = serde_json::to_value(&event).unwrap();
        golden(&format!("event_{}", json["type"].as_str().unwrap()), &event);
    }
    let redacted = MessageData {
        text: "".into(),
        client_id: "c-1".to_owned(),
        reply_to: Some(Seq(40)),
        files: Vec::new(),
        deleted: true,
    };
    golden("event_message_deleted", &event(What::Message(redacted)));
    let song = Attachment {
        id: Id(8),
        name: "song.mp3".into(),
        kind: FileKind::Audio,
        size: 4_294_967_296,
        width: None,
        height: None,
        thumbnail: false,
    };
    let with_files = MessageData {
        text: "cat.png".into(),
        client_id: "c-2".to_owned(),
        reply_to: None,
        files: vec![picture(), song],
        deleted: false,
    };
    golden("event_message_files", &event(What::Message(with_files)));
}

fn picture() -> Attachment {
    Attachment {
        id: Id(7),
        name: "cat.png".into(),
        kind: FileKind::Image,
        size: 70_123,
        width: Some(640),
        height: Some(480),
        thumbnail: true,
    }
}

#[test]
fn an_event_of_a_newer_version_passes_through() {
    let newer = r#"{"group":7,"epoch":1,"seq":42,"at":"2026-11-20T10:00:00.123Z","by":{"id":3,"name":"Ada"},"type":"player","data":{"rev":9,"phase":"paused"}}"#;
    let event: Event = serde_json::from_str(newer).unwrap();
    assert!(matches!(event.what, What::Other(_)));
    assert_eq!(
        serde_json::to_value(&event).unwrap(),
        serde_json::from_str::<serde_json::Value>(newer).unwrap()
    );
}

#[test]
fn problems() {
    for code in Code::ALL {
        let mut problem = Problem::new(*code, "One sentence for people.");
        match code {
            Code::Invalid => problem = Problem::invalid("name", "must be 1 to 80 characters"),
            Code::RateLimited | Code::Unavailable => problem = problem.retry_after(3),
            _ => {}
        }
        golden(&format!("problem_{}", code.name()), &problem);
    }
}

#[test]
fn signals_and_resume() {
    for (name, what) in [
        ("typing", SignalWhat::Typing { by: by(), on: true }),
        ("presence", SignalWhat::Presence { by: by(), online: false }),
        ("here", SignalWhat::Here { accounts: vec![Id(3), Id(4)] }),
        ("cheer", SignalWhat::Cheer { by: by(), emoji: "🎉".to_owned() }),
        ("lobby", SignalWhat::Lobby { waiting: 2 }),
        ("read", SignalWhat::Read { last_read: Seq(42), unread: 0 }),
    ] {
        golden(&format!("signal_{name}"), &Signal { group: Id(7), what });
    }
    golden("resume_group", &Resume::Group { group: Id(7) });
    golden("resume_node", &Resume::Node { in_ms: 1500 });
}

#[test]
fn acks() {
    golden("ack_done", &Ack::ok(Done {}));
    golden(
        "ack_sent",
        &Ack::ok(Sent { event: event(What::Delete(DeleteData { seq: Seq(41) })), duplicate: true }),
    );
    golden(
        "ack_refused",
        &Ack::<Done>::refused(Problem::new(Code::RateLimited, "wait a little").retry_after(3)),
    );
    let error = Problem::new(Code::NotFound, "there is no such group").into();
    let (epoch, head) = (Seq(1), Seq(42));
    let groups = vec![
        OpenedGroup::Opened(Opened {
            id: Id(7),
            epoch,
            head,
            events: vec![event(What::Delete(DeleteData { seq: Seq(41) }))],
        }),
        OpenedGroup::Behind(Behind { id: Id(8), epoch, head, behind: True }),
        OpenedGroup::Reload(Reload { id: Id(9), epoch, head, reload: True }),
        OpenedGroup::Refused(OpenRefused { id: Id(10), error }),
    ];
    golden("ack_open", &Ack::ok(OpenedGroups { groups }));
}

#[test]
fn lobbies() {
    let occupant =
        |key: &str, id, name: &str| Occupant { key: key.to_owned(), id, name: name.to_owned(), keeps: false };
    let somebody = || Somebody { key: "3".to_owned(), id: Some(Id(3)), name: "Ada".to_owned() };
    let room = Room {
        room: Id(5),
        group: Id(7),
        me: occupant("3", Some(Id(3)), "Ada"),
        partners: vec![occupant("4611686018427387905", None, "Anonymous")],
        began_at: time(),
        round_ends_at: None,
        reported_lines: 50,
    };
    golden("room", &room);
    golden("ack_in_room", &Ack::ok(Standing { group: Id(7), waiting_since: None, room: Some(room) }));
    let waiting = Standing { group: Id(7), waiting_since: Some(time()), room: None };
    golden("ack_waiting", &Ack::ok(waiting));
    golden("room_message", &RoomMessage { room: Id(5), by: somebody(), at: time(), text: "hello".into() });
    for (name, what) in [
        ("typing", RoomSignalWhat::Typing { on: true }),
        ("ready", RoomSignalWhat::Ready),
        ("keep", RoomSignalWhat::Keep { on: true }),
    ] {
        golden(&format!("room_signal_{name}"), &RoomSignal { room: Id(5), by: "3".to_owned(), what });
    }
    golden("room_left", &RoomLeft { room: Id(5), who: somebody(), reason: Departure::GroupLeft });
    let kept = RoomEnded { room: Id(5), reason: Departure::Kept, group: Some(Id(8)), waiting: false };
    golden("room_ended", &kept);
    golden("lobby_left", &LobbyLeft { group: Id(7), reason: Departure::Vanished });
    let chat = SpeedChat {
        rounds: 3,
        minutes: 5,
        round: 1,
        started_at: time(),
        next_at: Some(time()),
        ending: None,
        tables: vec![vec![somebody()]],
        sitting_out: Vec::new(),
    };
    let state = LobbyState { group: Id(7), waiting: 2, since: Some(time()), speed_chat: Some(chat) };
    golden("lobby_state", &state);
    let person = || ReportedPerson { id: None, name: "Anonymous".to_owned() };
    let report = Report {
        id: Id(9),
        at: time(),
        by: ReportedPerson { id: Some(Id(3)), name: "Ada".to_owned() },
        about: person(),
        reason: "rude".into(),
        lines: vec![ReportedLine { at: time(), by: person(), text: "boo".into() }],
    };
    golden("reports", &Reports { reports: vec![report], next: None });
    golden("blocks", &Blocks { blocks: vec![Block { account: ada(), at: time() }], next: None });
}

#[test]
fn watching() {
    let play = PlayState {
        epoch: Seq(1),
        rev: 5,
        item: Some(Id(9)),
        phase: PlayPhase::Playing,
        pos_ms: 90_000,
        at_ms: 1_795_168_800_123,
        rate: 1.25,
    };
    let item = || WatchItem {
        id: Id(9),
        source: "https://example.org/a.mp4".to_owned(),
        title: "A film".to_owned(),
        kind: MediaKind::Video,
        length_ms: Some(600_000),
        added_by: Id(3),
    };
    let control = WatchControl {
        playback: WatchHands::Everyone,
        choice: WatchWho::Vote,
        queue: WatchWho::Host,
        patience: WatchPatience::Together,
    };
    let reason = PlayReason::Seek;
    for change in [
        PlayerChange::Loaded { item: item(), play },
        PlayerChange::Advanced { play, reason },
        PlayerChange::Played { play, reason },
        PlayerChange::Waited { play, whom: vec![Id(3)] },
        PlayerChange::Added { item: item() },
        PlayerChange::Removed { item: Id(9) },
        PlayerChange::Moved { item: Id(9), before: None },
        PlayerChange::Voted { item: Id(9), by: Id(3), on: true },
        PlayerChange::SkipVoted { by: Id(3), on: true },
        PlayerChange::Measured { length_ms: 600_000 },
        PlayerChange::HandedOver { to: Some(Id(3)) },
        PlayerChange::ControlSet { control, host: Some(Id(3)) },
    ] {
        let event = event(What::Player(change));
        let json = serde_json::to_value(&event).unwrap();
        golden(&format!("event_player_{}", json["data"]["change"].as_str().unwrap()), &event);
    }
    let watch = Watch {
        group: Id(7),
        epoch: Seq(1),
        head: Seq(42),
        now_ms: 1_795_168_800_123,
        play,
        item: Some(item()),
        item_since: 3,
        queue: vec![QueueEntry { item: item(), votes: vec![Id(3)] }],
        control,
        host: None,
        skip_votes: Vec::new(),
    };
    golden("ack_watch_open", &Ack::ok(watch));
    let viewer = ShownViewer {
        account: Id(3),
        state: Some(PlayerActivity::Buffering),
        drift_ms: Some(-12),
        hidden: false,
        solo: false,
    };
    golden("viewers", &Viewers { group: Id(7), viewers: vec![viewer] });
    let watched = Watched { item: item(), at: time(), from: Seq(40), until: None };
    golden("watched", &WatchedList { watched: vec![watched], next: None });
    golden(
        "ack_time",
        &Ack::ok(TimeAnswer { received_ms: 1_795_168_800_123.25, answered_ms: 1_795_168_800_123.5 }),
    );
}

#[test]
fn commands_are_read_and_what_is_wrong_is_named() {
    let read = |json: &str| PlayerCommand::parse(json.as_bytes()).map(|command| command.ask);
    let head = r#""group": 7, "client_id": "a", "seen": 5"#;
    let seek = read(&format!(r#"{{{head}, "do": "seek", "to_ms": 1.5}}"#)).unwrap();
    assert!(matches!(seek, PlayerAsk::Seek(SeekAsk { to_ms }) if to_ms == 1.5));
    assert!(matches!(read(&format!(r#"{{{head}, "do": "play"}}"#)).unwrap(), PlayerAsk::Play));
    for (rest, field) in [
        (r#""do": "seek""#, "to_ms"),
        (r#""do": "seek", "to_ms": null"#, "to_ms"),
        (r#""do": "load", "media": {"source": 5}"#, "media.source"),
        (r#""do": "explode""#, "do"),
        (r#""to_ms": 5"#, "do"),
    ] {
        let problem = read(&format!("{{{head}, {rest}}}")).unwrap_err();
        assert_eq!((problem.code, problem.field.as_deref()), (Code::Invalid, Some(field)), "{rest}");
    }
    assert_eq!(read("[]").unwrap_err().code, Code::Malformed);
}

#[test]
fn uploads() {
    let picture = Upload {
        id: Id(5),
        group: Id(7),
        by: ada(),
        name: "cat.png".to_owned(),
        size: 70_123,
        received: 70_123,
        ready: true,
        kind: Some(FileKind::Image),
        media_type: Some("image/png".to_owned()),
        width: Some(1_024),
        height: Some(768),
        thumbnail: true,
        created_at: time(),
        expires_at: None,
    };
    let coming = Upload {
        id: Id(6),
        name: "film.mp4".to_owned(),
        size: 2_000_000_000,
        received: 16_777_216,
        ready: false,
        kind: None,
        media_type: None,
        width: None,
        height: None,
        thumbnail: false,
        expires_at: Some(time()),
        ..picture.clone()
    };
    golden("upload", &UploadAnswer { upload: picture.clone() });
    golden(
        "uploads",
        &Uploads {
            uploads: vec![coming, picture],
            next: Some("5".to_owned()),
            used_bytes: 2_000_070_123,
            quota_bytes: 10_737_418_240,
            max_bytes: 2_147_483_648,
        },
    );
}

#[test]
fn answers() {
    golden("signed_in", &SignedIn { account: guest(), token: "a-token".into(), group: Some(group()) });
    let mine = MyGroup { group: group(), role: Role::Owner, head: Seq(42), last_read: Seq(40), unread: 1 };
    golden("me", &Me { account: ada(), admin: true, groups: vec![mine], next: None });
    let member = Member { account: ada(), role: Role::Owner, last_read: Seq(40), joined_at: time() };
    golden("members", &Members { members: vec![member], next: Some("3".to_owned()) });
    golden("ban", &BanAnswer { ban: Ban { account: guest(), reason: None, by_id: Id(3), at: time() } });
    let message = Message {
        seq: Seq(41),
        at: time(),
        by: by(),
        text: "hello, all".into(),
        client_id: "c-1".to_owned(),
        reply_to: None,
        files: vec![picture()],
        edited_at: Some(time()),
        deleted: false,
        reactions: vec![Reaction { emoji: "🎉".to_owned(), count: 2, me: true }],
    };
    golden("messages", &Messages { epoch: Seq(1), head: Seq(42), messages: vec![message], next: None });
    golden("events_reload", &Events { epoch: Seq(2), head: Seq(42), reload: true, events: vec![] });
}

#[test]
fn videos() {
    let found = FoundVideo {
        source: "youtube:dQw4w9WgXcQ".to_owned(),
        title: "A film & more".to_owned(),
        channel: Some("Somebody".to_owned()),
        kind: MediaKind::Music,
        length_ms: Some(213_000),
        live: false,
        embeddable: Some(true),
        thumbnail: Some("https://i.ytimg.com/vi/dQw4w9WgXcQ/mqdefault.jpg".to_owned()),
    };
    let quota = VideoQuota { used: 7, limit: 100, resets_at: time() };
    golden("video_search", &VideoSearch { videos: vec![found], quota });
    let direct = FoundVideo {
        source: "https://media.example/film.mp4".to_owned(),
        title: "film.mp4".to_owned(),
        channel: None,
        kind: MediaKind::Video,
        length_ms: None,
        live: false,
        embeddable: None,
        thumbnail: None,
    };
    let content_type = Some("video/mp4".to_owned());
    golden("video_lookup", &VideoLookup { video: direct, start_ms: 90_000, content_type, bytes: Some(42) });
}

/// The value is written as the file says, and the file is read as the value.
fn golden<T: serde::Serialize + serde::de::DeserializeOwned + std::fmt::Debug>(name: &str, value: &T) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(format!("{name}.json"));
    let made = serde_json::to_string_pretty(value).unwrap() + "\n";
    if std::env::var_os("PARLOR_WRITE").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert_eq!(made, kept, "{name}");
    let read: T = serde_json::from_str(&kept).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(serde_json::to_string_pretty(&read).unwrap() + "\n", kept, "{name}");
}

fn event(what: What) -> Event {
    Event { group: Id(7), epoch: Seq(1), seq: Seq(42), at: time(), by: by(), what }
}

fn by() -> Author {
    Author { id: Id(3), name: "Ada".to_owned() }
}

fn ada() -> Account {
    Account { id: Id(3), username: Some("ada".to_owned()), display_name: "Ada".to_owned(), guest: false }
}

fn guest() -> Account {
    Account { id: Id(4), username: None, display_name: "Grace".to_owned(), guest: true }
}

fn group() -> Group {
    Group {
        id: Id(7),
        name: "Reading".to_owned(),
        description: String::new(),
        rules: "Be kind.".to_owned(),
        owner_id: Id(3),
        access_code: Some(None),
        slow_mode_s: 0,
        lobby_threes: false,
        created_at: time(),
        expires_at: None,
        epoch: Seq(1),
        head: Seq(42),
    }
}

fn time() -> Time {
    Time::from_ms(1_795_168_800_123)
}
