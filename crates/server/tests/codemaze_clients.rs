//! Stories of Codemaze with a real client over real sockets, at both faces, against the program itself and its real
//! judge: scripts in `tests/clients/`. Where no sandbox works they fail and say which lock does not hold.

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
    two_play_a_match_to_the_end: "codemaze/match.mjs";
    a_program_is_run: "codemaze/run.mjs";
    a_service_writes_problems: "codemaze/generate.mjs";
}
