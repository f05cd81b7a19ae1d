//! `-L`: the directives of the modules that are there.

use std::io::{self, Write};

use serde::Serialize;

use super::super::visible::visible;
use super::{Style, VERSION, json};
use crate::httpd::{Allow, Directive, Module, ModuleId, Table};

/// The settings that a module has a say in, or where a directive may stand outside of sections.
const ANYWHERE: Allow = Allow::from_bits(
    Allow::OR_OPTIONS.bits() | Allow::OR_FILEINFO.bits() | Allow::OR_INDEXES.bits(),
);
const IN_SECTIONS: Allow =
    Allow::from_bits(Allow::ACCESS_CONF.bits() | Allow::OR_AUTHCFG.bits() | Allow::OR_LIMIT.bits());

/// Writes the directives of modules. httpd takes the modules in the same order; those of a module
/// stand here in alphabetical order, and there as its command table has them. `is_there` says which
/// directives a module has in this version.
pub fn directives(
    table: &Table,
    modules: &[ModuleId],
    is_there: &dyn Fn(&Directive) -> bool,
    style: &Style<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let of_module = |id: &ModuleId| {
        let id = *id;
        let all = table.directives().filter(move |it| it.module == id);
        all.map(move |it| (table.module(id), it))
    };
    let all = modules.iter().flat_map(of_module);
    let all = all.filter(|it| is_there(it.1));
    if style.json {
        let directives = all.map(|(module, it)| directive(module, it)).collect();
        let version = VERSION;
        return json(
            &DirectivesJson {
                version,
                directives,
            },
            out,
        );
    }
    for (module, directive) in all {
        writeln!(out, "{} ({})", directive.spelling, module.source)?;
        if let Some(help) = &directive.help {
            // Some have several lines.
            let lines: Vec<_> = help.split('\n').map(visible).collect();
            writeln!(out, "\t{}", lines.join("\n"))?;
        }
        writeln!(out, "{}", allowed(module, directive.allow))?;
    }
    Ok(())
}

fn allowed(module: &Module, allow: Allow) -> String {
    let place = if allow.intersects(ANYWHERE)
        || (allow.contains(Allow::RSRC_CONF) && allow.intersects(IN_SECTIONS))
    {
        "anywhere"
    } else if allow.contains(Allow::RSRC_CONF) {
        "only outside <Directory>, <Files>, <Location>, or <If>"
    } else {
        "only inside <Directory>, <Files>, <Location>, or <If>"
    };
    let mut text = format!("\tAllowed in *.conf {place}");
    if allow.intersects(Allow::IN_DIRECTORY) && !module.per_directory {
        text.push_str(" [no per-dir config]");
    }
    if allow.intersects(Allow::OR_ALL) {
        text.push_str(" and in .htaccess\n\twhen AllowOverride ");
        if allow.contains(Allow::OR_ALL) {
            text.push_str("isn't None");
        } else {
            text.push_str("includes ");
            text.push_str(&classes(allow).join(" or "));
        }
    }
    text
}

// In the order of `-L`.
fn classes(allow: Allow) -> Vec<&'static str> {
    let order = [
        (Allow::OR_AUTHCFG, "AuthConfig"),
        (Allow::OR_LIMIT, "Limit"),
        (Allow::OR_OPTIONS, "Options"),
        (Allow::OR_FILEINFO, "FileInfo"),
        (Allow::OR_INDEXES, "Indexes"),
    ];
    let named = order.into_iter().filter(|it| allow.intersects(it.0));
    named.map(|it| it.1).collect()
}

#[derive(Serialize)]
struct DirectivesJson<'a> {
    version: u32,
    directives: Vec<DirectiveJson<'a>>,
}

#[derive(Serialize)]
struct DirectiveJson<'a> {
    name: &'a str,
    section: bool,
    module: &'a str,
    source: &'a str,
    help: Option<&'a str>,
    server: bool,
    directory: bool,
    allow_override: Vec<&'static str>,
    syntax: &'a str,
}

fn directive<'a>(module: &'a Module, directive: &'a Directive) -> DirectiveJson<'a> {
    let spelling = &*directive.spelling;
    let allow = directive.allow;
    DirectiveJson {
        name: spelling.trim_start_matches('<'),
        section: spelling.starts_with('<'),
        module: &module.identifier,
        source: &module.source,
        help: directive.help.as_deref(),
        server: allow.contains(Allow::RSRC_CONF),
        directory: allow.intersects(Allow::IN_DIRECTORY),
        allow_override: classes(allow),
        syntax: &directive.syntax,
    }
}
