//! What a directive's handler looks at beyond its own text.

use std::borrow::Cow;

use super::declared::{Declaration, Declared};
use super::options::OptionSet;
use crate::world::Kind;

/// A version of httpd or of a module: major, minor, patch.
pub type Version = (u8, u8, u8);

/// The answer of a register that may not be visible from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lookup<T> {
    /// It is there.
    Found(T),
    /// It is not there, and we know it.
    Missing,
    /// We cannot know.
    Unknown,
}

/// Whether a directive may use a daemon process group at this point of the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reach {
    /// It is declared above, and its server lets this one use it.
    Accessible,
    /// No `WSGIDaemonProcess` above declares it.
    Undeclared,
    /// It belongs to a virtual host with another `ServerName`.
    OtherServer,
    /// It belongs to a virtual host, and one of the two has no `ServerName` yet.
    NoServerName,
    /// We cannot know.
    Unknown,
}

/// What handlers ask of the machine, of the build and of the configuration read so far. Every
/// answer may be "unknown", and is unless an implementation knows better; then no refusal
/// depends on it.
pub trait Surroundings {
    /// What is at a path, which is taken as [`Surroundings::resolve`] says.
    fn kind(&self, path: &str) -> Kind {
        let _ = path;
        Kind::Unknown
    }

    /// Whether a file is at a path, taken as [`Surroundings::resolve`] says, and not empty.
    fn has_content(&self, path: &str) -> Option<bool> {
        let _ = path;
        None
    }

    /// What is in the file at a path, taken as [`Surroundings::resolve`] says.
    fn content(&self, path: &str) -> Option<Vec<u8>> {
        let _ = path;
        None
    }

    /// The argument of the innermost section about paths around the directive (`cmd_parms.path`):
    /// a directory, a URL path, a file name, a pattern; `None` where there is none, and an empty one
    /// where it is not known.
    fn section_path(&self) -> Option<String> {
        None
    }

    /// Whether a virtual host is around the directive.
    fn is_in_virtual_host(&self) -> bool {
        false
    }

    /// The names of the sections around the directive with their `<`, the innermost first.
    fn sections(&self) -> Vec<Cow<'_, str>> {
        Vec::new()
    }

    /// The directives above this one that declare a thing of a name and reach as far as here, in
    /// reading order; `None` where not all of them are known.
    fn declared_above(&self, what: Declared, name: &str) -> Option<Vec<Declaration>> {
        let _ = (what, name);
        None
    }

    /// Whether modules are loaded that come neither with httpd nor with this program's knowledge
    /// of what they register.
    fn has_foreign_module(&self) -> Option<bool> {
        None
    }

    /// Whether the name of a host has an address: nobody is asked here. Names of digits are none.
    fn resolves(&self, name: &str) -> Option<bool> {
        let _ = name;
        None
    }

    /// Whether no module is loaded of which not even the name is known.
    fn knows_all_modules(&self) -> bool {
        false
    }

    /// Whether the last `<If>`, `<ElseIf>` or `<Else>` before the directive, in the same section, is
    /// one that another may follow.
    fn follows_condition(&self) -> Option<bool> {
        None
    }

    /// Whether nothing stands in the section that the directive is.
    fn has_empty_body(&self) -> Option<bool> {
        None
    }

    /// An absolute path for one that may be relative to the current `ServerRoot`, without `.`,
    /// `..` and doubled slashes.
    fn resolve(&self, path: &str) -> Option<String> {
        let _ = path;
        None
    }

    /// An absolute path for one that may be relative to the directory of the file that the
    /// directive stands in.
    fn beside(&self, path: &str) -> Option<String> {
        path.starts_with('/').then(|| path.to_owned())
    }

    /// The id of a user (`getpwnam`).
    fn user(&self, name: &str) -> Lookup<u32> {
        let _ = name;
        Lookup::Unknown
    }

    /// The id of a group (`getgrnam`).
    fn group(&self, name: &str) -> Lookup<u32> {
        let _ = name;
        Lookup::Unknown
    }

    /// Whether a user has this id (`getpwuid`).
    fn has_user_id(&self, id: u32) -> Option<bool> {
        let _ = id;
        None
    }

    /// Whether a group has this id (`getgrgid`).
    fn has_group_id(&self, id: u32) -> Option<bool> {
        let _ = id;
        None
    }

    /// Whether httpd is started by root.
    fn started_as_root(&self) -> Option<bool> {
        None
    }

    /// Where httpd was built to look for its suexec program (`SUEXEC_BIN`).
    fn suexec_program(&self) -> Option<&str> {
        None
    }

    /// Whether `LoadModule` above has loaded a module, by the name of its structure.
    fn is_loaded(&self, name: &str) -> Option<bool> {
        let _ = name;
        None
    }

    /// Whether httpd is built with a module whose structure has this name, so that it cannot be
    /// loaded. `core_module` and `http_module` do not count.
    fn is_built_in(&self, name: &str) -> Option<bool> {
        let _ = name;
        None
    }

    /// Whether a module is there, loaded or built in, by the name of its structure
    /// (`ssl_module`) or of its source file (`mod_ssl.c`).
    fn has_module(&self, name: &str) -> Option<bool> {
        let _ = name;
        None
    }

    /// Whether the directive stands in a `.htaccess` file.
    fn is_htaccess(&self) -> Option<bool> {
        None
    }

    /// The options that `Options` may change here. Only `.htaccess` files are not free in this.
    fn permitted_options(&self) -> OptionSet {
        OptionSet::EVERY
    }

    /// The mechanisms of `Mutex` in httpd's order, without their `:/path/to/file`.
    fn mutex_mechanisms(&self) -> Option<&[String]> {
        None
    }

    /// The mutex types that the loaded modules register, `default` included.
    fn mutex_types(&self) -> Option<&[String]> {
        None
    }

    /// The mechanisms of `WSGIAcceptMutex` in mod_wsgi's order.
    fn accept_mutex_mechanisms(&self) -> Option<&[String]> {
        None
    }

    /// The version of the loaded mod_wsgi.
    fn mod_wsgi_version(&self) -> Option<Version> {
        None
    }

    /// Whether a `WSGIDaemonProcess` above already declares this name.
    fn daemon_is_declared(&self, name: &str) -> Option<bool> {
        let _ = name;
        None
    }

    /// Whether the current server may use a daemon process group.
    fn daemon_reach(&self, name: &str) -> Reach {
        let _ = name;
        Reach::Unknown
    }
}

/// Surroundings of which nothing is known.
#[derive(Debug, Default, Clone, Copy)]
pub struct NothingKnown;

impl Surroundings for NothingKnown {}
