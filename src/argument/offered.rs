//! The words that a person may want to write: what an editor offers for an argument.
//!
//! They are those of the checks, so nothing is offered that httpd refuses.

use super::allow_override::CLASSES;
use super::expression::names;
use super::method::METHODS;
use super::mutex::MECHANISMS;
use super::wsgi::daemon_process::DaemonOptionName;
use super::{
    autoindex, filter, header, log_level, options, provider, rewrite, rewrite_map, rewrite_text,
    socache, ssl,
};
use crate::form::{Form, Forms};

/// The words for an argument of a directive; the first one has the position 0. A section's name
/// begins with `<`.
pub fn words(directive: &str, position: usize) -> Vec<String> {
    let all = |words: &[&str]| words.iter().map(|it| (*it).to_owned()).collect();
    let first = |words: &[(&str, &str)]| words.iter().map(|it| it.0.to_owned()).collect();
    match (directive.to_ascii_lowercase().as_str(), position) {
        ("options", _) => options::NAMES.iter().map(|it| it.1.to_owned()).collect(),
        ("allowoverride", _) => all(CLASSES),
        ("loglevel", _) => all(log_level::LEVELS),
        ("mutex", 0) => all(MECHANISMS)
            .into_iter()
            .chain(["default".to_owned(), "none".to_owned()])
            .collect(),
        ("rewriteoptions", _) => all(rewrite::OPTIONS),
        ("indexoptions", _) => all(autoindex::OPTIONS),
        ("sslprotocol" | "sslproxyprotocol", _) => all(ssl::PROTOCOLS),
        ("ssloptions", _) => all(ssl::OPTIONS),
        ("sslsessioncache" | "sslstaplingcache" | "authncachesocache" | "cachesocache", 0) => {
            first(socache::PROVIDERS)
        }
        ("authbasicprovider" | "authdigestprovider", _) => {
            let providers = provider::AUTHENTICATION.iter();
            providers.map(|it| it.0.to_owned()).collect()
        }
        ("require", 0) => first(provider::AUTHORIZATION)
            .into_iter()
            .chain(["not".to_owned()])
            .collect(),
        ("require", 1) => all(&["granted", "denied"]),
        ("header" | "requestheader", 0) => {
            header::ACTIONS.iter().map(|it| it.0.to_owned()).collect()
        }
        ("setoutputfilter" | "addoutputfilter", 0) => first(filter::FILTERS),
        ("<limit" | "<limitexcept", _) => all(METHODS),
        ("wsgidaemonprocess", 1..) => {
            let names = DaemonOptionName::all();
            names.map(|it| format!("{}=", it.name())).collect()
        }
        ("rewritemap", 1) => {
            let functions = rewrite_map::FUNCTIONS.iter().map(|it| format!("int:{it}"));
            let types = ["txt:", "rnd:", "dbm:", "prg:", "dbd:", "fastdbd:"];
            functions.chain(types.map(str::to_owned)).collect()
        }
        _ => Vec::new(),
    }
}

/// All words that a directive takes in a place, where they are known: those of the checks, and
/// those of what the table says of its words.
pub fn closed(directive: &str, forms: &Forms, position: usize) -> Vec<String> {
    let mut known = words(directive, position);
    if let Some(Form::OneOf { values, or, .. }) = forms.at(position) {
        known.extend(values.iter().chain(or.iter()).map(ToString::to_string));
    }
    known
}

/// The flags between the brackets of `RewriteRule` or `RewriteCond`, each with what it is called at
/// length.
pub fn rewrite_flags(directive: &str) -> Vec<(&'static str, &'static str)> {
    match directive.to_ascii_lowercase().as_str() {
        "rewriterule" => rewrite::RULE_FLAGS.iter().map(|it| (it.0, it.1)).collect(),
        "rewritecond" => {
            let pairs = rewrite::CONDITION_FLAGS.chunks_exact(2);
            pairs.map(|it| (it[0], it[1])).collect()
        }
        _ => Vec::new(),
    }
}

/// The names that may follow `%{` in a directive, each with what it yields.
pub fn variables(directive: &str) -> Vec<(&'static str, &'static str)> {
    match directive.to_ascii_lowercase().as_str() {
        "rewriterule" | "rewritecond" => rewrite_text::variables().collect(),
        "<if" | "<elseif" | "require" | "header" | "requestheader" | "setenvifexpr"
        | "authtype" | "authname" | "errordocument" | "redirect" | "alias" => {
            names::VARIABLES.to_vec()
        }
        _ => Vec::new(),
    }
}

/// The functions of an expression, each with what it yields.
pub fn functions(directive: &str) -> &'static [(&'static str, &'static str)] {
    match directive.to_ascii_lowercase().as_str() {
        "<if" | "<elseif" | "setenvifexpr" => names::FUNCTIONS,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_those_of_the_checks() {
        assert!(words("Options", 3).contains(&"FollowSymLinks".to_owned()));
        assert!(words("WSGIDaemonProcess", 1).contains(&"python-home=".to_owned()));
        assert_eq!(words("WSGIDaemonProcess", 0), Vec::<String>::new());
        assert!(rewrite_flags("RewriteCond").contains(&("NC", "nocase")));
        let variables = variables("rewriterule");
        assert!(variables.iter().any(|it| it.0 == "REQUEST_URI"));
    }
}
