//! Messages of groups of this face: those of the group's log, by numbers of their own.

use super::seen::Eyes;
use super::{SocialError, SocialGroup, SocialMessage, one_or_all, standing};
use crate::messages::Draft;
use crate::{App, Caller, Failure};
use parlor_core::social::MessageNumber;
use parlor_core::{AccountId, AttachmentIds, ClientId, GroupId, Message, MessageText, Seq, Timestamp};
use parlor_store::tx::Tx;
use parlor_store::{groups, heads, pages};
use std::sync::Arc;

/// Most messages of a list, the newest.
const MOST_MESSAGES: usize = 2_000;
/// Most bytes of their texts.
const MOST_BYTES: usize = 4 * 1024 * 1024;
/// Messages that one step of a list reads.
const AT_ONCE: usize = 200;

impl App {
    /// The messages of a group, oldest first; without one, of all the caller's groups. The newest 2,000 of each, and
    /// of all.
    ///
    /// # Errors
    /// See [`SocialError`].
    #[tracing::instrument(name = "social.messages", skip_all, fields(account.id = caller.account.id.get()))]
    pub async fn social_messages(
        &self,
        caller: &Caller,
        group: Option<GroupId>,
    ) -> Result<Vec<SocialMessage>, SocialError> {
        let (now, account) = (self.now(), caller.account.id);
        self.store()
            .read(move |tx| {
                let mut eyes = Eyes::of(account, now);
                let mut listed = Vec::new();
                for there in one_or_all(tx, group, account, now)? {
                    let group = eyes.group(tx, there)?;
                    newest(tx, &mut eyes, &group, account, &mut listed)?;
                    keep_newest(&mut listed);
                }
                Ok(listed)
            })
            .await
    }

    /// Sends a message; members only.
    ///
    /// # Errors
    /// See [`SocialError`].
    #[tracing::instrument(
        name = "social.send_message", level = "debug", skip_all,
        fields(account.id = caller.account.id.get(), group.id = group.get())
    )]
    pub async fn send_social_message(
        &self,
        caller: &Caller,
        group: GroupId,
        text: MessageText,
    ) -> Result<SocialMessage, SocialError> {
        let (now, account) = (self.now(), caller.account.id);
        self.store().read(move |tx| standing(tx, group, account, now).map(drop)).await?;
        let (client_id, files) = (self.drawn_client_id(), AttachmentIds::default());
        let draft = Draft { client_id, text, reply_to: None, files };
        let sent = self.send_message(caller, group, draft).await?;
        self.one_social_message(caller, group, sent.event.seq).await
    }

    /// Gives one's own message another text.
    ///
    /// # Errors
    /// See [`SocialError`].
    #[tracing::instrument(name = "social.edit_message", skip_all, fields(account.id = caller.account.id.get()))]
    pub async fn edit_social_message(
        &self,
        caller: &Caller,
        message: MessageNumber,
        text: MessageText,
    ) -> Result<SocialMessage, SocialError> {
        let (group, seq) = message.parts().ok_or(SocialError::NotFound)?;
        self.one_social_message(caller, group, seq).await?;
        self.edit_message(caller, group, seq, text).await?;
        self.one_social_message(caller, group, seq).await
    }

    /// Deletes a message: its author, or the owner of the group.
    ///
    /// # Errors
    /// See [`SocialError`].
    #[tracing::instrument(name = "social.delete_message", skip_all, fields(account.id = caller.account.id.get()))]
    pub async fn delete_social_message(
        &self,
        caller: &Caller,
        message: MessageNumber,
    ) -> Result<(), SocialError> {
        let (group, seq) = message.parts().ok_or(SocialError::NotFound)?;
        self.one_social_message(caller, group, seq).await?;
        self.delete_message(caller, group, seq).await?;
        Ok(())
    }

    /// A message of a group as all its members may see it; `None` when it is gone, or the group is none of this face.
    ///
    /// # Errors
    /// Ours only.
    #[tracing::instrument(
        name = "social.announced_message", level = "debug", skip_all,
        fields(group.id = group.get(), message.seq = seq.get())
    )]
    pub async fn announced_message(
        &self,
        group: GroupId,
        seq: Seq,
    ) -> Result<Option<SocialMessage>, Failure> {
        let now = self.now();
        let read = self.store().read(move |tx| {
            // The owner sees of the others what every member does.
            let owner = groups::load(tx, group, now)?.ok_or(SocialError::NotFound)?.owner_id;
            one(tx, group, seq, owner, now)
        });
        match read.await {
            Ok(message) => Ok(Some(message)),
            Err(SocialError::Failure(failure)) => Err(failure),
            Err(_) => Ok(None),
        }
    }

    async fn one_social_message(
        &self,
        caller: &Caller,
        group: GroupId,
        seq: Seq,
    ) -> Result<SocialMessage, SocialError> {
        let (now, account) = (self.now(), caller.account.id);
        self.store().read(move |tx| one(tx, group, seq, account, now)).await
    }

    /// Clients of this face have no name for a message: each call is another one.
    fn drawn_client_id(&self) -> ClientId {
        let random: [u8; 16] = self.random();
        let digits: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        ClientId::from_stored(&format!("social-{digits}"))
    }
}

/// One message that is not deleted, for a member.
fn one(
    tx: &mut dyn Tx,
    group: GroupId,
    seq: Seq,
    viewer: AccountId,
    now: Timestamp,
) -> Result<SocialMessage, SocialError> {
    let there = standing(tx, group, viewer, now)?;
    let head = heads::load(tx, group)?.ok_or(SocialError::NotFound)?;
    let page = pages::messages_before(tx, group, &head, Some(seq.next()), 1, viewer)?;
    let found = page.messages.into_iter().find(|message| message.seq == seq);
    let mut eyes = Eyes::of(viewer, now);
    let group = eyes.group(tx, there)?;
    let found = found.map_or(Ok(None), |message| seen(tx, &mut eyes, &group, message))?;
    found.ok_or(SocialError::NotFound)
}

/// Adds the newest messages of a group.
fn newest(
    tx: &mut dyn Tx,
    eyes: &mut Eyes,
    group: &Arc<SocialGroup>,
    viewer: AccountId,
    into: &mut Vec<SocialMessage>,
) -> Result<(), SocialError> {
    let head = heads::load(tx, group.id)?.ok_or(SocialError::NotFound)?;
    let (mut before, mut left, mut bytes) = (None, MOST_MESSAGES, MOST_BYTES);
    while left > 0 && bytes > 0 {
        let page = pages::messages_before(tx, group.id, &head, before, left.min(AT_ONCE), viewer)?;
        for message in page.messages {
            if let Some(message) = seen(tx, eyes, group, message)? {
                bytes = bytes.saturating_sub(message.text.as_str().len());
                left -= 1;
                into.push(message);
            }
        }
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    Ok(())
}

/// Puts what was collected into order and cuts off what is too old for a list.
fn keep_newest(listed: &mut Vec<SocialMessage>) {
    listed.sort_by_key(|message| (message.created_at, message.number.get()));
    let mut bytes = 0;
    let kept = listed.iter().rev().take(MOST_MESSAGES).take_while(|message| {
        bytes += message.text.as_str().len();
        bytes <= MOST_BYTES
    });
    let too_old = listed.len() - kept.count();
    listed.drain(..too_old);
}

/// A message as its group shows it; `None` when it is deleted.
fn seen(
    tx: &mut dyn Tx,
    eyes: &mut Eyes,
    group: &Arc<SocialGroup>,
    message: Message,
) -> Result<Option<SocialMessage>, Failure> {
    let Some(text) = message.text.filter(|_| !message.deleted) else { return Ok(None) };
    let number = MessageNumber::of(group.id, message.seq);
    let number =
        number.ok_or_else(|| Failure::internal("a message has outgrown the numbers of this face"))?;
    let owner = eyes.person(tx, message.by.id)?;
    Ok(Some(SocialMessage { number, group: group.clone(), owner, text, created_at: message.at }))
}
