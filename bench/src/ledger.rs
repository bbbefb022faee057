//! The books of a broadcast: who has received which message, in which order, how late.

use crate::hist::Histogram;

/// Messages that may be under way at once.
const SLOTS: usize = 1 << 16;

#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    sent_ns: u64,
    left: u32,
}

/// What one connection has received.
#[derive(Debug, Clone, Copy)]
struct Seat {
    next: u64,
    /// Messages from here up to `resumed` were sent while this connection did not read.
    stalled: u64,
    resumed: u64,
    open: bool,
}

/// Counts of one stretch of time.
#[derive(Debug, Default, Clone)]
pub struct Counts {
    /// Messages sent.
    pub messages: u64,
    /// Deliveries to connections that read.
    pub deliveries: u64,
    /// Deliveries to connections that had stopped reading when the message was sent.
    pub late_deliveries: u64,
    /// Deliveries that did not carry the number that this connection expected next.
    pub out_of_order: u64,
    /// Deliveries that never came.
    pub lost: u64,
    /// Connections that the server closed.
    pub closed: u64,
    /// Connections that the server closed while they were not reading.
    pub closed_stalled: u64,
    /// Time from sending to receiving.
    pub latency: Histogram,
}

/// All messages under way and all connections.
#[derive(Debug)]
pub struct Ledger {
    slots: Vec<Slot>,
    seats: Vec<Seat>,
    sent: u64,
    under_way: usize,
    /// Counts since the last [`Ledger::take`].
    pub counts: Counts,
}

impl Ledger {
    /// Books for a number of connections that all read.
    pub fn new(connections: usize) -> Self {
        let seat = Seat { next: 0, stalled: u64::MAX, resumed: u64::MAX, open: true };
        Self {
            slots: vec![Slot::default(); SLOTS],
            seats: vec![seat; connections],
            sent: 0,
            under_way: 0,
            counts: Counts::default(),
        }
    }

    /// Messages that some reading connection has not received yet.
    pub fn under_way(&self) -> usize {
        self.under_way
    }

    /// Enters a message and returns its number.
    pub fn send(&mut self, now_ns: u64) -> u64 {
        let seq = self.sent;
        let readers = self.seats.iter().filter(|s| s.open && s.stalled == u64::MAX).count() as u32;
        let slot = &mut self.slots[seq as usize % SLOTS];
        if slot.left > 0 {
            self.counts.lost += u64::from(slot.left);
            self.under_way -= 1;
        }
        *slot = Slot { sent_ns: now_ns, left: readers };
        self.under_way += usize::from(readers > 0);
        self.sent += 1;
        self.counts.messages += 1;
        seq
    }

    /// Enters that a connection received a message.
    #[inline]
    pub fn deliver(&mut self, connection: usize, seq: u64, now_ns: u64) {
        let seat = &mut self.seats[connection];
        if seq != seat.next {
            self.counts.out_of_order += 1;
        }
        seat.next = seq + 1;
        if seq >= seat.stalled && seq < seat.resumed {
            self.counts.late_deliveries += 1;
            return;
        }
        let slot = &mut self.slots[seq as usize % SLOTS];
        if slot.left > 0 {
            slot.left -= 1;
            self.under_way -= usize::from(slot.left == 0);
        }
        self.counts.deliveries += 1;
        self.counts.latency.add(now_ns.saturating_sub(slot.sent_ns));
    }

    /// Enters that the server closed a connection: what it had not received is lost.
    pub fn close(&mut self, connection: usize) {
        let seat = &mut self.seats[connection];
        seat.open = false;
        self.counts.closed += 1;
        let missing_to = if seat.stalled == u64::MAX {
            self.sent
        } else {
            self.counts.closed_stalled += 1;
            seat.stalled
        };
        for seq in seat.next..missing_to.max(seat.next) {
            let slot = &mut self.slots[seq as usize % SLOTS];
            if slot.left > 0 {
                slot.left -= 1;
                self.under_way -= usize::from(slot.left == 0);
                self.counts.lost += 1;
            }
        }
    }

    /// Enters that a connection reads no more from here on.
    pub fn stall(&mut self, connection: usize) {
        self.seats[connection].stalled = self.sent;
        self.seats[connection].resumed = u64::MAX;
    }

    /// Enters that a connection reads again.
    pub fn resume(&mut self, connection: usize) {
        self.seats[connection].resumed = self.sent;
    }

    /// Whether a connection that reads again has received everything.
    pub fn has_caught_up(&self, connection: usize) -> bool {
        !self.seats[connection].open || self.seats[connection].next >= self.sent
    }

    /// Counts a connection among the readers again; what it missed for good is returned.
    pub fn settle(&mut self, connection: usize) -> u64 {
        let seat = &mut self.seats[connection];
        let missing = self.sent - seat.next.min(self.sent);
        *seat = Seat { next: self.sent, stalled: u64::MAX, resumed: u64::MAX, open: seat.open };
        if seat.open { missing } else { 0 }
    }

    /// Enters that a new connection has taken the place of a closed one.
    pub fn reopen(&mut self, connection: usize) {
        self.seats[connection] = Seat { next: self.sent, stalled: u64::MAX, resumed: u64::MAX, open: true };
    }

    /// Whether the connection is open.
    pub fn is_open(&self, connection: usize) -> bool {
        self.seats[connection].open
    }

    /// Gives up on everything under way: it is lost, and every reader starts anew at the next message.
    pub fn abandon(&mut self) {
        for slot in &mut self.slots {
            self.counts.lost += u64::from(slot.left);
            slot.left = 0;
        }
        self.under_way = 0;
        for seat in self.seats.iter_mut().filter(|s| s.stalled == u64::MAX) {
            seat.next = self.sent;
        }
    }

    /// The counts since the last call.
    pub fn take(&mut self) -> Counts {
        std::mem::take(&mut self.counts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_loss_and_closing_are_counted() {
        let mut ledger = Ledger::new(2);
        for _ in 0..4 {
            ledger.send(0);
        }
        for seq in [0, 2, 1, 3] {
            ledger.deliver(0, seq, 10);
        }
        ledger.deliver(1, 0, 10);
        assert_eq!((ledger.counts.deliveries, ledger.counts.out_of_order), (5, 3));
        assert_eq!(ledger.under_way(), 3);
        ledger.close(1);
        assert_eq!((ledger.counts.lost, ledger.counts.closed, ledger.under_way()), (3, 1, 0));
        ledger.send(0);
        assert_eq!(ledger.under_way(), 1);
        ledger.abandon();
        assert_eq!((ledger.counts.lost, ledger.under_way()), (4, 0));
    }

    #[test]
    fn a_stalled_connection_holds_nobody_up() {
        let mut ledger = Ledger::new(2);
        ledger.stall(1);
        ledger.send(0);
        ledger.deliver(0, 0, 5);
        assert_eq!(ledger.under_way(), 0);
        ledger.resume(1);
        assert!(!ledger.has_caught_up(1));
        ledger.deliver(1, 0, 9);
        assert!(ledger.has_caught_up(1));
        assert_eq!((ledger.settle(1), ledger.counts.late_deliveries, ledger.counts.lost), (0, 1, 0));
    }
}
