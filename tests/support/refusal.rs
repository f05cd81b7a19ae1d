//! What `httpd -t` says when it refuses, taken apart.
#![allow(dead_code, reason = "each test uses its part")]

use std::fmt;

use httpd_lint::diagnostic::HttpdMessage;
use httpd_lint::source::Encoding;

/// The first thing that a server refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// 1 while the files are read, 2 while the handlers run. `None` where the text does not tell:
    /// httpd names no place for what it finds outside of these two.
    pub(crate) phase: Option<u64>,
    /// The file, or the phrase that stands for a line of a macro.
    pub(crate) file: Option<String>,
    /// The line in it.
    pub(crate) line: Option<u64>,
    /// The text without its place.
    pub(crate) message: String,
}

const POSITION: &str = "Syntax error on line ";

/// How httpd ends an arity message before it adds the directive's help sentence.
const ARITY: &[&str] = &[
    "takes one argument",
    "takes two arguments",
    "takes 1-2 arguments",
    "takes three arguments",
    "takes two or three arguments",
    "takes one, two or three arguments",
    "takes one or three arguments",
    "requires at least one argument",
    "requires at least two arguments",
];

impl Refusal {
    /// Reads what [`first_refusal`] kept; `None` for `Syntax OK`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.strip_suffix('\n').unwrap_or(text);
        if text == "Syntax OK" {
            return None;
        }
        let handled = text
            .strip_prefix("AH00526: ")
            .and_then(|it| it.split_once(":\n"))
            .and_then(|(place, message)| Some((position(place)?, message)));
        if let Some(((line, file), message)) = handled {
            return Some(Self {
                phase: Some(2),
                file: Some(file.to_owned()),
                line: Some(line),
                message: message.to_owned(),
            });
        }
        let mut refusal = Self {
            phase: None,
            file: None,
            line: None,
            message: without_program(text).to_owned(),
        };
        // Each file of an include chain puts its place in front: the last one is where it is.
        while let Some((line, rest)) = position(&refusal.message) {
            let (file, message) = split_file(rest);
            refusal = Self {
                phase: Some(1),
                file: Some(file.to_owned()),
                line: Some(line),
                message: message.to_owned(),
            };
        }
        Some(refusal)
    }

    /// Whether `ours` foretells this refusal of the real server: the same phase, place and text,
    /// where ours may leave out the help sentence that follows an arity message.
    pub(crate) fn is_foretold_by(&self, ours: &Self) -> bool {
        let theirs = without_code(&self.message);
        let foretold = without_code(&ours.message);
        let help_left_out = ARITY.iter().any(|it| foretold.ends_with(it))
            && theirs
                .strip_prefix(foretold)
                .is_some_and(|it| it.starts_with(", "));
        (self.phase.is_none() || self.phase == ours.phase)
            && self.file == ours.file.as_deref().map(as_logged)
            && self.line == ours.line
            && (theirs == foretold || help_left_out || same_but_for_order(theirs, foretold))
    }
}

// httpd lists the providers that it knows in the order of a hash table.
fn same_but_for_order(one: &str, two: &str) -> bool {
    let parts = |it: &str| {
        let (before, rest) = it.split_once("(known names: ")?;
        let (names, after) = rest.split_once(')')?;
        let mut names: Vec<String> = names.split(',').map(str::to_owned).collect();
        names.sort();
        Some((before.to_owned(), names, after.to_owned()))
    };
    parts(one).is_some_and(|it| parts(two) == Some(it))
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(phase) = self.phase {
            write!(f, "phase {phase}: ")?;
        }
        if let (Some(file), Some(line)) = (&self.file, self.line) {
            write!(f, "{file}:{line}: ")?;
        }
        f.write_str(&self.message)
    }
}

/// `Syntax OK`, or the lines about the first refusal, out of everything that `httpd -t` printed on
/// stderr: without the warnings around it and without what the error log puts in front of a line.
pub(crate) fn first_refusal(accepted: bool, stderr: &str) -> String {
    if accepted {
        return "Syntax OK\n".to_owned();
    }
    let mut lines = stderr.lines();
    while let Some(line) = lines.next() {
        let (level, text) = log_record(line);
        if text.starts_with("AH00526: ") {
            let message = lines.next().map_or("", |it| log_record(it).1);
            return format!("{text}\n{message}\n");
        }
        let beside_the_point = matches!(level, "warn" | "notice" | "error")
            || text.is_empty()
            || ["AH00013: ", "AH00014: ", "AH00558: "]
                .iter()
                .any(|it| text.starts_with(it))
            || ["Warning: ", "WARNING: "]
                .iter()
                .any(|it| text.contains(it));
        if !beside_the_point {
            return format!("{text}\n");
        }
    }
    format!("httpd refused without a word:\n{stderr}")
}

/// The level and the text of `[time] [module:level] [pid 1:tid 2] text`; the level of a line that
/// has no such front is empty.
fn log_record(line: &str) -> (&str, &str) {
    fn bracket(text: &str) -> Option<(&str, &str)> {
        text.strip_prefix('[')?.split_once("] ")
    }
    let record = || {
        let (_, rest) = bracket(line)?;
        let (module, rest) = bracket(rest)?;
        let (process, text) = bracket(rest)?;
        process.starts_with("pid ").then_some(())?;
        Some((module.rsplit(':').next().unwrap_or(""), text))
    };
    record().unwrap_or(("", line))
}

/// The number and what follows ` of ` in `Syntax error on line N of …`.
fn position(text: &str) -> Option<(u64, &str)> {
    let (number, rest) = text.strip_prefix(POSITION)?.split_once(" of ")?;
    Some((number.parse().ok()?, rest))
}

// httpd's log shows no byte of a name that is not ASCII.
fn as_logged(file: &str) -> String {
    HttpdMessage::escape(file, Encoding::Utf8)
}

/// A file's name ends at the first `: `. A macro's phrase ends with a quoted name, and the names
/// inside may hold colons: it ends at the first `": `.
fn split_file(text: &str) -> (&str, &str) {
    let (end, skip) = match text.starts_with("macro ") {
        true => (text.find("\": ").map(|it| it + 1), 2),
        false => (text.find(": "), 2),
    };
    match end {
        Some(end) => (&text[..end], &text[end + skip..]),
        None => (text, ""),
    }
}

fn without_program(text: &str) -> &str {
    text.strip_prefix("apache2: ")
        .or_else(|| text.strip_prefix("httpd: "))
        .unwrap_or(text)
}

/// A message without `(2)No such file or directory: `, `AH00534: ` and `apache2: `: the front of a
/// log record, not what is said.
fn without_code(text: &str) -> &str {
    let text = text
        .split_once(": ")
        .filter(|(front, _)| {
            front
                .strip_prefix('(')
                .and_then(|it| it.split_once(')'))
                .is_some_and(|(number, _)| number.bytes().all(|it| it.is_ascii_digit()))
        })
        .map_or(text, |(_, rest)| rest);
    let text = text
        .split_once(": ")
        .filter(|(code, _)| {
            code.strip_prefix("AH")
                .is_some_and(|it| it.len() == 5 && it.bytes().all(|it| it.is_ascii_digit()))
        })
        .map_or(text, |(_, rest)| rest);
    without_program(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(phase: u64, file: &str, line: u64, message: &str) -> Refusal {
        Refusal {
            phase: Some(phase),
            file: Some(file.to_owned()),
            line: Some(line),
            message: message.to_owned(),
        }
    }

    #[test]
    fn a_chain_of_includes_names_the_last_place() {
        let text = "apache2: Syntax error on line 5 of /m: Syntax error on line 2 of /a: /a:2: <If> was not closed.\n";
        assert_eq!(
            Refusal::parse(text),
            Some(placed(1, "/a", 2, "/a:2: <If> was not closed."))
        );
    }

    #[test]
    fn a_macro_stands_in_the_place_of_a_file() {
        let place = r#"macro 'a' (defined on line 6 of "/f") used on line 1 of "macro 'b' (defined on line 9 of "/f") used on line 13 of "/f"""#;
        let text = format!("apache2: Syntax error on line 1 of {place}: macro 'c' undefined\n");
        assert_eq!(
            Refusal::parse(&text),
            Some(placed(1, place, 1, "macro 'c' undefined"))
        );
    }

    #[test]
    fn what_the_log_puts_around_it_is_left_out() {
        let log = "[Sun Nov 22 09:00:00.000001 2026] [core:warn] [pid 1:tid 2] AH00111: Config variable ${x} is not defined\n\
                   AH00526: Syntax error on line 2 of /f:\n\
                   Invalid command 'X'\n";
        let kept = first_refusal(false, log);
        assert_eq!(
            Refusal::parse(&kept),
            Some(placed(2, "/f", 2, "Invalid command 'X'"))
        );
        assert_eq!(Refusal::parse(&first_refusal(true, log)), None);
    }

    #[test]
    fn only_the_help_sentence_may_be_missing() {
        let theirs = placed(
            2,
            "/f",
            1,
            "ServerAdmin takes one argument, The email address",
        );
        assert!(theirs.is_foretold_by(&placed(2, "/f", 1, "ServerAdmin takes one argument")));
        assert!(!theirs.is_foretold_by(&placed(2, "/f", 1, "ServerAdmin takes")));
        assert!(!theirs.is_foretold_by(&placed(2, "/f", 2, "ServerAdmin takes one argument")));
        assert!(!theirs.is_foretold_by(&placed(1, "/f", 1, "ServerAdmin takes one argument")));
    }

    #[test]
    fn a_code_is_not_part_of_what_is_said() {
        let theirs = Refusal::parse(
            "(2)No such file or directory: AH02291: Cannot access directory '/x/' for main error log\n",
        );
        let ours = Refusal::parse("Cannot access directory '/x/' for main error log\n");
        assert!(theirs.unwrap().is_foretold_by(&ours.unwrap()));
    }
}
