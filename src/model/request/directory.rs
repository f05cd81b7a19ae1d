//! The way through the directories to the file that a URL was mapped to (`ap_directory_walk`).

use super::pass::{End, Pass, Walk};
use super::{AccessFile, Wanted, unseen};
use crate::argument::allow_override::AllowOverride;
use crate::argument::options::DirectoryOption;
use crate::evaluate::{Overrides, Placed, arguments_of, paths};
use crate::httpd::{Allow, NameId};
use crate::model::layers::words_of;
use crate::model::scope::{About, Body, components, matches_directory};
use crate::model::{Doubt, Known};
use crate::world::Kind;

const ALLOW_OVERRIDE_LIST: NameId = NameId::of("AllowOverrideList");

/// What says which directives `.htaccess` files may hold.
const PERMISSIONS: [NameId; 2] = [NameId::of("AllowOverride"), ALLOW_OVERRIDE_LIST];

/// A walk from the root to a file.
struct Descent<'p> {
    names: Vec<&'p str>,
    ends_with_slash: bool,
    // How many of the names were taken.
    taken: usize,
    // The path that they make; empty at the root.
    path: String,
    // What `.htaccess` files may say there.
    permitted: Overrides,
}

/// What comes of looking at one name.
enum Step {
    /// It is a directory: on to the next.
    Down,
    /// There is nothing below.
    Arrived,
    Refused(End),
}

impl<'p> Descent<'p> {
    fn to(mapped: &'p str) -> Self {
        Self {
            names: components(mapped),
            ends_with_slash: mapped.ends_with('/'),
            taken: 0,
            path: String::new(),
            permitted: Overrides::unset(),
        }
    }

    fn is_at_end(&self) -> bool {
        self.taken == self.names.len()
    }
}

impl<'a> Pass<'a> {
    /// Walks from the root to the file, takes the sections and `.htaccess` files on the way, and
    /// splits off what follows the file's name. An [`End`] is a refusal on the way.
    pub(super) fn walk_directories(&mut self) -> Known<Option<End>> {
        let mapped = std::mem::take(&mut self.filename);
        self.begin_layers();
        self.path_info.clear();
        if !mapped.starts_with('/') {
            self.filename = mapped;
            self.found = Ok(Kind::Missing);
            return Ok(None);
        }
        let mapped = paths::resolve("/", &mapped);
        if self.is_walked(&mapped)? {
            return Ok(None);
        }
        let mut descent = Descent::to(&mapped);
        self.found = Ok(Kind::Directory);
        loop {
            match self.descend(&mut descent)? {
                Step::Down => {}
                Step::Arrived => break,
                Step::Refused(end) => {
                    self.filename = descent.path;
                    return Ok(Some(end));
                }
            }
        }
        self.split_off_path_info(descent);
        self.take_directory_patterns();
        let end = match self.found {
            Ok(Kind::Directory) => self.filename.trim_end_matches('/').len(),
            _ => self.filename.rfind('/').unwrap_or(0),
        };
        self.walk = Some(Walk {
            directory: format!("{}/", &self.filename[..end]),
            layers: self.layers.clone(),
        });
        Ok(None)
    }

    // Enters the directory that was found, and looks at the next name in it.
    fn descend(&mut self, descent: &mut Descent<'_>) -> Known<Step> {
        let parent = match descent.path.as_str() {
            "" => "/".to_owned(),
            path => path.to_owned(),
        };
        if let Some(end) = self.enter_directory(&parent, &mut descent.permitted)? {
            descent.path.push('/');
            return Ok(Step::Refused(end));
        }
        let Some(name) = descent.names.get(descent.taken) else {
            return Ok(Step::Arrived);
        };
        descent.path.extend(["/", name]);
        descent.taken += 1;
        let (path, uri) = (&descent.path, &self.uri);
        if self.is_searchable(&parent) == Some(false) {
            let message = format!(
                "AH00035: access to {uri} denied (filesystem path '{path}') because search \
                 permissions are missing on a component of the path"
            );
            return Ok(Step::Refused(End::refused(403, message)));
        }
        if self.httpd.world().is_link(path) == Some(true)
            && !self.has_option(DirectoryOption::FollowSymLinks)?
        {
            // Links to what the same user owns may be allowed.
            if self.has_option(DirectoryOption::SymLinksIfOwnerMatch)? {
                return Err(Doubt::new(format!("`{path}` is a link")));
            }
            let message = "AH00037: Symbolic link not allowed or link target not accessible";
            return Ok(Step::Refused(End::refused(403, message)));
        }
        self.found = self.kind_on_the_way(path, descent.is_at_end());
        match self.found {
            Ok(Kind::Directory) => Ok(Step::Down),
            Ok(Kind::Denied) => {
                let message = format!("AH00036: access to {uri} failed (filesystem path '{path}')");
                Ok(Step::Refused(End::refused(403, message)))
            }
            Ok(Kind::Missing | Kind::NotADirectory) => {
                self.found = Ok(Kind::Missing);
                Ok(Step::Arrived)
            }
            Ok(_) | Err(_) => {
                // Where links are followed whoever owns them, httpd does not look whether the last
                // name is that of a file.
                if descent.is_at_end()
                    && !descent.ends_with_slash
                    && self.has_option(DirectoryOption::FollowSymLinks)?
                    && !self.has_option(DirectoryOption::SymLinksIfOwnerMatch)?
                {
                    self.take_directory_sections(&descent.path, &mut descent.permitted)?;
                }
                Ok(Step::Arrived)
            }
        }
    }

    // What was not found stands behind the file's name.
    fn split_off_path_info(&mut self, descent: Descent<'_>) {
        let rest = descent.names.get(descent.taken..).unwrap_or_default();
        if !rest.is_empty() {
            self.path_info = format!("/{}", rest.join("/"));
        }
        let mut path = descent.path;
        if descent.ends_with_slash && !path.is_empty() {
            match (self.found == Ok(Kind::Directory), rest.is_empty()) {
                (true, _) => path.push('/'),
                (false, true) => self.path_info = "/".to_owned(),
                (false, false) => self.path_info.push('/'),
            }
        }
        self.filename = match path.is_empty() {
            true => "/".to_owned(),
            false => path,
        };
    }

    // The pass or request before came to the same directory: httpd takes what it merged there, also
    // by patterns, which looked at another file then.
    fn is_walked(&mut self, mapped: &str) -> Known<bool> {
        let Some(before) = self.before.take() else {
            return Ok(false);
        };
        let Ok(kind) = self.httpd.kind(mapped.trim_end_matches('/')) else {
            return Ok(false);
        };
        let is_directory = kind == Kind::Directory;
        let end = match is_directory {
            true => mapped.trim_end_matches('/').len(),
            false => mapped.rfind('/').unwrap_or(0),
        };
        let is_link = self.httpd.world().is_link(mapped) == Some(true);
        if format!("{}/", &mapped[..end]) != before.directory || is_link {
            return Ok(false);
        }
        self.layers = before.layers.clone();
        self.boundaries.push(self.layers.list.len());
        self.filename = mapped.to_owned();
        self.found = Ok(match kind {
            Kind::NotADirectory => Kind::Missing,
            kind => kind,
        });
        self.walk = Some(before);
        self.is_where_it_was = true;
        Ok(true)
    }

    // Where nothing is visible, a mount says which part of the path is the script.
    fn kind_on_the_way(&self, path: &str, is_last: bool) -> Known<Kind> {
        let kind = self.httpd.kind(path);
        if kind.is_err() && is_last && self.request.assumes_files {
            return Ok(match self.uri.ends_with('/') {
                true => Kind::Directory,
                false => Kind::File,
            });
        }
        if kind.is_ok() || is_last {
            return kind;
        }
        let script = self.script_of_mount();
        match script {
            Some(script) if script == path => Err(unseen(path)),
            _ => Ok(Kind::Directory),
        }
    }

    fn is_searchable(&self, directory: &str) -> Option<bool> {
        let permissions = self.httpd.world().permissions(directory)?;
        Some(self.httpd.account().ok()?.may(1, &permissions))
    }

    fn enter_directory(
        &mut self,
        directory: &str,
        permitted: &mut Overrides,
    ) -> Known<Option<End>> {
        self.take_directory_sections(directory, permitted)?;
        self.take_access_file(directory, permitted)
    }

    fn take_directory_sections(&mut self, directory: &str, permitted: &mut Overrides) -> Known<()> {
        let bodies: Vec<&'a Body> = self.servers().collect();
        for section in bodies.into_iter().flat_map(Body::sections) {
            let About::Directory(path) = &section.about else {
                continue;
            };
            if !matches_directory(path, directory) {
                continue;
            }
            self.layers.push(&section.body, None);
            for line in section.body.named_any(self.httpd.config, &PERMISSIONS) {
                self.permit(&line, permitted)?;
            }
        }
        Ok(())
    }

    // `AllowOverride` and `AllowOverrideList` count in `<Directory>` alone.
    fn permit(&self, line: &Placed<'_>, permitted: &mut Overrides) -> Known<()> {
        if line.node.uncertain {
            let why = "`AllowOverride` depends on a condition that is not decided";
            return Err(Doubt::new(why));
        }
        if line.node.name == Some(ALLOW_OVERRIDE_LIST) {
            permitted.set_list(words_of(line));
            return Ok(());
        }
        let text = line.occurrence.unit.text(line.node);
        let directive = AllowOverride::parse(arguments_of(&text));
        permitted.set(&directive, line.site().span);
        Ok(())
    }

    fn take_access_file(&mut self, directory: &str, permitted: &Overrides) -> Known<Option<End>> {
        if permitted.allow == Allow::NONE && permitted.names.is_empty() {
            return Ok(None);
        }
        let httpd = self.httpd;
        let mut names = self
            .layers
            .last("AccessFileName")?
            .map(|it| words_of(&it))
            .unwrap_or_default();
        if names.is_empty() {
            names.push(".htaccess".to_owned());
        }
        for name in names {
            let path = paths::join(directory, &name);
            let unreadable = || {
                let message =
                    format!("AH00529: {path} pcfg_openfile: unable to check htaccess file");
                Ok(Some(End::refused(403, message)))
            };
            if self.is_searchable(directory) == Some(false) {
                return unreadable();
            }
            match httpd.world().resource(&path) {
                Kind::File => {}
                Kind::Unknown => {
                    self.layers.push_hidden(permitted.allow, unseen(&path));
                    continue;
                }
                _ => continue,
            }
            let permissions = httpd.world().permissions(&path);
            let account = permissions.zip(httpd.account().ok());
            if account.is_some_and(|(permissions, account)| !account.may(4, &permissions)) {
                return unreadable();
            }
            match httpd.access_files.get(&path) {
                Some(AccessFile::Read(body)) => self.layers.push(body, None),
                Some(AccessFile::Refused(message)) => {
                    return Ok(Some(End::refused(500, format!("{path}: {message}"))));
                }
                None => {
                    self.layers.push_hidden(permitted.allow, unseen(&path));
                    self.wanted.push(Wanted {
                        path,
                        permitted: permitted.clone(),
                    });
                }
            }
            break;
        }
        Ok(None)
    }
}
