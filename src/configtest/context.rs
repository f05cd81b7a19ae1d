//! Where a directive stands, as phase 2 sees it.

use std::borrow::Cow;

use crate::evaluate::{Config, OccurrenceId, Placed, Standing};
use crate::httpd::{Allow, Checks, Directive, Place, Table};

const SERVER: Allow = Allow::from_bits(
    Allow::RSRC_CONF.bits()
        | Allow::OR_OPTIONS.bits()
        | Allow::OR_FILEINFO.bits()
        | Allow::OR_INDEXES.bits(),
);
const PATH: Allow = Allow::IN_DIRECTORY;
const PROXY: Allow = Allow::from_bits(PATH.bits() | Allow::PROXY_CONF.bits());
const AUTHORIZATION: Allow = Allow::from_bits(Allow::OR_AUTHCFG.bits() | Allow::ACCESS_CONF.bits());

/// The sections around a place, boiled down to what permissions ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context {
    /// What the innermost sections permit (`cmd_parms.override`).
    pub allow: Allow,
    /// The kinds of all sections around.
    pub within: Checks,
    /// Whether a section about paths is around (`cmd_parms.path`).
    pub has_path: bool,
    /// Whether `<MDomainSet>` is around, or `<MDomain>`, which is the same.
    pub in_managed_domain: bool,
    /// Whether the sections around are known for what they permit. A section of a module that we
    /// do not know may permit anything, and one that httpd refuses is never entered.
    pub certain: bool,
}

impl Context {
    /// The main configuration, outside of all sections.
    pub const SERVER: Context = Context {
        allow: SERVER,
        within: Checks::NONE,
        has_path: false,
        in_managed_domain: false,
        certain: true,
    };

    /// The first line of a text that stands somewhere.
    pub fn at(standing: Standing) -> Context {
        match standing {
            Standing::Server => Context::SERVER,
            Standing::Inside(section @ ("<RequireAll" | "<RequireAny")) => {
                Context::SERVER.inside("<Directory").inside(section)
            }
            Standing::Inside(section) => Context::SERVER.inside(section),
            Standing::Htaccess => Context::htaccess(Allow::OR_ALL),
        }
    }

    /// The first line of a file that no other one reads; of one of the server, where the main
    /// file stands.
    pub fn outside(config: &Config, entry: OccurrenceId, standing: Standing) -> Context {
        match config.overrides(entry) {
            Some(overrides) => Context::htaccess(overrides.allow),
            None => Context::at(standing),
        }
    }

    /// The first line of a `.htaccess` file in which this is permitted.
    pub fn htaccess(allow: Allow) -> Context {
        Context {
            allow,
            within: Checks::HTACCESS,
            has_path: true,
            in_managed_domain: false,
            certain: true,
        }
    }

    /// The context of what stands directly in a section.
    #[must_use]
    pub fn inside(self, section: &str) -> Context {
        let add = |allow: Allow, kind: Checks| Context {
            allow,
            within: self.within | kind,
            has_path: true,
            ..self
        };
        match section {
            "<VirtualHost" => Context {
                allow: SERVER,
                within: self.within | Checks::VIRTUALHOST,
                ..self
            },
            "<Directory" | "<DirectoryMatch" => add(PATH, Checks::DIRECTORY),
            "<Location" | "<LocationMatch" => add(PATH, Checks::LOCATION),
            "<Files" | "<FilesMatch" | "<If" | "<ElseIf" | "<Else" => {
                add(if self.has_path { self.allow } else { PATH }, Checks::FILES)
            }
            "<Proxy" | "<ProxyMatch" => add(PROXY, Checks::PROXY),
            "<Limit" | "<LimitExcept" => Context {
                within: self.within | Checks::LIMIT,
                ..self
            },
            // mod_authz_core lets sections pass for limited that are not.
            "<RequireAll" | "<RequireAny" | "<RequireNone" => Context {
                allow: Allow::OR_AUTHCFG,
                within: self.within | Checks::LIMIT,
                ..self
            },
            "<AuthnProviderAlias" | "<AuthzProviderAlias" => Context {
                allow: AUTHORIZATION,
                ..self
            },
            "<MDomain" | "<MDomainSet" => Context {
                in_managed_domain: true,
                ..self
            },
            "<WSGIInterpreterOptions" => self,
            _ => Context {
                certain: false,
                ..self
            },
        }
    }

    /// The context of a directive; that in a server where it may be another one, too.
    pub fn of(placed: &Placed<'_>, table: &Table) -> Context {
        let standing = placed.config.standings.first();
        Context::within(placed, table, standing.copied().unwrap_or_default())
    }

    /// The context of a directive in a configuration whose main file stands somewhere.
    pub(super) fn within(placed: &Placed<'_>, table: &Table, standing: Standing) -> Context {
        sections(placed, table).iter().rev().fold(
            Context::outside(placed.config, placed.id.occurrence, standing),
            |context, it| context.inside(it),
        )
    }

    /// Whether a directive with its usual arguments may stand here, as far as permissions and the
    /// kinds of sections say it.
    pub fn permits(&self, directive: &Directive) -> bool {
        let checks = directive.checks;
        let is_limited =
            checks.intersects(Checks::DIR_CONTEXT) && self.within.intersects(Checks::LIMIT);
        let is_in_directory = checks.contains(Checks::DIR_CONTEXT) && self.has_path;
        let kinds = [
            Checks::VIRTUALHOST,
            Checks::HTACCESS,
            Checks::DIRECTORY,
            Checks::LOCATION,
            Checks::FILES,
            Checks::PROXY,
        ];
        let meets = |it: Checks| checks.intersects(it) && self.within.intersects(it);
        directive.allow.intersects(self.allow)
            && !is_limited
            && !is_in_directory
            && !kinds.into_iter().any(meets)
    }

    /// Why the handler of a directive refuses this place: httpd's message
    /// (`ap_check_cmd_context`).
    pub fn refusal(
        &self,
        directive: &Directive,
        placed: &Placed<'_>,
        table: &Table,
    ) -> Option<String> {
        let name = &directive.spelling;
        let bracket = if name.starts_with('<') { ">" } else { "" };
        let checks = checks_of(directive, placed);
        let cannot = |what: &str| Some(format!("{name}{bracket} cannot occur within {what}"));
        let both = |kind: Checks| checks.intersects(kind) && self.within.intersects(kind);
        if both(Checks::VIRTUALHOST) {
            return cannot("<VirtualHost> section");
        }
        if checks.intersects(Checks::DIR_CONTEXT) && self.within.intersects(Checks::LIMIT) {
            return cannot("<Limit> or <LimitExcept> section");
        }
        if both(Checks::HTACCESS) {
            return cannot("htaccess files");
        }
        if checks.contains(Checks::DIR_CONTEXT) && self.has_path {
            return cannot("directory context");
        }
        for kind in [
            Checks::DIRECTORY,
            Checks::LOCATION,
            Checks::FILES,
            Checks::PROXY,
        ] {
            if both(kind) {
                let section = ancestor(placed, kind, table).unwrap_or_default();
                return cannot(&format!("{section}> section"));
            }
        }
        self.own_refusal(directive, placed, table, false)
    }

    /// What a handler refuses about the place when it has looked at its arguments.
    pub(super) fn refusal_behind_arguments(
        &self,
        directive: &Directive,
        placed: &Placed<'_>,
        table: &Table,
    ) -> Option<String> {
        self.own_refusal(directive, placed, table, true)
    }

    // What the handler refuses with words of its own.
    fn own_refusal(
        &self,
        directive: &Directive,
        placed: &Placed<'_>,
        table: &Table,
        behind_arguments: bool,
    ) -> Option<String> {
        if directive.refused_in.is_empty() {
            return None;
        }
        let sections = sections(placed, table);
        let is_in = |name: &str| {
            let is_domain = self.in_managed_domain && name == "<MDomainSet";
            is_domain || sections.iter().any(|it| it.eq_ignore_ascii_case(name))
        };
        let mut refusals = directive.refused_in.iter();
        let refusal = refusals.find(|it| match it.place {
            _ if it.behind_arguments != behind_arguments => false,
            Place::Server => !self.within.intersects(Checks::VIRTUALHOST) && !self.has_path,
            Place::VirtualHost => self.within.intersects(Checks::VIRTUALHOST) && !self.has_path,
            Place::Directory => self.has_path,
            Place::Htaccess => self.within.intersects(Checks::HTACCESS),
            Place::ManagedDomain => self.in_managed_domain,
        })?;
        if refusal.unless_inside.iter().any(|it| is_in(it)) {
            return None;
        }
        Some(refusal.message.to_string())
    }
}

// Where the handler refuses a directive with the arguments that it has.
fn checks_of(directive: &Directive, placed: &Placed<'_>) -> Checks {
    let has_second = || {
        placed
            .line()
            .words()
            .get(1)
            .is_some_and(|it| !it.text.is_empty())
    };
    let of_two = directive.checks_of_two.filter(|_| has_second());
    of_two.unwrap_or(directive.checks)
}

// The names of the sections around a directive, the innermost first.
fn sections<'t>(placed: &Placed<'_>, table: &'t Table) -> Vec<Cow<'t, str>> {
    placed
        .sections()
        .map(|it| section_name(&it, table))
        .collect()
}

// The section around that the message names: httpd asks for one name after the other.
fn ancestor(placed: &Placed<'_>, kind: Checks, table: &Table) -> Option<&'static str> {
    let names: &[&str] = match kind {
        Checks::DIRECTORY => &["<Directory", "<DirectoryMatch"],
        Checks::LOCATION => &["<Location", "<LocationMatch"],
        Checks::FILES => &["<Files", "<FilesMatch", "<If", "<ElseIf", "<Else"],
        _ => &["<Proxy", "<ProxyMatch"],
    };
    let around = sections(placed, table);
    names
        .iter()
        .copied()
        .find(|name| around.iter().any(|it| it == name))
}

/// The name of a section as httpd prints it: registered, or as written.
pub(super) fn section_name<'t>(section: &Placed<'_>, table: &'t Table) -> Cow<'t, str> {
    match section.node.name {
        Some(name) => Cow::Borrowed(table.spelling(name)),
        None => Cow::Owned(section.line().name().into_owned()),
    }
}
