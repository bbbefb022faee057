//! Coming into a lobby: with an account, as a member of the group; or over the circle dialect, by the group's code.

use super::pairing::{pair_or_wait, step_out, view_of};
use super::{Entered, LobbyError, Newcomer, Scene, Standing};
use crate::limits::Limit;
use crate::{App, Caller, Client};
use parlor_bus::{LobbyNotice, News};
use parlor_core::lobby::{Departure, LastPartners};
use parlor_core::permission::{Action, may};
use parlor_core::{AccessCode, DisplayName, GroupId, Timestamp, WaiterId};
use parlor_store::places::Place;
use parlor_store::{Write, groups, meetings, members, places};
use sha2::{Digest, Sha256};
use std::net::IpAddr;
use std::time::Duration;

/// One without an account, as the database keeps them.
#[derive(Clone, Copy, Debug)]
pub struct Stranger {
    /// By what they may come back.
    pub(crate) comes_back_as: i64,
    /// When their record ends.
    pub(crate) expires_at: Timestamp,
}

impl App {
    /// Puts the caller into a group's lobby, under their display name, and pairs them if anybody may be paired. One who
    /// is in it already stays where they are: a second socket, or one who comes back in time, finds the same place.
    ///
    /// `socket` is the public id of the socket.
    ///
    /// # Errors
    /// See [`LobbyError`].
    #[tracing::instrument(
        name = "lobby.enter", level = "debug", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get())
    )]
    pub async fn enter_lobby(
        &self,
        caller: &Caller,
        group: GroupId,
        socket: &str,
    ) -> Result<Entered, LobbyError> {
        let (account, name) = (caller.account.id, caller.account.display_name.clone());
        let who = WaiterId::from(account);
        self.may_move(who)?;
        let newcomer = Newcomer { who, name, socket: socket.to_owned(), stranger: None };
        let last = self.inner.lobby.last_met(who);
        self.decide(move |write, scene| {
            let role = members::role_in_live_group(write, group, account, scene.now)?;
            may(role.ok_or(LobbyError::NotFound)?, Action::Send, None)?;
            come(write, scene, group, newcomer, last)
        })
        .await
    }

    /// Puts one without an account into the lobby that a code opens. `before` is who they were on the same connection,
    /// so that nobody meets the same person twice in a row; their record ends `lives_for` after it began.
    ///
    /// After ten wrong codes from one address within a minute nothing is let in from there until the minute is over
    /// (contracts/circle.md).
    ///
    /// # Errors
    /// See [`LobbyError`]; `NotFound` for a code that no group has.
    #[tracing::instrument(name = "lobby.enter_by_code", level = "debug", skip_all)]
    pub async fn enter_lobby_by_code(
        &self,
        code: AccessCode,
        name: DisplayName,
        from: &Client,
        socket: &str,
        before: Option<WaiterId>,
        lives_for: Duration,
    ) -> Result<Entered, LobbyError> {
        let now = self.now();
        self.may_try_codes(from)?;
        let who = before.unwrap_or_else(|| self.new_stranger());
        self.may_move(who)?;
        let stranger =
            Stranger { comes_back_as: comes_back_as(from.address, &name), expires_at: now.plus(lives_for) };
        let newcomer = Newcomer { who, name, socket: socket.to_owned(), stranger: Some(stranger) };
        let last = self.inner.lobby.last_met(who);
        let (app, from, wanted, knocked) = (self.clone(), from.clone(), code.clone(), before);
        let entered = self
            .decide(move |write, scene| {
                // Here one comes after the other: of many tries at once the tenth wrong one stops the rest.
                app.may_try_codes(&from)?;
                let Some(group) = groups::find_by_code(write, &wanted, scene.now)? else {
                    app.limits().count_wrong_code(from.address, scene.now);
                    return Err(LobbyError::NotFound);
                };
                let newcomer = match knocked {
                    Some(_) => newcomer,
                    None => back_in_kept_place(write, scene, group, newcomer)?,
                };
                come(write, scene, group, newcomer, last)
            })
            .await;
        if matches!(entered, Err(LobbyError::NotFound)) {
            let key = self.limits().text(code.as_str());
            self.limits()
                .take(Limit::WrongCode, key, now)
                .map_err(|retry_after| LobbyError::TooOften { retry_after })?;
        }
        entered
    }

    /// Somebody without an account who is in no lobby yet.
    #[must_use]
    pub fn new_stranger(&self) -> WaiterId {
        WaiterId::stranger(u64::from_le_bytes(self.random()))
    }

    /// Whether a text is the code of any group, for one without an account who would have it as a name. A short code
    /// could be found by asking often, so each such question counts as a wrong one.
    ///
    /// # Errors
    /// `TooOften` while no short code is looked at from that address; and ours.
    pub async fn is_access_code(&self, code: AccessCode, from: &Client) -> Result<bool, LobbyError> {
        if code.is_short() {
            self.may_try_codes(from)?;
            self.limits().count_wrong_code(from.address, self.now());
        }
        Ok(self.group_of_code(code).await?.is_some())
    }

    fn may_try_codes(&self, from: &Client) -> Result<(), LobbyError> {
        self.limits()
            .wrong_codes_from(from.address, self.now())
            .map_err(|retry_after| LobbyError::TooOften { retry_after })
    }
}

/// One who gives the same name from the same address while such a place is vacant is the one who left it.
fn back_in_kept_place(
    write: &mut Write<'_>,
    scene: &Scene,
    group: GroupId,
    newcomer: Newcomer,
) -> Result<Newcomer, LobbyError> {
    let Some(stranger) = newcomer.stranger else { return Ok(newcomer) };
    let kept = places::kept_for(write, group, stranger.comes_back_as, scene.now)?;
    Ok(match kept {
        Some(place) => Newcomer {
            who: place.who,
            stranger: Some(Stranger {
                expires_at: place.expires_at.unwrap_or(stranger.expires_at),
                ..stranger
            }),
            ..newcomer
        },
        None => newcomer,
    })
}

fn come(
    write: &mut Write<'_>,
    scene: &mut Scene,
    group: GroupId,
    newcomer: Newcomer,
    last: Option<LastPartners>,
) -> Result<Entered, LobbyError> {
    let who = newcomer.who;
    let standing = match places::load(write, who)? {
        Some(place) if place.group == group => come_back(write, scene, &place, newcomer)?,
        Some(place) => {
            if let Some(room) = place.room
                && who.account().is_some()
                && places::in_room(write, room)?.len() > 1
            {
                return Err(LobbyError::InRoomElsewhere);
            }
            let last = last.unwrap_or(place.last);
            step_out(write, scene, place, Departure::Left, false)?;
            begin(write, scene, group, newcomer, last)?
        }
        None => {
            let last = match last {
                Some(last) => last,
                None => meetings::last_partners(write, group, who)?,
            };
            begin(write, scene, group, newcomer, last)?
        }
    };
    Ok(Entered { group, who, standing })
}

fn begin(
    write: &mut Write<'_>,
    scene: &mut Scene,
    group: GroupId,
    newcomer: Newcomer,
    last: LastPartners,
) -> Result<Standing, LobbyError> {
    let place = Place {
        who: newcomer.who,
        group,
        name: newcomer.name,
        node: scene.node,
        socket: newcomer.socket,
        since: scene.now,
        last,
        room: None,
        keeps: false,
        vanished_at: None,
        comes_back_as: newcomer.stranger.map(|stranger| stranger.comes_back_as),
        expires_at: newcomer.stranger.map(|stranger| stranger.expires_at),
    };
    Ok(pair_or_wait(write, scene, place)?)
}

/// The same place, with another socket: nobody notices that it was empty.
fn come_back(
    write: &mut Write<'_>,
    scene: &mut Scene,
    place: &Place,
    newcomer: Newcomer,
) -> Result<Standing, LobbyError> {
    let place = Place {
        name: newcomer.name,
        node: scene.node,
        socket: newcomer.socket,
        vanished_at: None,
        // By the name that they have now.
        comes_back_as: newcomer.stranger.map(|stranger| stranger.comes_back_as),
        ..*place
    };
    let Some(room) = place.room else { return Ok(pair_or_wait(write, scene, place)?) };
    places::put(write, &place)?;
    match view_of(write, room)? {
        Some(view) if view.people.len() > 1 => {
            scene.tell(LobbyNotice::Room { room: view.clone(), news: News::Back(place.who) });
            Ok(Standing::InRoom(view))
        }
        // The others left meanwhile: nothing is there to come back to.
        _ => {
            let place = step_out(write, scene, place, Departure::Left, true)?;
            Ok(pair_or_wait(write, scene, Place { since: scene.now, ..place })?)
        }
    }
}

/// 63 bits of a hash: enough to find a place again for 20 seconds, and nobody's address in the database.
fn comes_back_as(address: IpAddr, name: &DisplayName) -> i64 {
    let mut hash = Sha256::new();
    hash.update(address.to_canonical().to_string());
    hash.update([0]);
    hash.update(name.as_str());
    let bytes: [u8; 32] = hash.finalize().into();
    i64::from_le_bytes([0, 1, 2, 3, 4, 5, 6, 7].map(|at: usize| bytes[at])) & i64::MAX
}
