//! The `name=value` options that mod_wsgi's directives share.

use pest::Parser;

use crate::argument::Located;
use crate::argument::words::located;
use crate::syntax::words;

#[allow(
    missing_docs,
    unreachable_pub,
    reason = "pest generates the rules' names without docs"
)]
mod grammar {
    #[derive(pest_derive::Parser)]
    #[grammar = "grammar/words.pest"]
    #[grammar = "grammar/wsgi_options.pest"]
    pub(super) struct OptionsParser;
}

use grammar::{OptionsParser, Rule};

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

/// Reads the options from `offset` to the end of a text.
pub(super) fn parse(text: &str, offset: usize) -> Options {
    let mut options = Options::default();
    let Ok(mut pairs) = OptionsParser::parse(Rule::options, &text[offset..]) else {
        return options;
    };
    for pair in pairs.next().into_iter().flat_map(|it| it.into_inner()) {
        let start = offset + pair.as_span().start();
        match pair.as_rule() {
            Rule::option => options.list.extend(name_value(pair, offset)),
            Rule::stray => {
                let end = start + words::first(pair.as_str()).0.range.end;
                options.stray = Some(Located::new(text[start..end].to_owned(), start..end));
            }
            _ => {}
        }
    }
    options
}

fn name_value(pair: pest::iterators::Pair<'_, Rule>, offset: usize) -> Option<NameValue> {
    let mut parts = pair.into_inner();
    let (name, value) = (parts.next()?, parts.next()?);
    let start = offset + name.as_span().start();
    Some(NameValue {
        name: Located::new(name.as_str().to_owned(), start..start + name.as_str().len()),
        value: located(
            &words::first(value.as_str()).0,
            offset + value.as_span().start(),
        ),
    })
}
