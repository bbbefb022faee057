//! The operations that every face calls: load, decide, write, tell – one file per capability.
//!
//! | file | operations of [`App`] |
//! |---|---|
//! | [`accounts`] | `create_account`, `change_password`, `rename`, `first_admin_token` |
//! | [`sessions`] | `sign_in`, `authenticate`, `sessions`, `sign_out`, `sign_out_others`, `sign_out_everywhere`, `end_session`, `ended_sessions` |
//! | [`guests`] | `create_guest` |
//! | [`groups`] | `create_group`, `group`, `my_groups`, `change_group`, `delete_group` |
//! | [`access_codes`] | `join_group`, `rotate_access_code`, `turn_off_access_code` |
//! | [`members`] | `members`, `set_role`, `remove_member`, `hand_over` |
//! | [`bans`] | `bans`, `ban`, `unban` |
//! | [`messages`] | `send_message`, `submit_message`, `edit_message`, `delete_message`, `react` |
//! | [`history`] | `messages_before`, `edit_history` |
//! | [`read_position`] | `mark_read` |
//! | [`resume`] | `resume`, `events_page`, `events_after`, `heads` |
//! | [`lobby`] | `enter_lobby`, `enter_lobby_by_code`, `leave_lobby`, `next_room`, `leave_room`, `say_in_room`, `keep_room`, `report`, `block`, `start_speed_chat` … |
//! | [`watch`] | `enter_watch`, `watch`, `command_player`, `report_player`, `player_is_ready`, `cheer`, `watched` |
//! | [`duel`] | `seek_duel`, `challenge`, `join_duel`, `open_duel`, `keep_code`, `run_program`, `submit_program`, `ask_of_duel`, `review_duel`, `leaderboard`, `duel_profile` … |
//! | [`duel::race`] | `register_racer`, `enter_race`, `ask_in_race`, `claim_race`, `run_program_alone`, `record_race` … |
//! | [`duel::problems`] | `generate_problem`, `promote_problem`, `known_problems` |
//! | [`videos`] | `search`, `look_up`; of [`videos::Videos`], since they ask other servers |
//! | [`face_groups`] | `create_face_group`, `face_groups` |
//! | [`social`] | `register_by_email`, `sign_in_by_email`, `social_groups`, `social_messages`, `set_social_player` … |
//! | [`face_logins`] | `register_login`, `sign_in_by_login`, `authenticate_key` |
//! | [`face_people`] | `find_person`, `still_here`, `forget_unseen` |
//! | [`named_groups`] | `create_named_group`, `join_named_group`, `named_group`, `named_groups`, `visited_group`, `random_name` |
//! | [`visits`] | `standing_in`, `catch_up`, `visit`, `mark_visited`, `messages_from` |
//! | [`group_faces`] | no operations: how other faces hear what happens in groups |
//! | [`uploads`] | `announce_upload`, `append_upload`, `resume_upload`, `upload`, `list_uploads`, `upload_content`, `delete_upload` |
//! | [`signals`] | `subscribe`, `may_open`, `typing` |
//! | [`presence`] | `presence`, `present`, `keep_presence` |
//! | [`nodes`] | `enter_nodes`, `keep_among_nodes`, `leave_nodes` |
//! | [`housekeeping`] | `keep_house`, `tidy`, `is_ready` |
//!
//! Input comes as values of `parlor_core` that were parsed at the border, so nothing here checks a form again. Every
//! error implements [`parlor_core::Refusal`]: a face asks it for code, field and `retry_after` and maps it in one place.
//! What is appended to a log is told by the store's commit, in its order; an operation itself tells only what is in no
//! log. This crate must never know HTTP, JSON or Socket.IO.
//!
//! Every operation is a span, `chat.…`, `account.…`, `upload.…` or `house.…` and its name; its fields are ids and positions, never a
//! name, a text, a code or a token. What happens for every message, request or tick is at debug, so that it costs one
//! comparison where nobody looks; the rest is at info.
//!
//! Beside the operations: [`caller`], who calls; [`edges`], the clock and chance; `limits`, how often; `passwords` and
//! `tokens`, the secrets.

pub mod access_codes;
pub mod accounts;
pub mod bans;
pub mod caller;
pub mod duel;
pub mod edges;
pub mod face_groups;
pub mod face_logins;
pub mod face_people;
pub mod group_faces;
pub mod groups;
pub mod guests;
pub mod history;
pub mod housekeeping;
mod limits;
pub mod lobby;
pub mod members;
pub mod messages;
pub mod named_groups;
pub mod nodes;
mod passwords;
pub mod presence;
pub mod read_position;
pub mod resume;
pub mod sessions;
pub mod signals;
pub mod social;
#[cfg(test)]
mod testing;
mod tokens;
pub mod uploads;
pub mod videos;
pub mod visits;
pub mod watch;

pub use caller::{Caller, Client, Page, PageLimit};
pub use edges::{Clock, Edges, Entropy};
pub use parlor_store::Failure;
pub use passwords::PasswordCost;
pub use tokens::Token;

use limits::Limits;
use parlor_bus::{Bus, Notice};
use parlor_core::Timestamp;
use parlor_store::Store;
use passwords::Passwords;
use std::sync::{Arc, Mutex, OnceLock};

/// The application: everything that the operations need, cheap to clone.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    bus: Bus,
    edges: Edges,
    limits: Limits,
    passwords: Passwords,
    /// What this process is called among the nodes; another at each start.
    node: i64,
    lobby: lobby::Memory,
    watches: watch::Rooms,
    presence: presence::Presence,
    duels: duel::Duels,
    // Set once, at start.
    uploads: OnceLock<uploads::Uploads>,
    // Taken for a moment only, never across an await.
    first_admin: Mutex<Option<Token>>,
}

/// What can be set from outside.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Whether there are limits per address and per account. Off for load tests only.
    pub rate_limits: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { rate_limits: true }
    }
}

impl App {
    /// The application over a store and a bus. From now on the store's commits are told on the bus.
    #[must_use]
    pub fn new(store: Store, bus: Bus, edges: Edges, settings: Settings) -> Self {
        Self::with_password_cost(store, bus, edges, settings, PasswordCost::default())
    }

    /// The same with another cost of passwords: for tests, which can not wait.
    #[must_use]
    pub fn with_password_cost(
        store: Store,
        bus: Bus,
        edges: Edges,
        settings: Settings,
        cost: PasswordCost,
    ) -> Self {
        let told = bus.clone();
        store.on_commit(move |events| told.publish(Notice::Events(events)));
        let limits = Limits::new(settings.rate_limits);
        let passwords = Passwords::new(cost, edges.entropy.clone());
        let first_admin = Mutex::new(None);
        // A node that is alone gives itself a name: 52 bits of chance, like the life of a log.
        let node = bus.node().unwrap_or_else(|| edges.new_epoch().get());
        let (lobby, watches) = (lobby::Memory::default(), watch::Rooms::default());
        Self {
            inner: Arc::new(Inner {
                store,
                bus,
                edges,
                limits,
                passwords,
                node,
                lobby,
                watches,
                presence: presence::Presence::default(),
                duels: duel::Duels::default(),
                uploads: OnceLock::new(),
                first_admin,
            }),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.inner.edges.clock.now()
    }

    pub(crate) fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.inner.edges.entropy.fill(&mut bytes);
        bytes
    }

    pub(crate) fn store(&self) -> &Store {
        &self.inner.store
    }

    pub(crate) fn tell(&self, notice: Notice) {
        self.inner.bus.publish(notice);
    }
}
