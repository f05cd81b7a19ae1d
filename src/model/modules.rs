//! The modules that are there when all files are read.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::evaluate::{Config, Evaluation, Inputs, Truth};
use crate::facts::Version;
use crate::httpd::{ModuleId, MutexType, Table};
use crate::model::mutexes::Mutexes;

/// Which modules the server has, compiled in or loaded; with a note of those that were asked for.
///
/// A note is written by one thread alone, and atomic only so that modules can be shared.
#[derive(Debug)]
pub struct Modules {
    presence: Arc<Presence>,
    asked: [AtomicU64; SETS],
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Presence {
    has: Vec<Truth>,
    // Modules loaded that are not in the table.
    foreign: Vec<String>,
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
        let mut presence = Presence {
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
        presence.mutex_types = presence.registered_mutexes(table, version);
        Self {
            presence: Arc::new(presence),
            asked: Default::default(),
        }
    }

    /// The same, with a note of its own.
    #[must_use]
    pub fn noting(&self) -> Self {
        Self {
            presence: Arc::clone(&self.presence),
            asked: Default::default(),
        }
    }

    /// The same where some modules are taken to be there, with a note of its own.
    #[must_use]
    pub fn with(&self, modules: &[ModuleId]) -> Self {
        let mut presence = Arc::clone(&self.presence);
        for module in modules {
            if let Some(has) = Arc::make_mut(&mut presence).has.get_mut(module.index()) {
                *has = Truth::True;
            }
        }
        Self {
            presence,
            asked: Default::default(),
        }
    }

    /// The modules that were asked for since it was made, or taken last.
    pub fn take_asked(&self) -> AskedModules {
        AskedModules(self.asked.each_ref().map(|it| {
            let set = it.load(Ordering::Relaxed);
            it.store(0, Ordering::Relaxed);
            set
        }))
    }

    /// Notes that modules were asked for.
    pub fn add_asked(&self, asked: &AskedModules) {
        for (set, more) in self.asked.iter().zip(asked.0) {
            set.store(set.load(Ordering::Relaxed) | more, Ordering::Relaxed);
        }
    }

    /// The modules that one server has and the other has not; `None` where they differ in more.
    pub fn differences(&self, other: &Modules) -> Option<AskedModules> {
        let (one, two) = (&*self.presence, &*other.presence);
        let (has, mutex_types) = (two.has.clone(), two.mutex_types.clone());
        let otherwise = Presence {
            has,
            mutex_types,
            ..one.clone()
        };
        if one.has.len() != two.has.len() || *two != otherwise {
            return None;
        }
        let mut different = AskedModules::default();
        if one.mutex_types != two.mutex_types {
            different.insert(MUTEX_TYPES);
        }
        for (index, (one, two)) in one.has.iter().zip(&two.has).enumerate() {
            if one != two {
                different.insert(index);
            }
        }
        Some(different)
    }

    /// The `ServerRoot` that handlers resolve relative paths by; `None` where it is not known.
    pub fn server_root(&self) -> Option<&str> {
        self.presence.server_root.as_deref()
    }

    /// The mutex types that the modules register; `None` where not all modules are known.
    pub fn mutex_types(&self) -> Option<&[String]> {
        self.note(MUTEX_TYPES);
        self.presence.mutex_types.as_deref()
    }

    /// Whether no module may be there that nobody knows.
    pub fn are_all_known(&self) -> bool {
        self.presence.are_all_known()
    }

    /// Modules loaded that are not in the table: nobody knows which directives they bring.
    pub fn foreign(&self) -> &[String] {
        &self.presence.foreign
    }

    /// All mutexes, and how each is made.
    pub fn mutexes(&self, config: &Config, inputs: &Inputs<'_>) -> Mutexes {
        self.add_asked(&AskedModules::ALL);
        let wsgi = inputs.table.module_by_source("mod_wsgi.c");
        let wsgi = wsgi.map_or(Truth::False, |it| self.has(it));
        let version = inputs.facts.version.as_ref().map(|it| it.value.number);
        let types = self.presence.registers(inputs.table, version);
        Mutexes::of(config, inputs, self.server_root(), types, wsgi)
    }

    /// Whether a module is there.
    pub fn has(&self, module: ModuleId) -> Truth {
        self.note(module.index());
        self.presence.has(module)
    }

    fn note(&self, index: usize) {
        let (set, bit) = place(index);
        let asked = &self.asked[set];
        asked.store(asked.load(Ordering::Relaxed) | bit, Ordering::Relaxed);
    }
}

impl Presence {
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

    // The mutex types of a version, each with the module that registers it, and whether that is
    // there.
    fn registers<'t>(
        &'t self,
        table: &'t Table,
        version: Option<Version>,
    ) -> impl Iterator<Item = (ModuleId, &'t MutexType, Truth)> {
        let is_gone = move |it: &MutexType| {
            let removed = it.removed.map(version_of_httpd);
            version
                .zip(removed)
                .is_some_and(|(it, removed)| it >= removed)
        };
        let registering = table.modules().flat_map(move |(id, module)| {
            let types = module.mutexes.iter();
            types.map(move |it| (id, it, self.has(id)))
        });
        registering.filter(move |it| !is_gone(it.1))
    }

    fn are_all_known(&self) -> bool {
        self.foreign.is_empty() && !self.has_gap
    }

    fn has(&self, module: ModuleId) -> Truth {
        let has = self.has.get(module.index());
        has.copied().unwrap_or(Truth::False)
    }
}

const SETS: usize = 4;

// Stands for what several modules decide together: which types `Mutex` may name.
const MUTEX_TYPES: usize = SETS * 64 - 1;

// The set of a module, and its bit. There may be more modules than there is room for: those share it.
fn place(index: usize) -> (usize, u64) {
    let index = index % (SETS * 64);
    (index / 64, 1 << (index % 64))
}

/// Modules that somebody asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AskedModules([u64; SETS]);

impl AskedModules {
    /// Every module.
    pub const ALL: Self = Self([u64::MAX; SETS]);

    fn insert(&mut self, index: usize) {
        let (set, bit) = place(index);
        self.0[set] |= bit;
    }

    /// These and others.
    #[must_use]
    pub fn and(self, others: Self) -> Self {
        let mut all = self;
        for (set, more) in all.0.iter_mut().zip(others.0) {
            *set |= more;
        }
        all
    }

    /// Whether any of these is one of the others.
    pub fn meets(self, others: Self) -> bool {
        let mut pairs = self.0.iter().zip(others.0);
        pairs.any(|(one, two)| one & two != 0)
    }
}

/// A version as the table has it, to be compared with those of facts.
pub fn version_of_httpd(version: crate::httpd::Version) -> crate::facts::Version {
    let crate::httpd::Version {
        major,
        minor,
        patch,
    } = version;
    crate::facts::Version::new(major.into(), minor.into(), patch.into())
}

fn is_in_table(table: &Table, name: &str) -> bool {
    table.module_by_identifier(name).is_some() || table.module_by_source(name).is_some()
}
