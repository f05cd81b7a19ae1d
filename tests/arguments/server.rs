//! The server that the documents are about, as we imagine it and as it is.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use httpd_lint::argument::wsgi::daemon_process::DaemonProcess;
use httpd_lint::argument::{
    Declaration, Declared, Lookup, Reach, Surroundings, Version, declared, file, section,
};
use httpd_lint::syntax::words;
use httpd_lint::world::{Kind, MemoryWorld, World};

use crate::document::{Case, Setting};
use crate::third_party;

/// The real httpd, where there is one.
pub(crate) const HTTPD: &str = "/usr/sbin/apache2";

/// Its modules.
pub(crate) const MODULES: &str = "/usr/lib/apache2/modules";

/// The file of a module: that of a package that is installed before that of an unpacked one.
pub(crate) fn object(module: &str) -> Option<PathBuf> {
    let installed = Path::new(MODULES).join(format!("mod_{module}.so"));
    match installed.exists() {
        true => Some(installed),
        false => third_party::object(module),
    }
}

/// The server of the documents, in a directory of its own.
pub(crate) struct Server {
    root: tempfile::TempDir,
    world: MemoryWorld,
    mutex_mechanisms: Vec<String>,
    mutex_types: Vec<String>,
    accept_mutex_mechanisms: Vec<String>,
}

impl Server {
    pub(crate) fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("locks")).unwrap();
        fs::write(root.path().join("file"), "text\n").unwrap();
        let path = root.path().to_str().unwrap();
        let mut world = MemoryWorld::new().with(&format!("{path}/file"), "text\n");
        world.add_directory(&format!("{path}/locks"));
        world.add_directory("/tmp");
        world.put(&format!("{MODULES}/mod_env.so"), "");
        let owned = |names: &[&str]| names.iter().map(|it| (*it).to_owned()).collect();
        Self {
            world,
            mutex_mechanisms: owned(&[
                "none", "default", "flock", "fcntl", "file", "pthread", "sysvsem", "posixsem",
                "sem",
            ]),
            mutex_types: owned(&["default", "mpm-accept", "watchdog-callback", "rewrite-map"]),
            accept_mutex_mechanisms: owned(&[
                "default", "flock", "fcntl", "sysvsem", "posixsem", "pthread",
            ]),
            root,
        }
    }

    fn path(&self) -> &str {
        self.root.path().to_str().unwrap()
    }

    /// Whether we, and so httpd, run as root.
    pub(crate) fn is_run_by_root(&self) -> bool {
        fs::metadata(self.root.path()).unwrap().uid() == 0
    }

    /// A text of this server with the name of its directory taken out, and put in.
    pub(crate) fn generic(&self, text: &str) -> String {
        text.replace(self.path(), "ROOT")
    }

    fn configuration(&self, case: &Case, mod_wsgi: &Path) -> String {
        let mut text = format!("ServerRoot \"{}\"\n", self.path());
        let always = ["mpm_prefork", "authz_core", "alias", "rewrite"];
        let modules = &case.setting.modules;
        for module in always.into_iter().chain(modules.iter().map(|it| &**it)) {
            let object = object(module).unwrap_or_default();
            let _ = writeln!(text, "LoadModule {module}_module {}", object.display());
        }
        let _ = writeln!(text, "LoadModule wsgi_module {}", mod_wsgi.display());
        text += "DefaultRuntimeDir .\nErrorLog error.log\nServerName localhost\n";
        text += "DocumentRoot .\nUser www-data\nGroup www-data\n";
        let setting = &case.setting;
        for line in setting.inside.iter().chain(&setting.before) {
            let _ = writeln!(text, "{line}");
        }
        let _ = writeln!(text, "{}", case.line);
        for opening in [Some(&case.line), setting.inside.as_ref()]
            .into_iter()
            .flatten()
        {
            if opening.starts_with('<') {
                let end = opening
                    .find(|it| words::is_blank(it) || it == '>')
                    .unwrap_or(opening.len());
                let _ = writeln!(text, "</{}>", &opening[1..end]);
            }
        }
        text
    }

    /// What the real httpd says of a case, nothing where it accepts it.
    pub(crate) fn ask(&self, case: &Case, mod_wsgi: &Path) -> Option<String> {
        let file = self.root.path().join("httpd.conf");
        fs::write(&file, self.configuration(case, mod_wsgi)).unwrap();
        let output = Command::new(HTTPD)
            .arg("-t")
            .arg("-f")
            .arg(&file)
            .env_clear()
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .env("LD_LIBRARY_PATH", third_party::LIBRARIES)
            .output()
            .unwrap();
        if output.status.success() {
            return None;
        }
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        Some(self.generic(&message(&text)))
    }
}

/// httpd's message without its place and program.
fn message(output: &str) -> String {
    let mut lines = output.lines();
    while let Some(line) = lines.next() {
        if line.starts_with("AH00526: ") {
            return lines.next().unwrap_or_default().to_owned();
        }
        if let Some(place) = line.strip_prefix("apache2: Syntax error on line ") {
            return place.split_once(": ").unwrap_or_default().1.to_owned();
        }
        if line.starts_with("AH00543: ") || line.starts_with("AH00544: ") {
            return line.replacen("apache2: ", "", 1);
        }
    }
    output.trim_end().to_owned()
}

/// A place in the configuration of a [`Server`].
pub(crate) struct Here<'a> {
    pub(crate) server: &'a Server,
    pub(crate) setting: &'a Setting,
}

impl Here<'_> {
    /// The section around a line: its name, and what follows it.
    fn section(&self) -> Option<(&str, &str)> {
        let line = self.setting.inside.as_deref()?;
        let end = line.find(words::is_blank)?;
        Some((&line[..end], line[end..].trim()))
    }

    fn declared(&self) -> Option<String> {
        let line = self.setting.before.as_ref()?;
        let text = line.strip_prefix("WSGIDaemonProcess ")?;
        Some(DaemonProcess::parse(text).name.value)
    }
}

impl Surroundings for Here<'_> {
    fn kind(&self, path: &str) -> Kind {
        self.resolve(path)
            .map_or(Kind::Unknown, |it| self.server.world.kind(&it))
    }

    fn resolve(&self, path: &str) -> Option<String> {
        let mut whole: Vec<&str> = Vec::new();
        let root = if path.starts_with('/') {
            ""
        } else {
            self.server.path()
        };
        for part in root.split('/').chain(path.split('/')) {
            match part {
                "" | "." => {}
                ".." => drop(whole.pop()),
                _ => whole.push(part),
            }
        }
        Some(format!("/{}", whole.join("/")))
    }

    fn beside(&self, path: &str) -> Option<String> {
        match path.starts_with('/') {
            true => Some(path.to_owned()),
            false => Some(format!("{}/{path}", self.server.path())),
        }
    }

    fn user(&self, name: &str) -> Lookup<u32> {
        match name {
            "root" => Lookup::Found(0),
            "www-data" => Lookup::Found(33),
            _ => Lookup::Missing,
        }
    }

    fn group(&self, name: &str) -> Lookup<u32> {
        self.user(name)
    }

    fn has_user_id(&self, id: u32) -> Option<bool> {
        Some(matches!(id, 0 | 33))
    }

    fn has_group_id(&self, id: u32) -> Option<bool> {
        self.has_user_id(id)
    }

    fn started_as_root(&self) -> Option<bool> {
        Some(true)
    }

    fn is_loaded(&self, name: &str) -> Option<bool> {
        Some(name == "alias_module")
    }

    fn is_built_in(&self, name: &str) -> Option<bool> {
        Some(name == "so_module")
    }

    fn has_module(&self, name: &str) -> Option<bool> {
        let always = [
            "core_module",
            "core.c",
            "so_module",
            "mod_alias.c",
            "mod_authz_core.c",
            "mod_logio.c",
            "mod_watchdog.c",
            "mod_wsgi.c",
            "rewrite_module",
            "mod_rewrite.c",
        ];
        let is_loaded =
            |it: &String| name == format!("mod_{it}.c") || name == format!("{it}_module");
        Some(always.contains(&name) || self.setting.modules.iter().any(is_loaded))
    }

    fn knows_all_modules(&self) -> bool {
        true
    }

    fn has_foreign_module(&self) -> Option<bool> {
        Some(false)
    }

    fn has_content(&self, path: &str) -> Option<bool> {
        let path = self.resolve(path)?;
        let world = &self.server.world;
        file::has_content(world.kind(&path), || world.read(&path))
    }

    fn section_path(&self) -> Option<String> {
        let (name, text) = self.section()?;
        section::is_about_paths(name).then(|| section::path(name, text))
    }

    fn is_in_virtual_host(&self) -> bool {
        self.sections().iter().any(|it| it == "<VirtualHost")
    }

    fn sections(&self) -> Vec<Cow<'_, str>> {
        self.section().iter().map(|it| it.0.into()).collect()
    }

    fn declared_above(&self, what: Declared, name: &str) -> Option<Vec<Declaration>> {
        let before = self.setting.before.as_deref().unwrap_or_default();
        let (directive, text) = before.split_once(' ').unwrap_or((before, ""));
        let wanted = (what, what.key(name));
        let is_there = declared::declarations(directive, text).contains(&wanted);
        let declaration = || Declaration {
            directive: directive.to_owned(),
            text: text.to_owned(),
            section: None,
        };
        Some(is_there.then(declaration).into_iter().collect())
    }

    fn follows_condition(&self) -> Option<bool> {
        let before = self.setting.before.as_deref().unwrap_or_default();
        Some(before.starts_with("<If"))
    }

    fn has_empty_body(&self) -> Option<bool> {
        Some(true)
    }

    fn mutex_mechanisms(&self) -> Option<&[String]> {
        Some(&self.server.mutex_mechanisms)
    }

    fn mutex_types(&self) -> Option<&[String]> {
        Some(&self.server.mutex_types)
    }

    fn accept_mutex_mechanisms(&self) -> Option<&[String]> {
        Some(&self.server.accept_mutex_mechanisms)
    }

    fn mod_wsgi_version(&self) -> Option<Version> {
        self.setting.mod_wsgi.or(Some((4, 9, 4)))
    }

    fn daemon_is_declared(&self, name: &str) -> Option<bool> {
        Some(self.declared().is_some_and(|it| it == name))
    }

    fn daemon_reach(&self, name: &str) -> Reach {
        if self.declared().is_some_and(|it| it == name) {
            Reach::Accessible
        } else {
            Reach::Undeclared
        }
    }
}
