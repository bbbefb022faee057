//! Keeps a supervisor alive, gives it the next job whenever a slot is free, and passes events on.

use super::connection::{self, Connection};
use super::{Options, Shared, Waiting, end};
use crate::queue::Asker;
use parlor_wire::judge::{Event, FromJudge, Job, Stop, ToJudge};
use std::collections::{HashMap, VecDeque};
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// The wait before the first new start and the longest one; each is twice the one before.
const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Works until the last handle is gone.
pub(super) async fn keep(
    shared: Arc<Shared>,
    options: Options,
    connection: Connection,
    mut closed: oneshot::Receiver<()>,
) {
    let mut keeper = Keeper { shared, running: HashMap::new(), again: VecDeque::new() };
    let mut connection = Some(connection);
    let mut wait = FIRST_WAIT;
    loop {
        if let Some(connection) = connection.take() {
            tokio::select! {
                error = keeper.serve(connection) => tracing::warn!(%error, "the judge has ended; it is started again"),
                _ = &mut closed => return,
            }
            keeper.run_again();
        }
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            _ = &mut closed => return,
        }
        wait = (wait * 2).min(LONGEST_WAIT);
        match connection::open(&options).await {
            Ok((new, hello)) => {
                let usable = hello.tier.is_some();
                keeper.shared.lock().hello = hello;
                if usable {
                    connection = Some(new);
                    wait = FIRST_WAIT;
                } else {
                    keeper.end_all("no usable sandbox any more");
                }
            }
            Err(error) => tracing::warn!(%error, "the judge can not be started again yet"),
        }
    }
}

struct Keeper {
    shared: Arc<Shared>,
    running: HashMap<u64, Running>,
    /// What ran when a supervisor died; before everything that waits.
    again: VecDeque<(u64, Running)>,
}

struct Running {
    asker: Asker,
    job: Job,
    events: mpsc::Sender<Event>,
    /// How often a supervisor was given it.
    beginnings: usize,
}

impl Keeper {
    /// Works with one supervisor until it ends; says how.
    async fn serve(&mut self, mut connection: Connection) -> io::Error {
        let shared = self.shared.clone();
        loop {
            if let Err(error) = self.give_and_stop(&mut connection).await {
                return error;
            }
            tokio::select! {
                () = shared.wake.notified() => {}
                message = connection.from.recv() => match message {
                    Some(FromJudge::Event { run, event }) => self.pass_on(run, event),
                    Some(FromJudge::Hello(_)) | None => return io::ErrorKind::UnexpectedEof.into(),
                }
            }
        }
    }

    async fn give_and_stop(&mut self, connection: &mut Connection) -> io::Result<()> {
        for run in self.unwanted_running() {
            connection.say(&ToJudge::Stop { run }).await?;
        }
        while let Some((run, job)) = self.next_job() {
            connection.say(&ToJudge::Run { run, job: Box::new(job) }).await?;
        }
        Ok(())
    }

    /// What runs and is not wanted any more; what only waits is forgotten here.
    fn unwanted_running(&mut self) -> Vec<u64> {
        let mut state = self.shared.lock();
        let unwanted = std::mem::take(&mut state.unwanted);
        unwanted
            .into_iter()
            .filter_map(|(asker, run)| {
                if self.running.contains_key(&run) {
                    return Some(run);
                }
                if let Some(waiting) = state.queue.cancel(asker, |waiting| waiting.run == run) {
                    end(&waiting.events, Stop::Stopped);
                }
                None
            })
            .collect()
    }

    fn next_job(&mut self) -> Option<(u64, Job)> {
        let mut state = self.shared.lock();
        if self.running.len() >= state.hello.slots as usize {
            return None;
        }
        let (run, mut running) = match self.again.pop_front() {
            Some(again) => again,
            None => {
                let (asker, _, Waiting { run, job, events }) = state.queue.take_next()?;
                (run, Running { asker, job, events, beginnings: 0 })
            }
        };
        running.beginnings += 1;
        let job = running.job.clone();
        self.running.insert(run, running);
        Some((run, job))
    }

    fn pass_on(&mut self, run: u64, event: Event) {
        let Some(running) = self.running.get(&run) else { return };
        let is_done = matches!(event, Event::Done(_));
        if let Event::Done(done) = &event
            && let Stop::Fault(fault) = &done.stop
        {
            tracing::warn!(fault, "a run was not judged, by a fault of ours");
        }
        let taken = running.events.try_send(event);
        if is_done {
            let asker = running.asker;
            self.running.remove(&run);
            self.shared.lock().queue.finished(asker);
        } else if taken.is_err() {
            self.shared.lock().unwanted.push((running.asker, run));
        }
    }

    /// What was running when the supervisor died runs once more; what did so already was perhaps the cause.
    fn run_again(&mut self) {
        let mut died: Vec<_> = self.running.drain().collect();
        died.sort_by_key(|(run, _)| *run);
        for (run, running) in died {
            if running.beginnings > 1 || running.events.try_send(Event::Restarted).is_err() {
                self.end(&running, "the judge died twice in this run");
            } else {
                self.again.push_back((run, running));
            }
        }
    }

    fn end_all(&mut self, why: &str) {
        for (_, running) in std::mem::take(&mut self.again) {
            self.end(&running, why);
        }
        let mut state = self.shared.lock();
        while let Some((asker, _, waiting)) = state.queue.take_next() {
            end(&waiting.events, Stop::Fault(why.to_owned()));
            state.queue.finished(asker);
        }
    }

    fn end(&self, running: &Running, why: &str) {
        end(&running.events, Stop::Fault(why.to_owned()));
        self.shared.lock().queue.finished(running.asker);
    }
}
