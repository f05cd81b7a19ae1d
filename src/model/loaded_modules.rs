//! The modules of a server in the order in which httpd keeps them (`-M`).

use crate::evaluate::{Config, Inputs, NodeKind, PlacedId, Step};
use crate::facts::Linkage;
use crate::httpd::NameId;

const LOAD_MODULE: NameId = NameId::of("LoadModule");

/// A module of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadedModule {
    /// The name of its structure; `None` where only its source file is known.
    pub identifier: Option<String>,
    /// How it came into the server.
    pub linkage: Linkage,
    /// The directive that loaded it.
    pub load: Option<PlacedId>,
    /// Whether it is certain that it is there.
    pub certain: bool,
}

/// The modules of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadedModules {
    /// Whether those that are compiled in are known; if not, they are not among them.
    pub knows_static: bool,
    /// The modules: those that are compiled in, and then those that were loaded.
    pub all: Vec<LoadedModule>,
}

impl LoadedModules {
    /// The modules of a configuration.
    pub fn of(config: &Config, inputs: &Inputs<'_>) -> Self {
        let compiled_in = compiled_in(inputs);
        let knows_static = compiled_in.is_some();
        let mut all: Vec<LoadedModule> = compiled_in.unwrap_or_default();
        config.walk(&mut |step| {
            let Step::Enter(placed) = step else { return };
            let loads = placed.node.kind == NodeKind::Executed;
            if !loads || placed.node.name != Some(LOAD_MODULE) {
                return;
            }
            let line = placed.line();
            let identifier = line.words().first().map(|it| it.text.clone().into_owned());
            let is_same = |it: &&mut LoadedModule| it.identifier == identifier;
            match all.iter_mut().find(is_same) {
                // httpd passes over a module that is there.
                Some(known) => known.certain |= !placed.node.uncertain,
                None => all.push(LoadedModule {
                    identifier,
                    linkage: Linkage::Shared,
                    load: Some(placed.id),
                    certain: !placed.node.uncertain,
                }),
            }
        });
        Self { knows_static, all }
    }
}

// In the order of `-l`, else of `-M`, which is the same.
fn compiled_in(inputs: &Inputs<'_>) -> Option<Vec<LoadedModule>> {
    let identifier = |source: &String| {
        let module = inputs.table.module_by_source(source)?;
        Some(inputs.table.module(module).identifier.to_string())
    };
    let sources = inputs.facts.but_version().static_modules.as_ref();
    let identifiers = sources.map(|it| it.value.iter().map(identifier).collect());
    let identifiers: Vec<Option<String>> = identifiers.or_else(|| {
        let listed = inputs.facts.but_version().static_identifiers()?.value;
        Some(listed.into_iter().map(|it| Some(it.to_owned())).collect())
    })?;
    let modules = identifiers.into_iter().map(|identifier| LoadedModule {
        identifier,
        linkage: Linkage::Static,
        load: None,
        certain: true,
    });
    Some(modules.collect())
}
