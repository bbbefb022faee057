//! Finds the message that was sent before under the same client id, in the batch, among what waits, or in the log.

use super::{AppendMessage, New};
use crate::heads::Head;
use crate::sends::Key;
use crate::write::Write;
use crate::{Failure, log, rows};
use parlor_core::{ClientId, Event, EventBody, GroupId};
use std::collections::HashMap;
use std::sync::Arc;

/// The search for a message that was sent before under the same client id.
pub(super) struct Search<'s, 'w, 'b> {
    pub(super) write: &'s mut Write<'w>,
    /// What was found for the first key of each message.
    pub(super) earlier: &'s HashMap<Key, i64>,
    pub(super) in_batch: &'s HashMap<Key, usize>,
    pub(super) new: &'s [New<'b>],
}

impl Search<'_, '_, '_> {
    /// The event that was there before; or `None`, and the key that is free for a new one.
    pub(super) fn run(
        &mut self,
        message: &AppendMessage,
        first: Key,
        stored: &Head,
    ) -> Result<(Key, Option<Arc<Event>>), Failure> {
        let mut key = first;
        loop {
            let at_key = match self.in_batch.get(&key) {
                Some(index) => Some(self.new[*index].event.clone()),
                None => self.stored_at(message.group, key, key == first, stored)?,
            };
            match at_key {
                None => return Ok((key, None)),
                Some(event) if is_named(&event, &message.client_id) => return Ok((key, Some(event))),
                // Another client id has this number: see `sends`.
                Some(_) => key = key.next(),
            }
        }
    }

    fn stored_at(
        &mut self,
        group: GroupId,
        key: Key,
        is_first: bool,
        stored: &Head,
    ) -> Result<Option<Arc<Event>>, Failure> {
        let seq = if is_first {
            self.earlier.get(&key).copied()
        } else {
            self.write.sends.find_one(self.write.tx, key)?
        };
        let Some(seq) = seq else { return Ok(None) };
        let event = log::event(self.write.tx, group, stored, rows::seq(seq)?)?;
        event
            .map(|event| Some(Arc::new(event)))
            .ok_or_else(|| Failure::internal("a client id stands for no event"))
    }
}

fn is_named(event: &Event, name: &ClientId) -> bool {
    matches!(&event.body, EventBody::Message { client_id, .. } if client_id == name)
}
