//! The modules that are there when all files are read.

use crate::evaluate::{Config, Evaluation, Inputs, Truth};
use crate::facts::Version;
use crate::httpd::{ModuleId, MutexType, Table};
use crate::model::mutexes::Mutexes;

/// Which modules the server has, compiled in or loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Modules {
    has: Vec<Truth>,
    /// Modules loaded that are not in the table: nobody knows which directives they bring.
    pub foreign: Vec<String>,
    // Whether lines are missing that may load others.
    has_gap: bool,
    server_root: Option<String>,
    mutex_types: Option<Vec<String>>,
}

impl Modules {
    /// The modules at the end of an evaluation.
    pub fn of(evaluation: &mut Evaluation<'_>) -> Self {
        let table = evaluation.inputs().table;
        let sources = table.modules().map(|(_, module)| &*module.source);
        let has = sources.map(|it| evaluation.has_module(it)).collect();
        let mut loaded = evaluation.loaded_names();
        // The modules of a part of a configuration are those of its server.
        let list = evaluation.inputs().facts.loaded_modules.as_ref();
        let is_fragment = evaluation.config().fragment;
        if let Some(list) = list.filter(|_| is_fragment) {
            loaded.extend(list.value.iter().map(|it| it.identifier.clone()));
        }
        let misses_modules = is_fragment && list.is_none();
        loaded.retain(|it| !is_in_table(table, it));
        let mut modules = Self {
            has,
            foreign: loaded,
            has_gap: evaluation.has_gap() || misses_modules,
            server_root: evaluation.server_root(),
            mutex_types: None,
        };
        let version = evaluation
            .inputs()
            .facts
            .version
            .as_ref()
            .map(|it| it.value.number);
        modules.mutex_types = modules.registered_mutexes(table, version);
        modules
    }

    // `default`, and the types of the modules that are there; unknown while any module is that
    // registers one.
    fn registered_mutexes(&self, table: &Table, version: Option<Version>) -> Option<Vec<String>> {
        let mut types = vec!["default".to_owned()];
        for (_, registered, there) in self.registers(table, version) {
            match there {
                Truth::True => types.push(registered.name.to_string()),
                Truth::False => {}
                Truth::Unknown => return None,
            }
        }
        self.are_all_known().then_some(types)
    }

    /// The mutex types of a version, each with the module that registers it, and whether that is
    /// there.
    pub fn registers<'t>(
        &'t self,
        table: &'t Table,
        version: Option<Version>,
    ) -> impl Iterator<Item = (ModuleId, &'t MutexType, Truth)> {
        let is_gone = move |it: &MutexType| {
            let removed = it.removed.map(|it| {
                (
                    u32::from(it.major),
                    u32::from(it.minor),
                    u32::from(it.patch),
                )
            });
            version
                .zip(removed)
                .is_some_and(|(it, removed)| (it.major, it.minor, it.patch) >= removed)
        };
        let registering = table.modules().flat_map(move |(id, module)| {
            let types = module.mutexes.iter();
            types.map(move |it| (id, it, self.has(id)))
        });
        registering.filter(move |it| !is_gone(it.1))
    }

    /// All mutexes, and how each is made.
    pub fn mutexes(&self, config: &Config, inputs: &Inputs<'_>) -> Mutexes {
        let wsgi = inputs.table.module_by_source("mod_wsgi.c");
        let wsgi = wsgi.map_or(Truth::False, |it| self.has(it));
        let version = inputs.facts.version.as_ref().map(|it| it.value.number);
        let types = self.registers(inputs.table, version);
        Mutexes::of(config, inputs, self.server_root(), types, wsgi)
    }

    /// The `ServerRoot` that handlers resolve relative paths by; `None` where it is not known.
    pub fn server_root(&self) -> Option<&str> {
        self.server_root.as_deref()
    }

    /// The mutex types that the modules register; `None` where not all modules are known.
    pub fn mutex_types(&self) -> Option<&[String]> {
        self.mutex_types.as_deref()
    }

    /// Whether no module may be there that nobody knows.
    pub fn are_all_known(&self) -> bool {
        self.foreign.is_empty() && !self.has_gap
    }

    /// Whether a module is there.
    pub fn has(&self, module: ModuleId) -> Truth {
        self.has
            .get(module.index())
            .copied()
            .unwrap_or(Truth::False)
    }
}

fn is_in_table(table: &Table, name: &str) -> bool {
    table.module_by_identifier(name).is_some() || table.module_by_source(name).is_some()
}
