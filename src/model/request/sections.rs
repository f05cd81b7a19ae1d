//! Which sections apply to a request, in the order in which httpd merges them.

use super::condition::{self, matches_path};
use super::pass::Pass;
use super::{mapping::Mapped, pattern};
use crate::evaluate::fnmatch;
use crate::model::layers::Layers;
use crate::model::scope::{About, Body, Section};
use crate::model::{Doubt, Known};

/// An `<If>`, or what follows one, found at some level.
type Branch<'a> = &'a Section;

impl<'a> Pass<'a> {
    /// The main server and the virtual host: what is merged before all sections.
    pub fn servers(&self) -> impl Iterator<Item = &'a Body> + use<'a> {
        let main = self.httpd.main();
        let server = self.server;
        let host = server.is_virtual_host().then_some(server.body());
        std::iter::once(main.body()).chain(host)
    }

    /// Starts over with what the servers say outside of sections.
    pub(super) fn begin_layers(&mut self) {
        let mut layers = Layers::new(self.httpd.config, self.httpd.table());
        for body in self.servers() {
            layers.push(body, None);
        }
        self.layers = layers;
        self.boundaries = vec![self.layers.list.len()];
    }

    // The sections of one kind end here.
    fn end_group(&mut self) {
        self.boundaries.push(self.layers.list.len());
    }

    /// Takes the sections that count before the URL is mapped: those about URLs.
    pub(super) fn take_early_sections(&mut self) {
        self.begin_layers();
        self.take_locations();
        self.take_conditions();
    }

    /// Takes those behind the ones about directories.
    pub(super) fn take_late_sections(&mut self) {
        match &self.mapped {
            Mapped::Proxy(url) => {
                let url = url.clone();
                self.take_proxies(&url);
            }
            _ => self.take_files(),
        }
        self.take_locations();
        self.take_conditions();
    }

    // `<DirectoryMatch>` comes behind all `<Directory>` and `.htaccess`, by the number of slashes in
    // its pattern.
    pub(super) fn take_directory_patterns(&mut self) {
        let mut patterns: Vec<(usize, &'a Section)> = Vec::new();
        for body in self.servers() {
            for section in body.sections() {
                if let About::DirectoryMatch(asked) = &section.about
                    && pattern::matches(asked, false, &self.filename)
                {
                    patterns.push((asked.matches('/').count(), section));
                }
            }
        }
        patterns.sort_by_key(|it| it.0);
        for (_, section) in patterns {
            let path = self.filename.clone();
            self.take_groups(&section.about, &path);
            self.layers.push(&section.body, None);
        }
        self.end_group();
    }

    pub(super) fn take_files(&mut self) {
        // Of the URL of a directory with its slash, nothing is left.
        let name = self.filename.rsplit('/').next().unwrap_or_default();
        let is_meant = |about: &About| match about {
            About::Files(asked) if fnmatch::is_pattern(asked) => {
                fnmatch::matches_component(asked, name)
            }
            About::Files(asked) => asked == name,
            About::FilesMatch(asked) => pattern::matches(asked, false, name),
            _ => false,
        };
        let bodies: Vec<&'a Body> = self.layers.list.iter().map(|it| it.body).collect();
        let sections = bodies.into_iter().flat_map(Body::sections);
        let found: Vec<&'a Section> = sections.filter(|it| is_meant(&it.about)).collect();
        let name = name.to_owned();
        for section in found {
            self.take_groups(&section.about, &name);
            self.layers.push(&section.body, None);
        }
        self.end_group();
    }

    // The groups with names of a pattern become variables (`ap_regname`).
    fn take_groups(&mut self, about: &About, text: &str) {
        let (About::LocationMatch(asked) | About::FilesMatch(asked) | About::DirectoryMatch(asked)) =
            about
        else {
            return;
        };
        if !asked.contains("(?") {
            return;
        }
        for (name, value) in pattern::named(asked, text) {
            let name = format!("MATCH_{}", name.to_ascii_uppercase());
            self.environment.set(&name, Ok(Some(value)));
        }
    }

    fn take_locations(&mut self) {
        let locations: Vec<&'a Section> = self.locations().collect();
        for section in locations {
            let uri = self.uri.clone();
            self.take_groups(&section.about, &uri);
            self.layers.push(&section.body, None);
        }
        self.end_group();
    }

    /// The `<Location>` sections that apply, in their order.
    pub(super) fn locations(&self) -> impl Iterator<Item = &'a Section> {
        let sections = self.servers().flat_map(Body::sections);
        sections.filter(|it| match &it.about {
            About::Location(path) => covers_url(path, &self.uri),
            About::LocationMatch(asked) => pattern::matches(asked, false, &self.uri),
            _ => false,
        })
    }

    fn take_proxies(&mut self, url: &str) {
        let is_meant = |about: &About| match about {
            About::Proxy(asked) if fnmatch::is_pattern(asked) => {
                fnmatch::matches_component(asked, url)
            }
            About::Proxy(asked) => url.starts_with(asked.as_str()),
            About::ProxyMatch(asked) => pattern::matches(asked, false, url),
            _ => false,
        };
        let sections = self.servers().flat_map(Body::sections);
        let found: Vec<&'a Section> = sections.filter(|it| is_meant(&it.about)).collect();
        for section in found {
            self.layers.push(&section.body, None);
        }
        self.end_group();
    }

    // All conditions of one level come before those inside of them.
    fn take_conditions(&mut self) {
        let bodies = self.layers.list.iter();
        let mut level: Vec<(&'a Body, Option<Doubt>)> =
            bodies.map(|it| (it.body, it.doubt.clone())).collect();
        while !level.is_empty() {
            let mut next = Vec::new();
            for (body, around) in level {
                for (section, doubt) in self.branches(body) {
                    let doubt = around.clone().or(doubt);
                    self.layers.push(&section.body, doubt.clone());
                    next.push((&section.body, doubt));
                }
            }
            self.end_group();
            level = next;
        }
    }

    // Of each chain of `<If>`, `<ElseIf>` and `<Else>` the section that applies, or those that may.
    fn branches(&self, body: &'a Body) -> Vec<(Branch<'a>, Option<Doubt>)> {
        let mut found = Vec::new();
        // What the chain came to: nothing yet, a section, or doubts.
        let mut taken: Known<bool> = Ok(true);
        for section in body.sections() {
            let asked = match &section.about {
                About::If(asked) => {
                    taken = Ok(false);
                    condition::holds(self, asked)
                }
                About::ElseIf(asked) => condition::holds(self, asked),
                About::Else => Ok(true),
                _ => continue,
            };
            match (&taken, asked) {
                (Ok(true), _) | (_, Ok(false)) => {}
                (Ok(false), Ok(true)) => {
                    found.push((section, None));
                    taken = Ok(true);
                }
                (Ok(false), Err(doubt)) => {
                    found.push((section, Some(doubt.clone())));
                    taken = Err(doubt);
                }
                (Err(doubt), _) => found.push((section, Some(doubt.clone()))),
            }
        }
        found
    }
}

// A path covers itself and what lies below it; a pattern is matched with the whole URL. Several
// slashes are one here, whatever `MergeSlashes` says.
fn covers_url(path: &str, url: &str) -> bool {
    let mut merged = String::with_capacity(url.len());
    for character in url.chars() {
        if character != '/' || !merged.ends_with('/') {
            merged.push(character);
        }
    }
    let url = merged.as_str();
    if fnmatch::is_pattern(path) {
        return matches_path(path, url);
    }
    let Some(rest) = url.strip_prefix(path) else {
        return false;
    };
    path.ends_with('/') || rest.is_empty() || rest.starts_with('/')
}

#[cfg(test)]
mod tests {
    use super::covers_url;

    #[test]
    fn a_location_ends_at_a_slash() {
        assert!(covers_url("/app", "/app"));
        assert!(covers_url("/app", "/app/x"));
        assert!(!covers_url("/app", "/apple"));
        assert!(!covers_url("/app/", "/app"));
        assert!(covers_url("/", "/x"));
        assert!(covers_url("/*/x", "/a/x"));
        assert!(!covers_url("app", "/app"));
    }
}
