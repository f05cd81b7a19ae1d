//! `ProxyPass [PATH] !|URL [KEY=VALUE]…`, `ProxyPassMatch`, `ProxyPassReverse` and `ProxyRemote`.

use super::{Parameter, Party, set, url};
use crate::argument::number::strtol;
use crate::argument::server_name::is_pattern;
use crate::argument::words::{Words, split};
use crate::argument::{Located, Refusal, Surroundings, regex};

const NO_PARAMETER: &str = "Invalid ProxyPass|ProxyPassMatch parameter. Parameter must be in the \
     form 'key=value'.";

/// A `ProxyPass` or `ProxyPassMatch` directive.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pass {
    /// The path or pattern; `None` where the section around gives it.
    pub path: Option<Located<String>>,
    /// Whether the path is a pattern.
    pub is_pattern: bool,
    /// Where it leads; `!` for nowhere.
    pub target: Option<Located<String>>,
    /// The parameters of the worker or balancer.
    pub parameters: Vec<Parameter>,
}

/// What httpd refuses in `ProxyPass` and `ProxyPassMatch`.
pub fn pass(directive: &str, text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let section = surroundings.section_path();
    match Pass::parse(directive, text, section.is_some()) {
        Err(refusal) => Some(refusal),
        Ok(pass) => pass.refusal(text, section.as_deref(), surroundings),
    }
}

impl Pass {
    /// Reads the argument text of such a directive; the error is what httpd refuses while it takes
    /// the words.
    pub fn parse(directive: &str, text: &str, in_section: bool) -> Result<Self, Refusal> {
        let mut pass = Self {
            is_pattern: directive == "ProxyPassMatch",
            ..Self::default()
        };
        let mut words = Words::new(text);
        while !words.is_at_end() {
            let word = words.take();
            if pass.path.is_none() && !in_section {
                if word.value != "~" {
                    pass.path = Some(word);
                } else if directive == "ProxyPassMatch" {
                    let message = "ProxyPassMatch invalid syntax ('~' usage).";
                    return Err(Refusal::new(word.range, message));
                } else {
                    pass.is_pattern = true;
                }
                continue;
            }
            let Some(target) = &pass.target else {
                pass.target = Some(word);
                continue;
            };
            let is_flag = |it: &&str| it.eq_ignore_ascii_case(&word.value);
            if ["nocanon", "interpolate", "noquery"].iter().any(is_flag) {
                continue;
            }
            let Some(parameter) = Parameter::parse(&word) else {
                let is_path = in_section && target.value.starts_with('/');
                let message = match is_path {
                    true => {
                        "ProxyPass|ProxyPassMatch can not have a path when defined in a location."
                    }
                    false => NO_PARAMETER,
                };
                return Err(Refusal::new(word.range, message));
            };
            if !parameter.key.eq_ignore_ascii_case("mapping") {
                set(&mut pass.parameters, parameter);
            } else if !["encoded", "servlet"]
                .iter()
                .any(|it| it.eq_ignore_ascii_case(&parameter.value))
            {
                return Err(Refusal::new(word.range, "unknown mapping"));
            }
        }
        Ok(pass)
    }

    /// The pattern that the path, or the section around, is.
    pub fn pattern<'a>(&'a self, section: Option<&'a str>) -> Option<&'a str> {
        match (section, &self.path) {
            (Some(section), _) => Some(section).filter(|it| self.is_pattern || is_pattern(it)),
            (None, Some(path)) => Some(path.value.as_str()).filter(|_| self.is_pattern),
            (None, None) => None,
        }
    }

    fn refusal(
        &self,
        text: &str,
        section: Option<&str>,
        surroundings: &dyn Surroundings,
    ) -> Option<Refusal> {
        let Some(target) = &self.target else {
            let end = text.len();
            let message = "ProxyPass|ProxyPassMatch needs a path when not defined in a location";
            return Some(Refusal::new(end..end, message));
        };
        let refused = |message: String| Some(Refusal::new(target.range.clone(), message));
        if url::without_socket(&target.value).is_none() {
            let message = "ProxyPass|ProxyPassMatch uses an invalid \"unix:\" URL";
            return refused(message.to_owned());
        }
        let pattern = self.pattern(section);
        if pattern.is_some_and(|it| regex::mistake(it).is_some()) {
            let range = self.path.as_ref().unwrap_or(target).range.clone();
            let message = "Regular expression could not be compiled.";
            return Some(Refusal::new(range, message));
        }
        if target.value == "!" {
            return None;
        }
        let party = Party::of(&target.value);
        if let Some(message) = party.url_mistake(&target.value, pattern.is_some()) {
            return refused(format!("ProxyPass {message}"));
        }
        party.refused("ProxyPass", &self.parameters, surroundings)
    }
}

/// What httpd refuses in `ProxyPassReverse`.
pub fn reverse(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let words = split(text);
    let second = words.get(1);
    let has_path = second.is_some_and(|it| !it.value.eq_ignore_ascii_case("interpolate"));
    let message = match surroundings.section_path() {
        None if !has_path => "ProxyPassReverse needs a path when not defined in a location",
        Some(_) if has_path => "ProxyPassReverse can not have a path when defined in a location",
        _ => return None,
    };
    let range = words.first()?.range.clone();
    Some(Refusal::new(range, message))
}

/// What httpd refuses in `ProxyRemote` and `ProxyRemoteMatch`.
pub fn remote(directive: &str, text: &str) -> Option<Refusal> {
    let words = split(text);
    let (source, server) = (words.first()?, words.get(1)?);
    let refused =
        |it: &Located<String>, message: String| Some(Refusal::new(it.range.clone(), message));
    let rest = server.value.split_once(':').map_or("", |it| it.1);
    let host = rest.strip_prefix("//").unwrap_or_default();
    if host.is_empty() {
        let message = format!("{directive}: Bad syntax for a remote proxy server");
        return refused(server, message);
    }
    if let Some((_, port)) = host.split_once(':') {
        // `sscanf` puts it into a signed number of 32 bits, which is compared with the highest port.
        let number = strtol(port, 10);
        if number.length == 0 || number.value as i32 > 65535 {
            let message = "Bad syntax for a remote proxy server (bad port number)";
            return refused(server, format!("{directive}: {message}"));
        }
    }
    if directive == "ProxyRemoteMatch" && regex::mistake(&source.value).is_some() {
        let message = "Regular expression for ProxyRemoteMatch could not be compiled.";
        return refused(source, message.to_owned());
    }
    None
}

/// What httpd refuses in `ProxyErrorOverride`.
pub fn error_override(text: &str) -> Vec<Refusal> {
    let mut is_on = None;
    let mut refusals = Vec::new();
    for word in crate::argument::words::until_empty(text) {
        let code = strtol(&word.value, 10).value;
        let is_number = word.value.starts_with(|it: char| it.is_ascii_digit());
        let message = match is_on {
            _ if word.value.eq_ignore_ascii_case("on") => {
                is_on = Some(true);
                continue;
            }
            _ if word.value.eq_ignore_ascii_case("off") => {
                is_on = Some(false);
                continue;
            }
            None => "ProxyErrorOverride first parameter must be one of: off | on",
            Some(_) if !is_number => {
                "ProxyErrorOverride: status codes to intercept must be numeric"
            }
            Some(false) => "ProxyErrorOverride: status codes must follow a value of 'on'",
            Some(true) if !(400..600).contains(&code) => {
                "ProxyErrorOverride: status codes to intercept must be valid HTTP Status Codes \
                 >=400 && <600"
            }
            Some(true) => continue,
        };
        refusals.push(Refusal::new(word.range, message));
    }
    refusals
}
