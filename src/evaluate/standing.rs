//! Where a text stands that is not a whole configuration.

use crate::argument::allow_override::{AllowOverride, Override};
use crate::argument::options::{DirectoryOption, OptionSet};
use crate::diagnostic::Diagnostic;
use crate::httpd::Allow;
use crate::source::Span;
use crate::syntax::{Argument, Document, Instruction};

/// The place of a text's first line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Standing {
    /// In the configuration of the server, outside of all sections.
    #[default]
    Server,
    /// Directly inside a section of this name, with its `<`.
    Inside(&'static str),
    /// In a `.htaccess` file.
    Htaccess,
}

/// What a user calls the places.
const NAMES: [(&str, Standing); 7] = [
    ("server", Standing::Server),
    ("vhost", Standing::Inside("<VirtualHost")),
    ("directory", Standing::Inside("<Directory")),
    ("location", Standing::Inside("<Location")),
    ("files", Standing::Inside("<Files")),
    ("proxy", Standing::Inside("<Proxy")),
    ("htaccess", Standing::Htaccess),
];

/// Where a part of a configuration may stand that nobody says anything of: a place of each kind
/// that handlers tell apart.
const ANYWHERE: &[Standing] = &[
    Standing::Server,
    Standing::Inside("<VirtualHost"),
    Standing::Inside("<Directory"),
    Standing::Inside("<Location"),
    Standing::Inside("<Files"),
    Standing::Inside("<Proxy"),
    Standing::Inside("<RequireAll"),
    Standing::Inside("<RequireAny"),
    Standing::Inside("<MDomainSet"),
    Standing::Htaccess,
];

/// Sections that stand in no other section than `<VirtualHost>`.
const OUTER: [&str; 6] = [
    "<Directory",
    "<DirectoryMatch",
    "<Location",
    "<LocationMatch",
    "<Proxy",
    "<ProxyMatch",
];

impl Standing {
    /// The names of the places.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|it| it.0)
    }

    /// The place of a name.
    pub fn named(name: &str) -> Option<Self> {
        Some(NAMES.iter().find(|it| it.0 == name)?.1)
    }

    /// The name of a place; `None` for one that users cannot name.
    pub fn name(self) -> Option<&'static str> {
        Some(NAMES.iter().find(|it| it.1 == self)?.0)
    }

    /// The section that it is inside of.
    pub fn section(self) -> Option<&'static str> {
        match self {
            Standing::Inside(section) => Some(section),
            Standing::Server | Standing::Htaccess => None,
        }
    }

    /// Where a text may stand that has these sections outside of all others.
    pub(super) fn around<'a>(sections: impl Iterator<Item = &'a str>) -> &'static [Standing] {
        let is_host = |it: &str| it.eq_ignore_ascii_case("<VirtualHost");
        let is_outer = |it: &str| OUTER.iter().any(|outer| outer.eq_ignore_ascii_case(it));
        sections.fold(ANYWHERE, |all, it| match it {
            _ if is_host(it) => &ANYWHERE[..1],
            _ if is_outer(it) && all.len() > 2 => &ANYWHERE[..2],
            _ => all,
        })
    }
}

/// The name of a place in a comment before the first directive, which says where the text stands if
/// it is a part of a configuration: `# httpd-lint: context(vhost)`.
pub fn context_comment(document: &Document, text: &str) -> Option<Argument> {
    let mut told = Instruction::all(document, text)
        .take_while(|it| document.is_at_top(it.line))
        .filter(|it| it.is("context"));
    told.find_map(|it| it.arguments?.into_iter().next())
}

/// What `AllowOverride` and `AllowOverrideList` permit in a `.htaccess` file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overrides {
    /// The kinds of directives, and whether httpd only warns of others (`Nonfatal`).
    pub allow: Allow,
    /// The options that `Options` may change, where it is permitted.
    pub options: OptionSet,
    /// Names of directives that are permitted besides.
    pub names: Vec<String>,
    /// The `AllowOverride` that says so, where there is one.
    pub place: Option<Span>,
}

impl Overrides {
    /// `AllowOverride All`.
    pub fn all() -> Self {
        Self {
            allow: Allow::OR_ALL,
            ..Self::unset()
        }
    }

    /// Where no `AllowOverride` says anything: httpd reads the file and permits no directive.
    pub fn unset() -> Self {
        Self {
            allow: Allow::OR_UNSET,
            options: OptionSet::EVERY,
            names: Vec::new(),
            place: None,
        }
    }

    /// Whether httpd only warns of some of what is not permitted.
    pub fn is_lenient(&self) -> bool {
        let lenient = Allow::NONFATAL_OVERRIDE.bits() | Allow::NONFATAL_UNKNOWN.bits();
        self.allow.intersects(Allow::from_bits(lenient))
    }

    /// What an `AllowOverride` permits. `None` and `All` forget what stands before them, but no
    /// options: these stay until another `Options` comes, even in a later line.
    pub fn set(&mut self, directive: &AllowOverride, place: Span) {
        let mut allow = Allow::NONE;
        for (word, _) in &directive.words {
            allow = match word {
                Override::All => Allow::OR_ALL,
                Override::None => Allow::NONE,
                Override::AuthConfig => allow | Allow::OR_AUTHCFG,
                Override::FileInfo => allow | Allow::OR_FILEINFO,
                Override::Indexes => allow | Allow::OR_INDEXES,
                Override::Limit => allow | Allow::OR_LIMIT,
                Override::Options(names) => {
                    self.options = match names {
                        None => OptionSet::ALL,
                        Some(names) => named(names).unwrap_or(self.options),
                    };
                    allow | Allow::OR_OPTIONS
                }
                Override::Nonfatal(what) => allow | forgiven(what.as_deref().unwrap_or_default()),
                Override::Unknown => allow,
            };
        }
        self.allow = allow;
        self.place = Some(place);
    }

    /// What an `AllowOverrideList` permits.
    pub fn set_list(&mut self, names: Vec<String>) {
        self.names = names;
        self.names.retain(|it| !it.eq_ignore_ascii_case("none"));
    }

    /// Whether a directive is permitted where the sections around it permit `within`.
    pub fn permits(&self, directive: Allow, within: Allow, name: &str) -> bool {
        let is_listed = || self.names.iter().any(|it| it.eq_ignore_ascii_case(name));
        directive.intersects(within) || is_listed()
    }

    /// Whether a directive could stand in `.htaccess`, but is not permitted by its class.
    pub fn withholds(&self, directive: Allow) -> bool {
        directive.intersects(Allow::OR_ALL) && !directive.intersects(self.allow)
    }

    /// Says in a finding what decides that a directive is not permitted, and what would permit it.
    pub fn explain(&self, directive: Allow, finding: &mut Diagnostic) {
        match self.place {
            Some(place) => finding.secondary(place, "this counts here"),
            None => finding.note("no `AllowOverride` counts here, so no directive is permitted"),
        };
        let classes: Vec<_> = directive.classes().collect();
        finding.note(format!(
            "`AllowOverride {}` permits it",
            classes.join("` or `")
        ));
    }

    /// Whatever one of the two permits or forgives.
    #[must_use]
    pub fn or(mut self, other: &Self) -> Self {
        self.allow = self.allow | other.allow;
        self.options = self.options | other.options;
        self.names.extend(other.names.iter().cloned());
        self
    }
}

// What `Nonfatal=WORD` makes of mistakes.
fn forgiven(word: &str) -> Allow {
    let both = Allow::NONFATAL_OVERRIDE | Allow::NONFATAL_UNKNOWN;
    match word.to_ascii_lowercase().as_str() {
        "override" => Allow::NONFATAL_OVERRIDE,
        "unknown" => Allow::NONFATAL_UNKNOWN,
        "all" => both,
        _ => Allow::NONE,
    }
}

// The options of `Options=NAME,…`; an empty list changes nothing.
fn named(names: &[String]) -> Option<OptionSet> {
    let options = names.iter().filter_map(|it| DirectoryOption::of(it));
    options.map(OptionSet::of).reduce(std::ops::BitOr::bitor)
}
