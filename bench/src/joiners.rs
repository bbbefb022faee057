//! People who come into a lobby all at once, and who meets whom: each on a connection of its own, all on one thread.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::client::{After, Client, Target, source_of};
use crate::sys::{self, Poller};

/// Connections of this process so far.
static CONNECTED: AtomicUsize = AtomicUsize::new(0);

/// One who will come: what is sent with CONNECT, and the packet that enters.
#[derive(Debug, Clone)]
pub struct Joiner {
    /// The `auth` of CONNECT, as JSON or empty.
    pub auth: String,
    /// The event with which they enter, from `[` on.
    pub enter: String,
}

/// How a face says that somebody is in a room.
#[derive(Debug, Clone, Copy)]
pub struct Face {
    /// Before the event's data: `["room",`.
    pub event: &'static str,
    /// Before the room's name in it: `"room":`.
    pub room: &'static str,
}

/// What came of it.
#[derive(Debug, Default, Clone)]
pub struct Outcome {
    /// From the first entry sent to the last room told, in milliseconds.
    pub placed_ms: f64,
    /// From the first entry sent to the room told, of each; the one in the middle and the one at 99 %.
    pub p50_ms: f64,
    /// The same at 99 %.
    pub p99_ms: f64,
    /// Rooms of two.
    pub pairs: usize,
    /// Who waits at the end.
    pub waiting: usize,
    /// Rooms with one or more than two: must be none.
    pub wrong_rooms: usize,
    /// Who was told two rooms: must be none.
    pub in_two_rooms: usize,
}

/// Connects all, lets them in at once, and waits until nobody has been told anything for half a second and at most one
/// waits, or for `patience`.
pub fn enter_all(
    target: &Target,
    joiners: &[Joiner],
    face: Face,
    patience: Duration,
) -> Result<Outcome, String> {
    let mut poller = Poller::new().map_err(|e| e.to_string())?;
    let mut clients = Vec::with_capacity(joiners.len());
    for (i, joiner) in joiners.iter().enumerate() {
        let at = |e: String| format!("joiner {i}: {e}");
        // Over all runs: a closed connection keeps its port for a minute.
        let number = CONNECTED.fetch_add(1, Ordering::Relaxed);
        let client = Client::connect(target, &joiner.auth, source_of(number), None).map_err(at)?;
        poller.add(&client.stream, i).map_err(|e| at(e.to_string()))?;
        clients.push(client);
    }
    let began = sys::now_ns();
    for (client, joiner) in clients.iter_mut().zip(joiners) {
        client.queue(format!("42{}{}", target.qualifier(), joiner.enter).as_bytes());
        client.flush().map_err(|e| e.to_string())?;
    }
    let told = listen(target, face, &mut poller, &mut clients, began, patience)?;
    Ok(judge(joiners.len(), &told, began))
}

/// Which rooms each was told, and when first.
struct Told {
    rooms: Vec<Vec<String>>,
    at_ns: Vec<Option<u64>>,
}

fn listen(
    target: &Target,
    face: Face,
    poller: &mut Poller,
    clients: &mut [Client],
    began: u64,
    patience: Duration,
) -> Result<Told, String> {
    let prefix = format!("42{}{}", target.qualifier(), face.event);
    let mut told = Told { rooms: vec![Vec::new(); clients.len()], at_ns: vec![None; clients.len()] };
    let mut buffer = vec![0; 1 << 18];
    let mut last = began;
    let mut without = clients.len();
    loop {
        let ready = poller.wait(Some(Duration::from_millis(20))).map_err(|e| e.to_string())?;
        let now = sys::now_ns();
        for event in 0..ready {
            let (i, _) = poller.event(event);
            let Told { rooms, at_ns } = &mut told;
            let after = clients[i].read(&mut buffer, |text| {
                let Some(room) = text.strip_prefix(prefix.as_bytes()).and_then(|data| room_of(data, face))
                else {
                    return;
                };
                last = now;
                if at_ns[i].is_none() {
                    at_ns[i] = Some(now);
                    without -= 1;
                }
                if !rooms[i].contains(&room) {
                    rooms[i].push(room);
                }
            })?;
            if after == After::Closed {
                return Err(format!("the server closed the connection of joiner {i}"));
            }
        }
        let quiet = now.saturating_sub(last) > 500_000_000;
        if quiet && without <= 1 || now.saturating_sub(began) > patience.as_nanos() as u64 {
            return Ok(told);
        }
    }
}

/// The room's name or number in an event's data.
fn room_of(data: &[u8], face: Face) -> Option<String> {
    let data = std::str::from_utf8(data).ok()?;
    let (_, after) = data.split_once(face.room)?;
    let end = after.trim_start_matches('"').find(['"', ',', '}'])?;
    Some(after.trim_start_matches('"')[..end].to_owned())
}

fn judge(count: usize, told: &Told, began: u64) -> Outcome {
    let mut inside: HashMap<&str, usize> = HashMap::new();
    for room in told.rooms.iter().filter_map(|rooms| rooms.first()) {
        *inside.entry(room).or_default() += 1;
    }
    let mut times: Vec<u64> = told.at_ns.iter().flatten().map(|at| at - began).collect();
    times.sort_unstable();
    let at = |share: f64| {
        let place = ((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1));
        times.get(place).map_or(f64::NAN, |ns| *ns as f64 / 1e6)
    };
    Outcome {
        placed_ms: at(1.0),
        p50_ms: at(0.5),
        p99_ms: at(0.99),
        pairs: inside.values().filter(|people| **people == 2).count(),
        waiting: count - times.len(),
        wrong_rooms: inside.values().filter(|people| **people != 2).count(),
        in_two_rooms: told.rooms.iter().filter(|rooms| rooms.len() > 1).count(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rooms_are_read_as_both_faces_write_them() {
        let native = Face { event: "[\"room\",", room: "\"room\":" };
        assert_eq!(room_of(br#"{"room":12,"group":7}]"#, native).as_deref(), Some("12"));
        let circle = Face { event: "[\"join_room\",", room: "\"room\":" };
        assert_eq!(room_of(br#"{"room":"room_ab","user":"x"}]"#, circle).as_deref(), Some("room_ab"));
        assert_eq!(room_of(br#"{"user":"x"}]"#, circle), None);
    }

    #[test]
    fn what_is_wrong_is_seen() {
        let told = Told {
            rooms: vec![vec!["a".into()], vec!["a".into(), "b".into()], vec!["b".into()], vec![]],
            at_ns: vec![Some(2_000_000), Some(3_000_000), Some(4_000_000), None],
        };
        let outcome = judge(4, &told, 0);
        assert_eq!((outcome.pairs, outcome.waiting), (1, 1));
        assert_eq!((outcome.wrong_rooms, outcome.in_two_rooms), (1, 1));
        assert!((outcome.placed_ms - 4.0).abs() < 1e-9);
    }
}
