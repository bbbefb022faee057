//! Stories of Social Community with real clients of both generations over real sockets, against the program itself:
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
    who_joins_and_what_they_hear: "social/rooms.mjs";
    the_same_group_as_natively: "social/together.mjs";
}
