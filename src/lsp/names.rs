//! The names that directives give to things, and the places that speak of them.
//!
//! An editor shows also what httpd does not read: another branch, the body of a macro. So names are
//! looked for in the lines as they are written, in all files of the tree.

use std::ops::Range;

use super::view::{View, Whole};
use crate::source::{FileId, Span};
use crate::syntax::words::{self, Word};
use crate::syntax::{Document, Line, LineKind, Logical};

/// A kind of things that have names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Thing {
    /// `Define`.
    Variable,
    /// `<Macro>`.
    Macro,
    /// `WSGIDaemonProcess`.
    DaemonGroup,
    /// The last word of `LogFormat`.
    LogNickname,
    /// `<Proxy balancer://NAME>`.
    Balancer,
    /// `<AuthnProviderAlias>` and `<AuthzProviderAlias>`.
    ProviderAlias,
    /// `RewriteMap`.
    RewriteMap,
    /// `LoadModule`.
    Module,
}

impl Thing {
    /// What a person calls it.
    pub(super) fn title(self) -> &'static str {
        match self {
            Thing::Variable => "variable",
            Thing::Macro => "macro",
            Thing::DaemonGroup => "daemon process group",
            Thing::LogNickname => "log format",
            Thing::Balancer => "balancer",
            Thing::ProviderAlias => "provider alias",
            Thing::RewriteMap => "rewrite map",
            Thing::Module => "module",
        }
    }

    /// Whether two names are one: httpd ignores the letter case of some.
    pub(super) fn is_same(self, one: &str, other: &str) -> bool {
        match self {
            Thing::Macro | Thing::Variable => one.eq_ignore_ascii_case(other),
            _ => one == other,
        }
    }

    /// Whether a text can be a name.
    pub(super) fn accepts(self, name: &str) -> bool {
        let is_plain = |it: char| !it.is_whitespace() && !"\"'<>\\".contains(it);
        let more = match self {
            Thing::Variable => !name.contains([':', '$', '{', '}', '=']),
            Thing::Macro | Thing::DaemonGroup | Thing::ProviderAlias => !name.contains('$'),
            Thing::RewriteMap => !name.contains([':', '}']),
            Thing::Balancer => name
                .chars()
                .all(|it| it.is_ascii_alphanumeric() || "-._".contains(it)),
            Thing::LogNickname => !name.contains('%'),
            Thing::Module => true,
        };
        !name.is_empty() && name.chars().all(is_plain) && more
    }
}

/// A name at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mention {
    /// What it is the name of.
    pub(super) thing: Thing,
    /// The name.
    pub(super) name: String,
    /// Where it stands.
    pub(super) span: Span,
    /// Whether it is given there.
    pub(super) declares: bool,
}

/// Which word of a directive is a name; the first one behind the directive is 0.
#[derive(Debug, Clone, Copy)]
enum At {
    Word(usize),
    /// From a word on all of them.
    From(usize),
    Last(usize),
    /// Behind this beginning of a word.
    Behind(&'static str),
}

/// The directives in lower case, sections with `<`, and what their words name.
const DIRECTIVES: &[(&str, Thing, At, bool)] = &[
    ("define", Thing::Variable, At::Word(0), true),
    ("undefine", Thing::Variable, At::Word(0), false),
    ("<ifdefine", Thing::Variable, At::Word(0), false),
    ("<macro", Thing::Macro, At::Word(0), true),
    ("use", Thing::Macro, At::Word(0), false),
    ("undefmacro", Thing::Macro, At::Word(0), false),
    ("wsgidaemonprocess", Thing::DaemonGroup, At::Word(0), true),
    ("wsgiprocessgroup", Thing::DaemonGroup, At::Word(0), false),
    (
        "wsgiscriptalias",
        Thing::DaemonGroup,
        At::Behind("process-group="),
        false,
    ),
    (
        "wsgiscriptaliasmatch",
        Thing::DaemonGroup,
        At::Behind("process-group="),
        false,
    ),
    (
        "wsgiimportscript",
        Thing::DaemonGroup,
        At::Behind("process-group="),
        false,
    ),
    (
        "wsgihandlerscript",
        Thing::DaemonGroup,
        At::Behind("process-group="),
        false,
    ),
    ("logformat", Thing::LogNickname, At::Last(1), true),
    ("customlog", Thing::LogNickname, At::Word(1), false),
    ("globallog", Thing::LogNickname, At::Word(1), false),
    ("<proxy", Thing::Balancer, At::Behind("balancer://"), true),
    (
        "proxypass",
        Thing::Balancer,
        At::Behind("balancer://"),
        false,
    ),
    (
        "proxypassmatch",
        Thing::Balancer,
        At::Behind("balancer://"),
        false,
    ),
    (
        "proxypassreverse",
        Thing::Balancer,
        At::Behind("balancer://"),
        false,
    ),
    (
        "balancermember",
        Thing::Balancer,
        At::Behind("balancer://"),
        false,
    ),
    (
        "proxyset",
        Thing::Balancer,
        At::Behind("balancer://"),
        false,
    ),
    (
        "rewriterule",
        Thing::Balancer,
        At::Behind("balancer://"),
        false,
    ),
    (
        "sethandler",
        Thing::Balancer,
        At::Behind("proxy:balancer://"),
        false,
    ),
    (
        "<authnprovideralias",
        Thing::ProviderAlias,
        At::Word(1),
        true,
    ),
    (
        "<authzprovideralias",
        Thing::ProviderAlias,
        At::Word(1),
        true,
    ),
    (
        "authbasicprovider",
        Thing::ProviderAlias,
        At::From(0),
        false,
    ),
    (
        "authdigestprovider",
        Thing::ProviderAlias,
        At::From(0),
        false,
    ),
    ("require", Thing::ProviderAlias, At::Word(0), false),
    ("rewritemap", Thing::RewriteMap, At::Word(0), true),
    ("loadmodule", Thing::Module, At::Word(0), true),
    ("<ifmodule", Thing::Module, At::Word(0), false),
];

/// The names that a line mentions.
pub(super) fn of_line(document: &Document, line: &Line, text: &str) -> Vec<Mention> {
    if line.kind == LineKind::Comment {
        return Vec::new();
    }
    let logical = document.logical(line, text);
    let all = words::split(&logical.text);
    let mut mentions = Vec::new();
    let Some((directive, arguments)) = all.split_first() else {
        return mentions;
    };
    let name = directive.text.trim_end_matches('>').to_ascii_lowercase();
    for (_, thing, at, declares) in DIRECTIVES.iter().filter(|it| it.0 == name) {
        for (index, word) in arguments.iter().enumerate() {
            let is_last = index + 1 == arguments.len();
            let named = match at {
                At::Word(wanted) => (index == *wanted).then_some(0),
                At::From(first) => (index >= *first).then_some(0),
                At::Last(least) => (is_last && index >= *least).then_some(0),
                At::Behind(beginning) => word.text.find(beginning).map(|it| it + beginning.len()),
            };
            let Some(start) = named else { continue };
            let range = name_in(*thing, &word.text, start, is_last && name.starts_with('<'));
            push(&mut mentions, &logical, *thing, word, range, *declares);
        }
    }
    let is_rewriting = matches!(name.as_str(), "rewriterule" | "rewritecond");
    for (start, _) in logical.text.match_indices("${") {
        let Some(length) = logical.text[start..].find('}') else {
            continue;
        };
        let inner = &logical.text[start + 2..start + length];
        let (thing, name) = match inner.split_once(':') {
            Some((map, _)) if is_rewriting => (Thing::RewriteMap, map),
            Some(_) => continue,
            None => (Thing::Variable, inner),
        };
        if thing.accepts(name) {
            mentions.push(Mention {
                thing,
                name: name.to_owned(),
                span: logical.origin.span(start + 2..start + 2 + name.len()),
                declares: false,
            });
        }
    }
    mentions
}

// The bytes of the name in a word: a balancer ends before its path, a section's word before `>`, and
// a condition may be turned around.
fn name_in(thing: Thing, word: &str, start: usize, ends_section: bool) -> Range<usize> {
    let end = match ends_section {
        true => word.trim_end_matches('>').len(),
        false => word.len(),
    };
    let start = match word.starts_with('!') && start == 0 {
        true => 1,
        false => start,
    };
    let end = match thing {
        Thing::Balancer => word[start..end].find('/').map_or(end, |it| start + it),
        _ => end,
    };
    start..end.max(start)
}

fn push(
    mentions: &mut Vec<Mention>,
    logical: &Logical<'_>,
    thing: Thing,
    word: &Word<'_>,
    range: Range<usize>,
    declares: bool,
) {
    let name = word.text.get(range.clone()).unwrap_or_default();
    if thing.accepts(name) {
        mentions.push(Mention {
            thing,
            name: name.to_owned(),
            span: logical.at(word, range),
            declares,
        });
    }
}

impl View<'_> {
    /// The names that the file mentions, in order.
    pub(super) fn names(&self) -> Vec<Mention> {
        let lines = self.document.lines.iter();
        lines
            .flat_map(|it| of_line(self.document, it, self.text()))
            .collect()
    }

    /// The name at an offset.
    pub(super) fn name_at(&self, offset: usize) -> Option<Mention> {
        let line = &self.document.lines[self.line_at(offset)?];
        let mentions = of_line(self.document, line, self.text());
        let found = mentions.into_iter().filter(|it| {
            let range = it.span.range();
            range.start <= offset && offset <= range.end
        });
        // Of a variable in a name the variable.
        found.min_by_key(|it| it.span.range().len())
    }
}

impl Whole<'_> {
    /// All mentions of a thing of a name in a file.
    pub(super) fn mentions_in(&self, file: FileId, thing: Thing, name: &str) -> Vec<Mention> {
        let names = self.view(file).map(|it| it.names()).unwrap_or_default();
        let is_meant = |it: &Mention| it.thing == thing && thing.is_same(&it.name, name);
        names.into_iter().filter(is_meant).collect()
    }

    /// All mentions of a thing of a name, file by file.
    pub(super) fn mentions(&self, thing: Thing, name: &str) -> Vec<Mention> {
        let files = self.files().into_iter();
        files
            .flat_map(|it| self.mentions_in(it, thing, name))
            .collect()
    }

    /// The names that are given to things of a kind, each once, sorted.
    pub(super) fn declared(&self, thing: Thing) -> Vec<String> {
        let files = self.files().into_iter();
        let names = files
            .filter_map(|it| self.view(it))
            .flat_map(|it| it.names());
        let declared = names.filter(|it| it.thing == thing && it.declares);
        let mut names: Vec<String> = declared.map(|it| it.name).collect();
        names.sort();
        names.dedup();
        names
    }
}
