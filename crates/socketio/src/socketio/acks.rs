//! Acknowledgements that the server waits for.

use std::collections::HashMap;
use std::fmt;

use tokio::sync::oneshot;

use crate::arguments::Arguments;

/// Why there is no acknowledgement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AckError {
    /// It did not come in time.
    Deadline,
    /// The socket is gone.
    Disconnected,
    /// The server waits for as many from this socket as `max_pending_acks` allows.
    TooMany,
}

impl fmt::Display for AckError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            AckError::Deadline => "the acknowledgement did not come in time",
            AckError::Disconnected => "the socket is gone",
            AckError::TooMany => "too many acknowledgements are awaited from this socket",
        })
    }
}

impl std::error::Error for AckError {}

/// The acknowledgements awaited from one socket.
#[derive(Default)]
pub(crate) struct Acks {
    next: u64,
    waiting: HashMap<u64, oneshot::Sender<Arguments>>,
    closed: bool,
}

impl Acks {
    /// The id to ask with, and what will come.
    pub(crate) fn expect(&mut self, limit: usize) -> Result<(u64, oneshot::Receiver<Arguments>), AckError> {
        if self.closed {
            return Err(AckError::Disconnected);
        }
        if self.waiting.len() >= limit {
            return Err(AckError::TooMany);
        }
        let id = self.next;
        self.next += 1;
        let (sender, receiver) = oneshot::channel();
        self.waiting.insert(id, sender);
        Ok((id, receiver))
    }

    /// Hands on what came. False if nobody had asked.
    pub(crate) fn resolve(&mut self, id: u64, arguments: Arguments) -> bool {
        match self.waiting.remove(&id) {
            Some(sender) => {
                // Whoever asked may have given up in this moment.
                let _ = sender.send(arguments);
                true
            }
            None => false,
        }
    }

    /// Nobody waits for this one any more.
    pub(crate) fn forget(&mut self, id: u64) {
        self.waiting.remove(&id);
    }

    /// The socket is gone: nobody waits for anything any more.
    pub(crate) fn close(&mut self) {
        self.closed = true;
        self.waiting = HashMap::new();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_answered_once_and_there_is_an_end_to_asking() {
        let mut acks = Acks::default();
        let (first, mut answer) = acks.expect(2).unwrap();
        let (second, _other) = acks.expect(2).unwrap();
        assert_ne!(first, second);
        assert_eq!(acks.expect(2).unwrap_err(), AckError::TooMany);
        assert!(acks.resolve(first, Arguments::default()));
        assert!(answer.try_recv().is_ok());
        assert!(!acks.resolve(first, Arguments::default()), "only once");
        assert!(!acks.resolve(77, Arguments::default()), "never asked for");
        acks.forget(second);
        assert!(acks.expect(1).is_ok());
        acks.close();
        assert_eq!(acks.expect(1).unwrap_err(), AckError::Disconnected);
    }
}
