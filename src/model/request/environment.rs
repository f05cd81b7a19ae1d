//! The environment of a request (`subprocess_env`), as far as the configuration fills it.

use std::collections::BTreeMap;

use super::pass::Pass;
use super::{condition, pattern};
use crate::evaluate::{Placed, arguments_of};
use crate::model::layers::words_of;
use crate::model::{Doubt, Known};
use crate::syntax::words;

/// Variables by their names.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    values: BTreeMap<String, Known<Option<String>>>,
    // What `SetEnv` says of variables that were set before: it comes to light where their names
    // change.
    hidden: BTreeMap<String, Known<Option<String>>>,
    // Set where the configuration itself is in doubt: then any variable may have any value.
    doubt: Option<Doubt>,
}

impl Environment {
    /// The value of a variable; `None` where it is not set.
    ///
    /// # Errors
    /// It depends on something unknown.
    pub fn get(&self, name: &str) -> Known<Option<String>> {
        match (self.values.get(name), &self.doubt) {
            (Some(value), _) => value.clone(),
            (None, Some(doubt)) => Err(doubt.clone()),
            (None, None) => Ok(None),
        }
    }

    /// All variables that something was said of, by their names; unset ones are not among them.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Known<Option<String>>)> {
        let all = self.values.iter().filter(|it| *it.1 != Ok(None));
        all.map(|(name, value)| (name.as_str(), value))
    }

    /// Sets or unsets a variable.
    pub fn set(&mut self, name: &str, value: Known<Option<String>>) {
        self.values.insert(name.to_owned(), value);
    }

    /// What an internal redirect makes of it: every name gets `REDIRECT_` in front.
    pub fn redirected(&self) -> Self {
        let renamed = |(name, value): (&String, &Known<Option<String>>)| {
            let value = self.hidden.get(name).unwrap_or(value);
            (format!("REDIRECT_{name}"), value.clone())
        };
        Self {
            values: self.values.iter().map(renamed).collect(),
            hidden: BTreeMap::new(),
            doubt: self.doubt.clone(),
        }
    }

    fn doubt(&mut self, doubt: Doubt) {
        self.doubt.get_or_insert(doubt);
    }
}

const BY_PATTERN: [&str; 5] = [
    "SetEnvIf",
    "SetEnvIfNoCase",
    "SetEnvIfExpr",
    "BrowserMatch",
    "BrowserMatchNoCase",
];

impl Pass<'_> {
    /// mod_setenvif: it looks at the request, and at what it set itself. What servers say counts
    /// before the URL is decoded.
    pub(super) fn set_by_request(&mut self) {
        for line in self.environment_lines(&BY_PATTERN) {
            self.set_if(&line);
        }
        self.sent_uri = None;
    }

    /// The same for what sections say.
    pub(super) fn set_by_sections(&mut self) {
        let servers = self.servers().count();
        for line in self.environment_lines(&BY_PATTERN) {
            if self.layers.rank(&line).0 >= servers {
                self.set_if(&line);
            }
        }
    }

    /// mod_env: it comes last and looks at nothing.
    pub(super) fn set_always(&mut self) {
        let lines = self.environment_lines(&["PassEnv", "SetEnv", "UnsetEnv"]);
        // What mod_setenvif and mod_rewrite set stays.
        let mut own: Vec<(String, Known<Option<String>>)> = Vec::new();
        for line in lines {
            let words = words_of(&line);
            let name = line.line().name().to_ascii_lowercase();
            match name.as_str() {
                "setenv" => {
                    let value = words.get(1).cloned().unwrap_or_default();
                    own.extend(words.first().map(|it| (it.clone(), Ok(Some(value)))));
                }
                "passenv" => own.extend(words.iter().filter_map(|it| {
                    let value = self.process_variable(it);
                    (value != Ok(None)).then(|| (it.clone(), value))
                })),
                _ => own.retain(|it| !words.contains(&it.0)),
            }
        }
        let mut set = BTreeMap::new();
        set.extend(own);
        for (name, value) in set {
            match self.environment.get(&name) {
                Ok(None) => self.environment.set(&name, value),
                _ => {
                    self.environment.hidden.insert(name, value);
                }
            }
        }
    }

    /// A variable of the process.
    pub fn process_variable(&self, name: &str) -> Known<Option<String>> {
        let environment = self
            .httpd
            .inputs
            .facts
            .of_applications()
            .environment
            .as_ref();
        let unknown = || {
            Doubt::new(format!(
                "the environment that httpd starts with may set `{name}`"
            ))
        };
        let environment = environment.ok_or_else(unknown)?;
        Ok(environment.value.values.get(name).cloned())
    }

    // The lines of all of these, in the order in which httpd has them: by sections.
    fn environment_lines<'p>(&mut self, names: &[&str]) -> Vec<Placed<'p>>
    where
        Self: 'p,
    {
        let mut found: Vec<Placed<'p>> = Vec::new();
        for name in names {
            match self.layers.lines(name) {
                Ok(lines) => found.extend(lines),
                Err(doubt) => self.environment.doubt(doubt),
            }
        }
        let rank = |line: &Placed<'_>| self.layers.rank(line);
        found.sort_by_key(rank);
        found
    }

    fn set_if(&mut self, line: &Placed<'_>) {
        let text = line.occurrence.unit.text(line.node);
        let name = line.line().name().to_ascii_lowercase();
        let mut words = words::split(arguments_of(&text)).into_iter();
        let mut take = || {
            words
                .next()
                .map(|it| it.text.into_owned())
                .unwrap_or_default()
        };
        let attribute = match name.as_str() {
            "setenvif" | "setenvifnocase" => take(),
            _ => "User-Agent".to_owned(),
        };
        let asked = take();
        let found = if name == "setenvifexpr" {
            self.condition(&asked).map(|it| it.then(Vec::new))
        } else {
            let caseless = name.ends_with("nocase");
            self.attribute(&attribute).map(|texts| {
                let mut found = texts
                    .iter()
                    .filter_map(|it| pattern::find(&asked, caseless, it));
                found.next().map(|it| it.groups)
            })
        };
        let assignments: Vec<String> = words.map(|it| it.text.into_owned()).collect();
        for assignment in assignments {
            let (name, value) = match (assignment.strip_prefix('!'), assignment.split_once('=')) {
                (Some(name), _) => (name, None),
                (None, Some((name, value))) => (name, Some(value)),
                (None, None) => (assignment.as_str(), Some("1")),
            };
            match &found {
                Ok(None) => {}
                Ok(Some(groups)) => {
                    let value = value.map(|it| pattern::substituted(it, groups));
                    self.environment.set(name, Ok(value));
                }
                Err(doubt) => self.environment.set(name, Err(doubt.clone())),
            }
        }
    }

    // What `SetEnvIf` looks at. A text that is no name of a header is a pattern for one.
    fn attribute(&self, name: &str) -> Known<Vec<String>> {
        let request = self.request;
        let one = |it: String| Ok(vec![it]);
        match name.to_ascii_lowercase().as_str() {
            "request_uri" => one(self.sent_uri.clone().unwrap_or_else(|| self.uri.clone())),
            "request_method" => one(self.method.clone()),
            "request_protocol" => one(self.variable("SERVER_PROTOCOL")?),
            "remote_addr" => one(request.client()?.to_string()),
            "remote_host" => Err(Doubt::new(
                "the client has the name that its DNS server says",
            )),
            "server_addr" => one(self.variable("SERVER_ADDR")?),
            _ => {
                let is_name = |it: &str| {
                    it.bytes()
                        .all(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_'))
                };
                let mut texts: Vec<String> = request
                    .all_headers()
                    .filter(|it| match is_name(name) {
                        true => it.0.eq_ignore_ascii_case(name),
                        false => pattern::matches(name, true, &it.0),
                    })
                    .map(|it| it.1)
                    .collect();
                if texts.is_empty() && is_name(name) {
                    // What an earlier line set, else an empty text.
                    texts.push(self.environment.get(name)?.unwrap_or_default());
                }
                Ok(texts)
            }
        }
    }

    /// Whether a condition of httpd's expressions holds.
    pub(super) fn condition(&self, text: &str) -> Known<bool> {
        condition::holds(self, text)
    }
}
