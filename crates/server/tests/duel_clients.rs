//! Stories of duels with real clients over real sockets, against the program itself and its real judge: scripts in
//! `tests/clients/`. Where no sandbox works they fail and say which lock does not hold.

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
    two_play_best_of_three_to_the_end: "duel/best-of-three.mjs";
    what_is_wrong_has_a_verdict_or_an_error_by_name: "duel/bad-input.mjs";
    members_of_a_group_challenge_each_other: "duel/challenge.mjs";
}
