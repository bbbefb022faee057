//! The answer to something that was handed to the store's threads.

use crate::Failure;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::sync::oneshot;

/// Answers once the work is done and, for a write, committed. Dropping it does not take the work back.
#[must_use = "the work is done all the same, but nobody learns how it ended"]
pub struct Pending<T, E> {
    state: State<T, E>,
}

enum State<T, E> {
    Waiting(oneshot::Receiver<Result<T, E>>),
    /// The queue was full; taken by the first poll.
    Refused,
}

impl<T, E> Pending<T, E> {
    pub(crate) fn waiting(receiver: oneshot::Receiver<Result<T, E>>) -> Self {
        Self { state: State::Waiting(receiver) }
    }

    pub(crate) fn refused() -> Self {
        Self { state: State::Refused }
    }
}

impl<T, E: From<Failure>> Pending<T, E> {
    /// Waits on a thread that may block: for tools and tests.
    ///
    /// # Errors
    /// What the work says.
    pub fn wait(self) -> Result<T, E> {
        match self.state {
            State::Waiting(receiver) => {
                receiver.blocking_recv().unwrap_or_else(|_| Err(Failure::unavailable().into()))
            }
            State::Refused => Err(Failure::unavailable().into()),
        }
    }
}

impl<T, E: From<Failure>> Future for Pending<T, E> {
    type Output = Result<T, E>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.state {
            State::Refused => Poll::Ready(Err(Failure::unavailable().into())),
            State::Waiting(receiver) => match Pin::new(receiver).poll(context) {
                Poll::Pending => Poll::Pending,
                Poll::Ready(Ok(answer)) => Poll::Ready(answer),
                // The thread dropped the job without an answer: it could not begin, panicked, or is going down.
                Poll::Ready(Err(_)) => Poll::Ready(Err(Failure::unavailable().into())),
            },
        }
    }
}
