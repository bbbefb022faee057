//! For whom a socket speaks: the name that it gave in `find_user`.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use parlor_app::Caller;
use parlor_app::face_groups::Face;
use parlor_app::face_people::{FindPersonError, Person};
use parlor_core::names::fold_case;
use parlor_core::{AccountId, DisplayName, SessionId};
use parlor_socketio::{Event, Socket};

use super::answers::{self, UserCreated, UserFound};
use super::{Call, Noomnim};
use crate::client;
use crate::payload;

/// What its people and groups are kept under.
pub(super) const FACE: Face = Face::Noomnim;
/// It is noted this often, at the least, that those who have a socket are here; names are forgotten as often.
const NOTE_AT_MOST_EVERY: Duration = Duration::from_secs(60 * 60);

/// Sessions in one question.
const SESSIONS_AT_ONCE: usize = 500;

/// Somebody for whom a socket speaks.
pub(super) struct Present {
    pub(super) caller: Caller,
    session: Option<SessionId>,
}

impl Present {
    /// The name that they are here by.
    pub(super) fn name(&self) -> &str {
        self.caller.account.display_name.as_str()
    }

    pub(super) fn account(&self) -> AccountId {
        self.caller.account.id
    }

    /// Whether a call under this name is theirs: an account has its name in any capitals, a guest as it was given.
    pub(super) fn is_called(&self, name: &str) -> bool {
        let name = name.trim();
        name == self.name()
            || (self.session.is_some() && name.len() < 256 && fold_case(name) == fold_case(self.name()))
    }

    pub(super) fn is_same_as(&self, other: &Self) -> bool {
        self.account() == other.account()
    }
}

impl Noomnim {
    /// `find_user`
    pub(super) async fn find_user(&self, socket: &Socket, event: &Event) {
        let call: Call = payload::object(event).unwrap_or_default();
        let name = payload::text(&call.username).and_then(|name| DisplayName::parse(name).ok());
        let Some(name) = name else { return answers::name_not_found(socket) };
        let password = payload::text(&call.password);
        let found = self.app.find_person(FACE, &name, password, &client::of_socket(socket)).await;
        let person = match found {
            Ok(person) => person,
            Err(FindPersonError::NotYours) => return answers::name_not_found(socket),
            Err(FindPersonError::TooOften { .. }) => {
                return answers::refuse(socket, "name_not_found", "Too many tries; please wait.");
            }
            Err(FindPersonError::Failure(failure)) => {
                return answers::refuse(socket, "name_not_found", answers::ours(&failure));
            }
        };
        let (is_new, present) = (person.is_new, Arc::new(Present::from(person)));
        let before = self.seats.present(socket);
        let left = self.seats.speak_for(socket, present.clone());
        if let Some(before) = before {
            self.leave_behind(&before, left).await;
            self.say_goodbye(&before).await;
        }
        match is_new {
            true => socket.emit(
                "user_created",
                &UserCreated {
                    id: answers::account_id(present.account()),
                    username: present.name(),
                    group_list: [],
                },
            ),
            false => self.tell_found(socket, &present).await,
        }
    }

    async fn tell_found(&self, socket: &Socket, present: &Present) {
        let groups = self.app.named_groups(FACE, &present.caller).await;
        let current = self.app.visited_group(FACE, &present.caller).await;
        match groups.and_then(|groups| Ok((groups, current?))) {
            Ok((groups, current)) => socket.emit(
                "user_found",
                &UserFound {
                    id: answers::account_id(present.account()),
                    username: present.name(),
                    current_group: current.as_ref().map(|group| group.name.as_str()),
                    group_list: groups.iter().map(|group| group.name.as_str()).collect(),
                },
            ),
            Err(failure) => answers::refuse(socket, "name_not_found", answers::ours(&failure)),
        }
    }

    /// Whether a socket may still speak for somebody: the session of one with a password may have ended.
    pub(super) async fn is_still(&self, socket: &Socket, present: &Present) -> bool {
        let Some(session) = present.session else { return true };
        match self.app.ended_sessions(vec![session]).await {
            Ok(ended) if ended.is_empty() => true,
            Ok(_) => {
                drop(self.seats.remove(socket));
                false
            }
            // It cannot be told: what was called for fails by itself, in its own words.
            Err(failure) => {
                answers::ours(&failure);
                true
            }
        }
    }

    /// A socket is gone.
    pub(super) async fn vanish(&self, socket: &Socket) {
        let Some((present, left)) = self.seats.remove(socket) else { return };
        drop(left);
        self.say_goodbye(&present).await;
    }

    /// A socket speaks for somebody no more: the session that it began ends, a name is kept for a while.
    async fn say_goodbye(&self, present: &Present) {
        let Some(session) = present.session else { return self.note_here(vec![present.account()]).await };
        let caller = Caller { session, ..present.caller.clone() };
        if let Err(failure) = self.app.sign_out(&caller).await {
            answers::ours(&failure);
        }
    }

    /// Sockets whose session has ended hear nothing more; names that nobody has come back to are forgotten.
    pub(super) async fn keep_people(&self) {
        let round = self.rounds.fetch_add(1, Ordering::Relaxed);
        let everybody = self.seats.everybody();
        self.turn_out_ended(&everybody).await;
        // Four times within the time that a name is kept.
        let every = (self.settings.guest_ttl / 4).min(NOTE_AT_MOST_EVERY).as_secs().max(1);
        if !round.is_multiple_of(every) {
            return;
        }
        let guests = everybody.iter().filter(|(_, present)| present.session.is_none());
        self.note_here(guests.map(|(_, present)| present.account()).collect()).await;
        if let Err(failure) = self.app.forget_unseen(FACE, self.settings.guest_ttl).await {
            answers::ours(&failure);
        }
    }

    /// Takes the seats of sockets whose session has ended.
    async fn turn_out_ended(&self, everybody: &[(Socket, Arc<Present>)]) {
        let signed_in: Vec<_> = everybody
            .iter()
            .filter_map(|(socket, present)| present.session.map(|session| (socket, session)))
            .collect();
        for portion in signed_in.chunks(SESSIONS_AT_ONCE) {
            let sessions = portion.iter().map(|(_, session)| *session).collect();
            match self.app.ended_sessions(sessions).await {
                Ok(ended) => {
                    let gone = portion.iter().filter(|(_, session)| ended.contains(session));
                    gone.for_each(|(socket, _)| drop(self.seats.remove(socket)));
                }
                Err(failure) => {
                    answers::ours(&failure);
                }
            }
        }
    }

    async fn note_here(&self, people: Vec<AccountId>) {
        if people.is_empty() {
            return;
        }
        if let Err(failure) = self.app.still_here(people).await {
            answers::ours(&failure);
        }
    }
}

impl From<Person> for Present {
    fn from(person: Person) -> Self {
        Self { caller: person.caller, session: person.session }
    }
}
