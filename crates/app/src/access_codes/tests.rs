//! Coming in: by code, as a guest, and not at all.

use crate::access_codes::JoinError;
use crate::guests::{CreateGuestError, NewGuest};
use crate::testing::{House, client, client_at};
use crate::{PageLimit, Settings};
use parlor_bus::{Notice, Received};
use parlor_core::{AccessCode, BanReason, Code, DisplayName, Refusal, Role};

fn code(text: &str) -> AccessCode {
    AccessCode::parse(text).unwrap()
}

#[tokio::test]
async fn a_code_lets_in_and_in_again() {
    let house = House::new();
    let (ada, bob) = (house.account("ada").await, house.account("bob").await);
    let group = house.group(&ada, &[]).await;
    let shown = house.app.group(&ada, group).await.unwrap().group.access_code.unwrap();
    assert!(shown.as_str().len() >= 16, "at least 64 bits");
    let mut notices = house.app.subscribe();
    let spelled = code(&format!(" {} ", shown.as_str().to_uppercase()));
    let joined = house.app.join_group(&bob, spelled.clone(), &client()).await.unwrap();
    assert_eq!((joined.id, joined.access_code), (group, None));
    let again = house.app.join_group(&bob, spelled, &client()).await.unwrap();
    assert_eq!(again.head, joined.head, "coming again is no event");
    assert!(matches!(notices.try_receive(), Some(Received::Notice(Notice::Events(_)))));
    let Some(Received::Notice(Notice::Membership { account, role, .. })) = notices.try_receive() else {
        panic!("a new member is told")
    };
    assert_eq!((account, role), (bob.account.id, Some(Role::Member)));
    assert!(notices.try_receive().is_none());
    let membership = house.app.group(&bob, group).await.unwrap();
    assert_eq!((membership.role, membership.unread), (Role::Member, 0));
    assert_eq!(membership.last_read, joined.head);
    assert!(membership.group.access_code.is_none(), "members do not see the code");
}

#[tokio::test]
async fn a_guest_gets_a_place_or_nothing_at_all() {
    let house = House::new();
    let ada = house.account("ada").await;
    let group = house.group(&ada, &[]).await;
    let right = house.app.group(&ada, group).await.unwrap().group.access_code.unwrap();
    let new = |access_code| NewGuest { display_name: DisplayName::parse("Gus").unwrap(), access_code };
    let made = house.app.create_guest(new(Some(right)), &client()).await.unwrap();
    assert_eq!(made.group.unwrap().id, group);
    let gus = made.signed_in.caller;
    assert!(gus.account.guest);
    assert_eq!(house.app.group(&gus, group).await.unwrap().role, Role::Guest);
    let refused = house.app.create_guest(new(Some(code("wrong"))), &client()).await.unwrap_err();
    assert!(matches!(refused, CreateGuestError::CodeUnknown));
    assert_eq!(refused.code(), Code::NotFound);
    let without = house.app.create_guest(new(None), &client()).await.unwrap();
    assert!(without.group.is_none());
    assert_eq!(
        without.signed_in.account().id.get(),
        gus.account.id.get() + 1,
        "the refused one left no account"
    );
}

#[tokio::test]
async fn rotated_and_turned_off_codes_open_nothing() {
    let house = House::new();
    let (ada, bob, eve) =
        (house.account("ada").await, house.account("bob").await, house.account("eve").await);
    let group = house.group(&ada, &[&bob]).await;
    let old = house.app.group(&ada, group).await.unwrap().group.access_code.unwrap();
    let new = house.app.rotate_access_code(&ada, group).await.unwrap().access_code.unwrap();
    assert_ne!(old, new);
    assert!(matches!(house.app.join_group(&eve, old, &client()).await, Err(JoinError::CodeUnknown)));
    let off = house.app.turn_off_access_code(&ada, group).await.unwrap();
    assert_eq!(off.access_code, None);
    assert!(matches!(house.app.join_group(&eve, new, &client()).await, Err(JoinError::CodeUnknown)));
    assert_eq!(house.app.rotate_access_code(&bob, group).await.unwrap_err().code(), Code::Forbidden);
    assert_eq!(house.app.rotate_access_code(&eve, group).await.unwrap_err().code(), Code::NotFound);
}

#[tokio::test]
async fn a_banned_one_does_not_come_back_a_kicked_one_may() {
    let house = House::new();
    let (ada, bob, eve) =
        (house.account("ada").await, house.account("bob").await, house.account("eve").await);
    let group = house.group(&ada, &[&bob, &eve]).await;
    let code = house.app.group(&ada, group).await.unwrap().group.access_code.unwrap();
    house.app.remove_member(&ada, group, bob.account.id).await.unwrap();
    assert!(house.app.group(&bob, group).await.is_err());
    house.app.join_group(&bob, code.clone(), &client()).await.unwrap();
    house.app.ban(&ada, group, eve.account.id, BanReason::parse("spam").unwrap()).await.unwrap();
    assert!(matches!(house.app.join_group(&eve, code.clone(), &client()).await, Err(JoinError::Banned)));
    let bans = house.app.bans(&ada, group, None, PageLimit::default()).await.unwrap();
    assert_eq!(bans.items[0].account.id, eve.account.id);
    house.app.unban(&ada, group, eve.account.id).await.unwrap();
    assert!(house.app.join_group(&eve, code, &client()).await.is_ok());
}

#[tokio::test]
async fn guessing_codes_is_slow_and_a_class_comes_in_at_once() {
    let house = House::with(Settings { rate_limits: true });
    let ada = house.account("ada").await;
    let group = house.group(&ada, &[]).await;
    let right = house.app.group(&ada, group).await.unwrap().group.access_code.unwrap();
    for _ in 0..60 {
        let new =
            NewGuest { display_name: DisplayName::parse("Pupil").unwrap(), access_code: Some(right.clone()) };
        house.app.create_guest(new, &client_at(5)).await.unwrap();
    }
    let (bob, eve) = (house.account("bob").await, house.account("eve").await);
    let mut tried = 0;
    while !matches!(
        house.app.join_group(&eve, code(&format!("guess{tried}")), &client_at(66)).await,
        Err(JoinError::TooOften { .. })
    ) {
        tried += 1;
        assert!(tried < 1_000);
    }
    // The account is slowed down elsewhere, too, and so is the address for another account; others are not.
    assert!(matches!(
        house.app.join_group(&eve, code("more"), &client_at(67)).await,
        Err(JoinError::TooOften { .. })
    ));
    assert!(matches!(
        house.app.join_group(&bob, code("more"), &client_at(66)).await,
        Err(JoinError::TooOften { .. })
    ));
    // A right code always works: for the one who mistyped it and for everybody behind the same address.
    for caller in [&eve, &bob] {
        assert!(house.app.join_group(caller, right.clone(), &client_at(66)).await.is_ok());
    }
    let new = |code| NewGuest { display_name: DisplayName::parse("Gus").unwrap(), access_code: Some(code) };
    assert!(house.app.create_guest(new(right), &client_at(66)).await.is_ok());
    let refused = house.app.create_guest(new(code("more")), &client_at(66)).await;
    assert!(matches!(refused, Err(CreateGuestError::TooOften { .. })));
}
