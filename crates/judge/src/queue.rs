//! Whose job is next. Pure: knows no clock and runs nothing.
//!
//! Submissions come before trial runs. Among rooms, and within a room among its players, everybody has a turn in
//! rotation, so nobody waits for a neighbour's second job. A player has one job running and one waiting: a new trial
//! run takes the place of the waiting one; a submission waits until it is judged, since each of them counts.

use std::collections::VecDeque;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Counts for the round.
    Submit,
    /// The player tries something.
    Run,
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Asker {
    /// The room of the duel.
    pub room: u64,
    /// The player, who may be in several rooms and has turns in each.
    pub player: u64,
}

/// Why a job was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The player has a submission waiting.
    #[error("a submission of this player is waiting already")]
    Waiting,
    /// Too many jobs wait.
    #[error("too many jobs are waiting")]
    Full,
}

/// Jobs that wait, and who has one running.
#[derive(Debug)]
pub struct Queue<T> {
    most: usize,
    waiting: usize,
    /// Those who are next stand in front.
    rooms: VecDeque<Room<T>>,
}

#[derive(Debug)]
struct Room<T> {
    id: u64,
    players: VecDeque<Player<T>>,
}

#[derive(Debug)]
struct Player<T> {
    id: u64,
    is_running: bool,
    waiting: Option<(Kind, T)>,
}

/// A job that was taken.
#[derive(Debug, PartialEq, Eq)]
pub struct Taken<T> {
    /// How many jobs wait before it at most, from 0.
    pub position: usize,
    /// The trial run that gave way to it.
    pub replaced: Option<T>,
}

impl<T> Queue<T> {
    /// A queue in which at most `most` jobs wait.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self { most, waiting: 0, rooms: VecDeque::new() }
    }

    /// How many jobs wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.waiting
    }

    /// Whether no job waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.waiting == 0
    }

    /// Lets a job wait.
    ///
    /// # Errors
    /// Why not; nothing has changed then.
    pub fn push(&mut self, asker: Asker, kind: Kind, job: T) -> Result<Taken<T>, Refused> {
        let full = self.waiting >= self.most;
        let position = self.waiting;
        let player = self.player(asker);
        let replaced = match player.waiting.take() {
            Some((Kind::Submit, waiting)) => {
                player.waiting = Some((Kind::Submit, waiting));
                return Err(Refused::Waiting);
            }
            None if full => {
                self.forget_the_idle();
                return Err(Refused::Full);
            }
            Some((Kind::Run, old)) => Some(old),
            None => None,
        };
        player.waiting = Some((kind, job));
        if replaced.is_none() {
            self.waiting += 1;
        }
        Ok(Taken { position: position.saturating_sub(usize::from(replaced.is_some())), replaced })
    }

    /// Takes the next job out; its player has a job running until `finished`.
    pub fn take_next(&mut self) -> Option<(Asker, Kind, T)> {
        let kind = [Kind::Submit, Kind::Run].into_iter().find(|kind| self.place(*kind).is_some())?;
        let (room_at, player_at) = self.place(kind)?;
        // Both go to the end of their row: it was their turn.
        let mut room = self.rooms.remove(room_at)?;
        let mut player = room.players.remove(player_at)?;
        let (kind, job) = player.waiting.take()?;
        player.is_running = true;
        let asker = Asker { room: room.id, player: player.id };
        room.players.push_back(player);
        self.rooms.push_back(room);
        self.waiting -= 1;
        Some((asker, kind, job))
    }

    /// The player's running job has ended.
    pub fn finished(&mut self, asker: Asker) {
        self.player(asker).is_running = false;
        self.forget_the_idle();
    }

    /// Takes a waiting job back, if `which` says yes to it.
    pub fn cancel(&mut self, asker: Asker, which: impl FnOnce(&T) -> bool) -> Option<T> {
        let player = self.player(asker);
        let found = player.waiting.take_if(|(_, job)| which(job));
        if found.is_some() {
            self.waiting -= 1;
        }
        self.forget_the_idle();
        found.map(|(_, job)| job)
    }

    fn place(&self, kind: Kind) -> Option<(usize, usize)> {
        self.rooms.iter().enumerate().find_map(|(room_at, room)| {
            let is_next = |player: &Player<T>| {
                !player.is_running && player.waiting.as_ref().is_some_and(|(waiting, _)| *waiting == kind)
            };
            room.players.iter().position(is_next).map(|player_at| (room_at, player_at))
        })
    }

    fn player(&mut self, asker: Asker) -> &mut Player<T> {
        let room_at = self.rooms.iter().position(|room| room.id == asker.room).unwrap_or_else(|| {
            self.rooms.push_back(Room { id: asker.room, players: VecDeque::new() });
            self.rooms.len() - 1
        });
        let players = &mut self.rooms[room_at].players;
        let player_at = players.iter().position(|player| player.id == asker.player).unwrap_or_else(|| {
            players.push_back(Player { id: asker.player, is_running: false, waiting: None });
            players.len() - 1
        });
        &mut players[player_at]
    }

    fn forget_the_idle(&mut self) {
        for room in &mut self.rooms {
            room.players.retain(|player| player.is_running || player.waiting.is_some());
        }
        self.rooms.retain(|room| !room.players.is_empty());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Kind::{Run, Submit};
    use proptest::prelude::*;

    fn asker(room: u64, player: u64) -> Asker {
        Asker { room, player }
    }

    fn names(queue: &mut Queue<&'static str>) -> Vec<&'static str> {
        std::iter::from_fn(|| queue.take_next().map(|(.., job)| job)).collect()
    }

    #[test]
    fn submissions_come_first_and_rooms_take_turns() {
        let mut queue = Queue::new(9);
        for (room, player, kind, job) in [
            (1, 1, Run, "run of 1"),
            (1, 2, Submit, "room 1, first"),
            (1, 3, Submit, "room 1, second"),
            (2, 4, Submit, "room 2, first"),
        ] {
            queue.push(asker(room, player), kind, job).unwrap();
        }
        assert_eq!(names(&mut queue), ["room 1, first", "room 2, first", "room 1, second", "run of 1"]);
        assert!(queue.is_empty());
    }

    #[test]
    fn a_player_has_one_running_and_one_waiting() {
        let (mut queue, ada) = (Queue::new(9), asker(1, 1));
        queue.push(ada, Run, "first").unwrap();
        assert_eq!(queue.take_next().map(|(.., job)| job), Some("first"));
        queue.push(ada, Run, "second").unwrap();
        assert_eq!(queue.take_next(), None, "one is running");
        assert_eq!(queue.push(ada, Run, "third").unwrap().replaced, Some("second"));
        assert_eq!(queue.push(ada, Submit, "fourth").unwrap().replaced, Some("third"));
        assert_eq!(queue.push(ada, Run, "fifth"), Err(Refused::Waiting));
        assert_eq!(queue.push(ada, Submit, "sixth"), Err(Refused::Waiting));
        queue.finished(ada);
        assert_eq!(names(&mut queue), ["fourth"]);
    }

    #[test]
    fn a_full_queue_takes_nothing_but_replacements() {
        let mut queue = Queue::new(2);
        assert_eq!(queue.push(asker(1, 1), Run, "a").unwrap(), Taken { position: 0, replaced: None });
        assert_eq!(queue.push(asker(1, 2), Run, "b").unwrap(), Taken { position: 1, replaced: None });
        assert_eq!(queue.push(asker(2, 3), Submit, "c"), Err(Refused::Full));
        assert_eq!(queue.push(asker(1, 2), Run, "d").unwrap(), Taken { position: 1, replaced: Some("b") });
        assert_eq!(queue.rooms.len(), 1, "who was refused is not remembered");
        assert_eq!(names(&mut queue), ["a", "d"]);
    }

    #[test]
    fn a_waiting_job_can_be_taken_back() {
        let mut queue = Queue::new(2);
        queue.push(asker(1, 1), Submit, "a").unwrap();
        assert_eq!(queue.cancel(asker(1, 1), |job| *job == "b"), None);
        assert_eq!(queue.cancel(asker(1, 1), |job| *job == "a"), Some("a"));
        assert_eq!((queue.len(), queue.take_next()), (0, None));
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nobody_runs_twice(
            steps in proptest::collection::vec((0_u64..3, 0_u64..3, 0_u8..4), 1..200),
        ) {
            let mut queue = Queue::new(5);
            let (mut inside, mut running, mut number) = (Vec::new(), Vec::new(), 0);
            for (room, player, action) in steps {
                let who = asker(room, player);
                match action {
                    0 | 1 => {
                        number += 1;
                        if let Ok(taken) = queue.push(who, if action == 0 { Run } else { Submit }, number) {
                            if let Some(old) = taken.replaced {
                                inside.retain(|(job, _)| *job != old);
                            }
                            inside.push((number, who));
                        }
                    }
                    2 => {
                        let free = inside.iter().any(|(_, who)| !running.contains(who));
                        match queue.take_next() {
                            Some((who, _, job)) => {
                                prop_assert!(inside.contains(&(job, who)) && !running.contains(&who));
                                inside.retain(|(other, _)| *other != job);
                                running.push(who);
                            }
                            None => prop_assert!(!free),
                        }
                    }
                    _ => {
                        queue.finished(who);
                        running.retain(|other| *other != who);
                    }
                }
                prop_assert_eq!(queue.len(), inside.len());
                prop_assert!(queue.len() <= 5);
            }
        }
    }
}
