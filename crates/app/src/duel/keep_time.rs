//! What becomes due: countdowns, ends of rounds, those who do not come back, ranges that widen.

use super::DuelFace;
use super::arena::lock;
use crate::App;
use parlor_core::duel::Command;
use std::sync::Arc;
use std::time::Duration;

/// How often it is looked what is due: so late a round begins at most.
const EVERY: Duration = Duration::from_millis(50);
/// How often those who seek are looked at, and spectators counted, in turns of the above.
const SLOWLY: u64 = 20;

impl App {
    /// Tells these faces of all duels of this node and keeps their time, for ever; whoever starts the server runs it.
    pub async fn follow_duels(&self, faces: Vec<Arc<dyn DuelFace>>) {
        let _ = self.inner.duels.faces.set(faces);
        let mut ticks = tokio::time::interval(EVERY);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        for turn in 0_u64.. {
            ticks.tick().await;
            self.keep_duels_time(turn % SLOWLY == 0);
            if turn % SLOWLY == 0 {
                self.pair_seekers().await;
            }
        }
    }

    /// One turn.
    fn keep_duels_time(&self, slowly: bool) {
        let now = self.now();
        for arc in self.inner.duels.all() {
            let mut live = lock(&arc);
            if live.duel.next_at().is_some_and(|due| due <= now) {
                // Time refuses nothing.
                let _ = self.change_duel(&arc, &mut live, Command::Time);
            }
            if slowly && live.spectators != live.spectators_told {
                live.duel.rev += 1;
                self.tell_duel(&mut live);
            }
            if live.is_forgotten(now) {
                let id = live.id;
                drop(live);
                self.inner.duels.forget(id);
            }
        }
    }
}
