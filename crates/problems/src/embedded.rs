//! Parlor's own problems, as part of the program.

use crate::{Fault, Problem};

/// File names and texts.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// All of them, by their ids. Takes a moment: a quarter of a megabyte of text for each rank is parsed.
///
/// # Errors
/// The rules that a file breaks; the tests see to it that none does.
pub fn problems() -> Result<Vec<Problem>, Vec<Fault>> {
    let mut problems = Vec::with_capacity(FILES.len());
    for (file, text) in FILES {
        problems.push(Problem::parse(file, text)?);
    }
    Ok(problems)
}

#[cfg(test)]
mod tests {
    #[test]
    fn sixty_problems_are_part_of_the_program() {
        let problems = super::problems().unwrap();
        assert_eq!(problems.len(), 60);
        for rank in crate::Rank::ALL {
            assert_eq!(problems.iter().filter(|problem| problem.rank == rank).count(), 15, "{rank}");
        }
    }
}
