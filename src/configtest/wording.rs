//! What httpd says of an argument, in our words: what is, not that it is refused.

use crate::httpd::Directive;

/// A place where httpd's message begins, and our sentence: `{}` is the word to blame, `{name}`
/// the directive.
const SENTENCES: &[(&str, &str)] = &[
    ("Invalid option to WSGI", "`{}` is no option of `{name}`"),
    ("Name of WSGI", "`{name}` lacks a name"),
    ("Name for", "`{name}` lacks a name"),
    ("Location of", "`{name}` lacks a location"),
    ("Location for", "`{name}` lacks a location"),
    ("Mutex requires", "`{name}` lacks a mechanism"),
    ("Invalid Mutex argument", "there is no mutex mechanism `{}`"),
    (
        "Accept mutex lock mechanism",
        "there is no mutex mechanism `{}`",
    ),
    ("Invalid Mutex directory", "there is no directory `{}`"),
    ("Mutex type", "no module has a mutex of type `{}`"),
    (
        "None is not allowed",
        "httpd does not do without this mutex",
    ),
    ("Illegal option", "there is no option `{}`"),
    (
        "Option ",
        "`AllowOverride` does not permit the option `{}` here",
    ),
    (
        "Either all Options",
        "options with and without `+` or `-` are mixed",
    ),
    (
        "Illegal override option",
        "there is no class `{}` of directives to allow",
    ),
    (
        "Regex could not be compiled",
        "`{}` is no regular expression",
    ),
    (
        "Regular expression could not",
        "`{}` is no regular expression",
    ),
    (
        "RewriteRule: cannot compile",
        "`{}` is no regular expression",
    ),
    (
        "Only one of script-user",
        "`script-user` and `script-group` exclude each other",
    ),
    (
        "WSGI process group not yet",
        "no group `{}` is declared above",
    ),
    (
        "WSGI process group not acc",
        "the group `{}` belongs to another server",
    ),
    (
        "WSGI process group not mat",
        "the group `{}` belongs to another server, and one of the two has no name",
    ),
    ("ProxySet can not find", "nothing above makes `{}`"),
    (
        "Unsupported HTTP response",
        "`{}` is no HTTP status with a document",
    ),
    ("Port must be specified", "`{}` has no port"),
    ("Invalid address or port", "`{}` is no address and port"),
    ("The port number", "`{}` has no valid port"),
    ("The address or port is inv", "`{}` is no address and port"),
    ("Cannot find module", "no module is called `{}`"),
    ("Unable to parse trusted", "`{}` is no address or network"),
    ("Unknown Authz provider", "no module has a `Require {}`"),
    ("Unknown Authn provider", "no module knows users by `{}`"),
    (
        "negative Require directive",
        "`Require not` says nothing outside of `<RequireAll>`",
    ),
    (
        "<RequireNone> directive has no effect",
        "`<RequireNone>` says nothing outside of `<RequireAll>`",
    ),
    (
        "syntax error in format string",
        "`{}` has a `%` that stands for nothing",
    ),
    ("bad user name", "there is no user `{}`"),
    ("bad group name", "there is no group `{}`"),
];

/// The same for what stands anywhere in httpd's message, as mistakes in expressions do. The first
/// that is there counts.
const ANYWHERE: &[(&str, &str)] = &[
    ("Log level keyword", "there is no log level `{}`"),
    (
        "contains no authorization directives",
        "nothing is in this `{name}`",
    ),
    // It is the name that is to blame, whatever the scanner says of what follows.
    (
        "expecting '('",
        "`{}` without quotes is a function, and has no `(`",
    ),
    (
        "Unterminated string or variable",
        "a text or a `%{` is not closed",
    ),
    (
        "Invalid character in variable name",
        "`{}` cannot stand in the name of a variable",
    ),
    ("Parse error near", "`{}` means nothing in an expression"),
    ("Escape sequence out of bound", "`{}` is beyond `\\377`"),
    ("Bad escape sequence", "`{}` is no character"),
    (
        "expecting T_REGEX or T_REGEX_I",
        "`{}` is no regular expression: that is `/…/` or `m#…#`",
    ),
    (
        "syntax error, unexpected $end",
        "the expression ends too early",
    ),
    ("syntax error", "`{}` cannot stand here in an expression"),
    (
        "Failed to compile regular expression",
        "`{}` is not possible here in a regular expression",
    ),
    ("Variable '", "there is no variable `{}`"),
    (
        "List-returning function '",
        "there is no function `{}` that makes a list",
    ),
    ("Function '", "there is no function `{}`"),
    ("operator '", "there is no operator `{}`"),
    (
        "requires subnet/netmask",
        "this operator takes one text that is a network",
    ),
    ("parsing of subnet/netmask", "{} is no address or network"),
    ("restricted context", "`{}` cannot be used in `.htaccess`"),
    ("flex scanner jammed", "httpd ends at `{}` without a word"),
    ("memory exhausted", "the expression is nested too deeply"),
];

/// Our sentence for a refusal of a directive's argument; `blamed` is the text that httpd blames.
pub(super) fn sentence(definition: &Directive, httpd: &str, blamed: &str) -> String {
    let name = shown_name(definition);
    if httpd.ends_with("missing closing '>'") {
        return format!("`{}` has no closing `>`", definition.spelling);
    }
    if httpd.starts_with("<Else> or <ElseIf> section without") {
        return format!("`{name}` does not follow an `<If>` of the same section");
    }
    if httpd.ends_with("requires additional arguments") {
        return format!("`{name}` lacks an argument");
    }
    if let Some(choices) = choices(httpd) {
        return format!("`{name}` takes {choices}, not `{blamed}`");
    }
    // A whole line of arguments is no word to point at.
    let is_word = !blamed.is_empty() && !blamed.contains([' ', '\t']);
    let known = SENTENCES
        .iter()
        .find(|it| httpd.starts_with(it.0))
        .or_else(|| ANYWHERE.iter().find(|it| httpd.contains(it.0)));
    match known.filter(|it| is_word || !it.1.contains("{}")) {
        Some((_, sentence)) => sentence.replace("{name}", &name).replace("{}", blamed),
        None if is_word => format!("`{name}` does not take `{blamed}`"),
        None => format!("`{name}` does not take these arguments"),
    }
}

/// The name of a directive, or of a section in its brackets.
pub(super) fn shown_name(definition: &Directive) -> String {
    let bracket = if definition.section { ">" } else { "" };
    format!("{}{bracket}", definition.spelling)
}

// `On` or `Off`, of `X must be one of: Off | On`.
fn choices(httpd: &str) -> Option<String> {
    let (_, list) = httpd.split_once("one of: ")?;
    let words: Vec<String> = list.split(" | ").map(|it| format!("`{it}`")).collect();
    Some(words.join(" or "))
}
