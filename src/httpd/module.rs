//! One module.

use std::borrow::Cow;

use super::directive::{ModuleId, Text};
use super::version::Version;

/// A module: the names it goes by, and what it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Module {
    /// The name of its source file, which `<IfModule>` matches: `mod_rewrite.c`. A
    /// multi-processing module's has no prefix: `event.c`.
    pub source: Text,
    /// The name of its C structure, which `LoadModule` takes and `<IfModule>` matches:
    /// `rewrite_module`.
    pub identifier: Text,
    /// The usual name of the shared object: `mod_rewrite.so`; empty for a module that is always
    /// part of the program.
    pub object: Text,
    /// Whether it comes with httpd.
    pub standard: bool,
    /// Whether it is a multi-processing module, of which a server has exactly one.
    pub mpm: bool,
    /// Whether the versions of its directives count its own releases; otherwise httpd's.
    pub own_versions: bool,
    /// The modules that must be loaded before it: without them it cannot be linked.
    pub needs: Cow<'static, [ModuleId]>,
    /// The symbol that the dynamic linker misses first without them; empty where that is not known.
    pub missing_symbol: Text,
    /// The version of httpd that brought it; `None` where it was there before 2.4.0.
    pub since: Option<Version>,
    /// The first version of httpd without it.
    pub removed: Option<Version>,
    /// Whether it has settings of its own for directories (`create_dir_config`).
    pub per_directory: bool,
    /// Whether it looks at who is let in through a hook of httpd 2.2, so that httpd does not take an
    /// earlier answer for granted in an internal redirect.
    pub asks_again: bool,
    /// The types that it registers for `Mutex`.
    pub mutexes: Cow<'static, [MutexType]>,
}

/// A name that `Mutex` accepts while the module is loaded: `ssl-cache`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MutexType {
    /// The name; its case counts.
    pub name: Text,
    /// The first version of httpd that does not know it.
    pub removed: Option<Version>,
    /// What must stand in the configuration before the module makes the mutex: one of these lists
    /// as a whole, each item by a directive of its own. An item is the name of a directive and the
    /// beginnings of its words, `*` for any word: `RewriteMap * prg:`. Where there is no list, the
    /// module always makes it.
    pub made_with: Cow<'static, [Cow<'static, [Text]>]>,
    /// Whether other modules may ask for it, too.
    pub made_for_others: bool,
    /// The `-D` line of `httpd -V` without which the module always makes it, whatever `made_with`
    /// says.
    pub spared_by: Option<Text>,
}
