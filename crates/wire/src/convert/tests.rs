//! What must not be sent, and what must be said.

use super::*;
use parlor_core::{AccessCode, Epoch, GroupId, GroupName};

fn group(code: Option<&str>) -> core::Group {
    core::Group {
        id: GroupId::new(7).unwrap(),
        name: GroupName::parse("Reading").unwrap(),
        description: core::Description::default(),
        rules: core::Rules::default(),
        owner_id: core::AccountId::new(3).unwrap(),
        access_code: code.map(|code| AccessCode::parse(code).unwrap()),
        slow_mode: core::SlowMode::OFF,
        created_at: core::Timestamp::from_millis(0),
        lobby_threes: false,
        expires_at: None,
        epoch: Epoch::new(1).unwrap(),
        head: core::Seq::START,
    }
}

#[test]
fn only_who_manages_the_code_has_the_field() {
    let seen = |role, code| serde_json::to_value(Group::seen_as(role, &group(code))).unwrap();
    for role in [core::Role::Guest, core::Role::Member] {
        assert!(seen(role, Some("sesame")).get("access_code").is_none(), "whatever the operation answered");
    }
    for role in [core::Role::Moderator, core::Role::Owner] {
        assert_eq!(seen(role, Some("sesame"))["access_code"], "sesame");
        assert!(seen(role, None)["access_code"].is_null() && seen(role, None).get("access_code").is_some());
    }
    assert_eq!(Group::seen(&group(None)).access_code, None);
}

#[test]
fn a_deleted_message_says_so_and_nothing_else() {
    let client_id = core::ClientId::parse("c").unwrap();
    let deleted = core::EventBody::Message { text: None, client_id, reply_to: None, files: Vec::new() };
    let wire = serde_json::to_value(What::from(&deleted)).unwrap();
    assert_eq!((&wire["data"]["text"], &wire["data"]["deleted"]), (&"".into(), &true.into()));
    let newer = core::EventBody::Other { kind: "player".into(), data: r#"{"rev":9}"#.into() };
    let wire = serde_json::to_value(What::from(&newer)).unwrap();
    assert_eq!(wire, serde_json::json!({ "type": "player", "data": { "rev": 9 } }));
}

#[test]
fn waits_are_whole_seconds_and_at_least_one() {
    #[derive(Debug)]
    struct Wait(u64);
    impl std::fmt::Display for Wait {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("wait")
        }
    }
    impl std::error::Error for Wait {}
    impl core::Refusal for Wait {
        fn code(&self) -> core::refusal::Code {
            core::refusal::Code::RateLimited
        }
        fn retry_after(&self) -> Option<std::time::Duration> {
            Some(std::time::Duration::from_millis(self.0))
        }
    }
    for (ms, seconds) in [(0, 1), (1, 1), (1_000, 1), (1_001, 2)] {
        let problem = Problem::from_refusal(&Wait(ms));
        assert_eq!((problem.retry_after, problem.status), (Some(seconds), 429));
    }
}

#[test]
fn positions_out_of_range_are_past_every_head() {
    let far = |epoch, seq| Position { epoch: Seq(epoch), seq: Seq(seq) }.to_core().to_string();
    assert_eq!(far(1, 42), "1:42");
    assert_eq!(far(0, -1), "9007199254740991:9007199254740991");
    assert_eq!(far(i64::MAX, i64::MIN), "9007199254740991:9007199254740991");
}
