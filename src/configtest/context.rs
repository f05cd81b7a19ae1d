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
        certain: true,
    };

    /// The first line of a text that stands somewhere.
    pub fn at(standing: Standing) -> Context {
        match standing {
            Standing::Server => Context::SERVER,
            Standing::VirtualHost => Context::SERVER.inside("<VirtualHost"),
            Standing::Directory => Context::SERVER.inside("<Directory"),
            Standing::Location => Context::SERVER.inside("<Location"),
            Standing::Files => Context::SERVER.inside("<Files"),
            Standing::Htaccess => Context::htaccess(Allow::OR_ALL),
        }
    }

    /// The first line of a file that no other one reads.
    pub fn outside(config: &Config, entry: OccurrenceId) -> Context {
        match config.overrides(entry) {
            Some(overrides) => Context::htaccess(overrides.allow),
            None => Context::at(config.standing),
        }
    }

    /// The first line of a `.htaccess` file in which this is permitted.
    pub fn htaccess(allow: Allow) -> Context {
        Context {
            allow,
            within: Checks::HTACCESS,
            has_path: true,
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
            certain: self.certain,
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
            "<MDomain" | "<MDomainSet" | "<WSGIInterpreterOptions" => self,
            _ => Context {
                certain: false,
                ..self
            },
        }
    }

    /// The context of a directive.
    pub fn of(placed: &Placed<'_>, table: &Table) -> Context {
        let mut sections = Vec::new();
        let mut at = placed.parent();
        while let Some(section) = at {
            sections.push(section_name(&section, table));
            at = section.parent();
        }
        sections.iter().rev().fold(
            Context::outside(placed.config, placed.id.occurrence),
            |context, it| context.inside(it),
        )
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
        let checks = directive.checks;
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
        self.own_refusal(directive, placed, table)
    }

    // What the handler refuses with words of its own.
    fn own_refusal(
        &self,
        directive: &Directive,
        placed: &Placed<'_>,
        table: &Table,
    ) -> Option<String> {
        let refusal = directive.refused_in.iter().find(|it| match it.place {
            Place::Server => !self.within.intersects(Checks::VIRTUALHOST) && !self.has_path,
            Place::VirtualHost => self.within.intersects(Checks::VIRTUALHOST) && !self.has_path,
            Place::Directory => self.has_path,
            Place::Htaccess => self.within.intersects(Checks::HTACCESS),
        })?;
        let mut at = placed.parent();
        while let Some(section) = at {
            let name = section_name(&section, table);
            if refusal
                .unless_inside
                .iter()
                .any(|it| it.eq_ignore_ascii_case(&name))
            {
                return None;
            }
            at = section.parent();
        }
        Some(refusal.message.to_string())
    }
}

// The spelling of the innermost section of a kind.
fn ancestor<'t>(placed: &Placed<'_>, kind: Checks, table: &'t Table) -> Option<Cow<'t, str>> {
    let mut at = placed.parent();
    while let Some(section) = at {
        let name = section_name(&section, table);
        let inside = Context {
            within: Checks::NONE,
            ..Context::SERVER
        }
        .inside(&name);
        if inside.within.intersects(kind) {
            return Some(name);
        }
        at = section.parent();
    }
    None
}

/// The name of a section as httpd prints it: registered, or as written.
pub(super) fn section_name<'t>(section: &Placed<'_>, table: &'t Table) -> Cow<'t, str> {
    match section.node.name {
        Some(name) => Cow::Borrowed(table.spelling(name)),
        None => Cow::Owned(section.line().name().into_owned()),
    }
}
