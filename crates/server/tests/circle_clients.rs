//! Stories of The Circle with real clients of both generations over real sockets, at both faces, against the program
//! itself: scripts in `tests/clients/`.

#[path = "stories/teller.rs"]
mod teller;

macro_rules! stories {
    ($($name:ident: $story:literal;)*) => {$(
        #[test]
        fn $name() {
            teller::tell($story);
        }
    )*};
}

stories! {
    the_numbered_cases: "circle/cases.mjs";
    a_crowd_that_joins_at_once: "circle/crowd.mjs";
    what_is_said_and_what_is_refused: "circle/talk.mjs";
    what_the_old_front_end_does: "circle/old-front-end.mjs";
    coming_back_within_twenty_seconds: "circle/return.mjs";
    groups_and_records_end_by_the_clock: "circle/expiry.mjs";
    wrong_codes_are_slow_to_try: "circle/wrong-codes.mjs";
    nothing_said_is_in_a_file: "circle/privacy.mjs";
    anything_at_any_moment: "circle/chaos.mjs";
    the_python_clients: "circle/python.mjs";
}
