//! Things that directives declare anywhere in the configuration, and that handlers elsewhere look
//! up by name.

use super::words::split;

/// A kind of such things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Declared {
    /// An output filter. httpd ignores the letter case.
    OutputFilter,
    /// A filter of mod_filter.
    SmartFilter,
    /// A provider of authentication.
    Authentication,
    /// A provider of authorization.
    Authorization,
    /// A method of requests.
    Method,
    /// A directive that all others depend on. Its name is the directive's.
    GlobalSetting,
    /// A directive that others of its server depend on. Its name is the directive's.
    Setting,
    /// A worker or a balancer, whose name its URL hides: this has none.
    Backend,
    /// A template of health checks. httpd ignores the letter case.
    HealthCheck,
    /// A condition of health checks. httpd ignores the letter case.
    HealthCondition,
}

/// How far a directive reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Its section.
    Section,
    /// Its virtual host, or the server around all of them.
    Server,
    /// The whole configuration.
    Everywhere,
}

/// A directive that declares something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    /// The directive's name, a section's with its `<`.
    pub directive: String,
    /// Its argument text.
    pub text: String,
    /// The argument of the innermost section about paths around it.
    pub section: Option<String>,
}

/// Which words of a directive are names of what it declares.
#[derive(Debug, Clone, Copy)]
enum Names {
    Word(usize),
    EveryWord,
    /// None: it is the directive itself.
    Own,
    /// None.
    Unnamed,
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
    ("<Limit", Declared::Method, Names::EveryWord),
    ("<LimitExcept", Declared::Method, Names::EveryWord),
    ("<Proxy", Declared::Backend, Names::Unnamed),
    ("BalancerMember", Declared::Backend, Names::Unnamed),
    ("CacheDirLength", Declared::Setting, Names::Own),
    ("CacheDirLevels", Declared::Setting, Names::Own),
    ("ExtFilterDefine", Declared::OutputFilter, Names::Word(0)),
    ("FilterDeclare", Declared::SmartFilter, Names::Word(0)),
    ("FilterProvider", Declared::SmartFilter, Names::Word(0)),
    ("LuaAuthzProvider", Declared::Authorization, Names::Word(0)),
    ("LuaOutputFilter", Declared::OutputFilter, Names::Word(0)),
    ("ProxyHCExpr", Declared::HealthCondition, Names::Word(0)),
    ("ProxyHCTemplate", Declared::HealthCheck, Names::Word(0)),
    ("ProxyPass", Declared::Backend, Names::Unnamed),
    ("ProxyPassMatch", Declared::Backend, Names::Unnamed),
    ("ProxySet", Declared::Backend, Names::Unnamed),
    ("RegisterHttpMethod", Declared::Method, Names::EveryWord),
    ("Suexec", Declared::GlobalSetting, Names::Own),
];

impl Declared {
    /// How far such a declaration reaches.
    pub fn scope(self) -> Scope {
        match self {
            Declared::SmartFilter => Scope::Section,
            Declared::Backend
            | Declared::HealthCheck
            | Declared::HealthCondition
            | Declared::Setting => Scope::Server,
            Declared::Authentication
            | Declared::Authorization
            | Declared::GlobalSetting
            | Declared::Method
            | Declared::OutputFilter => Scope::Everywhere,
        }
    }

    /// Whether a section declares it before httpd looks into its body.
    pub fn is_before_body(self) -> bool {
        self == Declared::Method
    }

    /// The form of a name by which a thing is found.
    pub fn key(self, name: &str) -> String {
        match self {
            Declared::OutputFilter | Declared::HealthCheck | Declared::HealthCondition => {
                name.to_ascii_lowercase()
            }
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
    let end = text.rfind('>').filter(|_| directive.starts_with('<'));
    let words = split(&text[..end.unwrap_or(text.len())]);
    let mut found = Vec::new();
    for (_, what, names) in rows {
        match names {
            Names::Own => found.push((*what, directive.to_owned())),
            Names::Unnamed => found.push((*what, String::new())),
            Names::EveryWord => found.extend(words.iter().map(|it| (*what, what.key(&it.value)))),
            Names::Word(at) => found.extend(words.get(*at).map(|it| (*what, what.key(&it.value)))),
        }
    }
    found
}
