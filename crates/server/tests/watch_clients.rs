//! Stories of watching together with real clients over real sockets: scripts in `tests/clients/`.

#[path = "stories/teller.rs"]
mod teller;

#[test]
fn three_watch_the_same() {
    teller::tell("watch/together.mjs");
}
