//! A fresh database with accounts and groups in it, and short words for what the stories do with it.

use parlor_core::{
    AccessCode, Account, AccountId, AttachmentIds, ClientId, Description, DisplayName, Epoch, Event,
    EventBody, Group, GroupId, GroupName, MessageText, Role, Rules, Seq, Timestamp, Username,
};
use parlor_store::heads::Head;
use parlor_store::tx::Tx;
use parlor_store::{
    AppendError, AppendMessage, Appended, Failure, Pending, Store, accounts, groups, heads, log, members,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Where a database is: opened again and again, it holds the same.
pub trait Place: Sync {
    fn open(&self) -> Store;
}

/// A store with its place; reopened in the middle of a story where that should make no difference.
pub struct Fixture {
    pub place: Box<dyn Place>,
    pub store: Store,
    pub next_code: AtomicI64,
}

pub fn fixture() -> Fixture {
    let place = crate::place::fresh();
    let store = place.open();
    Fixture { place: Box::new(place), store, next_code: AtomicI64::new(1) }
}

/// The life that the logs of a restored database go on with.
pub fn restored() -> Epoch {
    Epoch::new(4_711).unwrap()
}

pub fn now() -> Timestamp {
    Timestamp::from_millis(1_800_000_000_000)
}

pub fn later(millis: i64) -> Timestamp {
    Timestamp::from_millis(now().as_millis() + millis)
}

impl Fixture {
    pub fn reopen(&mut self) {
        // The old one first: it leaves a tidy database.
        let place = &self.place;
        replace_with(&mut self.store, || place.open());
    }

    pub fn account(&self, name: &str) -> Account {
        let username = Username::parse(name).unwrap();
        let shown = DisplayName::parse(name).unwrap();
        self.write(move |write| accounts::insert_registered(write, &username, &shown, "hash", false, now()))
            .unwrap()
    }

    /// A group, with its owner and members in it; each joined by an event.
    pub fn group(&self, people: &[&Account]) -> GroupId {
        let number = self.next_code.fetch_add(1, Ordering::SeqCst);
        let new = groups::NewGroup {
            name: GroupName::parse("A group").unwrap(),
            description: Description::default(),
            rules: Rules::default(),
            owner: people[0].id,
            access_code: AccessCode::parse(&format!("code{number}")).unwrap(),
            expires_at: None,
            epoch: Epoch::new(7).unwrap(),
        };
        let people: Vec<Account> = people.iter().copied().cloned().collect();
        self.write(move |write| {
            let group = groups::insert(write, &new, now())?.unwrap();
            for (index, account) in people.iter().enumerate() {
                let role = if index == 0 { Role::Owner } else { Role::Member };
                join(write, group, account, role)?;
            }
            Ok(group)
        })
    }

    pub fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut parlor_store::Write<'_>) -> Result<T, Failure> + Send + 'static,
    ) -> T {
        self.store.write(job).wait().unwrap()
    }

    pub fn read<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut dyn Tx) -> Result<T, Failure> + Send + 'static,
    ) -> T {
        self.store.read(job).wait().unwrap()
    }

    pub fn submit(&self, message: AppendMessage) -> Pending<Appended, AppendError> {
        self.store.append_message(message)
    }

    pub fn send(&self, group: GroupId, by: &Account, client_id: &str, text: &str) -> Seq {
        self.submit(message(group, by, client_id, text)).wait().unwrap().event.seq
    }

    pub fn head(&self, group: GroupId) -> Head {
        self.read(move |tx| heads::load(tx, group)).unwrap()
    }

    /// The whole log, by pages of a few events.
    pub fn log(&self, group: GroupId) -> Vec<Arc<Event>> {
        let mut all: Vec<Arc<Event>> = Vec::new();
        loop {
            let after = all.last().map_or(Seq::START, |event| event.seq);
            let slice = self.read(move |tx| {
                let head = heads::load(tx, group)?.unwrap();
                log::events_after(tx, group, &head, after, 37, usize::MAX)
            });
            if slice.events.is_empty() {
                assert_eq!(after, slice.position.seq, "the log is read to its end");
                return all;
            }
            all.extend(slice.events);
        }
    }

    pub fn group_row(&self, group: GroupId) -> Option<Group> {
        self.read(move |tx| groups::load(tx, group, now()))
    }
}

pub fn join(
    write: &mut parlor_store::Write<'_>,
    group: GroupId,
    account: &Account,
    role: Role,
) -> Result<(), Failure> {
    let body = EventBody::MemberJoined { account: account.clone(), role };
    let joined = log::append(write, group, &account.author(), now(), body)?;
    let head = heads::load(write, group)?.unwrap();
    members::insert(write, group, account.id, role, now(), joined.seq, head.messages)
}

pub fn message(group: GroupId, by: &Account, client_id: &str, text: &str) -> AppendMessage {
    AppendMessage {
        group,
        by: by.author(),
        client_id: ClientId::parse(client_id).unwrap(),
        text: MessageText::parse(text).unwrap(),
        reply_to: None,
        files: AttachmentIds::default(),
        at: now(),
    }
}

pub fn text_of(event: &Event) -> Option<&str> {
    match &event.body {
        EventBody::Message { text, .. } | EventBody::Edit { text, .. } => {
            text.as_ref().map(MessageText::as_str)
        }
        _ => None,
    }
}

/// Panics unless the places are 1, 2, 3 … without a gap.
pub fn assert_contiguous(events: &[Arc<Event>]) {
    for (index, event) in events.iter().enumerate() {
        assert_eq!(event.seq.get(), index as i64 + 1, "a place is missing or double");
    }
}

pub fn account_id(number: i64) -> AccountId {
    AccountId::new(number).unwrap()
}

fn replace_with(store: &mut Store, open: impl FnOnce() -> Store) {
    // A store that is nowhere stands in while the old one is being closed.
    let nowhere = tempfile::tempdir().unwrap();
    let stand_in = Store::open_sqlite(&nowhere.path().join("stand-in.db"), restored()).unwrap();
    drop(std::mem::replace(store, stand_in));
    *store = open();
}
