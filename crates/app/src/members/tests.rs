//! Who may do what to whom: the table of roles against every operation.

use crate::groups::{GroupEdit, GroupError};
use crate::members::MemberError;
use crate::testing::{House, draft};
use crate::{Caller, PageLimit};
use parlor_bus::{Notice, Received};
use parlor_core::{BanReason, Code, EventBody, GroupId, GroupName, LeaveReason, Refusal, Role, Seq};

struct Town {
    house: House,
    owner: Caller,
    moderator: Caller,
    member: Caller,
    guest: Caller,
    stranger: Caller,
    removed: Caller,
    group: GroupId,
}

async fn town() -> Town {
    let house = House::new();
    let owner = house.account("owner").await;
    let (moderator, member) = (house.account("moderator").await, house.account("member").await);
    let (guest, stranger) = (house.guest("Guest").await, house.account("stranger").await);
    let removed = house.account("removed").await;
    let group = house.group(&owner, &[&moderator, &member, &guest, &removed]).await;
    house.app.set_role(&owner, group, moderator.account.id, Role::Moderator).await.unwrap();
    house.app.remove_member(&owner, group, removed.account.id).await.unwrap();
    Town { house, owner, moderator, member, guest, stranger, removed, group }
}

fn code<T>(result: Result<T, impl Refusal>) -> Option<Code> {
    result.err().map(|refusal| refusal.code())
}

/// The codes for stranger, removed, guest, member, moderator, owner; `None` is "may".
macro_rules! by_everybody {
    ($town:ident, |$caller:ident| $call:expr) => {{
        let mut codes = Vec::new();
        for $caller in
            [&$town.stranger, &$town.removed, &$town.guest, &$town.member, &$town.moderator, &$town.owner]
        {
            codes.push(code($call.await));
        }
        codes
    }};
}

const NOBODY: Option<Code> = Some(Code::NotFound);
const NO: Option<Code> = Some(Code::Forbidden);
const YES: Option<Code> = None;

#[tokio::test]
async fn everybody_against_every_reading_operation() {
    let town = town().await;
    let (app, group) = (&town.house.app, town.group);
    let all = [NOBODY, NOBODY, YES, YES, YES, YES];
    let limit = PageLimit::default();
    assert_eq!(by_everybody!(town, |caller| app.group(caller, group)), all);
    assert_eq!(by_everybody!(town, |caller| app.members(caller, group, None, limit)), all);
    assert_eq!(by_everybody!(town, |caller| app.messages_before(caller, group, None, limit)), all);
    assert_eq!(by_everybody!(town, |caller| app.events_page(caller, group, None, limit)), all);
    assert_eq!(by_everybody!(town, |caller| app.resume(caller, group, None)), all);
    assert_eq!(by_everybody!(town, |caller| app.mark_read(caller, group, Seq::START)), all);
    assert_eq!(by_everybody!(town, |caller| app.typing(caller, group, true)), all);
    assert_eq!(by_everybody!(town, |caller| app.send_message(caller, group, draft("c", "hello"))), all);
    let few = [NOBODY, NOBODY, NO, NO, YES, YES];
    assert_eq!(by_everybody!(town, |caller| app.bans(caller, group, None, limit)), few);
    // The same for a group that does not exist: nobody learns which do.
    let nowhere = GroupId::new(4_711).unwrap();
    assert_eq!(by_everybody!(town, |caller| app.group(caller, nowhere)), [NOBODY; 6]);
    let (here, there) = (app.group(&town.stranger, group).await, app.group(&town.stranger, nowhere).await);
    assert_eq!(here.unwrap_err().to_string(), there.unwrap_err().to_string());
}

#[tokio::test]
async fn everybody_against_every_changing_operation() {
    let town = town().await;
    let (app, group) = (&town.house.app, town.group);
    let few = [NOBODY, NOBODY, NO, NO, YES, YES];
    let rename = || GroupEdit { name: Some(GroupName::parse("New").unwrap()), ..GroupEdit::default() };
    assert_eq!(by_everybody!(town, |caller| app.change_group(caller, group, rename())), few);
    assert_eq!(by_everybody!(town, |caller| app.rotate_access_code(caller, group)), few);
    assert_eq!(by_everybody!(town, |caller| app.turn_off_access_code(caller, group)), few);
    let (stranger, guest) = (town.stranger.account.id, town.guest.account.id);
    let reason = BanReason::default;
    // One who never was here is told of to nobody; one who was can be banned.
    assert_eq!(
        by_everybody!(town, |caller| app.ban(caller, group, stranger, reason())),
        [NOBODY, NOBODY, NO, NO, NOBODY, NOBODY]
    );
    let removed = town.removed.account.id;
    assert_eq!(by_everybody!(town, |caller| app.ban(caller, group, removed, reason())), few);
    let gone = Some(Code::NotFound);
    // The moderator takes it back; for the owner there is none any more.
    assert_eq!(
        by_everybody!(town, |caller| app.unban(caller, group, removed)),
        [NOBODY, NOBODY, NO, NO, YES, gone]
    );
    let owner_only = [NOBODY, NOBODY, NO, NO, NO, YES];
    assert_eq!(by_everybody!(town, |caller| app.set_role(caller, group, guest, Role::Member)), owner_only);
    let member = town.member.account.id;
    assert_eq!(by_everybody!(town, |caller| app.hand_over(caller, group, member)), owner_only);
    // The owner is a moderator now, and gets the group back.
    app.hand_over(&town.member, group, town.owner.account.id).await.unwrap();
    assert_eq!(
        by_everybody!(town, |caller| app.delete_group(caller, group)),
        [NOBODY, NOBODY, NO, NO, NO, YES]
    );
    assert_eq!(by_everybody!(town, |caller| app.group(caller, group)), [NOBODY; 6]);
}

#[tokio::test]
async fn nobody_sends_an_equal_or_a_higher_away() {
    let town = town().await;
    let (app, group) = (&town.house.app, town.group);
    let second = town.house.account("second").await;
    let code_of_group = app.rotate_access_code(&town.owner, group).await.unwrap().access_code.unwrap();
    app.join_group(&second, code_of_group, &crate::testing::client()).await.unwrap();
    app.set_role(&town.owner, group, second.account.id, Role::Moderator).await.unwrap();
    for target in [&second, &town.owner] {
        let target = target.account.id;
        assert_eq!(code(app.remove_member(&town.moderator, group, target).await), NO);
        assert_eq!(code(app.ban(&town.moderator, group, target, BanReason::default()).await), NO);
        assert_eq!(code(app.remove_member(&town.member, group, target).await), NO);
    }
    assert_eq!(code(app.remove_member(&town.moderator, group, town.member.account.id).await), YES);
    assert_eq!(code(app.remove_member(&town.owner, group, town.moderator.account.id).await), YES);
    let unknown = parlor_core::AccountId::new(99_999).unwrap();
    assert!(matches!(app.remove_member(&town.owner, group, unknown).await, Err(MemberError::NoSuchMember)));
    assert!(matches!(
        app.ban(&town.owner, group, unknown, BanReason::default()).await,
        Err(MemberError::NoSuchMember)
    ));
}

#[tokio::test]
async fn the_owner_hands_over_before_leaving() {
    let town = town().await;
    let (app, group) = (&town.house.app, town.group);
    let (owner, member, guest) = (town.owner.account.id, town.member.account.id, town.guest.account.id);
    let leaving = app.remove_member(&town.owner, group, owner).await;
    assert!(matches!(leaving, Err(MemberError::OwnerMustHandOver)));
    assert_eq!(code(leaving), Some(Code::Conflict));
    assert!(matches!(
        app.set_role(&town.owner, group, owner, Role::Member).await,
        Err(MemberError::OwnerMustHandOver)
    ));
    assert!(matches!(
        app.set_role(&town.owner, group, member, Role::Owner).await,
        Err(MemberError::OnlyByHandingOver)
    ));
    assert!(matches!(
        app.set_role(&town.owner, group, guest, Role::Moderator).await,
        Err(MemberError::TargetIsGuest)
    ));
    assert!(matches!(app.hand_over(&town.owner, group, guest).await, Err(MemberError::TargetIsGuest)));
    let handed = app.hand_over(&town.owner, group, member).await.unwrap();
    assert_eq!(handed.owner_id, member);
    assert_eq!(app.group(&town.owner, group).await.unwrap().role, Role::Moderator);
    app.remove_member(&town.owner, group, owner).await.unwrap();
    let log = app.events_page(&town.member, group, None, PageLimit::new(200)).await.unwrap().events;
    assert!(matches!(
        &log.last().unwrap().body,
        EventBody::MemberLeft { reason: LeaveReason::Left, account } if account.id == owner
    ));
}

#[tokio::test]
async fn a_removal_is_in_the_log_and_nothing_after_it_is_sent_by_the_removed() {
    let town = town().await;
    let (app, group) = (&town.house.app, town.group);
    let mut notices = app.subscribe();
    let before = app.submit_message(&town.member, group, draft("1", "before"));
    let removal = app.remove_member(&town.owner, group, town.member.account.id);
    let (before, removal) = tokio::join!(before, removal);
    let after = app.send_message(&town.member, group, draft("2", "after")).await;
    assert!(before.is_ok() && removal.is_ok());
    assert_eq!(code(after), NOBODY);
    let mut told = Vec::new();
    while let Some(Received::Notice(notice)) = notices.try_receive() {
        match notice {
            Notice::Events(events) => told.extend(events.iter().map(|event| event.body.kind().to_owned())),
            Notice::Membership { role: None, .. } => told.push("no member".to_owned()),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(told, ["message", "member_left", "no member"]);
}

#[tokio::test]
async fn a_deleted_group_is_gone_at_once_and_its_rows_soon() {
    let town = town().await;
    let (app, group) = (&town.house.app, town.group);
    let mut notices = app.subscribe();
    app.delete_group(&town.owner, group).await.unwrap();
    assert!(
        matches!(notices.try_receive(), Some(Received::Notice(Notice::GroupGone { group: gone })) if gone == group)
    );
    assert!(matches!(app.group(&town.owner, group).await, Err(GroupError::NotFound)));
    assert_eq!(code(app.send_message(&town.owner, group, draft("c", "hello")).await), NOBODY);
    assert!(app.events_after(group, Seq::START).await.unwrap().is_none());
    app.tidy().await.unwrap();
    assert!(app.heads(vec![group]).await.unwrap().is_empty());
    let mine = app.my_groups(&town.owner, None, PageLimit::default()).await.unwrap();
    assert!(mine.items.is_empty());
}
