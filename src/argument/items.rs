//! The items of formats: what may stand behind a `%` in a line of a log, in a line of the error log,
//! and in the value of a header.

use std::ops::Range;

use super::{Located, header, log_format};

/// Whose format it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A line that mod_log_config writes: `LogFormat`, `CustomLog`.
    Access,
    /// A line of the error log: `ErrorLogFormat`.
    Error,
    /// A value of `Header` or `RequestHeader`.
    Header,
}

/// What may stand in braces between the `%` and the letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Braces {
    /// Nothing that anybody reads.
    Nothing,
    /// The name of one of many things: without it nothing is asked for.
    Name,
    /// Nothing, or one of some words, each with what the item is then.
    Words(&'static [(&'static str, &'static str)]),
}

/// One item.
#[derive(Debug, PartialEq, Eq)]
pub struct Item {
    /// Its letter, or `^` and two letters.
    pub letter: &'static str,
    /// The module that adds it, if it is not the one that reads the format.
    pub module: Option<&'static str>,
    /// What stands in braces.
    pub braces: Braces,
    /// What it yields.
    pub meaning: &'static str,
}

const fn plain(letter: &'static str, meaning: &'static str) -> Item {
    Item {
        letter,
        module: None,
        braces: Braces::Nothing,
        meaning,
    }
}

const fn named(letter: &'static str, meaning: &'static str) -> Item {
    Item {
        braces: Braces::Name,
        ..plain(letter, meaning)
    }
}

const fn worded(
    letter: &'static str,
    words: &'static [(&'static str, &'static str)],
    meaning: &'static str,
) -> Item {
    Item {
        braces: Braces::Words(words),
        ..plain(letter, meaning)
    }
}

const fn of(module: &'static str, item: Item) -> Item {
    Item {
        module: Some(module),
        ..item
    }
}

const LOGIO: &str = "mod_logio.c";
const SSL: &str = "mod_ssl.c";

const AT_CONNECTION: &[(&str, &str)] =
    &[("c", "that of the connection, whatever mod_remoteip found")];

const PORTS: &[(&str, &str)] = &[
    ("canonical", "the port that the server gives itself"),
    ("local", "the port at which the connection came in"),
    ("remote", "the port of the client"),
];

const PROCESSES: &[(&str, &str)] = &[
    ("pid", "the number of the process"),
    ("tid", "the number of the thread"),
    ("hextid", "the number of the thread, in hexadecimal digits"),
];

const TIMES: &[(&str, &str)] = &[
    ("sec", "seconds since 1970"),
    ("msec", "milliseconds since 1970"),
    ("usec", "microseconds since 1970"),
    ("msec_frac", "the milliseconds within the second"),
    ("usec_frac", "the microseconds within the second"),
    (
        "begin:%H:%M:%S",
        "when the request came, as strftime writes it",
    ),
    (
        "end:%H:%M:%S",
        "when the answer was sent, as strftime writes it",
    ),
];

const UNITS: &[(&str, &str)] = &[
    ("s", "in seconds"),
    ("ms", "in milliseconds"),
    ("us", "in microseconds"),
];

// mod_log_config (`log_pre_config`), mod_logio and mod_ssl (`ssl_var_log_config_register`).
const ACCESS: &[Item] = &[
    worded("a", AT_CONNECTION, "the address of the client"),
    plain(
        "b",
        "the bytes of the answer without its headers, `-` for none",
    ),
    named(
        "e",
        "a variable of the request, as `SetEnv` or `SetEnvIf` gives it",
    ),
    plain("f", "the file that the URL was mapped to"),
    worded(
        "h",
        AT_CONNECTION,
        "the name of the client, or its address where no name is looked up",
    ),
    named("i", "a header of the request"),
    plain(
        "l",
        "the user that the client's machine names (mod_ident), mostly `-`",
    ),
    plain("m", "the method"),
    named("n", "a note that a module left at the request"),
    named("o", "a header of the answer"),
    worded("p", PORTS, "the port that the server gives itself"),
    plain("q", "the query with its `?`, or nothing"),
    plain("r", "the first line of the request"),
    plain(
        "s",
        "the status; behind an internal redirect that of the first request, with `>` that of the last",
    ),
    worded(
        "t",
        TIMES,
        "when the request came; in braces as strftime writes it",
    ),
    plain("u", "the user who logged in"),
    plain("v", "the `ServerName` of the virtual host"),
    plain(
        "A",
        "the address of the server at which the connection came in",
    ),
    plain(
        "B",
        "the bytes of the answer without its headers, `0` for none",
    ),
    named("C", "a cookie of the request"),
    plain("D", "the time that the answer took, in microseconds"),
    plain("H", "the protocol of the request"),
    plain(
        "L",
        "the number by which the error log knows the request, or `-`",
    ),
    worded("P", PROCESSES, "the number of the process"),
    plain("R", "the name of the handler"),
    worded(
        "T",
        UNITS,
        "the time that the answer took, in whole seconds",
    ),
    plain("U", "the path of the URL, without the query"),
    plain("V", "the name of the server, as `UseCanonicalName` has it"),
    plain(
        "X",
        "the connection behind the answer: `X` broken before its end, `+` may go on, `-` closed",
    ),
    named("^ti", "a trailer of the request"),
    named("^to", "a trailer of the answer"),
    plain("k", "how many requests came before on the connection"),
    of(LOGIO, plain("I", "the bytes that came, headers included")),
    of(
        LOGIO,
        plain("O", "the bytes that were sent, headers included"),
    ),
    of(
        LOGIO,
        plain("S", "the bytes that came and were sent, headers included"),
    ),
    of(
        LOGIO,
        plain(
            "^FB",
            "the time until the first byte of the answer, in microseconds",
        ),
    ),
    of(
        SSL,
        named(
            "c",
            "a value of the encryption, by its old name: `version`, `cipher`",
        ),
    ),
    of(SSL, named("x", "a variable of mod_ssl: `SSL_PROTOCOL`")),
];

const MOMENTS: &[(&str, &str)] = &[
    ("u", "with microseconds"),
    ("cu", "short, as ISO 8601 writes it, with microseconds"),
];

const IDENTIFIERS: &[(&str, &str)] = &[
    ("c", "that of the connection"),
    (
        "C",
        "that of the connection where a line is about one, else nothing",
    ),
];

// httpd's core (`ap_register_log_hooks`).
const ERROR: &[Item] = &[
    worded("a", AT_CONNECTION, "the address and port of the client"),
    named("e", "a variable of the request"),
    named("i", "a header of the request"),
    plain("k", "how many requests came before on the connection"),
    plain("l", "the level of the message"),
    plain("m", "the name of the module that logs"),
    named("n", "a note that a module left at the request"),
    worded("t", MOMENTS, "when it is logged"),
    plain("v", "the `ServerName` of the virtual host"),
    plain("A", "the address and port of the server"),
    plain("E", "the error of the system: number and text"),
    plain("F", "the file and line of httpd's source that logs"),
    worded(
        "L",
        IDENTIFIERS,
        "the number by which the log knows the request",
    ),
    plain("M", "the message itself"),
    plain("P", "the number of the process"),
    worded(
        "T",
        &[("g", "as the system counts threads")],
        "the number of the thread",
    ),
    plain("V", "the name of the server, as `UseCanonicalName` has it"),
];

// mod_headers (`header_pre_config`), and mod_ssl for the last.
const HEADER: &[Item] = &[
    plain("D", "`D=` and the microseconds since the request came"),
    plain(
        "t",
        "`t=` and when the request came, in microseconds since 1970",
    ),
    plain("l", "`l=` and the load averages of the machine"),
    plain(
        "i",
        "`i=` and how many of a hundred processes and threads have nothing to do",
    ),
    plain(
        "b",
        "`b=` and how many of a hundred processes and threads have something to do",
    ),
    named("e", "a variable of the request"),
    named("s", "a variable of mod_ssl"),
];

impl Format {
    /// The format that some word of a directive is.
    pub fn of(directive: &str) -> Option<Self> {
        const DIRECTIVES: [(&str, Format); 7] = [
            ("LogFormat", Format::Access),
            ("CustomLog", Format::Access),
            ("GlobalLog", Format::Access),
            ("TransferLog", Format::Access),
            ("ErrorLogFormat", Format::Error),
            ("Header", Format::Header),
            ("RequestHeader", Format::Header),
        ];
        let mut all = DIRECTIVES.iter();
        let found = all.find(|it| it.0.eq_ignore_ascii_case(directive));
        found.map(|it| it.1)
    }

    /// All items that it may have.
    pub fn items(self) -> &'static [Item] {
        match self {
            Format::Access => ACCESS,
            Format::Error => ERROR,
            Format::Header => HEADER,
        }
    }

    /// The item of a letter.
    pub fn item(self, letter: &str) -> Option<&'static Item> {
        self.items().iter().find(|it| it.letter == letter)
    }

    /// The items that a text may go on with, if it ends within one.
    pub fn offered(self, text: &str) -> Option<Offered> {
        let start = text.rfind('%')?;
        let is_doubled = text[..start]
            .bytes()
            .rev()
            .take_while(|it| *it == b'%')
            .count()
            % 2
            == 1;
        let (signs, inner) = match text[start + 1..].split_once('{') {
            Some((signs, inner)) => (signs, Some(inner)),
            None => (&text[start + 1..], None),
        };
        let is_sign = |it: char| it.is_ascii_digit() || "<>!,+-".contains(it);
        let behind = inner.and_then(|it| it.split_once('}')).map(|it| it.1);
        let is_over = behind.is_some_and(|it| !it.is_empty());
        if is_doubled || is_over || !signs.chars().all(is_sign) {
            return None;
        }
        let argument = inner.map(|it| it.trim_end_matches('}'));
        let all = self.items().iter();
        Some(Offered {
            start,
            items: all.flat_map(|it| it.offered(signs, argument)).collect(),
        })
    }

    /// The letters of the items of a text, each at the place of its item.
    pub fn placed(self, text: &str) -> Vec<Located<String>> {
        match self {
            Format::Header => header::placed(text),
            _ => log_format::placed(self, text),
        }
    }
}

/// Items to choose from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// Where the item begins whose place they take.
    pub start: usize,
    /// The items.
    pub items: Vec<Offer>,
}

/// An item as it may be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The text.
    pub text: String,
    /// The bytes of it that stand for a name that is still to be said.
    pub placeholder: Option<Range<usize>>,
    /// What it yields.
    pub meaning: &'static str,
}

const PLACEHOLDER: &str = "NAME";

impl Item {
    // The ways to write it behind some signs, with what is written in braces so far.
    fn offered(&self, signs: &str, argument: Option<&str>) -> Vec<Offer> {
        let letter = self.letter;
        let plain = || Offer {
            text: format!("%{signs}{letter}"),
            placeholder: None,
            meaning: self.meaning,
        };
        let braced = |word: &str, meaning| Offer {
            text: format!("%{signs}{{{word}}}{letter}"),
            placeholder: None,
            meaning,
        };
        match (self.braces, argument) {
            (Braces::Nothing, None) => vec![plain()],
            (Braces::Nothing, Some(_)) => Vec::new(),
            (Braces::Name, None | Some("")) => {
                let start = 2 + signs.len();
                vec![Offer {
                    placeholder: Some(start..start + PLACEHOLDER.len()),
                    ..braced(PLACEHOLDER, self.meaning)
                }]
            }
            (Braces::Name, Some(name)) => vec![braced(name, self.meaning)],
            (Braces::Words(words), _) => {
                let of_words = words.iter().map(|it| braced(it.0, it.1));
                let alone = argument.is_none().then(plain);
                alone.into_iter().chain(of_words).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_stands_once() {
        for format in [Format::Access, Format::Error, Format::Header] {
            let mut letters: Vec<&str> = format.items().iter().map(|it| it.letter).collect();
            letters.sort_unstable();
            let all = letters.len();
            letters.dedup();
            assert_eq!(letters.len(), all, "{format:?}");
        }
    }

    #[test]
    fn an_item_has_all_that_belongs_to_it() {
        let shown = |format: Format, text: &'static str| -> Vec<(&'static str, String)> {
            let all = format.placed(text).into_iter();
            all.map(|it| (&text[it.range], it.value)).collect()
        };
        assert_eq!(
            shown(Format::Access, "%h %{a}i %>s%%%400,501!{b}^ti"),
            [
                ("%h", "h".to_owned()),
                ("%{a}i", "i".to_owned()),
                ("%>s", "s".to_owned()),
                ("%400,501!{b}^ti", "^ti".to_owned()),
            ]
        );
        assert_eq!(
            shown(Format::Error, "[%{u}t]% %M"),
            [("%{u}t", "t".to_owned()), ("%M", "M".to_owned()),]
        );
        assert_eq!(
            shown(Format::Header, "%D %{A}e"),
            [("%D", "D".to_owned()), ("%{A}e", "e".to_owned()),]
        );
    }
    #[test]
    fn an_item_that_is_begun_may_go_on() {
        let offered = |text| Format::Access.offered(text).map(|it| it.items);
        let texts = |text| -> Vec<String> {
            let items = offered(text).unwrap_or_default().into_iter();
            items.map(|it| it.text).collect()
        };
        assert!(texts("%h %").contains(&"%{NAME}i".to_owned()));
        assert!(texts("%>").contains(&"%>s".to_owned()));
        assert!(texts("%{Ref").contains(&"%{Ref}i".to_owned()));
        assert!(texts("%{Ref").contains(&"%{remote}p".to_owned()));
        assert!(!texts("%{Ref}").contains(&"%h".to_owned()));
        for text in ["", "%h", "%%", "50%% ", "%{a}i"] {
            assert_eq!(offered(text), None, "{text}");
        }
        let of_error = Format::Error.offered("[%{").map(|it| it.start);
        assert_eq!(of_error, Some(1));
    }
}
