//! Regular expressions (PCRE), as far as a mistake is certain without compiling them.
//!
//! Told are: parentheses and brackets without their partner, a quantifier with nothing to repeat
//! or with impossible numbers, a range that runs backwards, an unknown `[:name:]`, a backslash at
//! the end, and `\1` … `\9` for a group that is not there. Not told are mistakes in the rarer
//! escapes, verbs, names and look-behinds, on which versions of PCRE differ.

/// The names that may stand in `[:…:]`.
const CLASSES: &[&str] = &[
    "alpha", "lower", "upper", "alnum", "ascii", "blank", "cntrl", "digit", "graph", "print",
    "punct", "space", "word", "xdigit",
];

/// The highest number of repetitions.
const MOST_REPETITIONS: u32 = 65535;

/// The byte offset of something for which PCRE refuses a pattern. `None` does not promise that
/// the pattern compiles.
pub fn mistake(pattern: &str) -> Option<usize> {
    if is_unusual(pattern) {
        return None;
    }
    let mut reader = Reader {
        bytes: pattern.as_bytes(),
        ..Reader::default()
    };
    match reader.read() {
        Ok(()) => None,
        Err(Stop::Mistake(at)) => Some(at),
        Err(Stop::Undecided) => None,
    }
}

// Quoted stretches, comments, verbs and the extended syntax change what a character means.
fn is_unusual(pattern: &str) -> bool {
    let has_verb = pattern
        .split("(*")
        .skip(1)
        .any(|it| it.starts_with(|it: char| it.is_ascii_alphabetic()));
    has_verb || ["\\Q", "(?#", "(?x"].iter().any(|it| pattern.contains(it))
}

/// Why reading ends before the pattern does.
enum Stop {
    /// PCRE refuses what stands here.
    Mistake(usize),
    /// Only PCRE knows.
    Undecided,
}

#[derive(Default)]
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Where the open groups begin.
    open: Vec<usize>,
    /// Whether a quantifier may follow.
    is_repeatable: bool,
    groups: usize,
    /// `\1` … `\9`: where, and which group.
    references: Vec<(usize, usize)>,
    /// `(?|` counts groups in its own way.
    has_branch_reset: bool,
}

impl<'a> Reader<'a> {
    fn read(&mut self) -> Result<(), Stop> {
        while let Some(byte) = self.peek(0) {
            match byte {
                b'\\' => self.escape()?,
                b'[' => self.class()?,
                b'(' => self.open_group(),
                b')' => {
                    self.open.pop().ok_or(Stop::Mistake(self.at))?;
                    self.take(1, true);
                }
                b'*' | b'+' | b'?' => self.quantifier(1)?,
                b'{' => self.brace()?,
                b'|' | b'^' | b'$' => self.take(1, false),
                _ => self.take(1, true),
            }
        }
        let missing = |it: &&(usize, usize)| it.1 > self.groups && !self.has_branch_reset;
        let reference = self.references.iter().find(missing).map(|it| it.0);
        match self.open.last().copied().or(reference) {
            Some(at) => Err(Stop::Mistake(at)),
            None => Ok(()),
        }
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn take(&mut self, length: usize, is_repeatable: bool) {
        self.at += length;
        self.is_repeatable = is_repeatable;
    }

    fn escape(&mut self) -> Result<(), Stop> {
        match self.peek(1).ok_or(Stop::Mistake(self.at))? {
            b'A' | b'b' | b'B' | b'G' | b'K' | b'z' | b'Z' => self.take(2, false),
            // It ends a quotation, and means nothing outside one.
            b'E' => self.take(2, self.is_repeatable),
            b'c' if self.peek(2).is_some() => self.take(3, true),
            b'g' | b'k' | b'N' | b'o' | b'p' | b'P' | b'u' | b'x' | b'c' => {
                let length = match self.rest().iter().position(|it| *it == b'}') {
                    Some(end) if self.peek(2) == Some(b'{') => end + 1,
                    None if self.peek(2) == Some(b'{') => return Err(Stop::Undecided),
                    _ => 2,
                };
                self.take(length, true);
            }
            digit @ b'1'..=b'9' => {
                // More digits may also be the number of a character.
                if !self.peek(2).is_some_and(|it| it.is_ascii_digit()) {
                    self.references.push((self.at, usize::from(digit - b'0')));
                }
                self.take(2, true);
            }
            _ => self.take(2, true),
        }
        Ok(())
    }

    fn open_group(&mut self) {
        let inside = &self.rest()[1..];
        if let Some(length) = options_length(inside) {
            self.take(1 + length, false);
            return;
        }
        let is_named = [b"?P<".as_slice(), b"?'"]
            .iter()
            .any(|it| inside.starts_with(it))
            || (inside.starts_with(b"?<") && !matches!(inside.get(2), Some(b'=' | b'!')));
        self.groups += usize::from(!inside.starts_with(b"?") || is_named);
        self.has_branch_reset |= inside.starts_with(b"?|");
        self.open.push(self.at);
        self.take(1 + usize::from(inside.starts_with(b"?")), false);
    }

    fn quantifier(&mut self, length: usize) -> Result<(), Stop> {
        if !self.is_repeatable {
            return Err(Stop::Mistake(self.at));
        }
        // Behind a quantifier `?` and `+` change its kind; the next one repeats nothing.
        let has_kind = matches!(self.peek(length), Some(b'?' | b'+'));
        self.take(length + usize::from(has_kind), false);
        Ok(())
    }

    fn brace(&mut self) -> Result<(), Stop> {
        let inside = &self.rest()[1..];
        // Newer versions of PCRE take `{,3}` and blanks.
        if inside
            .first()
            .is_some_and(|it| matches!(it, b',' | b' ' | b'\t'))
        {
            return Err(Stop::Undecided);
        }
        let Some((least, most, length)) = repetitions(inside) else {
            self.take(1, true);
            return Ok(());
        };
        if least > MOST_REPETITIONS || most.is_some_and(|it| it > MOST_REPETITIONS || it < least) {
            return Err(Stop::Mistake(self.at));
        }
        self.quantifier(1 + length)
    }

    // The first character of a class never ends it, and `[:name:]` is one item.
    fn class(&mut self) -> Result<(), Stop> {
        let start = self.at;
        self.at += 1;
        self.at += usize::from(self.peek(0) == Some(b'^'));
        let first = self.at;
        loop {
            let byte = self.peek(0).ok_or(Stop::Mistake(start))?;
            match byte {
                b']' if self.at > first => break,
                b'\\' => self.at += 2,
                b'[' => self.class_name()?,
                _ => match self.range_end() {
                    Some(end) if end < byte => return Err(Stop::Mistake(self.at)),
                    Some(_) => self.at += 3,
                    None => self.at += 1,
                },
            }
        }
        self.take(1, true);
        Ok(())
    }

    // What ends a range of plain characters that begins here.
    fn range_end(&self) -> Option<u8> {
        let is_plain = |it: &u8| !matches!(it, b']' | b'[' | b'\\');
        self.peek(2)
            .filter(is_plain)
            .filter(|_| self.peek(1) == Some(b'-'))
    }

    fn class_name(&mut self) -> Result<(), Stop> {
        let name = self.rest().strip_prefix(b"[:").unwrap_or_default();
        let length = name
            .iter()
            .take_while(|it| it.is_ascii_alphabetic() || **it == b'^')
            .count();
        if !name[length..].starts_with(b":]") {
            self.at += 1;
            return Ok(());
        }
        let known = name[..length].strip_prefix(b"^").unwrap_or(&name[..length]);
        if !CLASSES.iter().any(|it| it.as_bytes() == known) {
            return Err(Stop::Mistake(self.at));
        }
        self.at += length + 4;
        Ok(())
    }
}

// The length of `?i)` and its like, which set options and are no group.
fn options_length(inside: &[u8]) -> Option<usize> {
    let options = inside.strip_prefix(b"?")?;
    let end = options.iter().position(|it| *it == b')')?;
    let is_option = |it: &u8| b"imsnxJU-^".contains(it);
    options[..end].iter().all(is_option).then_some(end + 2)
}

// `2}`, `2,}` and `2,3}`: the numbers, and the length with the brace.
fn repetitions(inside: &[u8]) -> Option<(u32, Option<u32>, usize)> {
    let end = inside.iter().position(|it| *it == b'}')?;
    let text = std::str::from_utf8(&inside[..end]).ok()?;
    let number = |it: &str| {
        let is_number = !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
        is_number.then(|| it.parse().unwrap_or(u32::MAX))
    };
    let (least, most) = match text.split_once(',') {
        None => (number(text)?, None),
        Some((least, "")) => (number(least)?, None),
        Some((least, most)) => (number(least)?, Some(number(most)?)),
    };
    Some((least, most, end + 1))
}

#[cfg(test)]
mod tests {
    use super::mistake;

    #[test]
    fn the_place_of_a_mistake_is_told() {
        for (pattern, at) in [
            ("^/(", 2),
            ("a)", 1),
            ("a[b", 1),
            ("a\\", 1),
            ("a|*", 2),
            ("a**", 2),
            ("(a)\\2", 3),
            ("[z-a]", 1),
            ("[[:foo:]]", 1),
            ("a{3,2}", 1),
        ] {
            assert_eq!(mistake(pattern), Some(at), "{pattern}");
        }
    }

    #[test]
    fn nothing_is_said_of_what_only_pcre_knows() {
        for pattern in [
            "(*FOO)a",
            "\\Q(",
            "(?#(",
            "a{,2}*",
            "\\x{",
            "(?|(a)|(b))\\2",
        ] {
            assert_eq!(mistake(pattern), None, "{pattern}");
        }
    }
}
