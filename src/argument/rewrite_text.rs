//! The texts in which mod_rewrite puts something in place: `%{NAME}`, `$1`, `%1` (`do_expand`).

use super::Located;
use super::expression::names::Role;
use super::rewrite::Arguments;

/// The variables of mod_rewrite without a prefix (`lookup_variable`); others are empty.
pub const VARIABLES: &[&str] = &[
    "API_VERSION",
    "AUTH_TYPE",
    "CONN_REMOTE_ADDR",
    "CONTEXT_DOCUMENT_ROOT",
    "CONTEXT_PREFIX",
    "DOCUMENT_ROOT",
    "HTTPS",
    "HTTP_ACCEPT",
    "HTTP_COOKIE",
    "HTTP_FORWARDED",
    "HTTP_HOST",
    "HTTP_PROXY_CONNECTION",
    "HTTP_REFERER",
    "HTTP_USER_AGENT",
    "IPV6",
    "IS_SUBREQ",
    "PATH_INFO",
    "QUERY_STRING",
    "REMOTE_ADDR",
    "REMOTE_HOST",
    "REMOTE_IDENT",
    "REMOTE_PORT",
    "REMOTE_USER",
    "REQUEST_FILENAME",
    "REQUEST_METHOD",
    "REQUEST_SCHEME",
    "REQUEST_URI",
    "SCRIPT_FILENAME",
    "SCRIPT_GROUP",
    "SCRIPT_USER",
    "SERVER_ADDR",
    "SERVER_ADMIN",
    "SERVER_NAME",
    "SERVER_PORT",
    "SERVER_PROTOCOL",
    "SERVER_SOFTWARE",
    "THE_REQUEST",
    "TIME",
    "TIME_DAY",
    "TIME_HOUR",
    "TIME_MIN",
    "TIME_MON",
    "TIME_SEC",
    "TIME_WDAY",
    "TIME_YEAR",
];

// What `SERVER_ADDR` yields, the only variable that no expression has.
const OWN: &str = "the address of the server at which the connection came in";

// Behind these, any name may stand; each with what it is the name of.
const PREFIXES: [(&str, &str); 3] = [
    (
        "ENV:",
        "the variable of the request, or of the environment of httpd,",
    ),
    ("SSL:", "the variable of mod_ssl"),
    ("HTTP:", "the header of the request"),
];

// These look up a variable in a subrequest.
const AHEAD: [&str; 2] = ["LA-U:", "LA-F:"];

// The flags whose values are expanded.
const EXPANDED_FLAGS: [&str; 8] = ["CO", "cookie", "E", "env", "H", "handler", "T", "type"];

/// What stands in a text to be replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expansion {
    /// `%{NAME}`.
    Variable(String),
    /// `$N`, a group of the rule's pattern.
    RuleGroup(usize),
    /// `%N`, a group of the last condition's pattern.
    ConditionGroup(usize),
}

/// The expansions of a text, those in the keys of maps (`${map:$1}`) among them. A backslash takes
/// the next character out, and `%{` that nothing closes stands for itself.
pub fn expansions(text: &Located<String>) -> Vec<Located<Expansion>> {
    let (value, offset) = (text.value.as_str(), text.range.start);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(special) = value[at..].find(['\\', '$', '%']) {
        let start = at + special;
        let mut behind = value[start + 1..].chars();
        let next = behind.next();
        let length = 1 + next.map_or(0, char::len_utf8);
        at = start + length;
        let expansion = match (&value[start..=start], next) {
            ("$", Some(digit @ '0'..='9')) => Expansion::RuleGroup(number(digit)),
            ("%", Some(digit @ '0'..='9')) => Expansion::ConditionGroup(number(digit)),
            ("%", Some('{')) => match closing(&value[at..]) {
                Some(end) => {
                    let name = value[at..at + end].to_owned();
                    at += end + 1;
                    Expansion::Variable(name)
                }
                None => continue,
            },
            ("\\", _) | ("$", Some('{')) => continue,
            // What follows may be special itself.
            _ => {
                at = start + 1;
                continue;
            }
        };
        found.push(Located::new(expansion, offset + start..offset + at));
    }
    found
}

fn number(digit: char) -> usize {
    digit.to_digit(10).unwrap_or_default() as usize
}

// Where the brace that is open before a text is closed.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 1;
    text.bytes().position(|it| {
        match it {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        depth == 0
    })
}

// What stands before the name of a variable: what the name is that of, and the name. `None` in the
// place of the first where a subrequest looks it up.
fn prefixed(name: &str) -> Option<(Option<&'static str>, &str)> {
    let behind = |prefix: &str| {
        let head = name.get(..prefix.len())?;
        (name.len() > prefix.len() && head.eq_ignore_ascii_case(prefix))
            .then(|| &name[prefix.len()..])
    };
    let mut ahead = AHEAD.iter().filter_map(|it| Some((None, behind(it)?)));
    let mut others = PREFIXES
        .iter()
        .filter_map(|it| Some((Some(it.1), behind(it.0)?)));
    ahead.next().or_else(|| others.next())
}

/// The variables, each with what it yields.
pub fn variables() -> impl Iterator<Item = (&'static str, &'static str)> {
    let yields = |it: &'static str| Role::Variable.meaning(it).unwrap_or(OWN);
    VARIABLES.iter().map(move |it| (*it, yields(it)))
}

/// What a variable yields; `None` for one that mod_rewrite does not have.
pub fn meaning(name: &str) -> Option<String> {
    match prefixed(name) {
        Some((None, ahead)) => Some(format!("{}, as a subrequest finds it", meaning(ahead)?)),
        Some((Some(meaning), rest)) => Some(format!("{meaning} `{rest}`")),
        None if !is_variable(name) => None,
        None => Role::Variable
            .meaning(name)
            .or(Some(OWN))
            .map(str::to_owned),
    }
}

/// Whether mod_rewrite has a variable of this name; the letter case does not count.
pub fn is_variable(name: &str) -> bool {
    match prefixed(name) {
        Some((None, ahead)) => is_variable(ahead),
        Some(_) => true,
        None => VARIABLES.iter().any(|it| it.eq_ignore_ascii_case(name)),
    }
}

impl Arguments {
    /// The texts of a rule, or of a condition, in which something is replaced: the substitution
    /// and the values of some flags; the test string.
    pub fn expanded_texts(&self, is_condition: bool) -> Vec<Located<String>> {
        if is_condition {
            let is_expression = self.first.value.eq_ignore_ascii_case("expr");
            return match is_expression {
                true => Vec::new(),
                false => vec![self.first.clone()],
            };
        }
        let is_expanded = |name: &str| {
            EXPANDED_FLAGS
                .iter()
                .any(|it| it.eq_ignore_ascii_case(name))
        };
        let is_expanded_at_all = |it: &&Located<String>| it.value.contains(['%', '$']);
        let field = self.flags.as_ref().filter(is_expanded_at_all);
        let flags = field.and_then(|_| self.flags()).unwrap_or_default();
        let values = flags
            .into_iter()
            .filter(|it| is_expanded(&it.name.value))
            .map(|it| it.value);
        [self.second.clone()].into_iter().chain(values).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, Expansion)> {
        let located = Located::new(text.to_owned(), 0..text.len());
        let expansions = expansions(&located).into_iter();
        expansions
            .map(|it| (text[it.range].to_owned(), it.value))
            .collect()
    }

    #[test]
    fn a_text_is_read_from_left_to_right() {
        let variable = |name: &str| Expansion::Variable(name.to_owned());
        assert_eq!(
            found(r"/é$1\$2%3%{HTTP_HOST}$$4\\$5"),
            [
                ("$1".to_owned(), Expansion::RuleGroup(1)),
                ("%3".to_owned(), Expansion::ConditionGroup(3)),
                ("%{HTTP_HOST}".to_owned(), variable("HTTP_HOST")),
                ("$4".to_owned(), Expansion::RuleGroup(4)),
                ("$5".to_owned(), Expansion::RuleGroup(5)),
            ]
        );
        assert_eq!(
            found("${map:%{A{b}c}|$0}"),
            [
                ("%{A{b}c}".to_owned(), variable("A{b}c")),
                ("$0".to_owned(), Expansion::RuleGroup(0)),
            ]
        );
        assert_eq!(found(r"%{HTTP_HOST %\"), []);
    }

    #[test]
    fn every_variable_yields_something() {
        let without: Vec<&&str> = VARIABLES
            .iter()
            .filter(|it| Role::Variable.meaning(it).is_none())
            .collect();
        assert_eq!(without, [&"SERVER_ADDR"]);
        assert_eq!(
            meaning("LA-U:env:x").as_deref(),
            Some(
                "the variable of the request, or of the environment of httpd, `x`, as a subrequest \
                 finds it"
            )
        );
        assert_eq!(meaning("NO_SUCH"), None);
    }

    #[test]
    fn a_variable_may_have_a_prefix() {
        for name in ["request_uri", "HTTP:Host", "env:x", "LA-U:REMOTE_USER"] {
            assert!(is_variable(name), "{name}");
        }
        for name in ["", "HTTP:", "LA-U:X", "req:Host", "HTTP_X_FORWARDED_PROTO"] {
            assert!(!is_variable(name), "{name}");
        }
    }
}
