//! Stories of Noomnim with real clients of every generation over real sockets, at both faces, against the program itself:
//! scripts in `tests/clients/`.

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
    every_event_as_it_is_documented: "noomnim/events.mjs";
    one_group_at_a_time_without_a_hole: "noomnim/visits.mjs";
    names_and_passwords: "noomnim/names.mjs";
    whatever_a_client_sends: "noomnim/hostile.mjs";
    the_python_clients: "noomnim/python.mjs";
}
