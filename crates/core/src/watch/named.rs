//! The names by which the choices of this module are stored and sent: fixed for ever, so only ever added to.

/// Gives an enum without data its names: `ALL`, `as_str` and `from_name`.
macro_rules! named {
    ($name:ident: $($variant:ident = $text:literal),+) => {
        impl $name {
            /// Every one of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// As it is written.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text),+
                }
            }

            /// Reads what `as_str` wrote.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($text => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    };
}
pub(super) use named;

#[cfg(test)]
mod tests {
    use crate::watch::{Hands, Kind, Patience, PlayerState, Reason, Who};

    #[test]
    fn each_is_read_back_as_written() {
        macro_rules! check {
            ($($name:ident),+) => {$(
                for each in $name::ALL {
                    assert_eq!($name::from_name(each.as_str()), Some(*each));
                }
                assert_eq!($name::from_name("nonsense"), None);
            )+};
        }
        check!(Hands, Kind, Patience, PlayerState, Reason, Who);
    }
}
