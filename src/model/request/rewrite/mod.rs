//! mod_rewrite: the rules of a server, and those of a directory.

mod conditions;
mod rules;
mod run;

use super::mapping::Mapped;
use super::pass::{End, Pass};
use crate::argument::options::DirectoryOption;
use crate::evaluate::{Config, Placed};
use crate::httpd::{ModuleId, NameId, Table};
use crate::model::layers::words_of;
use crate::model::scope::{About, Body};
use crate::model::{Doubt, Known};
use crate::world::Kind;
use rules::{Rules, rules_of};
use run::{Rewritten, Run};

const MODULE: ModuleId = ModuleId::of("mod_rewrite.c");
const BASE: NameId = NameId::of("RewriteBase");
const OPTIONS: NameId = NameId::of("RewriteOptions");

impl<'a> Pass<'a> {
    /// The rules of the server (`hook_uri2file`).
    pub(in crate::model::request) fn rewrite_url(&mut self) -> Known<Option<End>> {
        let Some(rules) = self.server_rules()? else {
            return Ok(None);
        };
        let mut run = Run::of(&self.uri, self.query.clone());
        self.filename = self.uri.clone();
        let result = self.run_rules(&rules, &mut run)?;
        self.filename.clear();
        self.query = run.query;
        match result {
            Rewritten::Unchanged => {}
            Rewritten::Ended(end) => return Ok(Some(end)),
            Rewritten::Proxied => self.mapped = Mapped::Proxy(run.text),
            Rewritten::PassedThrough => self.uri = run.text,
            Rewritten::Changed if is_absolute(&run.text) => {
                return Ok(Some(End::redirected(run.redirect.unwrap_or(302), run.text)));
            }
            Rewritten::Changed => {
                if !run.text.starts_with('/') {
                    return Ok(Some(End::refused(400, "AH10411: the URL is no path")));
                }
                self.filename = match self.is_on_disk(&run.text)? {
                    true => run.text,
                    false => format!("{}{}", self.document_root()?, run.text),
                };
                self.mapped = Mapped::Rewrite;
            }
        }
        Ok(None)
    }

    /// The rules of the directory (`hook_fixup`).
    pub(in crate::model::request) fn rewrite_file(&mut self) -> Known<Option<End>> {
        let Some(rules) = self.directory_rules()? else {
            return Ok(None);
        };
        let follows = self.has_option(DirectoryOption::FollowSymLinks)?
            || self.has_option(DirectoryOption::SymLinksIfOwnerMatch)?;
        if !follows {
            let message = "AH00670: Options FollowSymLinks and SymLinksIfOwnerMatch are both off, \
                           so the RewriteRule directive is also forbidden due to its similar \
                           ability to circumvent directory restrictions";
            return Ok(Some(End::refused(403, message)));
        }
        let directory = rules.directory.clone().unwrap_or_default();
        let whole = format!("{}{}", self.filename, self.path_info);
        let mut run = Run::of(&whole, self.query.clone());
        let result = self.run_rules(&rules, &mut run)?;
        match result {
            Rewritten::Unchanged => return Ok(None),
            Rewritten::Ended(end) => return Ok(Some(end)),
            Rewritten::Proxied => return Err(Doubt::new("another server answers the request")),
            Rewritten::Changed | Rewritten::PassedThrough => {}
        }
        if is_absolute(&run.text) {
            return Ok(Some(End::redirected(run.redirect.unwrap_or(302), run.text)));
        }
        if run.text == whole {
            return Ok(None);
        }
        // What lies below the directory gets the URL of the directory back.
        let url = match (run.text.strip_prefix(&directory), &rules.base) {
            (Some(rest), Some(base)) => format!("{}/{rest}", base.trim_end_matches('/')),
            (Some(rest), None) => match self.url_of_directory(&directory) {
                Some(url) => format!("{}/{rest}", url.trim_end_matches('/')),
                None => run.text.clone(),
            },
            (None, _) => {
                let root = self.document_root().unwrap_or_default();
                let below = run.text.strip_prefix(&root);
                below
                    .filter(|it| it.starts_with('/') && !root.is_empty())
                    .map_or_else(|| run.text.clone(), str::to_owned)
            }
        };
        Ok(Some(End::Internal {
            uri: url,
            query: run.query,
            keeps_environment: false,
        }))
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
        let layers = self.server_layers();
        let has_any = own.has_any(is_rewrite);
        if !layers.is_on("RewriteEngine")?
            || (is_host && !has_any && !inherits_down(self.httpd.config, main))
        {
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
        }))
    }

    fn directory_rules(&self) -> Known<Option<Rules<'a>>> {
        let mut layers = self.layers.clone();
        layers.list.drain(..self.servers().count());
        if !layers.is_on("RewriteEngine")? {
            return Ok(None);
        }
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
            list: rules_of(self.httpd.config, &bodies)?,
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
                file.rsplit_once('/').map_or("/", |it| it.0).to_owned()
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

fn is_rewrite(name: NameId) -> bool {
    let mut definitions = Table::builtin().definitions(name);
    definitions.any(|it| it.module == MODULE)
}

fn options_of(config: &Config, body: &Body) -> Vec<String> {
    let lines = body.named(config, OPTIONS);
    lines.flat_map(|it| words_of(&it)).collect()
}

fn inherits_down(config: &Config, main: &Body) -> bool {
    let options = options_of(config, main);
    options
        .iter()
        .any(|it| it.to_ascii_lowercase().starts_with("inheritdown"))
}

// A URL with a scheme.
fn is_absolute(text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, _)| {
        !scheme.is_empty() && scheme.bytes().all(|it| it.is_ascii_alphanumeric())
    })
}
