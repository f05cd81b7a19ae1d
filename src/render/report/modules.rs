//! `-M`: the modules.

use std::io::{self, Write};

use serde::Serialize;

use super::super::visible::visible;
use super::{Style, UNKNOWN, VERSION, json};
use crate::evaluate::Config;
use crate::facts::Linkage;
use crate::model::loaded_modules::{LoadedModule, LoadedModules};

/// Writes the modules of a server.
pub fn modules(
    config: &Config,
    modules: &LoadedModules,
    style: &Style<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    if style.json {
        return json(&ModulesJson::of(config, modules, style), out);
    }
    writeln!(out, "Loaded Modules:")?;
    if !modules.knows_static {
        writeln!(out, " {UNKNOWN} ({})", said(Linkage::Static))?;
    }
    for module in &modules.all {
        let identifier = module.identifier.as_deref().unwrap_or(UNKNOWN);
        writeln!(out, " {} ({})", visible(identifier), said(module.linkage))?;
    }
    Ok(())
}

fn said(linkage: Linkage) -> &'static str {
    match linkage {
        Linkage::Static => "static",
        Linkage::Shared => "shared",
    }
}

#[derive(Serialize)]
struct ModulesJson<'a> {
    version: u32,
    static_known: bool,
    modules: Vec<ModuleJson<'a>>,
}

#[derive(Serialize)]
struct ModuleJson<'a> {
    identifier: Option<&'a str>,
    linkage: &'static str,
    file: Option<String>,
    line: Option<u32>,
    certain: bool,
}

impl<'a> ModulesJson<'a> {
    fn of(config: &Config, modules: &'a LoadedModules, style: &Style<'_>) -> Self {
        let module = |it: &'a LoadedModule| {
            let span = it.load.map(|it| config.placed(it).site().span);
            ModuleJson {
                identifier: it.identifier.as_deref(),
                linkage: said(it.linkage),
                file: span.map(|it| (style.display)(config.sources.get(it.file).name())),
                line: span.map(|it| config.sources.start(it).line),
                certain: it.certain,
            }
        };
        Self {
            version: VERSION,
            static_known: modules.knows_static,
            modules: modules.all.iter().map(module).collect(),
        }
    }
}
