//! Pages of messages, newest first, as they are now: edits and reactions folded in. What opens a group, so it is cheap.

use crate::codec::{ATTACHED, DELETED, EDITED, MESSAGE, REACTED};
use crate::heads::Head;
use crate::tx::{Row, Tx, Value};
use crate::{Failure, attachments, log, rows};
use parlor_core::{
    AccountId, Author, ClientId, DisplayName, Emoji, GroupId, Message, MessageText, ReactionCount, Seq,
};

/// A page of messages.
#[derive(Clone, Debug)]
pub struct MessagePage {
    /// The messages, newest first.
    pub messages: Vec<Message>,
    /// `before` of the next page; `None` when this was the last.
    pub next: Option<Seq>,
}

/// The newest messages before `before`, at most `limit`; `reader` is whose reactions are marked as theirs.
///
/// # Errors
/// What the database says.
pub fn messages_before(
    tx: &mut dyn Tx,
    group: GroupId,
    head: &Head,
    before: Option<Seq>,
    limit: usize,
    reader: AccountId,
) -> Result<MessagePage, Failure> {
    let end = head.position.seq.next();
    // One more than asked for: it says whether there is another page.
    let most = limit + 1;
    let mut page = Page {
        messages: Vec::with_capacity(most),
        marks: 0,
        edited: Vec::new(),
        attached: Vec::new(),
        oldest: None,
    };
    let mut before = before.map_or(end, |before| before.min(end));
    while page.messages.len() < most {
        page.oldest = None;
        let wanted = most - page.messages.len();
        read_back(tx, group, head, before, wanted, &mut page)?;
        before = match page.oldest {
            None => break,
            Some((seq, true)) => seq,
            // Reactions and edits can be many in a row: each says where the message before it is.
            Some((seq, false)) => message_before(tx, group, head, seq)?.next(),
        };
    }
    let more = page.messages.len() > limit;
    page.messages.truncate(limit);
    page.edited.retain(|index| *index < limit);
    page.attached.retain(|index| *index < limit);
    if page.marks & EDITED != 0 {
        fold_edits(tx, group, head, &mut page)?;
    }
    if page.marks & ATTACHED != 0 {
        fold_files(tx, group, head, &mut page)?;
    }
    if page.marks & REACTED != 0 {
        fold_reactions(tx, group, reader, &mut page.messages)?;
    }
    let next = if more { page.messages.last().map(|message| message.seq) } else { None };
    Ok(MessagePage { messages: page.messages, next })
}

struct Page {
    messages: Vec<Message>,
    /// The marks of all of them.
    marks: i64,
    /// Which of them were edited.
    edited: Vec<usize>,
    /// Which of them have files.
    attached: Vec<usize>,
    /// The row that came last, and whether it was a message.
    oldest: Option<(Seq, bool)>,
}

/// Takes up to `wanted` rows before `before`, messages or not.
fn read_back(
    tx: &mut dyn Tx,
    group: GroupId,
    head: &Head,
    before: Seq,
    wanted: usize,
    page: &mut Page,
) -> Result<(), Failure> {
    let mut left = wanted;
    let mut end = before;
    if before > head.settled.next() {
        let sql = "SELECT prev_id, seq, at, kind, marks, author_id, author_name, client_id, target, text FROM log_tail \
                   WHERE id = $1 AND group_id = $2 AND seq = $3";
        log::walk_tail(tx, group, head, head.settled, sql, &mut |row| {
            if left > 0 && row.int(1)? < before.get() {
                left -= 1;
                page.take(row, 1)?;
            }
            Ok(())
        })?;
        end = head.settled.next();
    }
    if left > 0 {
        let sql = "SELECT seq, at, kind, marks, author_id, author_name, client_id, target, text FROM log \
                   WHERE group_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3";
        let limit = i64::try_from(left).unwrap_or(i64::MAX);
        let params = [group.get(), end.get(), limit].map(Value::Int);
        tx.query(sql, &params, &mut |row| page.take(row, 0))?;
    }
    Ok(())
}

impl Page {
    /// Takes a row of the log, whose columns begin at `first`; rows come from the newest to the oldest.
    fn take(&mut self, row: &dyn Row, first: usize) -> Result<(), Failure> {
        let seq = rows::seq(row.int(first)?)?;
        let is_message = row.int(first + 2)? == MESSAGE;
        self.oldest = Some((seq, is_message));
        if !is_message {
            return Ok(());
        }
        let marks = row.int(first + 3)?;
        self.marks |= marks;
        if marks & EDITED != 0 {
            self.edited.push(self.messages.len());
        }
        if marks & ATTACHED != 0 {
            self.attached.push(self.messages.len());
        }
        self.messages.push(Message {
            seq,
            at: rows::time(row, first + 1)?,
            by: self.author(row, first)?,
            text: row.text_or_null(first + 8)?.map(MessageText::from_stored),
            client_id: ClientId::from_stored(row.text(first + 6)?),
            reply_to: row.int_or_null(first + 7)?.map(rows::seq).transpose()?,
            files: Vec::new(),
            edited_at: None,
            deleted: marks & DELETED != 0,
            reactions: Vec::new(),
        });
        Ok(())
    }

    /// The author of a row; whoever wrote before on this page shares the name's memory.
    fn author(&self, row: &dyn Row, first: usize) -> Result<Author, Failure> {
        let (id, name) = (rows::account_id(row.int(first + 4)?)?, row.text(first + 5)?);
        let same = self.messages.iter().rev().take(4).map(|message| &message.by);
        let known = same.into_iter().find(|by| by.id == id && by.name.as_str() == name);
        Ok(known.cloned().unwrap_or_else(|| Author { id, name: DisplayName::from_stored(name) }))
    }
}

/// The place of the newest message before an event that is none.
fn message_before(tx: &mut dyn Tx, group: GroupId, head: &Head, seq: Seq) -> Result<Seq, Failure> {
    let mut found = Seq::START;
    log::row(tx, group, head, seq, "prev_message", &mut |row| {
        found = rows::seq(row.int_or_null(0)?.unwrap_or(0))?;
        Ok(())
    })?;
    Ok(found)
}

fn fold_edits(tx: &mut dyn Tx, group: GroupId, head: &Head, page: &mut Page) -> Result<(), Failure> {
    for index in &page.edited {
        let message = &mut page.messages[*index];
        log::row(tx, group, head, message.seq, "edited_text, edited_at", &mut |row| {
            message.text = row.text_or_null(0)?.map(MessageText::from_stored);
            message.edited_at = rows::time_or_null(row, 1)?;
            Ok(())
        })?;
    }
    Ok(())
}

fn fold_files(tx: &mut dyn Tx, group: GroupId, head: &Head, page: &mut Page) -> Result<(), Failure> {
    for index in &page.attached {
        let message = &mut page.messages[*index];
        log::row(tx, group, head, message.seq, "data", &mut |row| {
            message.files = attachments::read(row.text_or_null(0)?)?;
            Ok(())
        })?;
    }
    Ok(())
}

fn fold_reactions(
    tx: &mut dyn Tx,
    group: GroupId,
    reader: AccountId,
    messages: &mut [Message],
) -> Result<(), Failure> {
    let (Some(newest), Some(oldest)) = (messages.first(), messages.last()) else { return Ok(()) };
    let sql = "SELECT message, emoji, COUNT(*), MAX(CASE WHEN account_id = $1 THEN 1 ELSE 0 END), MIN(seq) \
               FROM reactions WHERE group_id = $2 AND message BETWEEN $3 AND $4 \
               GROUP BY message, emoji ORDER BY message DESC, MIN(seq)";
    let params = [reader.get(), group.get(), oldest.seq.get(), newest.seq.get()].map(Value::Int);
    tx.query(sql, &params, &mut |row| {
        let seq = rows::seq(row.int(0)?)?;
        // Newest first, so the search runs against the order.
        if let Ok(index) = messages.binary_search_by(|message| seq.cmp(&message.seq)) {
            messages[index].reactions.push(ReactionCount {
                emoji: Emoji::from_stored(row.text(1)?),
                count: u32::try_from(row.int(2)?).unwrap_or(u32::MAX),
                me: row.int(3)? != 0,
            });
        }
        Ok(())
    })
}
