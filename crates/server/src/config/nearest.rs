//! Which known name somebody meant: the one with the fewest letters to change.

/// The nearest of the names, unless none is near.
pub fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let worth_saying = name.len().div_ceil(2);
    let best = known.map(|candidate| (distance(name, candidate), candidate)).min()?;
    (best.0 <= worth_saying).then_some(best.1)
}

/// Levenshtein's distance, one row at a time.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in to.iter().enumerate() {
            let substituted = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_mistakes_are_found() {
        let known = ["bind", "data", "database_url", "bus_url"];
        let find = |name| nearest(name, known.into_iter());
        assert_eq!(find("bnid"), Some("bind"));
        assert_eq!(find("databse_url"), Some("database_url"));
        assert_eq!(find("xyzzy"), None);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
