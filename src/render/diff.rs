//! The difference of two texts, as `diff -u` shows it and `patch` reads it.

use std::io::{self, Write};
use std::ops::Range;

/// Lines shown around a change.
const AROUND: usize = 3;
/// Of texts that differ in more lines the middle is shown as one change.
const MOST_CHANGES: usize = 1000;

/// Writes the lines that take `old` to `new`, both called `name`. The bytes of lines are written as
/// they are.
pub fn diff(name: &str, old: &[u8], new: &[u8], out: &mut dyn Write) -> io::Result<()> {
    let (old, new): (Vec<&[u8]>, Vec<&[u8]>) = (lines(old), lines(new));
    let changes = changes(&old, &new);
    if changes.is_empty() {
        return Ok(());
    }
    writeln!(out, "--- {name}\n+++ {name}")?;
    for hunk in hunks(&changes) {
        write_hunk(&old, &new, hunk, out)?;
    }
    Ok(())
}

/// The lines of a text that are not as they were, from 0.
pub fn changed_lines(old: &[u8], new: &[u8]) -> Vec<Range<usize>> {
    let changes = changes(&lines(old), &lines(new));
    changes.into_iter().map(|it| it.1).collect()
}

/// Lines of the old text, and those that stand in their place.
type Change = (Range<usize>, Range<usize>);

fn lines(text: &[u8]) -> Vec<&[u8]> {
    text.split_inclusive(|it| *it == b'\n').collect()
}

// Changes that are so near to each other that the lines between them are shown anyway.
fn hunks(changes: &[Change]) -> impl Iterator<Item = &[Change]> {
    changes.chunk_by(|one, other| other.0.start - one.0.end <= 2 * AROUND)
}

fn write_hunk(
    old: &[&[u8]],
    new: &[&[u8]],
    hunk: &[Change],
    out: &mut dyn Write,
) -> io::Result<()> {
    let (Some(first), Some(last)) = (hunk.first(), hunk.last()) else {
        return Ok(());
    };
    let before = first.0.start.min(AROUND);
    let after = (old.len() - last.0.end).min(AROUND);
    let shown = |range: Range<usize>| {
        let length = range.len();
        // diff names the line before an empty range.
        let start = range.start + usize::from(length > 0);
        match length {
            1 => start.to_string(),
            _ => format!("{start},{length}"),
        }
    };
    writeln!(
        out,
        "@@ -{} +{} @@",
        shown(first.0.start - before..last.0.end + after),
        shown(first.1.start - before..last.1.end + after)
    )?;
    let mut at = first.0.start - before;
    for (gone, come) in hunk {
        write_lines(b' ', &old[at..gone.start], out)?;
        write_lines(b'-', &old[gone.clone()], out)?;
        write_lines(b'+', &new[come.clone()], out)?;
        at = gone.end;
    }
    write_lines(b' ', &old[at..last.0.end + after], out)
}

fn write_lines(sign: u8, lines: &[&[u8]], out: &mut dyn Write) -> io::Result<()> {
    for line in lines {
        out.write_all(&[sign])?;
        out.write_all(line)?;
        if !line.ends_with(b"\n") {
            out.write_all(b"\n\\ No newline at end of file\n")?;
        }
    }
    Ok(())
}

fn changes(old: &[&[u8]], new: &[&[u8]]) -> Vec<Change> {
    let same = |pairs: &mut dyn Iterator<Item = (&&[u8], &&[u8])>| {
        pairs.take_while(|(one, other)| one == other).count()
    };
    let before = same(&mut old.iter().zip(new));
    let after = same(&mut old[before..].iter().rev().zip(new[before..].iter().rev()));
    let (old_end, new_end) = (old.len() - after, new.len() - after);
    let middle = shortest(&old[before..old_end], &new[before..new_end]);
    let Some(kept) = middle else {
        return vec![(before..old_end, before..new_end)];
    };
    let mut changes = Vec::new();
    let (mut gone, mut come) = (before, before);
    let kept = kept
        .into_iter()
        .map(|(one, other)| (one + before, other + before));
    for (one, other) in kept.chain([(old_end, new_end)]) {
        if gone < one || come < other {
            changes.push((gone..one, come..other));
        }
        (gone, come) = (one + 1, other + 1);
    }
    changes
}

// The lines that both texts keep, by the algorithm of Myers: the furthest that can be come on each
// diagonal with so many changes; `None` where there are too many.
fn shortest(old: &[&[u8]], new: &[&[u8]]) -> Option<Vec<(usize, usize)>> {
    let most = (old.len() + new.len()).min(MOST_CHANGES);
    let width = 2 * most + 3;
    let diagonal = |it: isize| {
        it.checked_add_unsigned(most + 1)
            .map_or(0, isize::unsigned_abs)
    };
    let mut furthest = vec![0_usize; width];
    let mut trail = Vec::new();
    for changes in 0..=isize::try_from(most).ok()? {
        trail.push(furthest.clone());
        for at in (-changes..=changes).step_by(2) {
            let (above, left) = (furthest[diagonal(at + 1)], furthest[diagonal(at - 1)]);
            let goes_down = at == -changes || (at != changes && left < above);
            let mut one = if goes_down { above } else { left + 1 };
            let Some(mut other) = one.checked_add_signed(-at) else {
                continue;
            };
            while one < old.len() && other < new.len() && old[one] == new[other] {
                (one, other) = (one + 1, other + 1);
            }
            furthest[diagonal(at)] = one;
            if one >= old.len() && other >= new.len() {
                return Some(way_back(&trail, (old.len(), new.len()), diagonal));
            }
        }
    }
    None
}

fn way_back(
    trail: &[Vec<usize>],
    end: (usize, usize),
    diagonal: impl Fn(isize) -> usize,
) -> Vec<(usize, usize)> {
    let mut kept = Vec::new();
    let (mut one, mut other) = end;
    for (changes, furthest) in trail.iter().enumerate().rev() {
        let changes = changes.cast_signed();
        let at = one.cast_signed() - other.cast_signed();
        let (above, left) = (furthest[diagonal(at + 1)], furthest[diagonal(at - 1)]);
        let goes_down = at == -changes || (at != changes && left < above);
        let start = if goes_down { above } else { left };
        let from = if goes_down { at + 1 } else { at - 1 };
        let start = match changes {
            0 => (0, 0),
            _ => (start, start.checked_add_signed(-from).unwrap_or(0)),
        };
        while one > start.0 && other > start.1 {
            (one, other) = (one - 1, other - 1);
            kept.push((one, other));
        }
        (one, other) = start;
    }
    kept.reverse();
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(old: &str, new: &str) -> String {
        let mut out = Vec::new();
        diff("a.conf", old.as_bytes(), new.as_bytes(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_change_is_shown_with_the_lines_around_it() {
        assert_eq!(
            shown("1\n2\n3\n4\n5\n6\n", "1\n2\n3\n4\nx\ny\n6\n"),
            "--- a.conf\n+++ a.conf\n@@ -2,5 +2,6 @@\n 2\n 3\n 4\n-5\n+x\n+y\n 6\n"
        );
        assert_eq!(shown("1\n", "1\n"), "");
    }

    #[test]
    fn far_changes_are_hunks_of_their_own() {
        let old: String = (0..20).map(|it| format!("{it}\n")).collect();
        let new = old.replace("\n3\n", "\n").replace("17\n", "17\nx\n");
        let hunks: Vec<String> = shown(&old, &new)
            .lines()
            .filter(|it| it.starts_with("@@"))
            .map(str::to_owned)
            .collect();
        assert_eq!(hunks, ["@@ -1,7 +1,6 @@", "@@ -16,5 +15,6 @@"]);
    }

    #[test]
    fn a_missing_newline_is_shown() {
        assert_eq!(
            shown("a", "a\n"),
            "--- a.conf\n+++ a.conf\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n"
        );
        assert_eq!(
            shown("", "a\n"),
            "--- a.conf\n+++ a.conf\n@@ -0,0 +1 @@\n+a\n"
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: proptest::test_runner::RngSeed::Fixed(1), ..ProptestConfig::default() })]

        #[test]
        fn changes_lead_from_one_text_to_the_other(old in "[ab\n]{0,30}", new in "[ab\n]{0,30}") {
            let (one, other) = (lines(old.as_bytes()), lines(new.as_bytes()));
            let mut made: Vec<&[u8]> = Vec::new();
            let mut at = 0;
            for (gone, come) in changes(&one, &other) {
                made.extend(&one[at..gone.start]);
                made.extend(&other[come]);
                at = gone.end;
            }
            made.extend(&one[at..]);
            prop_assert_eq!(made.concat(), new.as_bytes());
        }
    }
}
