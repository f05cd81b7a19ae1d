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

/// Each with what it yields.
pub(in crate::argument) const VARIABLES: &[(&str, &str)] = &[
    ("TIME_YEAR", "the year, four digits"),
    ("TIME_MON", "the month, `01` to `12`"),
    ("TIME_DAY", "the day of the month, `01` to `31`"),
    ("TIME_HOUR", "the hour, `00` to `23`"),
    ("TIME_MIN", "the minute, `00` to `59`"),
    ("TIME_SEC", "the second, `00` to `60`"),
    ("TIME_WDAY", "the day of the week, `0` for Sunday"),
    ("TIME", "date and time as fourteen digits"),
    ("SERVER_SOFTWARE", "what the server calls itself"),
    ("API_VERSION", "the number of the module interface"),
    ("HTTP_USER_AGENT", "the header `User-Agent` of the request"),
    (
        "HTTP_PROXY_CONNECTION",
        "the header `Proxy-Connection` of the request",
    ),
    ("HTTP_REFERER", "the header `Referer` of the request"),
    ("HTTP_COOKIE", "the header `Cookie` of the request"),
    ("HTTP_FORWARDED", "the header `Forwarded` of the request"),
    ("HTTP_HOST", "the header `Host` of the request"),
    ("HTTP_ACCEPT", "the header `Accept` of the request"),
    ("REQUEST_METHOD", "the method, in capitals: `GET`"),
    ("REQUEST_SCHEME", "`http` or `https`"),
    (
        "REQUEST_URI",
        "the path of the URL, with its slash and without the query",
    ),
    (
        "REQUEST_FILENAME",
        "the file that the URL was mapped to; before that, the path of the URL",
    ),
    (
        "REMOTE_HOST",
        "the name of the client, or its address where no name is looked up",
    ),
    (
        "REMOTE_IDENT",
        "the user that the client's machine names (mod_ident)",
    ),
    ("REMOTE_USER", "the user who logged in; empty before that"),
    ("SERVER_ADMIN", "the `ServerAdmin` of the virtual host"),
    (
        "SERVER_NAME",
        "the name of the server, as `UseCanonicalName` has it",
    ),
    (
        "SERVER_PORT",
        "the port, as `UseCanonicalName` and `UseCanonicalPhysicalPort` have it",
    ),
    ("SERVER_PROTOCOL", "the protocol of the request: `HTTP/1.1`"),
    ("SCRIPT_FILENAME", "the same as `REQUEST_FILENAME`"),
    ("PATH_INFO", "what follows the file in the path of the URL"),
    (
        "QUERY_STRING",
        "what follows the `?` of the URL; empty where nothing does",
    ),
    ("IS_SUBREQ", "`true` in a subrequest, else `false`"),
    ("DOCUMENT_ROOT", "the `DocumentRoot` of the virtual host"),
    ("AUTH_TYPE", "the `AuthType` by which the user logged in"),
    (
        "THE_REQUEST",
        "the first line of the request, as the client sent it",
    ),
    (
        "CONTENT_TYPE",
        "the media type of the answer, as far as it is known",
    ),
    ("HANDLER", "the name of the handler"),
    (
        "REQUEST_LOG_ID",
        "the number by which the error log knows the request, if it says something of it",
    ),
    ("SCRIPT_USER", "the owner of the file"),
    ("SCRIPT_GROUP", "the group of the file"),
    ("DOCUMENT_URI", "the same as `REQUEST_URI`"),
    (
        "LAST_MODIFIED",
        "when the file was changed, as fourteen digits",
    ),
    (
        "CONTEXT_PREFIX",
        "the beginning of the URL that an alias took, or nothing",
    ),
    (
        "CONTEXT_DOCUMENT_ROOT",
        "the folder that this beginning stands for",
    ),
    (
        "REQUEST_STATUS",
        "the status of the answer, as far as it is known",
    ),
    (
        "REMOTE_ADDR",
        "the address of the client, behind mod_remoteip the one that it found",
    ),
    ("REMOTE_PORT", "the port of the client"),
    ("HTTPS", "`on` on an encrypted connection, else `off`"),
    ("IPV6", "`on` where the client came by IPv6, else `off`"),
    (
        "CONN_LOG_ID",
        "the number by which the error log knows the connection",
    ),
    (
        "CONN_REMOTE_ADDR",
        "the address at the other end of the connection",
    ),
    ("HTTP2", "`on` in HTTP/2, else `off`"),
];

/// Each with what it yields.
pub(in crate::argument) const FUNCTIONS: &[(&str, &str)] = &[
    (
        "osenv",
        "a variable of the environment in which httpd was started",
    ),
    (
        "env",
        "a note, else a variable of the request, else one of the environment of httpd",
    ),
    ("resp", "a header of the answer"),
    (
        "req",
        "a header of the request, which the answer then names in `Vary`",
    ),
    (
        "http",
        "a header of the request, which the answer then names in `Vary`",
    ),
    ("note", "a note that a module left at the request"),
    (
        "reqenv",
        "a variable of the request, as `SetEnv` or `SetEnvIf` gives it",
    ),
    (
        "req_novary",
        "a header of the request, which `Vary` does not name",
    ),
    ("tolower", "the text in lower case"),
    ("toupper", "the text in upper case"),
    ("escape", "the text with `%` escapes for a URL"),
    (
        "unescape",
        "the text with its `%` escapes resolved, but for slashes; empty where one is `%00`",
    ),
    ("file", "the content of a file"),
    ("filesize", "the size of a file; `0` where there is none"),
    ("base64", "the text in Base64"),
    ("unbase64", "the text that is written in Base64"),
    ("sha1", "the SHA-1 of the text, in hexadecimal digits"),
    ("md5", "the MD5 of the text, in hexadecimal digits"),
    ("ldap", "the text, escaped for an LDAP filter"),
];

/// Each with what it yields.
const UNARY_OPERATORS: &[(&str, &str)] = &[
    ("n", "true for a text that is not empty"),
    ("z", "true for an empty text"),
    ("R", "true where the client's address is in this network"),
    (
        "T",
        "false for `0`, `off`, `false`, `no` and an empty text, else true",
    ),
    ("d", "true for a folder that is there"),
    ("e", "true for a file, or anything else, that is there"),
    ("f", "true for an ordinary file that is there"),
    ("s", "true for a file that is there and not empty"),
    ("L", "true for a symbolic link"),
    ("h", "true for a symbolic link"),
    ("x", "true for a file that may be executed"),
    (
        "F",
        "true for a file that the client may fetch; asks by a subrequest",
    ),
    (
        "U",
        "true for a URL that the client may fetch; asks by a subrequest",
    ),
    (
        "A",
        "true for a URL that the client may fetch; asks by a subrequest",
    ),
];

/// Each with what it yields.
const BINARY_OPERATORS: &[(&str, &str)] = &[
    (
        "ipmatch",
        "true where the address on the left is in the network on the right",
    ),
    (
        "fnmatch",
        "true where the file pattern on the right fits; a `*` does not pass a slash",
    ),
    (
        "strmatch",
        "true where the pattern on the right, with `*` and `?`, fits",
    ),
    ("strcmatch", "as `-strmatch`, in any letter case"),
];

/// What modules add: the module, the role, the name, and what it yields. A name that ends with `*`
/// stands for all that begin so.
const OF_MODULES: &[(&str, Role, &str, &str)] = &[
    (
        "ssl_module",
        Role::Variable,
        "SSL_*",
        "a variable of mod_ssl",
    ),
    ("ssl_module", Role::Function, "SSL", "a variable of mod_ssl"),
    (
        "ssl_module",
        Role::ListFunction,
        "PeerExtList",
        "the extensions of the client's certificate with this number",
    ),
    (
        "proxy_hcheck_module",
        Role::Variable,
        "HC_*",
        "what a backend answered to the question whether it is well",
    ),
    (
        "proxy_hcheck_module",
        Role::Function,
        "HC",
        "what a backend answered to the question whether it is well",
    ),
];

impl Role {
    /// Whether httpd knows a name in this role; `Some` where that is known here.
    pub fn knows(self, name: &str, surroundings: &dyn Surroundings) -> Option<bool> {
        if self.core(name).is_some() {
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

    /// What a name yields in this role.
    pub fn meaning(self, name: &str) -> Option<&'static str> {
        let mut added = OF_MODULES.iter().filter(|it| it.1 == self);
        let of_core = self.core(name).map(|it| it.1);
        of_core.or_else(|| added.find(|it| fits(name, it.2)).map(|it| it.3))
    }

    fn core(self, name: &str) -> Option<&'static (&'static str, &'static str)> {
        let core = match self {
            Role::Variable => VARIABLES,
            Role::Function => FUNCTIONS,
            Role::ListFunction => &[],
            Role::UnaryOperator => UNARY_OPERATORS,
            Role::BinaryOperator => BINARY_OPERATORS,
        };
        let is = |it: &&(&str, &str)| match self {
            Role::UnaryOperator => it.0 == name,
            _ => it.0.eq_ignore_ascii_case(name),
        };
        core.iter().find(is)
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
