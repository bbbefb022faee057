//! Accounts and sessions, told as stories.

use crate::accounts::{ChangePasswordError, CreateAccountError, NewAccount};
use crate::sessions::{AuthenticateError, EndSessionError, SignInError};
use crate::testing::{House, client, client_at};
use crate::{Settings, Token};
use parlor_bus::{EndedSessions, Notice, Received, Subscription};
use parlor_core::{Code, DisplayName, Password, Refusal, Username};
use std::time::Duration;

fn new_account(name: &str, first_admin: Option<&Token>) -> NewAccount {
    NewAccount {
        username: Username::parse(name).unwrap(),
        password: Password::parse("correct horse").unwrap(),
        display_name: None,
        first_admin: first_admin.map(|token| token.reveal().to_owned()),
    }
}

fn ended(subscription: &mut Subscription) -> Vec<EndedSessions> {
    let mut ended = Vec::new();
    while let Some(received) = subscription.try_receive() {
        if let Received::Notice(Notice::SessionsEnded(sessions)) = received {
            ended.push(sessions);
        }
    }
    ended
}

#[tokio::test]
async fn one_signs_up_in_and_out() {
    let house = House::new();
    let made = house.app.create_account(new_account("Ada", None), &client()).await.unwrap();
    assert_eq!(made.account().display_name.as_str(), "Ada");
    assert!(!made.caller.admin);
    assert_eq!(house.app.authenticate(made.token.reveal()).await.unwrap(), made.caller);
    let second = house.app.sign_in("ADA", "correct horse", &client()).await.unwrap();
    assert_ne!(second.token, made.token);
    assert_eq!(second.account(), made.account());
    let mut notices = house.app.subscribe();
    house.app.sign_out(&made.caller).await.unwrap();
    let gone = house.app.authenticate(made.token.reveal()).await;
    assert!(matches!(gone, Err(AuthenticateError::Unauthorized)));
    assert!(house.app.authenticate(second.token.reveal()).await.is_ok());
    let account = made.account().id;
    assert_eq!(ended(&mut notices), [EndedSessions { account, only: Some(made.session()), except: None }]);
    // Once more is no fault.
    house.app.sign_out(&made.caller).await.unwrap();
    let asked = vec![made.session(), second.session()];
    assert_eq!(house.app.ended_sessions(asked).await.unwrap(), [made.session()]);
}

#[tokio::test]
async fn what_is_wrong_is_not_told() {
    let house = House::new();
    house.app.create_account(new_account("ada", None), &client()).await.unwrap();
    let long = "x".repeat(10_000);
    for (name, password) in [
        ("ada", "wrong horse"),
        ("bob", "correct horse"),
        ("a", "correct horse"),
        ("ada", ""),
        ("ada", &*long),
        ("", ""),
    ] {
        let refused = house.app.sign_in(name, password, &client()).await.unwrap_err();
        assert!(matches!(refused, SignInError::WrongCredentials));
        assert_eq!(refused.code(), Code::Unauthorized);
    }
    for garbage in ["", "x", "é", &*"0".repeat(64), &*"z".repeat(64), &*long] {
        let refused = house.app.authenticate(garbage).await.unwrap_err();
        assert_eq!((refused.code(), refused.to_string()), (Code::Unauthorized, "sign in first".to_owned()));
    }
}

#[tokio::test]
async fn a_username_is_taken_once_even_by_many_at_a_time() {
    let house = House::new();
    let tries = (0..10).map(|n| {
        let app = house.app.clone();
        let name = if n % 2 == 0 { "ada" } else { "ADA" };
        tokio::spawn(async move { app.create_account(new_account(name, None), &client()).await })
    });
    let (mut made, mut taken) = (0, 0);
    for one in tries.collect::<Vec<_>>() {
        match one.await.unwrap() {
            Ok(_) => made += 1,
            Err(CreateAccountError::UsernameTaken) => taken += 1,
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!((made, taken), (1, 9));
}

#[tokio::test]
async fn the_one_time_link_makes_one_admin() {
    let house = House::new();
    let token = house.app.first_admin_token().await.unwrap().unwrap();
    assert_eq!(house.app.first_admin_token().await.unwrap().as_ref(), Some(&token));
    // Somebody else may come first; they are no admin, and the link is still good.
    let other = house.app.create_account(new_account("early", None), &client()).await.unwrap();
    assert!(!other.caller.admin);
    let guess = NewAccount { first_admin: Some("0".repeat(64)), ..new_account("eve", None) };
    let refused = house.app.create_account(guess, &client()).await;
    assert!(matches!(refused, Err(CreateAccountError::LinkSpent)));
    let admin = house.app.create_account(new_account("root", Some(&token)), &client()).await.unwrap();
    assert!(admin.caller.admin);
    assert!(house.app.authenticate(admin.token.reveal()).await.unwrap().admin);
    let again = house.app.create_account(new_account("second", Some(&token)), &client()).await;
    assert!(matches!(again, Err(CreateAccountError::LinkSpent)));
    assert_eq!(house.app.first_admin_token().await.unwrap(), None);
}

#[tokio::test]
async fn sessions_last_from_their_last_use() {
    let house = House::new();
    let made = house.app.create_account(new_account("ada", None), &client()).await.unwrap();
    let day = Duration::from_secs(24 * 60 * 60);
    for _ in 0..3 {
        house.clock.advance(day * 60);
        assert!(house.app.authenticate(made.token.reveal()).await.is_ok());
        // The use is noted without anybody waiting for it: the next write comes after it.
        house.account(&format!("other{}", house.app.now().as_millis())).await;
    }
    house.clock.advance(day * 91);
    assert!(house.app.authenticate(made.token.reveal()).await.is_err());
    assert!(house.app.sessions(&made.caller).await.unwrap().is_empty());
    house.app.tidy().await.unwrap();
}

#[tokio::test]
async fn one_sees_and_ends_ones_own_sessions_only() {
    let house = House::new();
    let made = house.app.create_account(new_account("ada", None), &client()).await.unwrap();
    let phone = house.app.sign_in("ada", "correct horse", &client()).await.unwrap();
    let third = house.app.sign_in("ada", "correct horse", &client()).await.unwrap();
    let bob = house.account("bob").await;
    let seen = house.app.sessions(&made.caller).await.unwrap();
    assert_eq!(seen.iter().map(|session| session.current).collect::<Vec<_>>(), [false, false, true]);
    assert_eq!(seen[0].agent.as_deref(), Some("test"));
    let foreign = house.app.end_session(&bob, phone.session()).await;
    assert!(matches!(foreign, Err(EndSessionError::NotFound)));
    house.app.end_session(&made.caller, phone.session()).await.unwrap();
    assert!(house.app.authenticate(phone.token.reveal()).await.is_err());
    let mut notices = house.app.subscribe();
    house.app.sign_out_others(&made.caller).await.unwrap();
    assert!(house.app.authenticate(third.token.reveal()).await.is_err());
    assert!(house.app.authenticate(made.token.reveal()).await.is_ok());
    let told = ended(&mut notices);
    assert!(told[0].includes(made.account().id, third.session()));
    assert!(!told[0].includes(made.account().id, made.session()));
    house.app.sign_out_everywhere(&made.caller).await.unwrap();
    assert!(house.app.authenticate(made.token.reveal()).await.is_err());
}

#[tokio::test]
async fn another_password_ends_the_other_sessions() {
    let house = House::new();
    let made = house.app.create_account(new_account("ada", None), &client()).await.unwrap();
    let thief = house.app.sign_in("ada", "correct horse", &client()).await.unwrap();
    let better = || Password::parse("battery staple").unwrap();
    let wrong = house.app.change_password(&made.caller, "wrong horse", better(), &client()).await;
    assert!(matches!(wrong, Err(ChangePasswordError::WrongPassword)));
    house.app.change_password(&made.caller, "correct horse", better(), &client()).await.unwrap();
    assert!(house.app.authenticate(thief.token.reveal()).await.is_err());
    assert!(house.app.authenticate(made.token.reveal()).await.is_ok());
    assert!(house.app.sign_in("ada", "correct horse", &client()).await.is_err());
    assert!(house.app.sign_in("ada", "battery staple", &client()).await.is_ok());
    let guest = house.guest("Gus").await;
    let refused = house.app.change_password(&guest, "correct horse", better(), &client()).await;
    assert!(matches!(refused, Err(ChangePasswordError::Guest)));
}

#[tokio::test]
async fn guessing_is_slow_and_nobody_else_is_kept_out() {
    let house = House::with(Settings { rate_limits: true });
    house.app.create_account(new_account("ada", None), &client()).await.unwrap();
    let mut refused = None;
    for n in 0..20 {
        match house.app.sign_in("ada", &format!("guess number {n}"), &client_at(66)).await.unwrap_err() {
            SignInError::TooOften { retry_after } => refused = Some((n, retry_after)),
            SignInError::WrongCredentials => assert!(refused.is_none()),
            SignInError::Failure(failure) => panic!("{failure:?}"),
        }
    }
    let (_, retry_after) = refused.unwrap();
    // Not even with the right password from there, but from elsewhere at once.
    assert!(house.app.sign_in("ada", "correct horse", &client_at(66)).await.is_err());
    assert!(house.app.sign_in("ada", "correct horse", &client_at(7)).await.is_ok());
    house.clock.advance(retry_after);
    assert!(house.app.sign_in("ada", "correct horse", &client_at(66)).await.is_ok());
    // One password over many names from one address.
    let mut limited = false;
    for n in 0..200 {
        let tried = house.app.sign_in(&format!("user{n}"), "password1", &client_at(99)).await;
        limited |= matches!(tried, Err(SignInError::TooOften { .. }));
    }
    assert!(limited);
    // Signing in rightly again and again is no misuse.
    for _ in 0..100 {
        house.app.sign_in("ada", "correct horse", &client_at(8)).await.unwrap();
    }
}

#[tokio::test]
async fn a_new_name_is_for_what_comes_after() {
    let house = House::new();
    let ada = house.account("ada").await;
    let group = house.group(&ada, &[]).await;
    house.send(&ada, group, "before").await;
    let mut notices = house.app.subscribe();
    let account = house.app.rename(&ada, DisplayName::parse("Countess").unwrap()).await.unwrap();
    assert_eq!(account.display_name.as_str(), "Countess");
    let Some(Received::Notice(Notice::Renamed { account: whose, name })) = notices.try_receive() else {
        panic!("open sockets are told")
    };
    assert_eq!((whose, name.as_str()), (ada.account.id, "Countess"));
    let again = house.app.sign_in("ada", "ada-password", &client()).await.unwrap().caller;
    house.send(&again, group, "after").await;
    let page = house.app.messages_before(&again, group, None, crate::PageLimit::default()).await.unwrap();
    let names: Vec<&str> = page.messages.iter().map(|message| message.by.name.as_str()).collect();
    assert_eq!(names, ["Countess", "ada"]);
}
