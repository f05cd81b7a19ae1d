//! mod_rewrite: the rules of a server, and those of a directory.

mod conditions;
mod escapes;
mod maps;
mod merged;
mod rules;
mod run;

use merged::Merged;
use rules::{Rules, rules_of};
use run::{Rewritten, Run};

use super::mapping::Mapped;
use super::pass::{End, Pass};
use crate::argument::options::DirectoryOption;
use crate::evaluate::{Placed, paths};
use crate::httpd::{ModuleId, NameId, Table};
use crate::model::Known;
use crate::model::layers::Layer;
use crate::model::scope::{About, Body};
use crate::world::Kind;

const MODULE: ModuleId = ModuleId::of("mod_rewrite.c");

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
                self.is_sent_elsewhere = true;
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
            Rewritten::Ended(end) => {
                self.is_sent_elsewhere = true;
                return Ok(Some(end));
            }
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

    // What the server keeps of its rules and those of the main server.
    fn server_rewriting(&self) -> Merged<'a> {
        Merged::of(self.httpd.config, self.servers())
    }

    fn server_rules(&self) -> Known<Option<Rules<'a>>> {
        // A virtual host without any line of mod_rewrite has no settings of its own, and those of the
        // main server are not for it (`hook_uri2file`).
        let is_host = self.server.is_virtual_host();
        let layers = self.server_layers();
        if !layers.is_on("RewriteEngine")? || (is_host && !speaks_of_rewriting(self.server.body()))
        {
            return Ok(None);
        }
        Ok(Some(Rules {
            list: rules_of(self.httpd.config, &self.server_rewriting().bodies)?,
            directory: None,
            base: None,
            takes_itself: true,
        }))
    }

    // The sections that say anything of rewriting.
    fn speaking(&self) -> impl DoubleEndedIterator<Item = &Layer<'a>> {
        let layers = self.layers.list.iter().skip(self.servers().count());
        layers.filter(|it| it.body.has_any(is_rewrite))
    }

    // What is kept of the rules of sections.
    fn directory_rewriting(&self) -> Merged<'a> {
        Merged::of(self.httpd.config, self.speaking().map(|it| it.body))
    }

    /// The servers and sections whose rules count.
    pub fn rewriting(&self) -> Vec<&'a Body> {
        let mut bodies = self.server_rewriting().bodies;
        bodies.append(&mut self.directory_rewriting().bodies);
        bodies
    }

    fn directory_rules(&self) -> Known<Option<Rules<'a>>> {
        // What servers say of the engine counts here, too.
        if !self.layers.is_on("RewriteEngine")? {
            return Ok(None);
        }
        let Some(last) = self.speaking().next_back() else {
            return Ok(None);
        };
        let config = self.httpd.config;
        let merged = self.directory_rewriting();
        let sure = self.speaking().filter(|it| it.doubt.is_none());
        let doubt = self.speaking().find_map(|it| it.doubt.as_ref());
        if let Some(doubt) = doubt
            && !merged.is_like(&Merged::of(config, sure.map(|it| it.body)))
        {
            return Err(doubt.clone());
        }
        let mut lines = last.body.directives(config);
        let first = lines.find(|it| it.node.name.is_some_and(is_rewrite));
        Ok(Some(Rules {
            list: rules_of(config, &merged.bodies)?,
            takes_itself: merged.has("AllowNoSlash"),
            directory: first.map(|it| self.directory_of(&it)),
            base: merged.base,
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
