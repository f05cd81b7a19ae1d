//! From the URL to a file, or to another server (`translate_name`).
//!
//! The order is that of the modules' hooks, whatever the order of the lines: mod_rewrite,
//! mod_proxy, mod_alias with redirects first, mod_wsgi, and `DocumentRoot` last.

use super::pass::{End, Pass};
use super::{condition, location, pattern};
use crate::argument::redirect::status;
use crate::argument::wsgi::script::{Role, Script};
use crate::evaluate::{Placed, arguments_of};
use crate::httpd::NameId;
use crate::model::layers::words_of;
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

/// What a line of mod_proxy did with a URL.
enum Passed {
    /// It is not about it.
    No,
    /// It leaves it to the other modules (`!`).
    Kept,
    /// It passes it on.
    On,
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
        if let Some(end) = self.map_to_user()? {
            return Ok(Some(end));
        }
        if self.mapped != Mapped::Nothing || self.map_by_host()? {
            return Ok(None);
        }
        let root = self.document_root()?;
        self.filename = format!("{root}{}", self.own_part(&self.uri)?);
        self.explain(
            format!("mapped to `{}`", self.filename),
            self.layers.last("DocumentRoot")?,
        );
        self.mapped = Mapped::DocumentRoot;
        Ok(None)
    }

    /// A path below `DocumentRoot`: without the `ServerPath` of the server at its beginning.
    pub(super) fn own_part<'u>(&self, uri: &'u str) -> Known<&'u str> {
        let server = self.httpd.servers.get(self.server.server);
        let Some(prefix) = &server.path else {
            return Ok(uri);
        };
        Ok(match uri.strip_prefix(prefix.as_str()) {
            Some("") => "/",
            Some(rest) if prefix.ends_with('/') || rest.starts_with('/') => rest,
            _ => uri,
        })
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
            let mut lines = section.body.named_any(self.httpd.config, &PASSES);
            let Some(line) = lines.pop() else { continue };
            match self.pass_by(&line, Some(&section.about))? {
                Passed::On => return Ok(true),
                Passed::Kept => return Ok(false),
                Passed::No => break,
            }
        }
        for line in self.server_layers().possible(&PASSES) {
            match self.pass_by(&line, None)? {
                Passed::On => return Ok(true),
                Passed::Kept => return Ok(false),
                Passed::No => {}
            }
        }
        Ok(false)
    }

    // One line of mod_proxy (`ap_proxy_trans_match`).
    fn pass_by(&mut self, line: &Placed<'a>, section: Option<&About>) -> Known<Passed> {
        let mut words = words_of(line);
        let is_pattern = line.node.name == Some(PROXY_PASS_MATCH);
        let (is_pattern, path) = match section {
            Some(About::Location(path)) => (is_pattern, path.clone()),
            Some(About::LocationMatch(asked)) => (true, asked.clone()),
            _ if words.is_empty() => return Ok(Passed::No),
            _ => (is_pattern, words.remove(0)),
        };
        let Some((target, options)) = words.split_first() else {
            return Ok(Passed::No);
        };
        let has = |option: &str| options.iter().any(|it| it.eq_ignore_ascii_case(option));
        let target = match has("interpolate") && self.layers.is_on("ProxyPassInterpolateEnv")? {
            true => self.interpolated(target)?,
            false => target.clone(),
        };
        let url = if is_pattern {
            pattern::find(&path, false, &self.uri).map(|found| {
                let put = pattern::substituted(&target, &found.groups);
                // Without groups in it, the whole path is meant.
                match put == target {
                    true => format!("{target}{}", self.uri),
                    false => put,
                }
            })
        } else {
            let matched = alias_match(&self.uri, &path);
            matched.map(|it| format!("{target}{}", &self.uri[it..]))
        };
        let Some(url) = url else {
            match is_pattern {
                true => self.pass_over_pattern(line, &path),
                false => self.pass_over_path(line, &path),
            }
            return Ok(Passed::No);
        };
        if line.node.uncertain {
            let why = "`ProxyPass` depends on a condition that is not decided";
            return Err(Doubt::new(why));
        }
        if target == "!" {
            self.explain("not passed on".to_owned(), Some(*line));
            return Ok(Passed::Kept);
        }
        self.explain(format!("passed on to `{url}`"), Some(*line));
        self.mapped = Mapped::Proxy(url);
        Ok(Passed::On)
    }

    // `${NAME}` of the variables of the request (`proxy_interpolate`).
    fn interpolated(&self, text: &str) -> Known<String> {
        let mut result = String::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once("${") {
            let Some((name, behind)) = behind.split_once('}') else {
                break;
            };
            result.push_str(before);
            result.push_str(&self.environment.get(name)?.unwrap_or_default());
            rest = behind;
        }
        Ok(result + rest)
    }

    /// The URL that another server is asked for, with the query; that is put behind it where nobody
    /// refused the request before (`proxy_fixup`).
    pub fn proxied_url(&self) -> Option<String> {
        let Mapped::Proxy(url) = &self.mapped else {
            return None;
        };
        let scheme = url.split(':').next().unwrap_or_default();
        let takes_query = ["http", "https", "ws", "wss", "h2", "h2c"].contains(&scheme);
        Some(
            match takes_query && self.is_fixed_up && !self.is_query_passed {
                true => self.with_query(location::escaped_url(url)),
                false => url.clone(),
            },
        )
    }

    fn redirect(&mut self) -> Known<Option<End>> {
        if let Some(end) = self.redirect_by_section()? {
            return Ok(Some(end));
        }
        self.redirect_by_lines(self.server_layers().possible(&REDIRECTS))
    }

    /// mod_alias in directories, after access control: what was not seen before the URL was mapped.
    pub(super) fn redirect_file(&mut self) -> Known<Option<End>> {
        if let Some(end) = self.redirect_by_section()? {
            return Ok(Some(end));
        }
        let sections = self.layers.list.iter().skip(self.servers().count()).rev();
        let mut lines = Vec::new();
        for layer in sections.cloned().collect::<Vec<_>>() {
            let mut own = layer.body.named_any(self.httpd.config, &REDIRECTS);
            own.retain(|it| !is_of_section(it));
            if let (Some(doubt), false) = (&layer.doubt, own.is_empty()) {
                return Err(doubt.clone());
            }
            lines.extend(own);
        }
        self.redirect_by_lines(lines)
    }

    // A line without a path of its own; the last section that has one counts.
    fn redirect_by_section(&mut self) -> Known<Option<End>> {
        let sections = self.layers.list.iter().skip(self.servers().count()).rev();
        for layer in sections.cloned().collect::<Vec<_>>() {
            let lines = layer.body.named_any(self.httpd.config, &REDIRECTS);
            let Some(line) = lines.iter().rfind(|it| is_of_section(it)) else {
                continue;
            };
            if let Some(doubt) = &layer.doubt {
                return Err(doubt.clone());
            }
            let (code, words) = code_and_words(line);
            let target = match words.first() {
                Some(target) => location::escaped_target(&condition::text(self, target)?),
                None => String::new(),
            };
            return self.redirect_to(code, target, line).map(Some);
        }
        Ok(None)
    }

    fn redirect_by_lines(&mut self, lines: Vec<Placed<'a>>) -> Known<Option<End>> {
        for line in lines {
            let (code, words) = code_and_words(&line);
            let Some(path) = words.first() else { continue };
            let target = words.get(1).map(String::as_str).unwrap_or_default();
            let is_pattern = line.node.name == Some(REDIRECT_MATCH);
            let target = if is_pattern {
                let found = pattern::find(path, false, &self.uri);
                found.map(|it| location::escaped_target(&pattern::substituted(target, &it.groups)))
            } else {
                let matched = alias_match(&self.uri, path);
                matched.map(|it| format!("{target}{}", location::escaped(&self.uri[it..])))
            };
            if let Some(target) = target {
                return self.redirect_to(code, target, &line).map(Some);
            }
            match is_pattern {
                true => self.pass_over_pattern(&line, path),
                false => self.pass_over_path(&line, path),
            }
        }
        Ok(None)
    }

    fn redirect_to(&mut self, code: u16, target: String, line: &Placed<'a>) -> Known<End> {
        if line.node.uncertain {
            return Err(Doubt::new(
                "a redirect depends on a condition that is not decided",
            ));
        }
        self.explain("redirected".to_owned(), Some(*line));
        if !(300..400).contains(&code) {
            return Ok(End::refused(code, ""));
        }
        let is_path = target.starts_with('/');
        if is_path && self.layers.is_on("RedirectRelative")? {
            return Ok(End::redirected(code, target));
        }
        let url = match is_path {
            true => self.own_url(&target)?,
            false => target,
        };
        if !url.contains(':') {
            let message = "AH00674: the target of a redirect is neither a URL nor a path";
            return Ok(End::refused(500, message));
        }
        Ok(End::redirected(code, self.with_query(url)))
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
            let Some(file) = file else {
                match is_pattern {
                    true => self.pass_over_pattern(&line, path),
                    false => self.pass_over_path(&line, path),
                }
                continue;
            };
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
        self.is_script_alias = matches!(line.node.name, Some(SCRIPT_ALIAS | SCRIPT_ALIAS_MATCH));
        if self.is_script_alias {
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
                self.pass_over(&line, |it| format!("it does not mount `{}`", it.uri));
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

// The status that a line of mod_alias says, and the words behind it.
fn code_and_words(line: &Placed<'_>) -> (u16, Vec<String>) {
    let mut words = words_of(line);
    let code = match words.first().and_then(|it| status(it)) {
        Some(written) => {
            words.remove(0);
            written
        }
        None if line.node.name == Some(REDIRECT_PERMANENT) => 301,
        None => 302,
    };
    (u16::try_from(code).unwrap_or(302), words)
}

// Whether a redirect of a section or `.htaccess` file leaves out the path: all that the section is
// about is meant.
fn is_of_section(line: &Placed<'_>) -> bool {
    let (code, words) = code_and_words(line);
    match words.as_slice() {
        [] => true,
        [_] => (300..400).contains(&code),
        _ => false,
    }
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
