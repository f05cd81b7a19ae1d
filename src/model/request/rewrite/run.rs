//! A run of rules, one behind the other (`apply_rewrite_list`).

use super::escapes::Escapes;
use super::is_absolute;
use super::rules::{Rule, Rules};
use crate::argument::number::atoi;
use crate::argument::rewrite::Flag;
use crate::evaluate::Truth;
use crate::facts::Version;
use crate::model::request::location;
use crate::model::request::pass::{End, Pass};
use crate::model::request::pattern::{self, Groups};
use crate::model::{Doubt, Known};

/// What a list of rules came to.
pub(super) enum Rewritten {
    /// No rule changed the URL.
    Unchanged,
    /// The new URL or path, to be mapped as a file.
    Changed,
    /// The new URL, to be mapped by the other modules.
    PassedThrough,
    /// A URL for mod_proxy.
    Proxied,
    /// Answered at once.
    Ended(End),
}

/// The state of a run.
pub(super) struct Run {
    // The text that rules look at and change.
    pub(super) text: String,
    pub(super) query: Option<String>,
    pub(super) groups: Groups,
    pub(super) condition_groups: Groups,
    pub(super) redirect: Option<u16>,
    // Whether the last rule that changed the text keeps it from being escaped.
    pub(super) is_verbatim: bool,
    // Whether a request brings a question mark into the text, which the rule does not allow.
    is_query_refused: bool,
}

impl Run {
    /// Whether there is something in the query that no URL may have, and that is not escaped.
    pub(super) fn is_unsafe(&self) -> bool {
        let is_escaped = is_absolute(&self.text) && !self.is_verbatim;
        let is_bad = |it: char| it.is_ascii_control() || it == ' ';
        !is_escaped && self.query.as_ref().is_some_and(|it| it.contains(is_bad))
    }

    /// The redirect to a URL; `before` is the query of the request.
    pub(super) fn end_elsewhere(&self, before: Option<&str>) -> End {
        let mut url = match self.is_verbatim {
            true => self.text.clone(),
            false => location::escaped_url(&self.text),
        };
        if let Some(query) = &self.query {
            let is_sent = self.is_verbatim || before == Some(query.as_str());
            let query = match is_sent {
                true => query.clone(),
                false => location::escaped(query),
            };
            url = format!("{url}?{query}");
        }
        End::redirected(self.redirect.unwrap_or(302), url)
    }

    /// In a URL, the path of the directory becomes that of `RewriteBase`.
    pub(super) fn put_base(&mut self, directory: &str, base: &str) {
        let authority = self.text.find("://").map_or(0, |it| it + 3);
        let Some(at) = self.text[authority..].find('/') else {
            return;
        };
        let (host, path) = self.text.split_at(authority + at);
        if let Some(rest) = path.strip_prefix(directory) {
            self.text = format!("{host}{}/{rest}", base.trim_end_matches('/'));
        }
    }

    /// A run that begins with a text and a query.
    pub(super) fn of(text: &str, query: Option<String>) -> Self {
        Self {
            text: text.to_owned(),
            query,
            groups: Groups::new(),
            condition_groups: Groups::new(),
            redirect: None,
            is_verbatim: false,
            is_query_refused: false,
        }
    }
}

/// More rounds than any rules need that come to an end.
const MOST_ROUNDS: usize = 1000;

impl<'a> Pass<'a> {
    pub(super) fn run_rules(&mut self, rules: &Rules<'a>, run: &mut Run) -> Known<Rewritten> {
        let mut changed = false;
        let mut at = 0;
        let mut rounds = 0;
        let is_looking = self.is_subrequest || self.is_continued;
        while let Some(rule) = rules.list.get(at) {
            at += 1;
            if is_looking && rule.is_for_clients() {
                continue;
            }
            let Some(is_substitution) = self.apply(rules, rule, run)? else {
                // What is chained to a rule that does not apply does not either.
                let mut chained = rule.has(&["C", "chain"]);
                while chained && let Some(next) = rules.list.get(at) {
                    chained = next.has(&["C", "chain"]);
                    at += 1;
                }
                continue;
            };
            changed |= is_substitution;
            self.explain("rewritten".to_owned(), Some(rule.line));
            if run.is_query_refused {
                let message = "AH10508: Unsafe URL with %3f URL rewritten without UnsafeAllow3F";
                return Ok(Rewritten::Ended(End::refused(403, message)));
            }
            if let Some(status) = rule.status() {
                return Ok(Rewritten::Ended(End::refused(status, "")));
            }
            if rule.has(&["P", "proxy"]) {
                return Ok(Rewritten::Proxied);
            }
            if rule.has(&["PT", "passthrough"]) {
                return Ok(Rewritten::PassedThrough);
            }
            if rule.has(&["END"]) {
                self.is_rewritten_for_good = true;
                break;
            }
            if rule.has(&["L", "last"]) {
                break;
            }
            if rule.has(&["N", "next"]) {
                rounds += 1;
                if rounds > MOST_ROUNDS {
                    return Ok(Rewritten::Ended(End::refused(
                        500,
                        "exceeded maximum number of rounds",
                    )));
                }
                at = 0;
            }
            if let Some(skipped) = rule.flag(&["S", "skip"]) {
                at += usize::try_from(atoi(skipped)).unwrap_or(0);
            }
        }
        Ok(match changed {
            true => Rewritten::Changed,
            false => Rewritten::Unchanged,
        })
    }

    // Whether a rule applies, and whether it puts another text in place.
    fn apply(&mut self, rules: &Rules<'a>, rule: &Rule<'a>, run: &mut Run) -> Known<Option<bool>> {
        let directory = rules.directory.as_deref();
        let looked_at = match directory {
            Some(directory) => run.text.strip_prefix(directory).unwrap_or(&run.text),
            None => &run.text,
        };
        let (negated, asked) = match rule.arguments.first.value.strip_prefix('!') {
            Some(asked) => (true, asked),
            None => (false, rule.arguments.first.value.as_str()),
        };
        let caseless = rule.has(&["NC", "nocase"]);
        let found = pattern::find(asked, caseless, looked_at);
        if found.is_some() == negated {
            let looked_at = looked_at.to_owned();
            self.pass_over(&rule.line, |_| match negated {
                true => format!("`{asked}` matches `{looked_at}`"),
                false => format!("`{asked}` matches nothing of `{looked_at}`"),
            });
            return Ok(None);
        }
        run.groups = found.map(|it| it.groups).unwrap_or_default();
        run.condition_groups = Groups::new();
        if !self.conditions_hold(&rule.conditions, run)? {
            let what = "what `RewriteCond` asks for does not hold";
            self.pass_over(&rule.line, |_| what.to_owned());
            return Ok(None);
        }
        if rule.line.node.uncertain {
            return Err(Doubt::new(
                "a rule depends on a condition that is not decided",
            ));
        }
        self.set_variables(rule, run);
        if let Some(handler) = rule.flag(&["H", "handler"]) {
            self.forced_handler = Some(self.expand(handler, run)?);
        }
        if rule.status().is_some() {
            return Ok(Some(false));
        }
        let target = rule.arguments.second.value.as_str();
        if target == "-" {
            run.redirect = rule.redirect().or(run.redirect);
            return Ok(Some(false));
        }
        let expanded = self.expand_escaped(target, run, Escapes::of(rule).as_ref())?;
        if expanded.is_query_brought && !rule.has(&["UnsafeAllow3F"]) {
            if !self.refuses_questions() {
                let why = "whether this httpd lets a request bring a question mark into a rule";
                return Err(Doubt::new(format!("{why} is not known")));
            }
            run.is_query_refused = true;
            return Ok(Some(false));
        }
        let mut text = expanded.text;
        run.is_verbatim = rule.has(&["NE", "noescape"]);
        self.take_query(rule, run, &mut text);
        if let Some(directory) = directory
            && !text.starts_with('/')
            && !is_absolute(&text)
        {
            text = format!("{directory}{text}");
        }
        if let Some(status) = rule.redirect().filter(|it| (300..400).contains(it)) {
            run.redirect = Some(status);
            if !is_absolute(&text) {
                let slash = if text.starts_with('/') { "" } else { "/" };
                text = self.own_url(&format!("{slash}{text}"))?;
            }
        } else if let Some(path) = self.own_path(&text)? {
            text = path;
        }
        run.text = text;
        Ok(Some(true))
    }

    // Since 2.4.60; who packages an older one may have put it in.
    fn refuses_questions(&self) -> bool {
        let is_since = self.httpd.inputs.facts.is_since(Version::new(2, 4, 60));
        is_since.unwrap_or(true)
    }

    // The path of a URL of this server (`reduce_uri`).
    fn own_path(&self, text: &str) -> Known<Option<String>> {
        let scheme = if self.request.is_tls {
            "https://"
        } else {
            "http://"
        };
        let Some(rest) = text.strip_prefix(scheme) else {
            return Ok(None);
        };
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let usual = if self.request.is_tls { 443 } else { 80 };
        let (host, port) = match authority.split_once(':') {
            Some((host, port)) => (host, port.parse().unwrap_or(usual)),
            None => (authority, usual),
        };
        let server = self.httpd.servers.get(self.server.server);
        let is_own = server.is_called(host) == Truth::True && self.server_port()? == port;
        Ok(is_own.then(|| if path.is_empty() { "/" } else { path }.to_owned()))
    }

    fn take_query(&self, rule: &Rule<'a>, run: &mut Run, text: &mut String) {
        let discards = rule.has(&["QSD", "qsdiscard"]);
        let appends = rule.has(&["QSA", "qsappend"]);
        if discards {
            run.query = None;
        }
        let Some((path, query)) = text.split_once('?') else {
            return;
        };
        let old = run.query.take().filter(|it| appends && !it.is_empty());
        run.query = match (query, old) {
            ("", old) => old,
            (new, Some(old)) => Some(format!("{new}&{old}")),
            (new, None) => Some(new.to_owned()),
        };
        *text = path.to_owned();
    }

    fn set_variables(&mut self, rule: &Rule<'a>, run: &Run) {
        let is_env = |it: &&Flag| {
            ["E", "env"]
                .iter()
                .any(|name| name.eq_ignore_ascii_case(&it.name.value))
        };
        for flag in rule.flags.iter().filter(is_env) {
            let expanded = self.expand(&flag.value.value, run);
            match expanded {
                Ok(text) => match (text.strip_prefix('!'), text.split_once(':')) {
                    (Some(name), _) => self.environment.set(name, Ok(None)),
                    (None, Some((name, value))) => {
                        self.environment.set(name, Ok(Some(value.to_owned())));
                    }
                    (None, None) => self.environment.set(&text, Ok(Some(String::new()))),
                },
                Err(doubt) => {
                    let name = flag.value.value.split(':').next().unwrap_or_default();
                    self.environment.set(name, Err(doubt));
                }
            }
        }
    }
}
