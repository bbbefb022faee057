//! All connections of a fan-out measurement: one thread, one epoll, one buffer, everybody in one room.

use std::time::Duration;

use crate::client::{After, Client, Target, source_of};
use crate::ledger::Ledger;
use crate::sys::{self, Poller};

/// Digits of a message's number.
const SEQ_DIGITS: usize = 10;
/// Digits of the time of sending, in nanoseconds.
const TIME_DIGITS: usize = 20;

/// Connections that are joined in one room; number 0 is the publisher.
pub struct Fleet {
    /// The books.
    pub ledger: Ledger,
    clients: Vec<Client>,
    poller: Poller,
    buffer: Vec<u8>,
    /// `42["message","`, as this server writes it.
    prefix: Vec<u8>,
    /// The packet to send; number and time are written over for every message.
    packet: Vec<u8>,
    target: Target,
    fault: Option<String>,
}

/// How a fleet is made.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The server.
    pub target: Target,
    /// How many connections.
    pub connections: usize,
    /// Length of the argument of a message.
    pub message_bytes: usize,
    /// How many connections, from number 1 on, get a receive buffer of 4 KiB because they will stop reading.
    pub slow: usize,
}

impl Fleet {
    /// Opens all connections; `progress` is called after each with the number that are open.
    pub fn open(plan: &Plan, mut progress: impl FnMut(usize)) -> Result<Self, String> {
        let text = |e: std::io::Error| e.to_string();
        let prefix = format!("42{}[\"message\",\"", plan.target.qualifier()).into_bytes();
        let mut fleet = Self {
            ledger: Ledger::new(plan.connections),
            clients: Vec::with_capacity(plan.connections),
            poller: Poller::new().map_err(text)?,
            buffer: vec![0; 1 << 18],
            prefix,
            packet: Vec::new(),
            target: plan.target.clone(),
            fault: None,
        };
        fleet.set_message_bytes(plan.message_bytes);
        for i in 0..plan.connections {
            let client = fleet.connect(i, (1..=plan.slow).contains(&i))?;
            fleet.clients.push(client);
            // Those that are open already must have their pings answered while the others connect.
            fleet.turn(Some(Duration::ZERO))?;
            progress(i + 1);
        }
        Ok(fleet)
    }

    fn connect(&self, i: usize, slow: bool) -> Result<Client, String> {
        let client = Client::connect(&self.target, "", source_of(i), slow.then_some(4096))
            .map_err(|e| format!("connection {i}: {e}"))?;
        self.poller.add(&client.stream, i).map_err(|e| e.to_string())?;
        Ok(client)
    }

    /// Sets the length of the argument of the messages to come.
    pub fn set_message_bytes(&mut self, bytes: usize) {
        self.packet.clear();
        self.packet.extend_from_slice(&self.prefix);
        self.packet.resize(self.prefix.len() + bytes.max(SEQ_DIGITS + TIME_DIGITS), b'x');
        self.packet.extend_from_slice(b"\"]");
    }

    /// Publishes messages now, in one write; `sent_ns` is when they were due.
    pub fn publish(&mut self, count: usize, sent_ns: u64) -> Result<(), String> {
        let at = self.prefix.len();
        for _ in 0..count {
            let seq = self.ledger.send(sent_ns);
            write_digits(&mut self.packet[at..at + SEQ_DIGITS], seq);
            write_digits(&mut self.packet[at + SEQ_DIGITS..at + SEQ_DIGITS + TIME_DIGITS], sent_ns);
            self.clients[0].queue(&self.packet);
        }
        self.clients[0].flush().map_err(|e| format!("publish: {e}"))
    }

    /// Waits for input and books everything that has come.
    pub fn turn(&mut self, timeout: Option<Duration>) -> Result<(), String> {
        let pending = self.clients.first().is_some_and(Client::is_pending);
        let timeout = if pending { Some(Duration::from_micros(200)) } else { timeout };
        let ready = self.poller.wait(timeout).map_err(|e| format!("epoll: {e}"))?;
        if pending {
            self.clients[0].flush().map_err(|e| format!("publish: {e}"))?;
        }
        for i in 0..ready {
            let (connection, _) = self.poller.event(i);
            self.read(connection)?;
        }
        self.fault.take().map_or(Ok(()), Err)
    }

    fn read(&mut self, connection: usize) -> Result<(), String> {
        let Self { ledger, clients, buffer, prefix, fault, .. } = self;
        let now = sys::now_ns();
        let after = clients[connection].read(buffer, |text| match sequence(text, prefix) {
            Some(seq) => ledger.deliver(connection, seq, now),
            None => {
                fault.get_or_insert_with(|| format!("unexpected packet: {}", String::from_utf8_lossy(text)));
            }
        })?;
        if after == After::Closed {
            self.ledger.close(connection);
            self.poller.remove(&self.clients[connection].stream).map_err(|e| e.to_string())?;
            self.clients[connection].stream.shutdown(std::net::Shutdown::Both).ok();
            if connection == 0 {
                return Err("the server closed the publisher's connection".to_owned());
            }
        }
        Ok(())
    }

    /// Connections number 1 to `count` stop reading.
    pub fn stall(&mut self, count: usize) -> Result<(), String> {
        for connection in (1..=count).filter(|&c| self.ledger.is_open(c)).collect::<Vec<_>>() {
            self.poller.remove(&self.clients[connection].stream).map_err(|e| e.to_string())?;
            self.ledger.stall(connection);
        }
        Ok(())
    }

    /// They read again, until they have everything or nothing has come for a second; those that the server has
    /// closed are replaced. Returns how many deliveries never came.
    pub fn resume(&mut self, count: usize) -> Result<u64, String> {
        let back: Vec<usize> = (1..=count).filter(|&c| self.ledger.is_open(c)).collect();
        for &connection in &back {
            self.ledger.resume(connection);
            self.poller.add(&self.clients[connection].stream, connection).map_err(|e| e.to_string())?;
        }
        let mut late = self.ledger.counts.late_deliveries;
        let mut moved_at = sys::now_ns();
        while sys::now_ns() - moved_at < 1_000_000_000 && !back.iter().all(|&c| self.ledger.has_caught_up(c))
        {
            self.turn(Some(Duration::from_millis(20)))?;
            if late != self.ledger.counts.late_deliveries {
                (late, moved_at) = (self.ledger.counts.late_deliveries, sys::now_ns());
            }
        }
        let missing = back.iter().map(|&c| self.ledger.settle(c)).sum();
        for connection in (1..=count).filter(|&c| !self.ledger.is_open(c)).collect::<Vec<_>>() {
            self.clients[connection] = self.connect(connection, true)?;
            self.ledger.reopen(connection);
        }
        Ok(missing)
    }
}

/// The number in a broadcast message, or nothing if the packet is none.
#[inline]
fn sequence(text: &[u8], prefix: &[u8]) -> Option<u64> {
    let digits = text.strip_prefix(prefix)?.get(..SEQ_DIGITS)?;
    Some(digits.iter().fold(0, |n, digit| n * 10 + u64::from(digit.wrapping_sub(b'0'))))
}

fn write_digits(place: &mut [u8], mut number: u64) {
    for byte in place.iter_mut().rev() {
        *byte = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_survives_the_packet() {
        let mut packet = b"42[\"message\",\"0000000000rest\"]".to_vec();
        write_digits(&mut packet[14..24], 1_234_567);
        assert_eq!(sequence(&packet, b"42[\"message\",\""), Some(1_234_567));
        assert_eq!(sequence(b"42[\"other\",1]", b"42[\"message\",\""), None);
    }
}
