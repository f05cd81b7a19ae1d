//! The names that an expression may use: those of httpd's core, and what modules add.

use crate::argument::Surroundings;

/// What a name is the name of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// `%{NAME}`
    Variable,
    /// `name(…)` and `%{name:…}`
    Function,
    /// `name(…)` behind `in`.
    ListFunction,
    /// `-x`
    UnaryOperator,
    /// `-xyz`
    BinaryOperator,
}

pub(in crate::argument) const VARIABLES: &[&str] = &[
    "TIME_YEAR",
    "TIME_MON",
    "TIME_DAY",
    "TIME_HOUR",
    "TIME_MIN",
    "TIME_SEC",
    "TIME_WDAY",
    "TIME",
    "SERVER_SOFTWARE",
    "API_VERSION",
    "HTTP_USER_AGENT",
    "HTTP_PROXY_CONNECTION",
    "HTTP_REFERER",
    "HTTP_COOKIE",
    "HTTP_FORWARDED",
    "HTTP_HOST",
    "HTTP_ACCEPT",
    "REQUEST_METHOD",
    "REQUEST_SCHEME",
    "REQUEST_URI",
    "REQUEST_FILENAME",
    "REMOTE_HOST",
    "REMOTE_IDENT",
    "REMOTE_USER",
    "SERVER_ADMIN",
    "SERVER_NAME",
    "SERVER_PORT",
    "SERVER_PROTOCOL",
    "SCRIPT_FILENAME",
    "PATH_INFO",
    "QUERY_STRING",
    "IS_SUBREQ",
    "DOCUMENT_ROOT",
    "AUTH_TYPE",
    "THE_REQUEST",
    "CONTENT_TYPE",
    "HANDLER",
    "REQUEST_LOG_ID",
    "SCRIPT_USER",
    "SCRIPT_GROUP",
    "DOCUMENT_URI",
    "LAST_MODIFIED",
    "CONTEXT_PREFIX",
    "CONTEXT_DOCUMENT_ROOT",
    "REQUEST_STATUS",
    "REMOTE_ADDR",
    "REMOTE_PORT",
    "HTTPS",
    "IPV6",
    "CONN_LOG_ID",
    "CONN_REMOTE_ADDR",
    "HTTP2",
];

pub(in crate::argument) const FUNCTIONS: &[&str] = &[
    "osenv",
    "env",
    "resp",
    "req",
    "http",
    "note",
    "reqenv",
    "req_novary",
    "tolower",
    "toupper",
    "escape",
    "unescape",
    "file",
    "filesize",
    "base64",
    "unbase64",
    "sha1",
    "md5",
    "ldap",
];

const UNARY_OPERATORS: &[&str] = &[
    "n", "z", "R", "T", "d", "e", "f", "s", "L", "h", "x", "F", "U", "A",
];

const BINARY_OPERATORS: &[&str] = &["ipmatch", "fnmatch", "strmatch", "strcmatch"];

/// What modules add: the module, the role, and the name; one that ends with `*` stands for all
/// that begin so.
const OF_MODULES: &[(&str, Role, &str)] = &[
    ("ssl_module", Role::Variable, "SSL_*"),
    ("ssl_module", Role::Function, "SSL"),
    ("ssl_module", Role::ListFunction, "PeerExtList"),
    ("proxy_hcheck_module", Role::Variable, "HC_*"),
    ("proxy_hcheck_module", Role::Function, "HC"),
];

impl Role {
    /// Whether httpd knows a name in this role; `Some` where that is known here.
    pub fn knows(self, name: &str, surroundings: &dyn Surroundings) -> Option<bool> {
        let core = match self {
            Role::Variable => VARIABLES,
            Role::Function => FUNCTIONS,
            Role::ListFunction => &[],
            Role::UnaryOperator => UNARY_OPERATORS,
            Role::BinaryOperator => BINARY_OPERATORS,
        };
        let is = |it: &&str| match self {
            Role::UnaryOperator => *it == name,
            _ => it.eq_ignore_ascii_case(name),
        };
        if core.iter().any(is) {
            return Some(true);
        }
        let added = OF_MODULES
            .iter()
            .find(|it| it.1 == self && fits(name, it.2))
            .map_or(Some(false), |it| surroundings.has_module(it.0));
        match (added, surroundings.has_foreign_module()) {
            (Some(true), _) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        }
    }

    /// httpd's message about a name that it does not know.
    pub(super) fn unknown(self, name: &str) -> String {
        let (what, dash) = match self {
            Role::Variable => ("Variable", ""),
            Role::Function => ("Function", ""),
            Role::ListFunction => ("List-returning function", ""),
            Role::UnaryOperator => ("Unary operator", "-"),
            Role::BinaryOperator => ("Binary operator", "-"),
        };
        format!("{what} '{dash}{name}' does not exist")
    }
}

fn fits(name: &str, pattern: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => name
            .get(..start.len())
            .is_some_and(|it| it.eq_ignore_ascii_case(start)),
        None => name.eq_ignore_ascii_case(pattern),
    }
}
