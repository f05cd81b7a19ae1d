//! mod_rewrite: the rules of a server, and those of a directory.

mod conditions;
mod escapes;
mod maps;
mod rules;
mod run;

use super::mapping::Mapped;
use super::pass::{End, Pass};
use crate::argument::options::DirectoryOption;
use crate::evaluate::{Config, Placed, paths};
use crate::httpd::{ModuleId, NameId, Table};
use crate::model::Known;
use crate::model::layers::words_of;
use crate::model::scope::{About, Body};
use crate::world::Kind;
use rules::{Rules, rules_of};
use run::{Rewritten, Run};

const MODULE: ModuleId = ModuleId::of("mod_rewrite.c");
const BASE: NameId = NameId::of("RewriteBase");
const OPTIONS: NameId = NameId::of("RewriteOptions");

impl<'a> Pass<'a> {
    /// The rules of the server (`hook_uri2file`).
    pub(in crate::model::request) fn rewrite_url(&mut self) -> Known<Option<End>> {
        if self.is_rewritten_for_good {
            return Ok(None);
        }
        let Some(rules) = self.server_rules()? else {
            return Ok(None);
        };
        let mut run = Run::of(&self.uri, self.query.clone());
        self.filename = self.uri.clone();
        let result = self.run_rules(&rules, &mut run)?;
        self.filename.clear();
        if let Rewritten::Unchanged = result {
            self.filename.clone_from(&self.uri);
        }
        let before = std::mem::replace(&mut self.query, run.query.clone());
        match result {
            Rewritten::Unchanged => {}
            Rewritten::Ended(end) => {
                self.filename = run.text;
                return Ok(Some(end));
            }
            _ if run.is_unsafe() => return Ok(Some(refused_blanks())),
            Rewritten::Proxied => {
                self.pass_rewritten(&run)?;
            }
            Rewritten::PassedThrough => self.uri = run.text,
            Rewritten::Changed if is_absolute(&run.text) => {
                self.is_sent_elsewhere = true;
                return Ok(Some(run.end_elsewhere(before.as_deref())));
            }
            Rewritten::Changed => {
                if !run.text.starts_with('/') {
                    return Ok(Some(End::refused(400, "AH10411: the URL is no path")));
                }
                self.filename = match self.is_on_disk(&run.text)? {
                    true => run.text,
                    false => format!("{}{}", self.document_root()?, self.own_part(&run.text)?),
                };
                self.mapped = Mapped::Rewrite;
            }
        }
        Ok(None)
    }

    // A rule with `[P]`: mod_proxy has the URL without a query of its own.
    fn pass_rewritten(&mut self, run: &Run) -> Known<()> {
        let url = match is_absolute(&run.text) {
            true => run.text.clone(),
            false => self.own_url(&run.text)?,
        };
        self.query.clone_from(&run.query);
        self.mapped = Mapped::Proxy(match (&run.query, run.is_verbatim) {
            (Some(query), true) => {
                self.is_query_passed = true;
                format!("{url}?{query}")
            }
            _ => url,
        });
        Ok(())
    }

    /// The rules of the directory (`hook_fixup`).
    pub(in crate::model::request) fn rewrite_file(&mut self) -> Known<Option<End>> {
        let Some(rules) = self.directory_rules()? else {
            return Ok(None);
        };
        let directory = rules.directory.clone().unwrap_or_default();
        // The URL of the directory itself lacks a slash, which mod_dir adds.
        let is_itself = directory.strip_suffix('/') == Some(self.filename.as_str());
        if self.is_rewritten_for_good || (is_itself && !rules.takes_itself) {
            return Ok(None);
        }
        let follows = self.has_option(DirectoryOption::FollowSymLinks)?
            || self.has_option(DirectoryOption::SymLinksIfOwnerMatch)?;
        if !follows {
            let message = "AH00670: Options FollowSymLinks and SymLinksIfOwnerMatch are both off, \
                           so the RewriteRule directive is also forbidden due to its similar \
                           ability to circumvent directory restrictions";
            return Ok(Some(End::refused(403, message)));
        }
        let whole = format!("{}{}", self.filename, self.path_info);
        let mut run = Run::of(&whole, self.query.clone());
        let result = self.run_rules(&rules, &mut run)?;
        match result {
            Rewritten::Unchanged => return Ok(None),
            Rewritten::Ended(end) => return Ok(Some(end)),
            _ if run.is_unsafe() => return Ok(Some(refused_blanks())),
            Rewritten::Proxied => {
                self.pass_rewritten(&run)?;
                return Ok(None);
            }
            Rewritten::Changed | Rewritten::PassedThrough => {}
        }
        if is_absolute(&run.text) {
            let before = self.query.clone();
            if let Some(base) = &rules.base {
                run.put_base(&directory, base);
            }
            self.is_sent_elsewhere = true;
            return Ok(Some(run.end_elsewhere(before.as_deref())));
        }
        if !run.text.starts_with('/') {
            return Ok(Some(End::refused(400, "AH10411: the URL is no path")));
        }
        if run.text == whole {
            return Ok(None);
        }
        let url = self.url_of_path(&run.text, &directory, rules.base.as_deref());
        self.explain(format!("`{url}` is asked for instead"), None);
        Ok(Some(End::Internal {
            uri: url,
            query: run.query,
            file: None,
            keeps_environment: false,
        }))
    }

    // The URL of a path that rules of a directory made: by `RewriteBase`, below `DocumentRoot`, or
    // below the URL of the directory itself.
    fn url_of_path(&self, path: &str, directory: &str, base: Option<&str>) -> String {
        if let Some(base) = base {
            let rest = path.strip_prefix(directory);
            return rest.map_or_else(
                || path.to_owned(),
                |rest| format!("{}/{rest}", base.trim_end_matches('/')),
            );
        }
        let root = self.document_root().unwrap_or_default();
        let below = path
            .strip_prefix(root.as_str())
            .filter(|it| it.starts_with('/'));
        if let Some(below) = below.filter(|_| !root.is_empty()) {
            return below.to_owned();
        }
        let url = self.url_of_directory(directory);
        match (url, path.strip_prefix(directory)) {
            (Some(url), Some(rest)) => format!("{}/{rest}", url.trim_end_matches('/')),
            _ => path.to_owned(),
        }
    }

    // The URL of a directory on the way to the file: what was not needed to get there is cut off.
    fn url_of_directory(&self, directory: &str) -> Option<String> {
        let whole = format!("{}{}", self.filename, self.path_info);
        let rest = whole.strip_prefix(directory)?;
        self.uri.strip_suffix(rest).map(str::to_owned)
    }

    fn server_rules(&self) -> Known<Option<Rules<'a>>> {
        let main = self.httpd.main().body();
        let own = self.server.body();
        let is_host = self.server.is_virtual_host();
        // A virtual host without any line of mod_rewrite has no settings of its own, and those of the
        // main server are not for it (`hook_uri2file`).
        let layers = self.server_layers();
        if !layers.is_on("RewriteEngine")? || (is_host && !speaks_of_rewriting(own)) {
            return Ok(None);
        }
        let mut bodies = vec![own];
        if is_host {
            let options = options_of(self.httpd.config, own);
            let is = |name: &str| options.iter().any(|it| it.eq_ignore_ascii_case(name));
            let down = options_of(self.httpd.config, main);
            let comes_down = |name: &str| {
                down.iter().any(|it| it.eq_ignore_ascii_case(name)) && !is("IgnoreInherit")
            };
            if is("InheritBefore") || comes_down("InheritDownBefore") {
                bodies.insert(0, main);
            } else if is("Inherit") || comes_down("InheritDown") {
                bodies.push(main);
            }
        }
        Ok(Some(Rules {
            list: rules_of(self.httpd.config, &bodies)?,
            directory: None,
            base: None,
            takes_itself: true,
        }))
    }

    fn directory_rules(&self) -> Known<Option<Rules<'a>>> {
        // What servers say of the engine counts here, too.
        if !self.layers.is_on("RewriteEngine")? {
            return Ok(None);
        }
        let mut layers = self.layers.clone();
        layers.list.drain(..self.servers().count());
        let has_any = |it: &&crate::model::layers::Layer<'a>| it.body.has_any(is_rewrite);
        let with_rules: Vec<_> = layers.list.iter().filter(has_any).collect();
        let Some(last) = with_rules.last() else {
            return Ok(None);
        };
        if let Some(doubt) = &last.doubt {
            return Err(doubt.clone());
        }
        let mut bodies = vec![last.body];
        let options = options_of(self.httpd.config, last.body);
        let is = |name: &str| options.iter().any(|it| it.eq_ignore_ascii_case(name));
        if is("Inherit") || is("InheritBefore") {
            let outer = with_rules.iter().rev().nth(1).map(|it| it.body);
            bodies.extend(outer);
        }
        let config = self.httpd.config;
        let base = last.body.named(config, BASE).next_back();
        let mut lines = last.body.directives(config);
        let first = lines.find(|it| it.node.name.is_some_and(is_rewrite));
        Ok(Some(Rules {
            list: rules_of(config, &bodies)?,
            takes_itself: is("AllowNoSlash"),
            directory: first.map(|it| self.directory_of(&it)),
            base: base.and_then(|it| words_of(&it).into_iter().next()),
        }))
    }

    // The path that a line of a section or `.htaccess` file is about, with a slash at its end.
    fn directory_of(&self, line: &Placed<'a>) -> String {
        let path = match line.parent().map(|it| About::of(&it, self.httpd.table())) {
            Some(About::Directory(it) | About::Location(it)) => it,
            _ => {
                let file = line.occurrence.unit.source.name();
                paths::directory(file).to_owned()
            }
        };
        match path.ends_with('/') {
            true => path,
            false => format!("{path}/"),
        }
    }

    // Whether a path begins with a directory that the machine has: then it is no URL
    // (`prefix_stat`).
    fn is_on_disk(&self, path: &str) -> Known<bool> {
        let end = path[1..].find('/').map_or(path.len(), |it| it + 1);
        let first = &path[..end];
        // Without the machine, its usual directories are known all the same.
        const USUAL: [&str; 8] = [
            "/etc", "/home", "/opt", "/srv", "/tmp", "/usr", "/var", "/data",
        ];
        match self.httpd.kind(first) {
            Ok(kind) => Ok(!matches!(kind, Kind::Missing | Kind::NotADirectory)),
            Err(_) => Ok(USUAL.contains(&first)),
        }
    }
}

fn refused_blanks() -> End {
    let message = "AH10410: Rewritten query string contains control characters or spaces";
    End::refused(403, message)
}

fn is_rewrite(name: NameId) -> bool {
    let mut definitions = Table::builtin().definitions(name);
    definitions.any(|it| it.module == MODULE)
}

fn options_of(config: &Config, body: &Body) -> Vec<String> {
    let lines = body.named(config, OPTIONS);
    lines.flat_map(|it| words_of(&it)).collect()
}

// Whether any line of mod_rewrite is there, also in sections.
fn speaks_of_rewriting(body: &Body) -> bool {
    body.has_any(is_rewrite) || body.sections().any(|it| speaks_of_rewriting(&it.body))
}

// A URL with a scheme.
fn is_absolute(text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, _)| {
        !scheme.is_empty() && scheme.bytes().all(|it| it.is_ascii_alphanumeric())
    })
}
