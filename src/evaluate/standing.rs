//! Where a text stands that is not a whole configuration.

use crate::httpd::Allow;

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
    /// The kinds of directives.
    pub allow: Allow,
    /// Names of directives that are permitted besides, in lower case.
    pub names: Vec<String>,
    /// Whether httpd only warns of a directive that is not permitted (`Nonfatal=Override`).
    pub forgives_override: bool,
    /// Whether it only warns of an unknown one (`Nonfatal=Unknown`).
    pub forgives_unknown: bool,
}

impl Overrides {
    /// `AllowOverride All`.
    pub fn all() -> Self {
        Self {
            allow: Allow::OR_ALL,
            names: Vec::new(),
            forgives_override: false,
            forgives_unknown: false,
        }
    }

    /// Whether a directive is permitted.
    pub fn permits(&self, allow: Allow, name: &str) -> bool {
        allow.intersects(self.allow) || self.names.iter().any(|it| it.eq_ignore_ascii_case(name))
    }
}
