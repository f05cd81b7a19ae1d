//! What stands where in a whole server, for rules that ask for more than one line.

use std::cell::OnceCell;

use rustc_hash::FxHashMap;

use super::layers::{Layers, first_word};
use super::reach::grants_everybody;
use super::request::Httpd;
use super::rewriting::{Rewrite, Rewrites};
use super::scope::About;
use super::servers::ServerId;
use crate::evaluate::{Descend, NodeKind, Placed, PlacedId, Standing, Step};
use crate::httpd::NameId;

/// A server as a whole.
pub struct Survey<'a> {
    /// The server. Of its `.htaccess` files none is read: what one of them may say is not known.
    pub httpd: &'a Httpd<'a>,
    roots: OnceCell<FxHashMap<String, PlacedId>>,
    rewriting: OnceCell<Vec<Rewrites<'a>>>,
}

impl<'a> Survey<'a> {
    /// That of a server.
    pub fn of(httpd: &'a Httpd<'a>) -> Self {
        Self {
            httpd,
            roots: OnceCell::new(),
            rewriting: OnceCell::new(),
        }
    }

    /// All certain lines of a directive or a section, wherever they stand, in reading order.
    pub fn lines(&self, name: &str) -> impl Iterator<Item = Placed<'a>> + use<'a> {
        self.httpd.certain(name)
    }

    /// Those of several names, name by name.
    pub fn lines_of<'n>(
        &self,
        names: &'n [&'n str],
    ) -> impl Iterator<Item = Placed<'a>> + use<'a, 'n, '_> {
        names.iter().flat_map(|it| self.lines(it))
    }

    /// All lines of directives, also those that may not be there, in reading order.
    pub fn possible(&self, names: &[&str]) -> Vec<Placed<'a>> {
        let names = names.iter().filter_map(|it| self.httpd.table().name(it));
        self.httpd.lines().possible(self.httpd.config, names)
    }

    /// Whether there is such a line, or may be one.
    pub fn may_have(&self, name: &str) -> bool {
        let name = self.httpd.table().name(name);
        name.is_some_and(|it| !self.httpd.lines().named(it).is_empty())
    }

    /// The rules and conditions of mod_rewrite, those of each server and section together, in the
    /// order in which it takes them.
    pub fn rewriting(&self) -> &[Rewrites<'a>] {
        self.rewriting.get_or_init(|| Rewrite::all(self.httpd))
    }

    /// Whether a line stands in a directory: in `<Directory>` or in a `.htaccess` file.
    pub fn is_in_directory(&self, placed: &Placed<'_>) -> bool {
        let config = self.httpd.config;
        let is_access_file = config.is_htaccess(placed.id.occurrence)
            || config.standings.first() == Some(&Standing::Htaccess);
        let parent = placed.parent();
        let is_directory = |it: Placed<'_>| self.name(&it).starts_with("<Directory");
        parent.map_or(is_access_file, is_directory)
    }

    /// The name of a directive or section, as the table spells it.
    pub fn name(&self, placed: &Placed<'_>) -> &'a str {
        let name = placed.node.name;
        name.map_or("", |it| self.httpd.table().spelling(it))
    }

    /// What a section is about.
    pub fn about(&self, section: &Placed<'_>) -> About {
        About::of(section, self.httpd.table())
    }

    /// The section around a line but for the virtual host: `None` where it counts for the server.
    pub fn section_around<'p>(&self, placed: &Placed<'p>) -> Option<Placed<'p>> {
        let parent = placed.parent()?;
        (parent.node.name != Some(NameId::VIRTUAL_HOST)).then_some(parent)
    }

    /// The directives that stand in a section itself, with those of files that it includes, but
    /// without what stands in sections in it.
    pub fn directives_in(&self, section: &Placed<'a>) -> Vec<Placed<'a>> {
        let mut found = Vec::new();
        self.httpd.config.walk_below(section.id, &mut |step| {
            if let Step::Enter(placed) = step {
                match placed.node.kind {
                    NodeKind::Directive => found.push(placed),
                    NodeKind::Section => return Descend::No,
                    _ => {}
                }
            }
            Descend::Yes
        });
        found
    }

    /// All that stands in a section at any depth.
    pub fn everything_in(&self, section: &Placed<'a>) -> Vec<Placed<'a>> {
        let mut found = Vec::new();
        self.httpd.config.walk_below(section.id, &mut |step| {
            if let Step::Enter(placed) = step {
                found.push(placed);
            }
            Descend::Yes
        });
        found
    }

    /// Of lines those of a directive.
    pub fn only(&self, lines: &[Placed<'a>], name: &str) -> Vec<Placed<'a>> {
        let name = self.httpd.table().name(name);
        let lines = lines.iter().filter(|it| it.node.name == name);
        lines.copied().collect()
    }

    /// The server that a line stands in.
    pub fn server_of(&self, placed: &Placed<'_>) -> ServerId {
        self.httpd.servers.of_directive(placed)
    }

    /// What a server says outside of sections, over what the main server says.
    pub fn layers(&self, server: ServerId) -> Layers<'a> {
        let httpd = self.httpd;
        let mut layers = Layers::new(httpd.config, httpd.table());
        layers.push(httpd.main().body(), None);
        if server != ServerId::MAIN {
            layers.push(httpd.scopes.get(server).body(), None);
        }
        layers
    }

    /// What a server says itself outside of sections.
    pub fn own_layers(&self, server: ServerId) -> Layers<'a> {
        let httpd = self.httpd;
        let mut layers = Layers::new(httpd.config, httpd.table());
        layers.push(httpd.scopes.get(server).body(), None);
        layers
    }

    /// The `DocumentRoot` through which a file can be downloaded: it lies below, and no section that
    /// denies anything may be about it.
    pub fn document_root_exposing(&self, path: &str) -> Option<Placed<'a>> {
        let root = self.document_root_over(path)?;
        let folder = self.httpd.resolve(&first_word(&root)?);
        let name = path.rsplit('/').next().unwrap_or_default();
        let url = path.strip_prefix(folder.trim_end_matches('/'))?;
        let mut denying = self
            .possible(&["Require", "Deny"])
            .into_iter()
            .filter(|it| !grants_everybody(it));
        let may_deny = |line: Placed<'a>| {
            let mut around = line.sections();
            around.any(|section| match self.about(&section) {
                About::Directory(it) => it.len() > folder.len() && path.starts_with(&it),
                About::Files(it) => it == name || it.contains(['*', '?', '[']),
                About::Location(it) => url.starts_with(&it),
                About::Limit { .. } | About::Other(_) => false,
                About::FilesMatch(it) => !it.contains("\\.ht"),
                _ => true,
            })
        };
        let is_hidden = name.starts_with(".ht") || denying.any(may_deny);
        (!is_hidden).then_some(root)
    }

    /// The `DocumentRoot` that a file or folder lies below.
    pub fn document_root_over(&self, path: &str) -> Option<Placed<'a>> {
        let roots = self.roots.get_or_init(|| self.document_roots());
        let path = path.trim_end_matches('/');
        let ends = path.match_indices('/').map(|it| it.0).filter(|it| *it > 0);
        let mut above = ends.map(|end| &path[..end]).chain([path]);
        let found = above.find_map(|it| roots.get(it))?;
        Some(self.httpd.config.placed(*found))
    }

    fn document_roots(&self) -> FxHashMap<String, PlacedId> {
        let mut roots = FxHashMap::default();
        for line in self.lines("DocumentRoot") {
            if let Some(path) = first_word(&line) {
                let path = self.httpd.resolve(&path);
                let path = path.trim_end_matches('/').to_owned();
                roots.entry(path).or_insert(line.id);
            }
        }
        roots
    }
}
