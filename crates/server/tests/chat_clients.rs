//! Stories of group chat with real clients over real sockets: npm socket.io-client 4 and python-socketio 5 against the
//! program itself. The stories are scripts in `tests/clients/`; each starts a server of its own.

#[path = "stories/teller.rs"]
mod teller;

macro_rules! stories {
    ($($name:ident: $story:literal;)*) => {$(
        #[test]
        fn $name() {
            teller::tell(concat!("chat/", $story));
        }
    )*};
}

stories! {
    everybody_sees_one_order: "one-order.mjs";
    coming_back_at_every_position_during_a_flood: "resume.mjs";
    killed_under_load_nothing_acknowledged_is_lost: "crash.mjs";
    a_slow_reader_is_told_and_misses_nothing: "slow-reader.mjs";
    who_is_sent_away_hears_nothing_more: "removal.mjs";
    signals_and_bad_calls: "signals.mjs";
    many_groups_at_once_after_a_long_time: "many-groups.mjs";
    the_python_client: "python-client.mjs";
}
