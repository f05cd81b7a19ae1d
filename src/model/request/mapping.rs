//! From the URL to a file, or to another server (`translate_name`).
//!
//! The order is that of the modules' hooks, whatever the order of the lines: mod_rewrite,
//! mod_proxy, mod_alias with redirects first, mod_wsgi, and `DocumentRoot` last.

use super::pass::{End, Pass};
use super::{condition, pattern};
use crate::argument::redirect::status;
use crate::argument::wsgi::script::{Role, Script};
use crate::evaluate::{Placed, arguments_of};
use crate::httpd::NameId;
use crate::model::layers::{Layer, first_word, words_of};
use crate::model::scope::About;
use crate::model::{Doubt, Known};

/// The directives that mod_alias answers with a redirect.
pub(super) const REDIRECTS: [NameId; 4] = [
    NameId::of("Redirect"),
    REDIRECT_MATCH,
    NameId::of("RedirectTemp"),
    REDIRECT_PERMANENT,
];

const REDIRECT_MATCH: NameId = NameId::of("RedirectMatch");
const REDIRECT_PERMANENT: NameId = NameId::of("RedirectPermanent");

const ALIASES: [NameId; 4] = [ALIAS, ALIAS_MATCH, SCRIPT_ALIAS, SCRIPT_ALIAS_MATCH];

const ALIAS: NameId = NameId::of("Alias");
const ALIAS_MATCH: NameId = NameId::of("AliasMatch");
const SCRIPT_ALIAS: NameId = NameId::of("ScriptAlias");
const SCRIPT_ALIAS_MATCH: NameId = NameId::of("ScriptAliasMatch");

/// Those that sections may hold, which say the path.
const SECTION_ALIASES: [NameId; 2] = [ALIAS, SCRIPT_ALIAS];

const PASSES: [NameId; 2] = [PROXY_PASS, PROXY_PASS_MATCH];

const PROXY_PASS: NameId = NameId::of("ProxyPass");
const PROXY_PASS_MATCH: NameId = NameId::of("ProxyPassMatch");

/// The directives that mount scripts of Python.
pub const MOUNTS: [NameId; 2] = [NameId::of("WSGIScriptAlias"), MOUNT_BY_PATTERN];

/// The one of them with a regular expression.
pub const MOUNT_BY_PATTERN: NameId = NameId::of("WSGIScriptAliasMatch");

/// Who mapped a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mapped<'a> {
    /// Nobody yet.
    Nothing,
    /// `DocumentRoot`.
    DocumentRoot,
    /// `RewriteRule`.
    Rewrite,
    /// `Alias` or `ScriptAlias`.
    Alias,
    /// `WSGIScriptAlias`.
    Mount(Box<Mount<'a>>),
    /// mod_proxy, to this URL.
    Proxy(String),
}

/// A `WSGIScriptAlias` or `WSGIScriptAliasMatch` that took a request.
#[derive(Debug, Clone)]
pub struct Mount<'a> {
    /// The directive.
    pub line: Placed<'a>,
    /// What it says.
    pub directive: Script,
    /// The part of the URL that it took; `/` of a mount at the root.
    pub location: String,
    /// The script, or the directory of scripts.
    pub target: String,
}

impl PartialEq for Mount<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.line.id == other.line.id && self.location == other.location
    }
}

impl Eq for Mount<'_> {}

impl<'a> Pass<'a> {
    /// Maps the URL. An [`End`] answers the request at once.
    pub(super) fn translate(&mut self) -> Known<Option<End>> {
        if self.httpd.has("rewrite_module")?
            && let Some(end) = self.rewrite_url()?
        {
            return Ok(Some(end));
        }
        if self.mapped != Mapped::Nothing {
            return Ok(None);
        }
        if self.httpd.has("proxy_module")? && self.map_to_proxy()? {
            return Ok(None);
        }
        if self.httpd.has("alias_module")? {
            if let Some(end) = self.redirect()? {
                return Ok(Some(end));
            }
            if self.map_by_alias()? {
                return Ok(None);
            }
        }
        if self.httpd.has("wsgi_module")? && self.map_to_script()? {
            return Ok(None);
        }
        self.take_over("userdir_module", "UserDir")?;
        self.take_over("vhost_alias_module", "VirtualDocumentRoot")?;
        self.take_over("vhost_alias_module", "VirtualScriptAlias")?;
        self.filename = format!("{}{}", self.document_root()?, self.uri);
        self.mapped = Mapped::DocumentRoot;
        Ok(None)
    }

    // A module whose mapping depends on what is known only at run time.
    fn take_over(&self, module: &str, directive: &str) -> Known<()> {
        let is_said = self.httpd.has(module)? && !self.layers.lines(directive)?.is_empty();
        let concerns = directive != "UserDir" || self.uri.starts_with("/~");
        match is_said && concerns {
            true => Err(Doubt::new(format!("`{directive}` maps the URL"))),
            false => Ok(()),
        }
    }

    /// The directory of the documents, without a slash at its end.
    pub(super) fn document_root(&self) -> Known<String> {
        let word = self.layers.word("DocumentRoot")?;
        let word = word.ok_or_else(|| Doubt::new("no `DocumentRoot` is set"))?;
        let path = self.httpd.resolve(&word);
        Ok(path.trim_end_matches('/').to_owned())
    }

    fn map_to_proxy(&mut self) -> Known<bool> {
        // Of a section, the whole URL behind its path is passed on.
        let locations: Vec<_> = self.locations().collect();
        for section in locations.iter().rev() {
            let mut lines = section.body.named(self.httpd.config, PROXY_PASS);
            if let (Some(line), About::Location(path)) = (lines.next_back(), &section.about) {
                let target = first_word(&line).unwrap_or_default();
                let matched = alias_match(&self.uri, path).unwrap_or(0);
                return Ok(self.pass_to(&target, matched, &line));
            }
        }
        let lines = self.server_layers().possible(&PASSES);
        for line in lines {
            let words = words_of(&line);
            let is_pattern = line.node.name == Some(PROXY_PASS_MATCH);
            let [path, target, ..] = words.as_slice() else {
                continue;
            };
            if line.node.uncertain {
                return Err(Doubt::new(
                    "`ProxyPass` depends on a condition that is not decided",
                ));
            }
            if is_pattern {
                if let Some(found) = pattern::find(path, false, &self.uri) {
                    let target = pattern::substituted(target, &found.groups);
                    return Ok(self.pass_to(&target, self.uri.len(), &line));
                }
            } else if let Some(matched) = alias_match(&self.uri, path) {
                return Ok(self.pass_to(target, matched, &line));
            }
        }
        Ok(false)
    }

    // `!` leaves the URL to the other modules.
    fn pass_to(&mut self, target: &str, matched: usize, line: &Placed<'a>) -> bool {
        if target == "!" {
            return false;
        }
        let rest = self.uri.get(matched..).unwrap_or_default();
        let url = format!("{target}{rest}");
        self.explain(format!("passed on to `{url}`"), Some(*line));
        self.mapped = Mapped::Proxy(url);
        true
    }

    fn redirect(&mut self) -> Known<Option<End>> {
        let sections = self.layers.list.iter().skip(self.servers().count());
        let locations: Vec<Layer<'a>> = sections.cloned().collect();
        for layer in locations.iter().rev() {
            let lines = layer.body.named_any(self.httpd.config, &REDIRECTS);
            if let Some(line) = lines.last() {
                if let Some(doubt) = &layer.doubt {
                    return Err(doubt.clone());
                }
                if let Some(end) = self.redirect_by(line, true)? {
                    return Ok(Some(end));
                }
            }
        }
        let lines = self.server_layers().possible(&REDIRECTS);
        for line in lines {
            if let Some(end) = self.redirect_by(&line, false)? {
                return Ok(Some(end));
            }
        }
        Ok(None)
    }

    /// Redirects by one line, if it is about this URL. In a section, the path may be left out.
    pub(super) fn redirect_by(
        &mut self,
        line: &Placed<'a>,
        in_section: bool,
    ) -> Known<Option<End>> {
        let mut words = words_of(line);
        let mut code = match line.node.name {
            Some(REDIRECT_PERMANENT) => 301,
            _ => 302,
        };
        if let Some(written) = words.first().and_then(|it| status(it)) {
            code = written;
            words.remove(0);
        }
        let is_away = !(300..400).contains(&code);
        let (path, target) = match words.as_slice() {
            [] => (None, None),
            [target] if in_section && !is_away => (None, Some(target)),
            [path] => (Some(path), None),
            [path, target, ..] => (Some(path), Some(target)),
        };
        let location = match (path, target) {
            (None, Some(target)) => condition::text(self, target)?,
            (None, None) if in_section => String::new(),
            (None, None) => return Ok(None),
            (Some(path), target) => {
                let target = target.map(String::as_str).unwrap_or_default();
                if line.node.name == Some(REDIRECT_MATCH) {
                    match pattern::find(path, false, &self.uri) {
                        Some(found) => pattern::substituted(target, &found.groups),
                        None => return Ok(None),
                    }
                } else {
                    match alias_match(&self.uri, path) {
                        Some(matched) => format!("{target}{}", &self.uri[matched..]),
                        None => return Ok(None),
                    }
                }
            }
        };
        if line.node.uncertain {
            return Err(Doubt::new(
                "a redirect depends on a condition that is not decided",
            ));
        }
        self.explain("redirected".to_owned(), Some(*line));
        let code = u16::try_from(code).unwrap_or(302);
        Ok(Some(End::redirected(code, location)))
    }

    fn map_by_alias(&mut self) -> Known<bool> {
        let locations: Vec<_> = self.locations().collect();
        for section in locations.iter().rev() {
            let lines = section.body.named_any(self.httpd.config, &SECTION_ALIASES);
            if let Some(line) = lines.last() {
                let words = words_of(line);
                let [target] = words.as_slice() else { continue };
                let file = condition::text(self, target)?;
                return Ok(self.alias_to(file, line));
            }
        }
        let lines = self.server_layers().possible(&ALIASES);
        for line in lines {
            let words = words_of(&line);
            let [path, target, ..] = words.as_slice() else {
                continue;
            };
            let is_pattern = matches!(line.node.name, Some(ALIAS_MATCH | SCRIPT_ALIAS_MATCH));
            let file = if is_pattern {
                let found = pattern::find(path, false, &self.uri);
                found.map(|it| pattern::substituted(target, &it.groups))
            } else {
                let matched = alias_match(&self.uri, path);
                matched.map(|it| format!("{target}{}", &self.uri[it..]))
            };
            let Some(file) = file else { continue };
            if line.node.uncertain {
                return Err(Doubt::new(
                    "an alias depends on a condition that is not decided",
                ));
            }
            return Ok(self.alias_to(file, &line));
        }
        Ok(false)
    }

    fn alias_to(&mut self, file: String, line: &Placed<'a>) -> bool {
        if matches!(line.node.name, Some(SCRIPT_ALIAS | SCRIPT_ALIAS_MATCH)) {
            self.handler = Some("cgi-script".to_owned());
        }
        self.explain(format!("mapped to `{file}`"), Some(*line));
        self.filename = match file.starts_with('/') {
            true => file,
            false => self.httpd.resolve(&file),
        };
        self.mapped = Mapped::Alias;
        true
    }

    // mod_wsgi's `wsgi_hook_intercept`: a virtual host's own mounts come first.
    fn map_to_script(&mut self) -> Known<bool> {
        let lines = self.server_layers().possible(&MOUNTS);
        for line in lines {
            let Some(mount) = mount(&line, &self.uri) else {
                continue;
            };
            if line.node.uncertain {
                return Err(Doubt::new(
                    "a mount depends on a condition that is not decided",
                ));
            }
            let rest = match mount.location.as_str() {
                "/" => self.uri.as_str(),
                _ => &self.uri[mount.location.len()..],
            };
            self.filename = format!("{}{rest}", mount.target);
            self.explain(format!("mounted on `{}`", mount.target), Some(line));
            self.handler = Some(SCRIPT.to_owned());
            self.mapped = Mapped::Mount(Box::new(mount));
            return Ok(true);
        }
        Ok(false)
    }

    /// The script that a mount says, if one took the request and it is no directory.
    pub(super) fn script_of_mount(&self) -> Option<&str> {
        match &self.mapped {
            Mapped::Mount(mount) if !mount.target.ends_with('/') => Some(&mount.target),
            _ => None,
        }
    }
}

/// The handler of mod_wsgi.
pub(super) const SCRIPT: &str = "wsgi-script";

fn mount<'a>(line: &Placed<'a>, uri: &str) -> Option<Mount<'a>> {
    let text = line.occurrence.unit.text(line.node);
    let role = match line.node.name == Some(MOUNT_BY_PATTERN) {
        true => Role::AliasMatch,
        false => Role::Alias,
    };
    let directive = Script::parse(role, arguments_of(&text));
    let subject = &directive.subject.as_ref()?.value;
    let (matched, target) = match role {
        Role::AliasMatch => {
            let found = pattern::find(subject, false, uri)?;
            let target = pattern::substituted(&directive.file.value, &found.groups);
            (found.end, target)
        }
        _ => (alias_match(uri, subject)?, directive.file.value.clone()),
    };
    // Where nothing of the URL was matched, mod_wsgi takes it for no match.
    let taken = uri.get(..matched).filter(|it| !it.is_empty())?;
    Some(Mount {
        line: *line,
        location: match subject.as_str() {
            "/" if role == Role::Alias => "/".to_owned(),
            _ => taken.to_owned(),
        },
        target,
        directive,
    })
}

/// How much of a URL a path takes (`alias_matches`): several slashes are one, and the last name of
/// the path must be matched to its end.
pub(super) fn alias_match(uri: &str, path: &str) -> Option<usize> {
    let (uri, path) = (uri.as_bytes(), path.as_bytes());
    let (mut at, mut in_path) = (0, 0);
    while let Some(byte) = path.get(in_path) {
        if uri.get(at) != Some(byte) {
            return None;
        }
        (at, in_path) = (at + 1, in_path + 1);
        if *byte == b'/' {
            while path.get(in_path) == Some(&b'/') {
                in_path += 1;
            }
            while uri.get(at) == Some(&b'/') {
                at += 1;
            }
        }
    }
    let ends_well = path.last()? == &b'/' || uri.get(at).is_none_or(|it| *it == b'/');
    ends_well.then_some(at)
}

#[cfg(test)]
mod tests {
    use super::alias_match;

    #[test]
    fn a_path_takes_whole_names() {
        for (uri, path, taken) in [
            ("/app", "/app", Some(4)),
            ("/app/x", "/app", Some(4)),
            ("/apple", "/app", None),
            ("/app//x", "/app/", Some(6)),
            ("/app", "/app/", None),
            ("/a/b", "//a///b", Some(4)),
            ("/x", "/", Some(1)),
            ("/app", "app", None),
            ("/app", "", None),
        ] {
            assert_eq!(alias_match(uri, path), taken, "{uri} {path}");
        }
    }
}
