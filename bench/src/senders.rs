//! Chat clients that send and wait for the acknowledgement: each in a group of its own, all on one thread.

use std::collections::VecDeque;
use std::time::Duration;

use crate::client::{After, Client, Target, source_of};
use crate::hist::Histogram;
use crate::sys::{self, Poller};

/// Who sends, and where.
#[derive(Debug, Clone)]
pub struct Member {
    /// The session's token.
    pub token: String,
    /// The group that this member writes into.
    pub group: u64,
}

/// What came of a stretch of sending.
#[derive(Debug, Default, Clone)]
pub struct Counts {
    /// Messages sent.
    pub sent: u64,
    /// Messages acknowledged with `ok: true`.
    pub acked: u64,
    /// Messages acknowledged with an error.
    pub refused: u64,
    /// Events received (the sender is in the group, so one for every message).
    pub events: u64,
    /// Events whose number was not the next of their group.
    pub gaps: u64,
    /// From the time at which a message was due to its acknowledgement.
    pub latency: Histogram,
    /// The first answer that was an error.
    pub first_error: Option<String>,
}

/// How fast to send.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pace {
    /// Every sender always has one message under way.
    Saturated,
    /// So many messages a second, from all in turn, whatever comes back.
    PerSecond(f64),
}

struct Sender {
    client: Client,
    group: u64,
    sent: u32,
    waiting: VecDeque<(u32, u64)>,
    last_seq: Option<u64>,
}

/// All senders.
pub struct Senders {
    senders: Vec<Sender>,
    poller: Poller,
    buffer: Vec<u8>,
    /// `42/v1,`, without the type.
    qualifier: String,
    text: String,
    packet: Vec<u8>,
    counts: Counts,
    turn: usize,
}

impl Senders {
    /// Connects every member, and opens its group.
    pub fn connect(target: &Target, members: &[Member], text_bytes: usize) -> Result<Self, String> {
        let mut all = Self {
            senders: Vec::with_capacity(members.len()),
            poller: Poller::new().map_err(|e| e.to_string())?,
            buffer: vec![0; 1 << 18],
            qualifier: target.qualifier(),
            text: "x".repeat(text_bytes),
            packet: Vec::new(),
            counts: Counts::default(),
            turn: 0,
        };
        for (i, member) in members.iter().enumerate() {
            let at = |e: String| format!("member {i}: {e}");
            let auth = serde_json::json!({ "token": member.token }).to_string();
            let mut client = Client::connect(target, &auth, source_of(i), None).map_err(at)?;
            let open = format!(r#"["open",{{"groups":[{{"id":{}}}]}}]"#, member.group);
            let answer = client.call(target, 0, &open).map_err(at)?;
            if !answer.contains(r#""ok":true"#) || answer.contains(r#""error""#) {
                return Err(at(format!("open: {answer}")));
            }
            all.poller.add(&client.stream, i).map_err(|e| at(e.to_string()))?;
            let group = member.group;
            all.senders.push(Sender { client, group, sent: 0, waiting: VecDeque::new(), last_seq: None });
            // Those that are connected already must have their pings answered.
            all.receive(Duration::ZERO, false)?;
        }
        Ok(all)
    }

    /// Sends for a time, waits for everything under way, and returns the counts of it.
    pub fn run(&mut self, pace: Pace, seconds: f64) -> Result<Counts, String> {
        self.counts = Counts::default();
        let start = sys::now_ns();
        let end = start + (seconds * 1e9) as u64;
        let mut due = start;
        if pace == Pace::Saturated {
            for i in 0..self.senders.len() {
                self.send(i, sys::now_ns())?;
            }
        }
        loop {
            let now = sys::now_ns();
            let open = now < end;
            if let Pace::PerSecond(rate) = pace
                && open
            {
                while due <= now {
                    self.turn = (self.turn + 1) % self.senders.len();
                    self.send(self.turn, due)?;
                    due += (1e9 / rate) as u64;
                }
            }
            let under_way = self.counts.sent - self.counts.acked - self.counts.refused;
            let events_due = self.counts.acked > self.counts.events;
            if !open && (under_way == 0 && !events_due || now > end + 10_000_000_000) {
                return Ok(std::mem::take(&mut self.counts));
            }
            let pause = match pace {
                Pace::PerSecond(_) if open => due.saturating_sub(sys::now_ns()),
                _ => 20_000_000,
            };
            self.receive(Duration::from_nanos(pause), open && pace == Pace::Saturated)?;
        }
    }

    fn send(&mut self, i: usize, due_ns: u64) -> Result<(), String> {
        use std::io::Write;
        let sender = &mut self.senders[i];
        sender.sent += 1;
        sender.waiting.push_back((sender.sent, due_ns));
        self.packet.clear();
        write!(
            self.packet,
            r#"42{}{}["send",{{"group":{},"client_id":"bench-{i}-{}","text":"{}"}}]"#,
            self.qualifier, sender.sent, sender.group, sender.sent, self.text
        )
        .map_err(|e| e.to_string())?;
        sender.client.queue(&self.packet);
        self.counts.sent += 1;
        sender.client.flush().map_err(|e| format!("sender {i}: {e}"))
    }

    fn receive(&mut self, timeout: Duration, send_again: bool) -> Result<(), String> {
        let ready = self.poller.wait(Some(timeout)).map_err(|e| e.to_string())?;
        for event in 0..ready {
            let (i, _) = self.poller.event(event);
            let Self { senders, buffer, qualifier, counts, .. } = self;
            let Sender { client, waiting, last_seq, .. } = &mut senders[i];
            let now = sys::now_ns();
            let mut answered = 0;
            let after = client.read(buffer, |text| {
                let Some((kind, rest)) = packet(text, qualifier) else { return };
                match kind {
                    Kind::Ack(id) => {
                        answered += 1;
                        book_ack(counts, waiting, id, rest, now);
                    }
                    Kind::Event if rest.starts_with(b"[\"event\"") => {
                        counts.events += 1;
                        let seq = number_after(rest, b"\"seq\":");
                        let follows = last_seq.is_none_or(|last| seq == Some(last + 1));
                        counts.gaps += u64::from(!follows);
                        *last_seq = seq;
                    }
                    Kind::Event => {}
                }
            })?;
            if after == After::Closed {
                return Err(format!("the server closed the connection of sender {i}"));
            }
            for _ in 0..if send_again { answered } else { 0 } {
                self.send(i, sys::now_ns())?;
            }
        }
        Ok(())
    }
}

enum Kind {
    Event,
    Ack(u32),
}

/// The kind of an event or ack packet of this namespace, and its data.
fn packet<'a>(text: &'a [u8], qualifier: &str) -> Option<(Kind, &'a [u8])> {
    let (head, rest) = text.split_at_checked(2)?;
    let rest = rest.strip_prefix(qualifier.as_bytes())?;
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let id = rest[..digits].iter().fold(0u32, |n, d| n.wrapping_mul(10).wrapping_add(u32::from(d - b'0')));
    match head {
        b"42" => Some((Kind::Event, &rest[digits..])),
        b"43" => Some((Kind::Ack(id), &rest[digits..])),
        _ => None,
    }
}

fn book_ack(counts: &mut Counts, waiting: &mut VecDeque<(u32, u64)>, id: u32, data: &[u8], now: u64) {
    let Some(at) = waiting.iter().position(|(waiting_id, _)| *waiting_id == id) else { return };
    let due = waiting.remove(at).map_or(now, |(_, due)| due);
    if find(data, b"\"ok\":true").is_some() {
        counts.acked += 1;
        counts.latency.add(now.saturating_sub(due));
    } else {
        counts.refused += 1;
        counts.first_error.get_or_insert_with(|| String::from_utf8_lossy(data).into_owned());
    }
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}

fn number_after(text: &[u8], name: &[u8]) -> Option<u64> {
    let digits = &text[find(text, name)? + name.len()..];
    let digits = digits.iter().take_while(|byte| byte.is_ascii_digit());
    Some(digits.fold(0, |n, d| n * 10 + u64::from(d - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acks_and_events_are_told_apart() {
        assert!(matches!(packet(b"43/v1,17[{}]", "/v1,"), Some((Kind::Ack(17), b"[{}]"))));
        assert!(matches!(packet(b"42/v1,[\"event\",{}]", "/v1,"), Some((Kind::Event, _))));
        assert!(packet(b"42/other,[]", "/v1,").is_none());
        assert_eq!(number_after(br#"{"epoch":1,"seq":42}"#, b"\"seq\":"), Some(42));
    }

    #[test]
    fn a_refusal_is_not_an_acknowledgement() {
        let mut counts = Counts::default();
        let mut waiting = VecDeque::from([(1, 0), (2, 0)]);
        book_ack(&mut counts, &mut waiting, 2, br#"[{"ok":false,"error":{"code":"forbidden"}}]"#, 5);
        book_ack(&mut counts, &mut waiting, 1, br#"[{"duplicate":false,"ok":true}]"#, 5);
        assert_eq!((counts.acked, counts.refused, waiting.len()), (1, 1, 0));
    }
}
