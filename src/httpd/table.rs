//! All modules and directives that are known.

use std::borrow::Cow;
use std::fmt;

use super::description::{
    DirectiveDescription, ModuleDescription, MutexDescription, Status, Versions,
};
use super::directive::{Allow, Directive, ModuleId, NameId, Refusal};
use super::folded_hash::folded_hash;
use super::module::{Module, MutexType};
use super::removed::Removed;
use super::similar;

/// The tables that the build script makes of the TOML files.
///
/// Names are found through an open hash table of our own: with the hash table laid out at build
/// time a look-up costs one hash of the word and mostly one comparison, no crate is needed, and
/// the case is folded on the way (a perfect hash of the usual crates would want a lower-case copy).
mod generated {
    use std::borrow::Cow;

    use super::{Directive, Module, ModuleId, MutexType, NameId, Removed};
    use crate::httpd::{Allow, Arity, Checks, Place, Refusal, Version};

    include!(concat!(env!("OUT_DIR"), "/httpd_table.rs"));
}

/// The modules and directives that come with the program, and private ones.
///
/// Ids of private modules and names continue after those that come with the program, so an id of
/// [`Table::builtin`] means the same in every table.
#[derive(Debug, Clone, Default)]
pub struct Table {
    modules: Vec<Module>,
    directives: Vec<Directive>,
    names: Vec<PrivateName>,
}

#[derive(Debug, Clone)]
struct PrivateName {
    hash: u32,
    spelling: String,
}

static BUILTIN: Table = Table {
    modules: Vec::new(),
    directives: Vec::new(),
    names: Vec::new(),
};

impl Table {
    /// The table that comes with the program.
    pub fn builtin() -> &'static Table {
        &BUILTIN
    }

    /// The table with one more module, described in the same way as those in
    /// `src/httpd/modules`.
    ///
    /// # Errors
    ///
    /// The text is not such a description, or the module is in the table already.
    pub fn with_module(mut self, description: &str) -> Result<Table, DescriptionError> {
        let module: ModuleDescription = toml::from_str(description)
            .map_err(|it| DescriptionError::from_toml(&it, description))?;
        let known = self.module_by_identifier(&module.identifier).is_some();
        if known {
            let message = format!("there is a module `{}` already", module.identifier);
            return Err(DescriptionError::new(message));
        }
        let id = ModuleId(id(generated::MODULES.len() + self.modules.len())?);
        let needs = module
            .needs
            .iter()
            .map(|it| {
                self.module_by_identifier(it).ok_or_else(|| {
                    DescriptionError::new(format!("it needs `{it}`, which is not a known module"))
                })
            })
            .collect::<Result<Vec<_>, _>>()?;
        self.modules.push(Module {
            source: Cow::Owned(module.source),
            identifier: Cow::Owned(module.identifier),
            object: Cow::Owned(module.object),
            standard: module.status != Status::ThirdParty,
            mpm: module.status == Status::Mpm,
            own_versions: module.versions == Versions::Module,
            needs: Cow::Owned(needs),
            since: module.since,
            removed: module.removed,
            mutexes: module.mutexes.iter().map(mutex_type).collect(),
        });
        for directive in module.directives {
            self.add(id, directive)?;
        }
        Ok(self)
    }

    fn add(
        &mut self,
        module: ModuleId,
        directive: DirectiveDescription,
    ) -> Result<(), DescriptionError> {
        let name = match self.name(&directive.name) {
            Some(name) => name,
            None => self.add_name(&directive.name)?,
        };
        self.directives.push(Directive {
            name,
            section: directive.name.starts_with('<'),
            spelling: Cow::Owned(directive.name),
            module,
            arity: directive.arity,
            allow: directive.allow,
            checks: directive.checks,
            refused_in: directive
                .refused_in
                .into_iter()
                .map(|it| Refusal {
                    place: it.place,
                    unless_inside: it.unless_inside.into_iter().map(Cow::Owned).collect(),
                    message: Cow::Owned(it.message),
                })
                .collect(),
            exec_on_read: directive.allow.contains(Allow::EXEC_ON_READ),
            help: directive.help.map(Cow::Owned),
            since: directive.since,
            removed: directive.removed,
            deprecated: directive.deprecated.map(Cow::Owned),
            compiled_if: directive.compiled_if.map(Cow::Owned),
            syntax: Cow::Owned(directive.syntax),
            default: directive.default.map(Cow::Owned),
        });
        Ok(())
    }

    fn add_name(&mut self, spelling: &str) -> Result<NameId, DescriptionError> {
        let name = NameId(id(generated::NAMES.len() + self.names.len())?);
        self.names.push(PrivateName {
            hash: folded_hash(spelling),
            spelling: spelling.to_owned(),
        });
        Ok(name)
    }

    /// The name that a word of any case is; a section's word begins with `<` and has no `>`.
    pub fn name(&self, word: &str) -> Option<NameId> {
        let hash = folded_hash(word);
        builtin_name(word, hash).or_else(|| self.private_name(word, hash))
    }

    // Private names are few and rarely asked for: only words that are no builtin name come here.
    fn private_name(&self, word: &str, hash: u32) -> Option<NameId> {
        let index = self
            .names
            .iter()
            .position(|it| it.hash == hash && it.spelling.eq_ignore_ascii_case(word))?;
        u16::try_from(generated::NAMES.len() + index)
            .ok()
            .map(NameId)
    }

    /// The usual spelling of a name; empty for a name of another table.
    pub fn spelling(&self, name: NameId) -> &str {
        let private = || {
            let index = name.index().checked_sub(generated::NAMES.len())?;
            Some(self.names.get(index)?.spelling.as_str())
        };
        generated::NAMES
            .get(name.index())
            .copied()
            .or_else(private)
            .unwrap_or_default()
    }

    /// What every module that declares the name says of it.
    pub fn definitions(&self, name: NameId) -> impl Iterator<Item = &Directive> {
        let private = self.directives.iter().filter(move |it| it.name == name);
        builtin_definitions(name).iter().chain(private)
    }

    /// What one module says of a name.
    pub fn definition(&self, name: NameId, module: ModuleId) -> Option<&Directive> {
        self.definitions(name).find(|it| it.module == module)
    }

    /// Every directive of every module, by name.
    pub fn directives(&self) -> impl Iterator<Item = &Directive> {
        generated::DIRECTIVES.iter().chain(&self.directives)
    }

    /// The module of an id.
    ///
    /// # Panics
    ///
    /// Never for an id of this table.
    pub fn module(&self, module: ModuleId) -> &Module {
        match generated::MODULES.get(module.index()) {
            Some(builtin) => builtin,
            None => &self.modules[module.index() - generated::MODULES.len()],
        }
    }

    /// All modules.
    pub fn modules(&self) -> impl Iterator<Item = (ModuleId, &Module)> {
        let all = generated::MODULES.iter().chain(&self.modules);
        (0..).map(ModuleId).zip(all)
    }

    /// The module whose C structure has this name: `rewrite_module`.
    pub fn module_by_identifier(&self, identifier: &str) -> Option<ModuleId> {
        self.find_module(|it| it.identifier == identifier)
    }

    /// The module with this source file: `mod_rewrite.c`.
    pub fn module_by_source(&self, source: &str) -> Option<ModuleId> {
        self.find_module(|it| it.source == source)
    }

    /// The module whose shared object usually has this name: `mod_rewrite.so`.
    pub fn module_by_object(&self, object: &str) -> Option<ModuleId> {
        self.find_module(|it| it.object == object && !object.is_empty())
    }

    // There are some hundred and fifty modules, most of different lengths: comparing them one
    // after the other is as fast as a map, and happens once per LoadModule or <IfModule>.
    fn find_module(&self, predicate: impl Fn(&Module) -> bool) -> Option<ModuleId> {
        self.modules()
            .find(|(_, it)| predicate(it))
            .map(|(id, _)| id)
    }

    /// All names.
    pub fn names(&self) -> impl Iterator<Item = NameId> + use<> {
        let count = generated::NAMES.len() + self.names.len();
        (0..u16::try_from(count).unwrap_or(u16::MAX)).map(NameId)
    }

    /// What became of a directive (`RewriteLock`) or a module (`mod_disk_cache.c`,
    /// `disk_cache_module`, `mod_disk_cache.so`) that 2.4 does not have.
    pub fn removed(&self, name: &str) -> Option<&'static Removed> {
        let stem = module_stem(name);
        generated::REMOVED.iter().find(|it| {
            it.name.eq_ignore_ascii_case(name) || (stem.is_some() && stem == module_stem(it.name))
        })
    }

    /// The known name that is most like `word`, if one is so like it that it may be meant; only
    /// names that `candidate` lets pass are looked at.
    pub fn similar(&self, word: &str, candidate: impl Fn(NameId) -> bool) -> Option<&str> {
        let names = self
            .names()
            .filter(|&it| candidate(it))
            .map(|it| self.spelling(it));
        similar::most_similar(word, names)
    }
}

fn mutex_type(description: &MutexDescription) -> MutexType {
    let (name, removed) = description.parts();
    MutexType {
        name: Cow::Owned(name.to_owned()),
        removed,
    }
}

fn builtin_name(word: &str, hash: u32) -> Option<NameId> {
    let mask = generated::SLOTS.len() - 1;
    let mut slot = hash as usize & mask;
    loop {
        let name = *generated::SLOTS.get(slot)?;
        let spelling = generated::NAMES.get(usize::from(name))?;
        if spelling.eq_ignore_ascii_case(word) {
            return Some(NameId(name));
        }
        slot = (slot + 1) & mask;
    }
}

fn builtin_definitions(name: NameId) -> &'static [Directive] {
    let range = generated::DEFINITIONS.get(name.index()..name.index() + 2);
    match range {
        Some(&[start, end]) => generated::DIRECTIVES
            .get(usize::from(start)..usize::from(end))
            .unwrap_or_default(),
        _ => &[],
    }
}

// `mod_disk_cache.c`, `mod_disk_cache.so` and `disk_cache_module` are all `disk_cache`.
fn module_stem(name: &str) -> Option<&str> {
    if let Some(stem) = name.strip_suffix("_module") {
        return Some(stem);
    }
    let stem = name.strip_prefix("mod_")?;
    Some(
        stem.strip_suffix(".so")
            .or(stem.strip_suffix(".c"))
            .unwrap_or(stem),
    )
}

fn id(index: usize) -> Result<u16, DescriptionError> {
    u16::try_from(index).map_err(|_| DescriptionError::new("there are too many of them"))
}

/// Why a description of a private module was not accepted, in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescriptionError {
    /// The line of the text, from 1, where one can be named.
    pub line: Option<usize>,
    /// What is wrong.
    pub message: String,
}

impl DescriptionError {
    fn new(message: impl Into<String>) -> Self {
        Self {
            line: None,
            message: message.into(),
        }
    }

    fn from_toml(error: &toml::de::Error, text: &str) -> Self {
        let before = error.span().and_then(|it| text.get(..it.start));
        Self {
            line: before.map(|it| it.matches('\n').count() + 1),
            message: error.message().lines().collect::<Vec<_>>().join(", "),
        }
    }
}

impl fmt::Display for DescriptionError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(formatter, "line {line}: {}", self.message),
            None => formatter.write_str(&self.message),
        }
    }
}

impl std::error::Error for DescriptionError {}
