//! `Require`: a tree of what grants access (mod_authz_core).

use super::pass::Pass;
use super::{condition, pattern};
use crate::argument::require;
use crate::evaluate::{Placed, arguments_of};
use crate::httpd::NameId;
use crate::model::layers::{first_word, words_of};
use crate::model::scope::{About, Body, Entry};
use crate::model::{Doubt, Known};
use crate::syntax::words;

const REQUIRE: NameId = NameId::of("Require");
const AUTH_MERGING: NameId = NameId::of("AuthMerging");

/// What a part of the tree says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Granted,
    Denied,
    Neutral,
    /// Denied, but a user might be granted access.
    NeedsUser,
}

/// A part of the tree.
#[derive(Debug, Clone)]
enum Node {
    /// `<RequireAll>`.
    All(Vec<Node>),
    /// `<RequireAny>`.
    Any(Vec<Node>),
    /// `<RequireNone>`.
    None(Vec<Node>),
    /// A `Require` that is about other methods.
    Unasked,
    /// `Require [not] PROVIDER …`.
    Provider {
        negated: bool,
        name: String,
        rest: String,
        uncertain: bool,
    },
}

/// The providers that look at who the user is.
const ABOUT_USERS: [&str; 12] = [
    "user",
    "group",
    "valid-user",
    "file-owner",
    "file-group",
    "ldap-user",
    "ldap-group",
    "dbm-group",
    "dbd-group",
    "wsgi-group",
    "ldap-filter",
    "ldap-attribute",
];

impl Node {
    // Whether all that is in it is about other methods.
    fn is_unasked(&self) -> bool {
        match self {
            Node::Unasked => true,
            Node::All(children) | Node::Any(children) | Node::None(children) => {
                !children.is_empty() && children.iter().all(Node::is_unasked)
            }
            Node::Provider { .. } => false,
        }
    }
}

/// What `AuthMerging` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Merging {
    /// Nothing: what is required here counts alone, but nothing leaves what was there.
    #[default]
    Unset,
    Off,
    And,
    Or,
}

/// What some sections require together, and how that is merged with what was required before.
#[derive(Debug, Clone, Default)]
struct Requirements {
    merging: Merging,
    tree: Option<Node>,
}

impl Requirements {
    fn of(pass: &Pass<'_>, body: &Body) -> Self {
        let own = pass.requirements(body);
        let mut lines = body.named(pass.httpd.config, AUTH_MERGING);
        let word = lines.next_back().as_ref().and_then(first_word);
        let word = word.map(|it| it.to_ascii_lowercase());
        Self {
            merging: match word.as_deref() {
                Some("and") => Merging::And,
                Some("or") => Merging::Or,
                Some(_) => Merging::Off,
                None => Merging::Unset,
            },
            tree: (!own.is_empty()).then_some(Node::Any(own)),
        }
    }

    fn is_empty(&self) -> bool {
        self.tree.is_none() && self.merging == Merging::Unset
    }

    // mod_authz_core's `merge_authz_core_dir_config`.
    fn merged(self, newer: Self) -> Self {
        if newer.is_empty() {
            return self;
        }
        let tree = match (newer.merging, self.tree, newer.tree) {
            (Merging::And, Some(older), Some(own)) => Some(Node::All(vec![older, own])),
            (Merging::Or, Some(older), Some(own)) => Some(Node::Any(vec![older, own])),
            (Merging::And | Merging::Or, older, own) => own.or(older),
            (_, _, own) => own,
        };
        Self {
            merging: newer.merging,
            tree,
        }
    }
}

impl<'a> Pass<'a> {
    /// What all `Require` that count say together; `None` where there is none.
    pub(super) fn authorization(&self) -> Known<Option<Verdict>> {
        // Sections of one kind are merged with each other first, and what comes of them with what
        // comes of those before.
        let mut all = Requirements::default();
        let mut start = 0;
        for end in self.boundaries.iter().copied().chain([usize::MAX]) {
            let end = end.min(self.layers.list.len());
            let mut group = Requirements::default();
            for layer in self.layers.list.get(start..end).unwrap_or_default() {
                let own = Requirements::of(self, layer.body);
                if let (Some(doubt), false) = (&layer.doubt, own.is_empty()) {
                    return Err(doubt.clone());
                }
                group = group.merged(own);
            }
            all = all.merged(group);
            start = end;
        }
        let verdict = |it: Node| match it.is_unasked() {
            true => Ok(Verdict::Granted),
            false => self.verdict(&it),
        };
        all.tree.map(verdict).transpose()
    }

    /// The `Require` lines that count.
    pub(super) fn required_lines(&self) -> Vec<Placed<'a>> {
        let mut found: Vec<Placed<'a>> = Vec::new();
        for layer in &self.layers.list {
            let config = self.httpd.config;
            let own: Vec<Placed<'a>> = layer.body.named(config, REQUIRE).collect();
            let merging = layer.body.named(config, AUTH_MERGING).next_back();
            let merging = merging.as_ref().and_then(first_word).unwrap_or_default();
            let adds = merging.eq_ignore_ascii_case("and") || merging.eq_ignore_ascii_case("or");
            if !own.is_empty() && !adds {
                found.clear();
            }
            found.extend(own);
        }
        found
    }

    // What one section requires of this method.
    fn requirements(&self, body: &Body) -> Vec<Node> {
        let mut found = Vec::new();
        for entry in &body.entries {
            match entry {
                Entry::Directive(place) => {
                    let line = self.httpd.config.placed(*place);
                    if line.node.name != Some(REQUIRE) {
                        continue;
                    }
                    let text = line.occurrence.unit.text(line.node);
                    let text = arguments_of(&text);
                    let parsed = require::Require::parse(text);
                    found.push(Node::Provider {
                        negated: parsed.is_negative,
                        name: parsed.provider.value.to_ascii_lowercase(),
                        rest: text[parsed.rest].trim().to_owned(),
                        uncertain: line.node.uncertain,
                    });
                }
                Entry::Section(section) => match &section.about {
                    About::Limit { methods, except } => {
                        let own = self.requirements(&section.body);
                        match self.is_limited(methods, *except) {
                            true => found.extend(own),
                            // Of another method, nothing is asked.
                            false => found.extend(own.iter().map(|_| Node::Unasked)),
                        }
                    }
                    About::Other(name) => {
                        let inner = || self.requirements(&section.body);
                        match name.as_str() {
                            "<RequireAll" => found.push(Node::All(inner())),
                            "<RequireAny" => found.push(Node::Any(inner())),
                            "<RequireNone" => found.push(Node::None(inner())),
                            _ => {}
                        }
                    }
                    _ => {}
                },
            }
        }
        found
    }

    /// Whether a `<Limit>` or `<LimitExcept>` is about the method of the request.
    pub(super) fn is_limited(&self, methods: &[String], except: bool) -> bool {
        // Who asks for the head alone asks with `GET`.
        let is_read = |it: &str| matches!(it, "GET" | "HEAD");
        let is_meant = |it: &String| *it == self.method || is_read(it) && is_read(&self.method);
        methods.iter().any(is_meant) != except
    }

    fn verdict(&self, node: &Node) -> Known<Verdict> {
        match node {
            Node::Unasked => Ok(Verdict::Neutral),
            Node::All(children) => self.all(children),
            Node::Any(children) => self.any(children),
            Node::None(children) => self.any(children).map(negated),
            Node::Provider {
                negated: is_negated,
                name,
                rest,
                uncertain,
            } => {
                if *uncertain {
                    let why = "`Require` depends on a condition that is not decided";
                    return Err(Doubt::new(why));
                }
                let verdict = self.ask_provider(name, rest)?;
                Ok(if *is_negated {
                    negated(verdict)
                } else {
                    verdict
                })
            }
        }
    }

    fn all(&self, children: &[Node]) -> Known<Verdict> {
        let mut verdict = Ok(Verdict::Neutral);
        for child in children {
            let own = match child.is_unasked() {
                true => Ok(Verdict::Granted),
                false => self.verdict(child),
            };
            verdict = match (own, verdict) {
                (Ok(Verdict::Denied), _) => return Ok(Verdict::Denied),
                (Err(doubt), _) | (_, Err(doubt)) => Err(doubt),
                (Ok(Verdict::NeedsUser), _) => Ok(Verdict::NeedsUser),
                (Ok(child), Ok(Verdict::Neutral)) => Ok(child),
                (_, known) => known,
            };
        }
        verdict
    }

    fn any(&self, children: &[Node]) -> Known<Verdict> {
        let mut verdict = Ok(Verdict::Neutral);
        for child in children {
            verdict = match (self.verdict(child), verdict) {
                (Ok(Verdict::Granted), _) => return Ok(Verdict::Granted),
                (Err(doubt), _) | (_, Err(doubt)) => Err(doubt),
                (Ok(Verdict::NeedsUser), Ok(Verdict::Denied)) => Ok(Verdict::NeedsUser),
                (Ok(child), Ok(Verdict::Neutral)) => Ok(child),
                (_, known) => known,
            };
        }
        verdict
    }

    fn ask_provider(&self, name: &str, rest: &str) -> Known<Verdict> {
        let grant = |is: bool| {
            if is {
                Verdict::Granted
            } else {
                Verdict::Denied
            }
        };
        let words = words::split(rest);
        let words: Vec<String> = words.iter().map(|it| it.text.to_string()).collect();
        let words = words.iter().map(String::as_str);
        let request = self.request;
        match name {
            "all" => Ok(grant(rest.eq_ignore_ascii_case("granted"))),
            "ip" => self.is_in_any(words).map(grant),
            "local" => {
                let client = request.client()?;
                Ok(grant(
                    client.is_loopback() || Some(client) == request.address,
                ))
            }
            "method" => {
                let methods: Vec<String> = words.map(str::to_owned).collect();
                Ok(grant(self.is_limited(&methods, false)))
            }
            "env" => {
                for word in words {
                    if self.environment.get(word)?.is_some() {
                        return Ok(Verdict::Granted);
                    }
                }
                Ok(Verdict::Denied)
            }
            "expr" => {
                // The whole text may be quoted.
                let quoted = rest.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
                condition::holds(self, quoted.unwrap_or(rest)).map(grant)
            }
            "ssl" => Ok(grant(request.is_tls)),
            _ if ABOUT_USERS.contains(&name) => {
                let Some(user) = &self.user else {
                    return Ok(Verdict::NeedsUser);
                };
                let all: Vec<String> = words.map(str::to_owned).collect();
                match name {
                    "valid-user" => Ok(Verdict::Granted),
                    "user" => Ok(grant(all.contains(user))),
                    "group" => self.is_in_group(user, &all).map(grant),
                    _ => Err(Doubt::new(format!("`Require {name}` asks about the user"))),
                }
            }
            _ => match self.provider_alias(name) {
                Some((base, rest)) if base != name => self.ask_provider(&base, &rest),
                _ => Err(Doubt::new(format!(
                    "`Require {name}` is not decided from here"
                ))),
            },
        }
    }

    // What a `<AuthzProviderAlias>` of the name stands for: a provider and its argument.
    fn provider_alias(&self, name: &str) -> Option<(String, String)> {
        let sections = self.servers().flat_map(Body::sections);
        let found = sections.filter_map(|section| {
            let About::Other(kind) = &section.about else {
                return None;
            };
            let mut words = words_of(&self.httpd.config.placed(section.place)).into_iter();
            let (base, own) = (words.next()?, words.next()?);
            let is_meant = kind == "<AuthzProviderAlias" && own.eq_ignore_ascii_case(name);
            let rest: Vec<String> = words.collect();
            let rest = rest.join(" ").trim_end_matches('>').trim().to_owned();
            is_meant.then(|| (base.to_ascii_lowercase(), rest))
        });
        found.last()
    }

    fn is_in_any<'t>(&self, networks: impl Iterator<Item = &'t str>) -> Known<bool> {
        let client = self.request.client()?;
        for network in networks {
            if condition::contains(network, client)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a name of `Allow` or `Deny` is that of the client.
    pub(super) fn is_client(&self, name: &str) -> Known<bool> {
        if name.eq_ignore_ascii_case("all") {
            return Ok(true);
        }
        if let Some(variable) = name.strip_prefix("env=") {
            return Ok(match variable.strip_prefix('!') {
                Some(variable) => self.environment.get(variable)?.is_none(),
                None => self.environment.get(variable)?.is_some(),
            });
        }
        if pattern::matches("^[0-9.]+(/|$)|:", false, name) {
            return condition::contains(name, self.request.client()?);
        }
        Err(Doubt::new(format!(
            "whether the client is called `{name}` only its DNS server says"
        )))
    }
}

// Who is not denied is not granted anything by that alone.
fn negated(verdict: Verdict) -> Verdict {
    match verdict {
        Verdict::Granted => Verdict::Denied,
        _ => Verdict::Neutral,
    }
}
