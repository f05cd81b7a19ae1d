//! Where a text stands that is not a whole configuration.

use crate::argument::options::OptionSet;
use crate::diagnostic::Diagnostic;
use crate::httpd::Allow;
use crate::source::Span;

/// The place of a text's first line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Standing {
    /// In the configuration of the server, outside of all sections.
    #[default]
    Server,
    /// Directly inside `<VirtualHost>`.
    VirtualHost,
    /// Directly inside `<Directory>`.
    Directory,
    /// Directly inside `<Location>`.
    Location,
    /// Directly inside `<Files>`.
    Files,
    /// In a `.htaccess` file.
    Htaccess,
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
