//! Which known name may have been meant.

/// The candidate that is most like `word`: at most one edit in three characters away, and never
/// more than three. Among equals the first.
pub fn most_similar<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut best = None;
    let mut limit = (word.len() / 3).min(3);
    for candidate in candidates {
        let Some(distance) = distance(word, candidate, limit) else {
            continue;
        };
        if distance == 0 {
            return Some(candidate);
        }
        best = Some(candidate);
        limit = distance - 1;
    }
    best
}

/// Whether two words differ by a single slip at most: a letter too many, too few or wrong, or two
/// neighbours swapped, whatever their case.
pub fn is_one_slip(left: &str, right: &str) -> bool {
    distance(left, right, 1).is_some()
}

/// The number of letters to insert, remove, replace or swap with their neighbour, whatever their
/// case; `None` above `limit`.
fn distance(left: &str, right: &str, limit: usize) -> Option<usize> {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    if left.len().abs_diff(right.len()) > limit {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    for (row, letter) in left.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, other) in right.iter().enumerate() {
            let same = letter.eq_ignore_ascii_case(other);
            let mut cost = (above[column] + usize::from(!same))
                .min(above[column + 1] + 1)
                .min(current[column] + 1);
            let swapped = row > 0
                && column > 0
                && letter.eq_ignore_ascii_case(&right[column - 1])
                && left[row - 1].eq_ignore_ascii_case(other);
            if swapped {
                cost = cost.min(before[column - 1] + 1);
            }
            current.push(cost);
        }
        if current.iter().all(|it| *it > limit) {
            return None;
        }
        before = std::mem::replace(&mut above, current);
    }
    above.last().copied().filter(|it| *it <= limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 5] = ["Alias", "AliasMatch", "ServerName", "ServerAlias", "Use"];

    #[test]
    fn two_swapped_letters_are_one_slip() {
        let found = most_similar("ServerNmae", NAMES.into_iter());
        assert_eq!(found, Some("ServerName"));
    }

    #[test]
    fn a_short_word_is_like_nothing() {
        assert_eq!(most_similar("Us", NAMES.into_iter()), None);
        assert_eq!(most_similar("Foo", NAMES.into_iter()), None);
    }

    #[test]
    fn the_nearest_wins_and_case_does_not_count() {
        let found = most_similar("SERVERALAIS", NAMES.into_iter());
        assert_eq!(found, Some("ServerAlias"));
    }
}
