//! One directive as one module's command table declares it.

use std::borrow::Cow;
use std::ops::BitOr;

use super::version::Version;
use crate::form::Forms;

pub use crate::form::Text;

/// Names a directive name, whatever its case: `Alias` and `alias` are one.
///
/// The name of a section begins with `<` and has no `>`: `<VirtualHost`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NameId(pub(super) u16);

impl NameId {
    /// The position of the name in the table, for arrays with one entry per name.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// Names a module in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModuleId(pub(super) u16);

impl ModuleId {
    /// The position of the module in the table, for arrays with one entry per module.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// How httpd cuts a directive's arguments before it calls the handler (`cmd_how`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Arity {
    /// The handler gets the whole text and cuts it itself.
    RawArgs,
    /// No arguments are meant. A server that was built by a C99 compiler registers such a
    /// directive as [`Arity::RawArgs`] (`AP_INIT_NO_ARGS` does) and ignores what is there.
    NoArgs,
    /// Exactly one.
    Take1,
    /// Exactly two.
    Take2,
    /// One or two.
    Take12,
    /// Exactly three.
    Take3,
    /// Two or three.
    Take23,
    /// One, two or three.
    Take123,
    /// One or three.
    Take13,
    /// One or more; the handler runs for each.
    Iterate,
    /// Two or more; the handler runs for the first with each of the others.
    Iterate2,
    /// `On` or `Off`; httpd ignores what follows.
    Flag,
    /// Any number up to 64, which the handler counts.
    TakeArgv,
}

/// Each class with its name in httpd's source.
const ARITIES: [(&str, Arity); 13] = [
    ("RAW_ARGS", Arity::RawArgs),
    ("NO_ARGS", Arity::NoArgs),
    ("TAKE1", Arity::Take1),
    ("TAKE2", Arity::Take2),
    ("TAKE12", Arity::Take12),
    ("TAKE3", Arity::Take3),
    ("TAKE23", Arity::Take23),
    ("TAKE123", Arity::Take123),
    ("TAKE13", Arity::Take13),
    ("ITERATE", Arity::Iterate),
    ("ITERATE2", Arity::Iterate2),
    ("FLAG", Arity::Flag),
    ("TAKE_ARGV", Arity::TakeArgv),
];

impl Arity {
    /// The class that httpd's source calls `name`.
    pub fn parse(name: &str) -> Option<Self> {
        let (_, arity) = ARITIES.iter().find(|(it, _)| *it == name)?;
        Some(*arity)
    }

    /// The name in httpd's source: `TAKE12`.
    pub fn name(self) -> &'static str {
        ARITIES
            .iter()
            .find(|(_, it)| *it == self)
            .map_or("", |(name, _)| name)
    }
}

/// A set of permissions (`req_override`). A directive may stand where its own set and that of the
/// place have a common member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Allow(pub(super) u16);

impl Allow {
    /// `AllowOverride None`.
    pub const NONE: Allow = Allow(0);
    /// `AllowOverride Limit`.
    pub const OR_LIMIT: Allow = Allow(1);
    /// `AllowOverride Options`.
    pub const OR_OPTIONS: Allow = Allow(2);
    /// `AllowOverride FileInfo`.
    pub const OR_FILEINFO: Allow = Allow(4);
    /// `AllowOverride AuthConfig`.
    pub const OR_AUTHCFG: Allow = Allow(8);
    /// `AllowOverride Indexes`.
    pub const OR_INDEXES: Allow = Allow(16);
    /// No `AllowOverride` was given.
    pub const OR_UNSET: Allow = Allow(32);
    /// In a `<Directory>`, `<Location>` or the like of the server's own files.
    pub const ACCESS_CONF: Allow = Allow(64);
    /// In the server's own files, outside of these.
    pub const RSRC_CONF: Allow = Allow(128);
    /// The handler runs while the file is read.
    pub const EXEC_ON_READ: Allow = Allow(256);
    /// `AllowOverride Nonfatal=Override`.
    pub const NONFATAL_OVERRIDE: Allow = Allow(512);
    /// `AllowOverride Nonfatal=Unknown`.
    pub const NONFATAL_UNKNOWN: Allow = Allow(1024);
    /// In a `<Proxy>`.
    pub const PROXY_CONF: Allow = Allow(2048);
    /// What `AllowOverride All` allows.
    pub const OR_ALL: Allow = Allow(31);
    /// Whatever may stand in a `<Directory>`.
    pub const IN_DIRECTORY: Allow = Allow(Allow::OR_ALL.0 | Allow::ACCESS_CONF.0);

    const NAMES: [(&'static str, Allow); 13] = [
        ("OR_ALL", Allow::OR_ALL),
        ("OR_LIMIT", Allow::OR_LIMIT),
        ("OR_OPTIONS", Allow::OR_OPTIONS),
        ("OR_FILEINFO", Allow::OR_FILEINFO),
        ("OR_AUTHCFG", Allow::OR_AUTHCFG),
        ("OR_INDEXES", Allow::OR_INDEXES),
        ("OR_UNSET", Allow::OR_UNSET),
        ("ACCESS_CONF", Allow::ACCESS_CONF),
        ("RSRC_CONF", Allow::RSRC_CONF),
        ("EXEC_ON_READ", Allow::EXEC_ON_READ),
        ("NONFATAL_OVERRIDE", Allow::NONFATAL_OVERRIDE),
        ("NONFATAL_UNKNOWN", Allow::NONFATAL_UNKNOWN),
        ("PROXY_CONF", Allow::PROXY_CONF),
    ];

    /// The words of `AllowOverride` that give a part of this permission.
    pub fn classes(self) -> impl Iterator<Item = &'static str> {
        const CLASSES: [(&str, Allow); 5] = [
            ("AuthConfig", Allow::OR_AUTHCFG),
            ("FileInfo", Allow::OR_FILEINFO),
            ("Indexes", Allow::OR_INDEXES),
            ("Limit", Allow::OR_LIMIT),
            ("Options", Allow::OR_OPTIONS),
        ];
        let classes = CLASSES.into_iter();
        classes
            .filter(move |it| self.intersects(it.1))
            .map(|it| it.0)
    }

    /// The permission that httpd's source calls `name`.
    pub fn parse(name: &str) -> Option<Self> {
        let (_, allow) = Self::NAMES.iter().find(|(it, _)| *it == name)?;
        Some(*allow)
    }

    /// The set of the given bits, as httpd's command table holds them.
    pub const fn from_bits(bits: u16) -> Self {
        Self(bits)
    }

    /// The bits, as httpd's command table holds them.
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// Whether every member of `other` is in this set.
    pub const fn contains(self, other: Allow) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether the sets have a common member.
    pub const fn intersects(self, other: Allow) -> bool {
        self.0 & other.0 != 0
    }

    /// The set without the members of `other`.
    #[must_use]
    pub const fn without(self, other: Allow) -> Self {
        Self(self.0 & !other.0)
    }
}

impl BitOr for Allow {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// The places that a directive's handler itself refuses (`ap_check_cmd_context`).
///
/// For a directive that runs while the file is read they never take effect in the server's own
/// files: the sections around it are not known yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Checks(pub(super) u8);

impl Checks {
    /// Not inside `<VirtualHost>`.
    pub const VIRTUALHOST: Checks = Checks(0x01);
    /// Nothing is refused.
    pub const NONE: Checks = Checks(0);
    /// Not inside `<Limit>` or `<LimitExcept>`.
    pub const LIMIT: Checks = Checks(0x02);
    /// Not inside `<Directory>`.
    pub const DIRECTORY: Checks = Checks(0x04);
    /// Not inside `<Location>`.
    pub const LOCATION: Checks = Checks(0x08);
    /// Not inside `<Files>` or `<If>`.
    pub const FILES: Checks = Checks(0x10);
    /// Not in a `.htaccess` file.
    pub const HTACCESS: Checks = Checks(0x20);
    /// Not inside `<Proxy>`.
    pub const PROXY: Checks = Checks(0x40);
    /// Not inside any of `<Directory>`, `<Location>`, `<Files>`.
    pub const DIR_LOC_FILE: Checks = Checks(0x04 | 0x08 | 0x10);
    /// Not inside any section that is about paths.
    pub const DIR_CONTEXT: Checks = Checks(0x02 | 0x04 | 0x08 | 0x10 | 0x40);
    /// Only for the whole server.
    pub const GLOBAL_ONLY: Checks = Checks(0x01 | 0x02 | 0x04 | 0x08 | 0x10 | 0x40);

    const NAMES: [(&'static str, Checks); 10] = [
        ("NOT_IN_VIRTUALHOST", Checks::VIRTUALHOST),
        ("NOT_IN_LIMIT", Checks::LIMIT),
        ("NOT_IN_DIRECTORY", Checks::DIRECTORY),
        ("NOT_IN_LOCATION", Checks::LOCATION),
        ("NOT_IN_FILES", Checks::FILES),
        ("NOT_IN_HTACCESS", Checks::HTACCESS),
        ("NOT_IN_PROXY", Checks::PROXY),
        ("NOT_IN_DIR_LOC_FILE", Checks::DIR_LOC_FILE),
        ("NOT_IN_DIR_CONTEXT", Checks::DIR_CONTEXT),
        ("GLOBAL_ONLY", Checks::GLOBAL_ONLY),
    ];

    /// The check that httpd's source calls `name`.
    pub fn parse(name: &str) -> Option<Self> {
        let (_, checks) = Self::NAMES.iter().find(|(it, _)| *it == name)?;
        Some(*checks)
    }

    /// The bits, as a handler passes them.
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// Whether the handler refuses nothing.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether every member of `other` is in this set.
    pub const fn contains(self, other: Checks) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether the sets have a common member.
    pub const fn intersects(self, other: Checks) -> bool {
        self.0 & other.0 != 0
    }
}

impl BitOr for Checks {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// A kind of place, as a handler with a refusal of its own tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// The main server, outside of all sections.
    Server,
    /// Directly inside `<VirtualHost>`.
    VirtualHost,
    /// Inside a section that is about paths (the handler sees a path).
    Directory,
    /// A `.htaccess` file.
    Htaccess,
    /// Inside `<MDomainSet>`, which `<MDomain>` is another name of.
    ManagedDomain,
}

impl Place {
    const NAMES: [(&'static str, Place); 5] = [
        ("server", Place::Server),
        ("virtual host", Place::VirtualHost),
        ("directory", Place::Directory),
        (".htaccess", Place::Htaccess),
        ("managed domain", Place::ManagedDomain),
    ];

    /// The place that a module's description calls `name`.
    pub fn parse(name: &str) -> Option<Self> {
        let (_, place) = Self::NAMES.iter().find(|(it, _)| *it == name)?;
        Some(*place)
    }
}

/// How what a section says is merged with what is said before it (`dir_config` and `server_config`
/// of a module). What a virtual host says comes behind what the main server says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Merge {
    /// The last section that says it counts, with all of its lines.
    #[default]
    Replace,
    /// All sections count, the later ones behind the earlier ones.
    Append,
    /// All sections count, the later ones in front of the earlier ones.
    Prepend,
    /// The last section that has any directive of the module counts: it merges nothing.
    Anew,
    /// The same, with those before it where an option of the module asks for them: `RewriteOptions
    /// Inherit`.
    Inherit,
    /// All sections count: words with a sign change what is said before, a line without replaces it.
    Adjust,
}

impl Merge {
    const NAMES: [(&'static str, Merge); 6] = [
        ("replace", Merge::Replace),
        ("append", Merge::Append),
        ("prepend", Merge::Prepend),
        ("anew", Merge::Anew),
        ("inherit", Merge::Inherit),
        ("adjust", Merge::Adjust),
    ];

    /// The manner that a module's description calls `name`.
    pub fn parse(name: &str) -> Option<Self> {
        let (_, merge) = Self::NAMES.iter().find(|(it, _)| *it == name)?;
        Some(*merge)
    }
}

/// A place that the handler refuses although permissions and [`Checks`] would let it pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The place.
    pub place: Place,
    /// The sections inside which the handler accepts the place after all: `<MDomainSet`.
    pub unless_inside: Cow<'static, [Text]>,
    /// Whether the handler looks at its arguments first.
    pub behind_arguments: bool,
    /// What httpd prints.
    pub message: Text,
}

/// Directives that get their whole text and take every word of it alike.
const RAW_LISTS: &[&str] = &[
    "AccessFileName",
    "DirectoryIndex",
    "ServerAlias",
    "WSGIRestrictProcess",
    "WSGITrustedProxyHeaders",
];

/// Directives of one argument of which all lines in a section count, not the last.
const SEVERAL: &[&str] = &[
    "CacheDisable",
    "DBDInitSQL",
    "InputSed",
    "JkMountFile",
    "LuaPackageCPath",
    "LuaPackagePath",
    "MDCertificateFile",
    "MDCertificateKeyFile",
    "OutputSed",
    "RemoteIPInternalProxyList",
    "RemoteIPTrustedProxyList",
    "SSLCertificateChainFile",
    "SSLCertificateFile",
    "SSLCertificateKeyFile",
    "SessionExclude",
    "SessionInclude",
    "Substitute",
];

/// A directive as one module declares it. Several modules may declare the same name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// The name.
    pub name: NameId,
    /// The name as the command table spells it, as httpd's messages show it.
    pub spelling: Text,
    /// The module that declares it.
    pub module: ModuleId,
    /// How its arguments are cut.
    pub arity: Arity,
    /// Where it may stand.
    pub allow: Allow,
    /// Where its handler refuses it.
    pub checks: Checks,
    /// What takes the place of `checks` where a second argument is given.
    pub checks_of_two: Option<Checks>,
    /// Where its handler refuses it with a message of its own.
    pub refused_in: Cow<'static, [Refusal]>,
    /// What its handler asks of its words, where that can be said without a language of its own.
    pub forms: Forms,
    /// Whether its handler runs while the file is read, so that only later lines feel it.
    pub exec_on_read: bool,
    /// Whether it opens a section.
    pub section: bool,
    /// The command table's own sentence about it, which httpd appends to messages about the
    /// number of arguments.
    pub help: Option<Text>,
    /// The version that brought it, in the numbering of its module; `None` where it was there
    /// before 2.4.0 (for a third-party module: where nobody knows).
    pub since: Option<Version>,
    /// The first version without it, in the numbering of its module.
    pub removed: Option<Version>,
    /// Still accepted, but not to be used: what to use instead, in a sentence.
    pub deprecated: Option<Text>,
    /// The C macro without which the server is compiled without it: `WIN32`.
    pub compiled_if: Option<Text>,
    /// How it is merged with what other sections say.
    pub merge: Merge,
    /// How to write it, one form per line; empty where nobody wrote it down.
    pub syntax: Text,
    /// The line that says what holds where there is none.
    pub default: Option<Text>,
    /// What it does, and what surprises, in a sentence or two.
    pub summary: Option<Text>,
}

impl Directive {
    /// Whether it takes any number of words, each like the others.
    pub fn takes_list(&self) -> bool {
        matches!(self.arity, Arity::Iterate | Arity::Iterate2)
            || RAW_LISTS.contains(&&*self.spelling)
    }

    /// Whether it has one value, of which the last that is said in a section counts, and that of the
    /// last section.
    pub fn has_one_value(&self) -> bool {
        let takes_one = matches!(self.arity, Arity::Flag | Arity::Take1);
        takes_one && self.merge == Merge::Replace && !SEVERAL.contains(&&*self.spelling)
    }

    /// Whether its arguments are words as httpd splits them. What other handlers make of their
    /// text is their own affair.
    pub fn takes_words(&self) -> bool {
        self.takes_list() || !matches!(self.arity, Arity::RawArgs | Arity::NoArgs | Arity::Flag)
    }
}
