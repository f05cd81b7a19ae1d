//! Things that directives declare anywhere in the configuration, and that handlers elsewhere look
//! up by name.

use super::words::split;

/// A kind of such things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Declared {
    /// An output filter. httpd ignores the letter case.
    OutputFilter,
    /// A filter of mod_filter. httpd ignores the letter case.
    SmartFilter,
    /// A provider of authentication.
    Authentication,
    /// A provider of authorization.
    Authorization,
    /// A method of requests.
    Method,
    /// A directive that others depend on. Its name is the directive's.
    Setting,
}

/// Which words of a directive are names of what it declares.
#[derive(Debug, Clone, Copy)]
enum Names {
    Word(usize),
    EveryWord,
    /// None: it is the directive itself.
    Own,
}

/// The directives that declare.
const DECLARING: &[(&str, Declared, Names)] = &[
    (
        "<AuthnProviderAlias",
        Declared::Authentication,
        Names::Word(1),
    ),
    (
        "<AuthzProviderAlias",
        Declared::Authorization,
        Names::Word(1),
    ),
    (
        "AuthnzFcgiDefineProvider",
        Declared::Authentication,
        Names::Word(1),
    ),
    (
        "AuthnzFcgiDefineProvider",
        Declared::Authorization,
        Names::Word(1),
    ),
    ("CacheDirLength", Declared::Setting, Names::Own),
    ("CacheDirLevels", Declared::Setting, Names::Own),
    ("ExtFilterDefine", Declared::OutputFilter, Names::Word(0)),
    ("FilterDeclare", Declared::SmartFilter, Names::Word(0)),
    ("FilterProvider", Declared::SmartFilter, Names::Word(0)),
    ("LuaAuthzProvider", Declared::Authorization, Names::Word(0)),
    ("LuaOutputFilter", Declared::OutputFilter, Names::Word(0)),
    ("RegisterHttpMethod", Declared::Method, Names::EveryWord),
    ("Suexec", Declared::Setting, Names::Own),
];

impl Declared {
    /// The form of a name by which a thing is found.
    pub fn key(self, name: &str) -> String {
        match self {
            Declared::OutputFilter | Declared::SmartFilter => name.to_ascii_lowercase(),
            _ => name.to_owned(),
        }
    }
}

/// Whether a directive declares anything.
pub fn declares(directive: &str) -> bool {
    DECLARING.iter().any(|it| it.0 == directive)
}

/// What a directive with this argument text declares: each thing with its [key](Declared::key).
pub fn declarations(directive: &str, text: &str) -> Vec<(Declared, String)> {
    let rows = DECLARING.iter().filter(|it| it.0 == directive);
    let words = split(text.trim_end_matches('>'));
    let mut found = Vec::new();
    for (_, what, names) in rows {
        match names {
            Names::Own => found.push((*what, directive.to_owned())),
            Names::EveryWord => found.extend(words.iter().map(|it| (*what, what.key(&it.value)))),
            Names::Word(at) => found.extend(words.get(*at).map(|it| (*what, what.key(&it.value)))),
        }
    }
    found
}
