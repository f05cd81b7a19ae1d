//! The `name=value` options that mod_wsgi's directives share.

use crate::argument::Located;
use crate::argument::words::located;
use crate::syntax::words::{self, is_blank};

/// One `name=value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameValue {
    /// The text before the `=`.
    pub name: Located<String>,
    /// The value, without quotes.
    pub value: Located<String>,
}

impl NameValue {
    /// Whether blanks stand between the `=` and the value: mod_wsgi then takes the next word,
    /// which was probably meant to be an option of its own.
    pub fn swallows_next_word(&self) -> bool {
        self.value.range.start > self.name.range.end + 1
    }
}

/// The options of one directive.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Those before the first thing that is no option, in their order.
    pub list: Vec<NameValue>,
    /// The rest from the first thing that is no option; mod_wsgi refuses the directive for it.
    pub stray: Option<Located<String>>,
}

/// Reads the options from `offset` to the end of a text (`wsgi_parse_option`): a name without
/// blanks, `=`, and a word, which blanks may precede. An empty value so takes the next word for its
/// own: `display-name= processes=2` is one option.
pub(super) fn parse(text: &str, offset: usize) -> Options {
    let mut options = Options::default();
    let mut at = offset + blanks(&text[offset..]);
    while at < text.len() {
        let name = at..at
            + text[at..]
                .find(|it| it == '=' || is_blank(it))
                .unwrap_or(text.len() - at);
        if name.is_empty() || !text[name.end..].starts_with('=') {
            options.stray = Some(word(text, at));
            break;
        }
        let value = name.end + 1;
        let value = word(text, value + blanks(&text[value..]));
        at = value.range.end;
        at += blanks(&text[at..]);
        options.list.push(NameValue {
            name: Located::new(text[name.clone()].to_owned(), name),
            value,
        });
    }
    options
}

fn word(text: &str, at: usize) -> Located<String> {
    located(&words::first(&text[at..]).0, at)
}

fn blanks(text: &str) -> usize {
    text.len() - text.trim_start_matches(is_blank).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<(String, String)>, Option<String>) {
        let options = parse(text, 0);
        let list = options
            .list
            .into_iter()
            .map(|it| (it.name.value, it.value.value));
        (list.collect(), options.stray.map(|it| it.value))
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn options_are_names_and_words() {
        assert_eq!(
            read("a=1 b='x y'"),
            (vec![pair("a", "1"), pair("b", "x y")], None)
        );
        assert_eq!(read("a= b=2"), (vec![pair("a", "b=2")], None));
        assert_eq!(read("a="), (vec![pair("a", "")], None));
        assert_eq!(read("a =1"), (vec![], Some("a".to_owned())));
        assert_eq!(
            read("a=1 =2 c=3"),
            (vec![pair("a", "1")], Some("=2".to_owned()))
        );
    }
}
