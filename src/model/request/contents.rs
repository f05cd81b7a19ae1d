//! What is asked of a file beside its contents: a part of it, or whether it changed.

use super::pass::{End, Pass};
use crate::model::{Doubt, Known};

/// The directives that say how many parts of a file may be asked for at once.
const LIMITS_OF_RANGES: [&str; 3] = ["MaxRanges", "MaxRangeOverlaps", "MaxRangeReversals"];

/// What may change the length of a file on its way to the client.
const FILTERS: [&str; 4] = [
    "AddOutputFilter",
    "AddOutputFilterByType",
    "FilterChain",
    "SetOutputFilter",
];

/// More of a file is not read to learn how long it is.
const LONGEST: usize = 1 << 20;

/// More parts than that may be too many.
const MOST_RANGES: usize = 10;

impl Pass<'_> {
    /// Answers with a file that may be read (`default_handler`).
    pub(super) fn serve_contents(&self) -> Known<End> {
        // Of a page for an error nobody asks that.
        if self.is_error_page {
            return Ok(End::sent(200));
        }
        Ok(match self.changed()? {
            200 => match self.part()? {
                416 => End::refused(416, ""),
                status => End::sent(status),
            },
            status => End::sent(status),
        })
    }

    // Whether the file is one that the client does not have, or wants (`ap_meets_conditions`).
    fn changed(&self) -> Known<u16> {
        let asked = |name: &str| self.request.header(name).map(str::trim);
        let about_age = |name: &str| {
            let doubt = Doubt::new(format!("`{name}` asks for the age of the file"));
            Err(doubt.between(["200", "304", "412"]))
        };
        if let Some(tags) = asked("If-Match") {
            match self.has_tag(tags) {
                Some(true) => {}
                Some(false) => return Ok(412),
                None => return about_age("If-Match"),
            }
        }
        if asked("If-Unmodified-Since").is_some() {
            return about_age("If-Unmodified-Since");
        }
        let is_read = matches!(self.method.as_str(), "GET" | "HEAD");
        match asked("If-None-Match").map(|it| self.has_tag(it)) {
            // Then it does not matter when it was changed.
            Some(Some(false)) => Ok(200),
            Some(Some(true)) if !is_read => Ok(412),
            Some(Some(true)) if asked("If-Modified-Since").is_none() => Ok(304),
            Some(_) => about_age("If-None-Match"),
            None if asked("If-Modified-Since").is_some() => about_age("If-Modified-Since"),
            None => Ok(200),
        }
    }

    // Whether one of some tags is that of the file: what httpd makes of its size and age, which are
    // numbers to the base of 16. A module that compresses it adds a word.
    fn has_tag(&self, tags: &str) -> Option<bool> {
        if tags == "*" {
            return Some(true);
        }
        if self.layers.last("FileETag").ok()?.is_some() {
            return None;
        }
        let may_be = |tag: &str| {
            let tag = tag.trim().trim_start_matches("W/").trim_matches('"');
            let is_number = |it: &str| it.bytes().all(|it| it.is_ascii_hexdigit());
            let words: Vec<&str> = tag.split('-').collect();
            words.len() > 1 && words[..2].iter().all(|it| is_number(it))
        };
        match tags.split(',').any(may_be) {
            true => None,
            false => Some(false),
        }
    }

    // The status of what `Range` asks for (`ap_set_byterange`).
    fn part(&self) -> Known<u16> {
        let doubt = || Doubt::new("a part of the file is asked for").between(["200", "206", "416"]);
        let Some(range) = self.request.header("Range") else {
            return Ok(200);
        };
        let unit = range.get(..6).unwrap_or_default();
        if !unit.eq_ignore_ascii_case("bytes=") {
            return Ok(200);
        }
        let depends = LIMITS_OF_RANGES.iter().chain(&FILTERS);
        for name in depends {
            if self.layers.last(name)?.is_some() {
                return Err(doubt());
            }
        }
        let head = self.httpd.world().head(&self.filename, LONGEST);
        let length = head.map_err(|_| doubt())?.len();
        let is_known = self.request.header("If-Range").is_none() && length < LONGEST;
        if !is_known || range.matches(',').count() >= MOST_RANGES {
            return Err(doubt());
        }
        if length == 0 {
            return Ok(200);
        }
        let list = range[6..].split(',').map(|it| part_of(it, length));
        let Some(list) = list
            .take_while(|it| *it != Some(Part::Empty))
            .collect::<Option<Vec<Part>>>()
        else {
            return Ok(200);
        };
        Ok(match list.as_slice() {
            [] => 200,
            list if list.contains(&Part::There) => 206,
            _ => 416,
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Nothing is written, and what follows does not count.
    Empty,
    /// The file has it.
    There,
    /// The file ends before.
    Behind,
}

// What one range means for a file of some length; `None` where it is none, and the whole file is
// meant.
fn part_of(range: &str, length: usize) -> Option<Part> {
    if range.is_empty() {
        return Some(Part::Empty);
    }
    let (first, last) = range.split_once('-')?;
    let number = |text: &str| match text.bytes().all(|it| it.is_ascii_digit()) {
        true => text.parse::<usize>().ok(),
        false => None,
    };
    if first.is_empty() {
        return (number(last)? > 0).then_some(Part::There);
    }
    let first = number(first)?;
    if !last.is_empty() && number(last)? < first {
        return None;
    }
    Some(match first < length {
        true => Part::There,
        false => Part::Behind,
    })
}

#[cfg(test)]
mod tests {
    use super::{Part, part_of};

    #[test]
    fn a_range_is_there_where_it_begins_within_the_file() {
        assert_eq!(part_of("0-1", 3), Some(Part::There));
        assert_eq!(part_of("2-", 3), Some(Part::There));
        assert_eq!(part_of("3-", 3), Some(Part::Behind));
        assert_eq!(part_of("-100", 3), Some(Part::There));
        assert_eq!(part_of("2-1", 3), None);
        assert_eq!(part_of("-0", 3), None);
        assert_eq!(part_of("x", 3), None);
        assert_eq!(part_of("99999999999999999999-", 3), None);
        assert_eq!(part_of("", 3), Some(Part::Empty));
    }
}
