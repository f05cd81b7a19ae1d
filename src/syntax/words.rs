//! The words of an argument text (httpd's `ap_getword_conf`).

use std::borrow::Cow;
use std::ops::Range;

use pest::Parser;

grammar!(WordsParser, "grammar/words.pest");

use grammar::{Rule, WordsParser};

/// How a word is quoted in its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quote {
    /// Not at all: ends at the next blank.
    None,
    /// `"…"`, or `"…` to the end of the text.
    Double,
    /// `'…'`, or `'…` to the end of the text.
    Single,
}

impl Quote {
    /// The quote character.
    pub fn character(self) -> Option<char> {
        self.byte().map(char::from)
    }

    fn byte(self) -> Option<u8> {
        match self {
            Quote::None => None,
            Quote::Double => Some(b'"'),
            Quote::Single => Some(b'\''),
        }
    }
}

/// One word: what a handler receives, and where it stands in the text that was split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word<'a> {
    /// The value, without quotes and with escapes resolved.
    pub text: Cow<'a, str>,
    /// The bytes of the split text that the word takes up, with its quotes.
    pub range: Range<usize>,
    /// How it is quoted.
    pub quote: Quote,
    /// Whether a quote was opened and never closed.
    pub unterminated: bool,
    raw: &'a str,
}

impl<'a> Word<'a> {
    fn new(raw: &'a str, start: usize, quote: Quote) -> Self {
        let range = start..start + raw.len();
        let (inner, unterminated) = match quote {
            Quote::None => (raw, false),
            _ => match closing(&raw[1..], quote) {
                Some(end) => (&raw[1..=end], false),
                None => (&raw[1..], true),
            },
        };
        Self {
            text: unescape(inner, quote),
            range,
            quote,
            unterminated,
            raw: inner,
        }
    }

    /// The bytes of the split text behind a byte range of [`Word::text`].
    pub fn at(&self, range: Range<usize>) -> Range<usize> {
        let first = self.range.start + self.quote.character().map_or(0, char::len_utf8);
        if matches!(self.text, Cow::Borrowed(_)) {
            return first + range.start..first + range.end;
        }
        first + self.raw_offset(range.start)..first + self.raw_offset(range.end)
    }

    /// The bytes of the split text behind the value, without quotes.
    pub fn value_range(&self) -> Range<usize> {
        self.at(0..self.text.len())
    }

    fn raw_offset(&self, offset: usize) -> usize {
        let (mut raw, mut value) = (0, 0);
        while value < offset && raw < self.raw.len() {
            if is_escape(&self.raw.as_bytes()[raw..], self.quote) {
                raw += 1;
            }
            let width = self.raw[raw..].chars().next().map_or(1, char::len_utf8);
            raw += width;
            value += width;
        }
        raw
    }
}

/// Splits a text into words. Never fails: every text is a list of words.
pub fn split(text: &str) -> Vec<Word<'_>> {
    if !text.bytes().any(|it| matches!(it, b'"' | b'\'' | b'\\')) {
        return split_plain(text).collect();
    }
    let Ok(pairs) = WordsParser::parse(Rule::words, text) else {
        return Vec::new();
    };
    pairs
        .flat_map(pest::iterators::Pair::into_inner)
        .filter_map(|pair| {
            let quote = match pair.as_rule() {
                Rule::double => Quote::Double,
                Rule::single => Quote::Single,
                Rule::bare => Quote::None,
                _ => return None,
            };
            Some(Word::new(pair.as_str(), pair.as_span().start(), quote))
        })
        .collect()
}

// Most argument texts hold no quote and no backslash. For those the grammar says no more than
// "split at blanks", and a parse costs ten times as much as doing just that.
fn split_plain(text: &str) -> impl Iterator<Item = Word<'_>> {
    text.split(is_blank)
        .filter(|it| !it.is_empty())
        .map(move |raw| {
            let start = raw.as_ptr() as usize - text.as_ptr() as usize;
            Word::new(raw, start, Quote::None)
        })
}

/// The first word of a text and what follows it, leading blanks dropped from both.
pub fn first(text: &str) -> (Word<'_>, &str) {
    let (raw, quote, rest) = take(text);
    let start = raw.as_ptr() as usize - text.as_ptr() as usize;
    (Word::new(raw, start, quote), rest)
}

/// What stands for the first word of a text, its quotes included, how it is quoted, and what
/// follows it. This is all that counting words needs.
pub fn take(text: &str) -> (&str, Quote, &str) {
    let text = &text[blanks(text.as_bytes())..];
    let quote = match text.as_bytes().first() {
        Some(b'"') => Quote::Double,
        Some(b'\'') => Quote::Single,
        _ => Quote::None,
    };
    let length = match quote {
        Quote::None => text.bytes().position(is_blank_byte).unwrap_or(text.len()),
        quote => closing(&text[1..], quote).map_or(text.len(), |it| it + 2),
    };
    let (raw, rest) = text.split_at(length);
    (raw, quote, &rest[blanks(rest.as_bytes())..])
}

/// Whether the last word of a text opens a quote that nothing closes.
pub fn ends_open(text: &str) -> bool {
    let mut rest = text;
    loop {
        let (raw, quote, after) = take(rest);
        if after.is_empty() {
            return quote != Quote::None && closing(&raw[1..], quote).is_none();
        }
        rest = after;
    }
}

/// Whether the value of what [`take`] took is empty.
pub fn is_empty(raw: &str, quote: Quote) -> bool {
    match quote.byte() {
        None => raw.is_empty(),
        Some(quote) => matches!(raw.as_bytes(), [_] | [_, _]) && raw.bytes().all(|it| it == quote),
    }
}

fn blanks(text: &[u8]) -> usize {
    text.iter()
        .position(|it| !is_blank_byte(*it))
        .unwrap_or(text.len())
}

fn is_blank_byte(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | 0x0b | 0x0c | b'\r')
}

// Where the quote that closes a word stands, in the text behind the one that opens it.
fn closing(inner: &str, quote: Quote) -> Option<usize> {
    let bytes = inner.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if is_escape(&bytes[at..], quote) {
            at += 2;
        } else if Some(bytes[at]) == quote.byte() {
            return Some(at);
        } else {
            at += 1;
        }
    }
    None
}

fn is_escape(text: &[u8], quote: Quote) -> bool {
    match text {
        [b'\\', b'\\', ..] => true,
        [b'\\', next, ..] => quote.byte() == Some(*next),
        _ => false,
    }
}

fn unescape(inner: &str, quote: Quote) -> Cow<'_, str> {
    if !inner.contains('\\') {
        return Cow::Borrowed(inner);
    }
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let escape = usize::from(is_escape(rest.as_bytes(), quote));
        let width = rest[escape..].chars().next().map_or(0, char::len_utf8);
        text.push_str(&rest[escape..escape + width]);
        rest = &rest[escape + width..];
    }
    text.push_str(rest);
    if text.len() == inner.len() {
        Cow::Borrowed(inner)
    } else {
        Cow::Owned(text)
    }
}

/// A blank of the C locale: space, tab, LF, VT, FF, CR.
pub fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\u{b}' | '\u{c}' | '\r')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(text: &str) -> Vec<String> {
        split(text)
            .into_iter()
            .map(|it| it.text.into_owned())
            .collect()
    }

    #[test]
    fn words_are_split_as_httpd_splits_them() {
        assert_eq!(texts("a b\tc"), ["a", "b", "c"]);
        assert_eq!(texts(r#""a b" c"#), ["a b", "c"]);
        assert_eq!(texts(r#""a"b"#), ["a", "b"]);
        assert_eq!(texts(r#"a"b c""#), ["a\"b", "c\""]);
        assert_eq!(texts(r#""404""/x""#), ["404", "/x"]);
        assert_eq!(texts(r#""open to the end"#), ["open to the end"]);
        assert_eq!(texts(r#""a\"b\\c\d""#), ["a\"b\\c\\d"]);
        assert_eq!(texts(r"a\\b\c"), [r"a\b\c"]);
        assert_eq!(texts("\"\" x"), ["", "x"]);
        assert_eq!(texts("'it\\'s'"), ["it's"]);
        assert_eq!(texts("   "), Vec::<String>::new());
    }

    #[test]
    fn a_range_of_the_value_leads_back_to_the_source() {
        let text = r#"x "a\"bc" y"#;
        let words = split(text);
        assert_eq!(words[1].text, "a\"bc");
        assert_eq!(&text[words[1].at(2..4)], "bc");
        assert_eq!(&text[words[1].at(1..2)], "\\\"");
        assert_eq!(&text[words[1].range.clone()], r#""a\"bc""#);
        assert!(!words[1].unterminated);
    }

    #[test]
    fn an_escaped_quote_does_not_close() {
        assert!(split(r#""a\""#)[0].unterminated);
        assert!(!split(r#""a\\""#)[0].unterminated);
    }

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: proptest::test_runner::RngSeed::Fixed(1), ..ProptestConfig::default() })]

        #[test]
        fn every_text_is_words_and_each_lies_in_it(text in "[ab\"'\\\\ \té{}$]{0,24}") {
            let words = split(&text);
            let mut end = 0;
            for word in &words {
                prop_assert!(word.range.start >= end);
                prop_assert!(text.get(word.range.clone()).is_some());
                prop_assert!(text[end..word.range.start].chars().all(is_blank));
                prop_assert!(text.get(word.value_range()).is_some());
                end = word.range.end;
            }
            prop_assert!(text[end..].chars().all(is_blank));
        }

        #[test]
        fn the_first_word_is_the_first_of_all_words(text in "[ab\"'\\\\ \té]{0,24}") {
            let (word, rest) = first(&text);
            let words = split(&text);
            match words.first() {
                Some(expected) => prop_assert_eq!(&word, expected),
                None => prop_assert_eq!(word.text.as_ref(), ""),
            }
            let after: Vec<_> = split(rest).into_iter().map(|it| it.text.into_owned()).collect();
            let expected: Vec<_> = words.into_iter().skip(1).map(|it| it.text.into_owned()).collect();
            prop_assert_eq!(after, expected);
        }

        #[test]
        fn plain_text_is_split_as_the_grammar_splits_it(text in "[ab \t#>é]{0,24}") {
            let plain: Vec<_> = split_plain(&text).map(|it| it.range).collect();
            let parsed: Vec<_> = WordsParser::parse(Rule::words, &text)
                .into_iter()
                .flatten()
                .flat_map(pest::iterators::Pair::into_inner)
                .filter(|it| it.as_rule() != Rule::EOI)
                .map(|it| it.as_span().start()..it.as_span().end())
                .collect();
            prop_assert_eq!(plain, parsed);
        }
    }
}
