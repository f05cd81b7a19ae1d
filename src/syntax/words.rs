//! The words of an argument text (httpd's `ap_getword_conf`).
//!
//! `grammar/words.pest` says what they are. Nearly every check takes words from a text, most of them
//! one or two of a dozen, so they are taken one by one, at the speed of memory; the tests hold
//! every way of taking them to the grammar.

use std::borrow::Cow;
use std::ops::Range;

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
    fn new(taken: &Taken<'a>, start: usize) -> Self {
        let inner = taken.inner();
        Self {
            text: match taken.has_backslash {
                true => unescape(inner, taken.quote),
                false => Cow::Borrowed(inner),
            },
            range: start..start + taken.raw.len(),
            quote: taken.quote,
            unterminated: taken.unterminated,
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

/// What stands for one word in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken<'a> {
    /// The word as it stands there, with its quotes.
    pub raw: &'a str,
    /// How it is quoted.
    pub quote: Quote,
    /// Whether a quote was opened and never closed.
    pub unterminated: bool,
    // Whether a backslash may be in it: without one, it stands there as it is meant.
    has_backslash: bool,
}

impl<'a> Taken<'a> {
    /// Whether the value is empty.
    pub fn is_empty(&self) -> bool {
        self.inner().is_empty()
    }

    // What stands between the quotes.
    fn inner(&self) -> &'a str {
        match (self.quote, self.unterminated) {
            (Quote::None, _) => self.raw,
            (_, true) => &self.raw[1..],
            (_, false) => &self.raw[1..self.raw.len() - 1],
        }
    }
}

/// Splits a text into words. Never fails: every text is a list of words.
pub fn split(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut rest = &text[blanks(text)..];
    while !rest.is_empty() {
        let start = text.len() - rest.len();
        let (taken, after) = take(rest);
        words.push(Word::new(&taken, start));
        rest = after;
    }
    words
}

/// The first word of a text and what follows it, leading blanks dropped from both.
pub fn first(text: &str) -> (Word<'_>, &str) {
    let start = blanks(text);
    let (taken, rest) = take(&text[start..]);
    (Word::new(&taken, start), rest)
}

/// What stands for the first word of a text, and what follows it, leading blanks dropped from
/// both. This is all that counting words needs.
pub fn take(text: &str) -> (Taken<'_>, &str) {
    let text = &text[blanks(text)..];
    let quote = match text.as_bytes().first() {
        Some(b'"') => Quote::Double,
        Some(b'\'') => Quote::Single,
        _ => Quote::None,
    };
    let (end, has_backslash) = match quote {
        Quote::None => blank(text.as_bytes()),
        quote => {
            let (end, has_backslash) = closing(&text.as_bytes()[1..], quote);
            (end.map(|it| it + 2), has_backslash)
        }
    };
    let (raw, rest) = text.split_at(end.unwrap_or(text.len()));
    let taken = Taken {
        raw,
        quote,
        unterminated: quote != Quote::None && end.is_none(),
        has_backslash,
    };
    (taken, &rest[blanks(rest)..])
}

/// Whether the last word of a text opens a quote that nothing closes.
pub fn ends_open(text: &str) -> bool {
    let mut rest = text;
    loop {
        let (taken, after) = take(rest);
        if after.is_empty() {
            return taken.unterminated;
        }
        rest = after;
    }
}

// The number of blanks at the beginning.
fn blanks(text: &str) -> usize {
    let mut bytes = text.bytes();
    bytes
        .position(|it| !is_blank_byte(it))
        .unwrap_or(text.len())
}

// Where the first blank stands, and whether there may be a backslash before it. Eight bytes at a
// time: those below `!` are told by a borrow into their highest bit (the lowest such byte is told
// exactly), and nearly all of them are blanks. The same borrow tells a byte that is no different
// from a backslash.
fn blank(text: &[u8]) -> (Option<usize>, bool) {
    const EACH: u64 = u64::from_ne_bytes([1; 8]);
    const HIGHEST: u64 = EACH << 7;
    let mut chunks = text.chunks_exact(8);
    let mut at = 0;
    let mut backslashes = 0;
    for chunk in &mut chunks {
        let bytes = u64::from_le_bytes(chunk.try_into().unwrap_or_default());
        let below = bytes.wrapping_sub(EACH * u64::from(b'!')) & !bytes & HIGHEST;
        let others = bytes ^ (EACH * u64::from(b'\\'));
        backslashes |= others.wrapping_sub(EACH) & !others & HIGHEST;
        if below != 0 {
            let lowest = (below.trailing_zeros() / 8) as usize;
            let found = chunk[lowest..].iter().position(|it| is_blank_byte(*it));
            if let Some(found) = found {
                return (Some(at + lowest + found), backslashes != 0);
            }
        }
        at += 8;
    }
    let mut has_backslash = backslashes != 0;
    for (index, byte) in chunks.remainder().iter().enumerate() {
        if is_blank_byte(*byte) {
            return (Some(at + index), has_backslash);
        }
        has_backslash |= *byte == b'\\';
    }
    (None, has_backslash)
}

fn is_blank_byte(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

// Where the quote that closes a word stands, in the text behind the one that opens it, and whether
// there is a backslash before it.
fn closing(inner: &[u8], quote: Quote) -> (Option<usize>, bool) {
    let mut has_backslash = false;
    let mut at = 0;
    let quote_byte = quote.byte().unwrap_or(b'"');
    while let Some(found) = memchr::memchr2(quote_byte, b'\\', &inner[at..]) {
        at += found;
        if inner[at] == quote_byte {
            return (Some(at), has_backslash);
        }
        has_backslash = true;
        at += if is_escape(&inner[at..], quote) { 2 } else { 1 };
    }
    (None, has_backslash)
}

fn is_escape(text: &[u8], quote: Quote) -> bool {
    match text {
        [b'\\', b'\\', ..] => true,
        [b'\\', next, ..] => quote.byte() == Some(*next),
        _ => false,
    }
}

fn unescape(inner: &str, quote: Quote) -> Cow<'_, str> {
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
    matches!(character, ' ' | '\t'..='\r')
}

#[cfg(test)]
mod tests {
    use super::*;
    use pest::Parser;
    use proptest::prelude::*;

    grammar!(WordsParser, "grammar/words.pest");

    use grammar::{Rule, WordsParser};

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
        fn words_are_what_the_grammar_says(text in "[ab#>\"'\\\\ \t\u{b}\u{a0}é]{0,24}") {
            let split: Vec<_> = split(&text)
                .into_iter()
                .map(|it| (it.quote, it.range.clone()))
                .collect();
            let parsed: Vec<_> = WordsParser::parse(Rule::words, &text)
                .into_iter()
                .flatten()
                .flat_map(pest::iterators::Pair::into_inner)
                .filter_map(|it| {
                    let quote = match it.as_rule() {
                        Rule::double => Quote::Double,
                        Rule::single => Quote::Single,
                        Rule::bare => Quote::None,
                        _ => return None,
                    };
                    Some((quote, it.as_span().start()..it.as_span().end()))
                })
                .collect();
            prop_assert_eq!(split, parsed);
        }
    }
}
