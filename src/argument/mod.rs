//! The arguments of directives: from a text to a typed value, and what httpd refuses in it.
//!
//! One module per argument language, or per family of small ones; `languages` says which directive
//! has which. Each reads the text behind a directive's name (after `${}`), never fails, and keeps
//! what it could not use, so that a value and its refusals come from the same reading. This layer knows no directive table: whether a directive exists, stands in the
//! right place and has the right number of words (the `TAKE1` family) is decided elsewhere; a
//! handler that counts its own words (`RAW_ARGS`) counts them here.

pub mod access;
pub mod account;
pub mod actions;
pub mod address;
pub mod alias;
pub mod allow_connect;
pub mod allow_override;
pub mod authnz_fcgi;
pub mod autoindex;
pub mod cache;
pub mod cas;
pub mod cookies;
pub mod database;
pub mod dav;
pub mod declared;
pub mod digest;
pub mod document_root;
pub mod duration;
pub mod error;
pub mod error_document;
pub mod expires;
pub mod expression;
pub mod fcgid;
pub mod file;
pub mod filter;
pub mod filter_note;
pub mod form;
pub mod header;
pub mod heartbeat;
pub mod http2;
pub mod index_redirect;
pub mod items;
pub mod jk;
pub mod keywords;
mod languages;
pub mod ldap;
pub mod listen;
pub mod load_module;
pub mod log_format;
pub mod log_level;
pub mod lua;
pub mod md;
pub mod mellon;
pub mod method;
pub mod mutex;
pub mod number;
pub mod offered;
pub mod openidc;
pub mod options;
pub mod passages;
pub mod passenger;
pub mod pattern;
pub mod perl;
pub mod provider;
pub mod proxy;
pub mod qos;
pub mod redirect;
pub mod regex;
pub mod request_timeout;
pub mod require;
pub mod rewrite;
pub mod rewrite_map;
pub mod rewrite_text;
pub mod section;
pub mod security;
pub mod sed;
pub mod server_name;
pub mod set_env_if;
pub mod socache;
pub mod ssl;
pub mod substitute;
pub mod substitution;
pub mod suexec;
pub mod surroundings;
pub mod svn;
mod third_party;
pub mod uri;
pub mod user_dir;
pub mod vhost_alias;
pub mod virtual_host;
pub mod words;
pub mod wsgi;

use std::ops::Range;

use crate::form::Forms;

pub use declared::{Declaration, Declared, Scope};
pub use surroundings::{Lookup, NothingKnown, Reach, Surroundings, Version};

/// A value, and the bytes of the argument text that it was read from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Where it stands in the argument text.
    pub range: Range<usize>,
}

impl<T> Located<T> {
    /// A value at a place.
    pub fn new(value: T, range: Range<usize>) -> Self {
        Self { value, range }
    }
}

/// How httpd says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Manner {
    /// The directive's handler returns the message: httpd prints `AH00526`, the file and the
    /// line, and the message on a line of its own.
    Returned,
    /// The handler ends the process: httpd prints `NUMBER: PROGRAM: MESSAGE` and names no line.
    Exit {
        /// The log number, `AH00543` for example.
        number: &'static str,
    },
    /// The process ends in the middle of the handler: httpd prints the message and nothing else.
    Abort,
}

/// Something that httpd refuses in an argument text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Refusal {
    /// The bytes of the argument text that are to blame.
    pub range: Range<usize>,
    /// httpd's own message, before it is escaped for the error log.
    pub message: String,
    /// How httpd reports it.
    pub manner: Manner,
}

impl Refusal {
    /// A message that a handler returns.
    pub fn new(range: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            range,
            message: message.into(),
            manner: Manner::Returned,
        }
    }

    /// A message with which the handler ends the process.
    pub fn exit(range: Range<usize>, number: &'static str, message: impl Into<String>) -> Self {
        Self {
            range,
            message: message.into(),
            manner: Manner::Exit { number },
        }
    }

    /// A message with which the process ends in the middle of the handler.
    pub fn abort(range: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            range,
            message: message.into(),
            manner: Manner::Abort,
        }
    }

    /// The same with words before the message, where a handler returns it.
    #[must_use]
    pub fn after(self, words: &str) -> Self {
        match self.manner {
            Manner::Returned => Self {
                message: format!("{words}{}", self.message),
                ..self
            },
            Manner::Exit { .. } | Manner::Abort => self,
        }
    }
}

// Which provider it is comes before its expression, and that before where the line stands.
fn require_refusals(text: &str, surroundings: &dyn Surroundings) -> Vec<Refusal> {
    let own: Vec<Refusal> = require::Require::parse(text)
        .refusal(text, surroundings)
        .into_iter()
        .collect();
    let expressions = expression::require::refusals(text, surroundings);
    match own.first() {
        Some(it) if it.message.starts_with("negative Require") => then(expressions, own),
        _ => then(own, expressions),
    }
}

// A handler's own words come before the expressions in them.
fn then(own: Vec<Refusal>, expressions: Vec<Refusal>) -> Vec<Refusal> {
    own.into_iter().chain(expressions).collect()
}

/// What httpd refuses in the argument text of a directive, the message that it prints first.
///
/// `directive` is the name as httpd's command table spells it, a section's with its `<`. The
/// number of words must have been checked for directives that leave this to httpd. `forms` is what
/// the table says of the words of a directive that has no language of its own here.
pub fn refusals(
    directive: &str,
    forms: &Forms,
    text: &str,
    surroundings: &dyn Surroundings,
) -> Vec<Refusal> {
    if let Some(read) = languages::of(directive) {
        return read(directive, text, surroundings);
    }
    if section::is_core(directive) {
        return section::Section::parse(text).refusals(directive, surroundings);
    }
    if let Some(role) = wsgi::script::Role::of(directive) {
        return wsgi::script::Script::parse(role, text).refusals(surroundings);
    }
    let own = form::refusals(directive, forms, text, surroundings);
    let own = then(own, third_party::refusals(directive, text, surroundings));
    let expressions = expression::directives::refusals(directive, text, surroundings);
    then(own, expressions)
}

/// What httpd refuses in the argument text of a section when it has read the section's body.
pub fn refusal_after_body(
    section: &str,
    text: &str,
    surroundings: &dyn Surroundings,
) -> Option<Refusal> {
    match section {
        "<RequireAll" | "<RequireAny" | "<RequireNone" => {
            require::container_after_body(section, text, surroundings)
        }
        "<AuthnProviderAlias" | "<AuthzProviderAlias" => {
            provider::alias_after_body(section, text, surroundings)
        }
        "<Proxy" | "<ProxyMatch" => proxy::section::refusal_after_body(section, text, surroundings),
        _ if section::is_core(section) => section::Section::parse(text)
            .refusal_after_body(section)
            .or_else(|| section::refused_order(section, text, surroundings)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::passages::{Language, Passage, passages};
    use super::rewrite_text::expansions;
    use super::{Located, NothingKnown, expression, pattern, refusal_after_body, refusals};
    use crate::httpd::Table;

    impl Passage<'_> {
        fn parts(&self) -> Vec<Range<usize>> {
            fn places<T>(all: Vec<Located<T>>) -> Vec<Range<usize>> {
                all.into_iter().map(|it| it.range).collect()
            }
            match self.language {
                Language::Pattern { caseless, .. } => {
                    let all = pattern::parts(&self.text, caseless).into_iter();
                    all.flat_map(|it| [it.range, it.value.about]).collect()
                }
                Language::Condition => places(expression::parts::parts(&self.text, true)),
                Language::Text => places(expression::parts::parts(&self.text, false)),
                Language::Items(format) => places(format.placed(&self.text)),
                Language::Replacement | Language::Rewritten => {
                    let all = Located::new(self.text.to_string(), 0..self.text.len());
                    places(expansions(&all))
                }
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 1000,
            rng_seed: RngSeed::Fixed(1),
            ..ProptestConfig::default()
        })]

        #[test]
        fn every_text_is_read_and_every_refusal_lies_in_it(
            text in "([ab=:,/\"'\\\\ \té{}$%\\[\\]()*+?^|<>#0-9.-]|threads|user=|none|all|set |RSA|not |A|s/|http://|balancer://|unix:|expr |'a'|%\\{[a-z:]| [.=]= ){0,16}"
        ) {
            for directive in Table::builtin().directives() {
                let name = &directive.spelling;
                let late = refusal_after_body(name, &text, &NothingKnown);
                let refused = refusals(name, &directive.forms, &text, &NothingKnown);
                for refusal in refused.into_iter().chain(late) {
                    prop_assert!(text.get(refusal.range).is_some(), "{} {}", name, text);
                }
                for passage in passages(name, &text, &directive.forms) {
                    for part in passage.parts() {
                        let range = passage.at(part);
                        prop_assert!(text.get(range).is_some(), "{} {}", name, text);
                    }
                }
            }
        }
    }
}
