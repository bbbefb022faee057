//! Stories of the lobby with real clients over real sockets, against the program itself: scripts in `tests/clients/`.

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
    two_meet_talk_and_go_on: "lobby/meet.mjs";
    what_is_kept_and_what_is_reported: "lobby/keep-and-report.mjs";
    anything_at_any_moment: "lobby/chaos.mjs";
    vanishing_and_a_crash: "lobby/vanish.mjs";
}
