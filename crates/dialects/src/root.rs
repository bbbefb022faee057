//! Whose an event is. In a dialect's own namespace it is that dialect's; at the root a few names belong to several, and
//! the event itself tells which is meant (contracts/README.md, "The root too").

use std::sync::{Arc, Weak};

use parlor_socketio::{Event, Socket};

use crate::Dialect;

/// Who handles an event: the dialect that it is meant for, else the first that knows its name, which then says in its
/// own words what is missing. Nobody where none knows it, or the server is going down.
pub(crate) fn addressee(
    dialects: &[Weak<dyn Dialect>],
    socket: &Socket,
    event: &Event,
) -> Option<Arc<dyn Dialect>> {
    let knowing = dialects.iter().filter_map(Weak::upgrade).filter(|dialect| dialect.knows(event.name()));
    let knowing: Vec<_> = knowing.collect();
    let meant = knowing.iter().find(|dialect| dialect.claims(socket, event));
    meant.or(knowing.first()).cloned()
}
