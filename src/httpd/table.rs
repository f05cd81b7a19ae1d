//! All modules and directives that are known.

use std::borrow::Cow;

use super::directive::{Directive, ModuleId, NameId};
use super::folded_hash::folded_hash;
use super::module::Module;
use super::removed::Removed;
use super::similar;

/// The tables that the build script makes of the TOML files.
///
/// Names are found through an open hash table of our own: with the hash table laid out at build
/// time a look-up costs one hash of the word and mostly one comparison, no crate is needed, and
/// the case is folded on the way (a perfect hash of the usual crates would want a lower-case copy).
mod generated {
    use std::borrow::Cow;

    use super::{Directive, Module, ModuleId, NameId, Removed};
    use crate::form::{Duration, Form, Forms, Number, Reading};
    use crate::httpd::{Allow, Arity, Checks, Merge, MutexType, Place, Refusal, Version};

    include!(concat!(env!("OUT_DIR"), "/httpd_table.rs"));
}

/// The modules and directives that come with the program, and private ones.
///
/// Ids of private modules and names continue after those that come with the program, so an id of
/// [`Table::builtin`] means the same in every table.
#[derive(Debug, Clone, Default)]
pub struct Table {
    pub(super) private_modules: Vec<Module>,
    pub(super) private_directives: Vec<Directive>,
    pub(super) private_names: Vec<PrivateName>,
}

#[derive(Debug, Clone)]
pub(super) struct PrivateName {
    pub(super) hash: u32,
    pub(super) spelling: String,
}

/// The number of modules that come with the program.
pub(super) const MODULES: usize = generated::MODULES.len();
/// The number of names that come with the program.
pub(super) const NAMES: usize = generated::NAMES.len();

static BUILTIN: Table = Table {
    private_modules: Vec::new(),
    private_directives: Vec::new(),
    private_names: Vec::new(),
};

impl Table {
    /// The table that comes with the program.
    pub fn builtin() -> &'static Table {
        &BUILTIN
    }

    /// The name that a word of any case is; a section's word begins with `<` and has no `>`.
    pub fn name(&self, word: &str) -> Option<NameId> {
        let hash = folded_hash(word);
        builtin_name(word, hash).or_else(|| self.private_name(word, hash))
    }

    // Private names are few and rarely asked for: only words that are no builtin name come here.
    fn private_name(&self, word: &str, hash: u32) -> Option<NameId> {
        let index = self
            .private_names
            .iter()
            .position(|it| it.hash == hash && it.spelling.eq_ignore_ascii_case(word))?;
        u16::try_from(NAMES + index).ok().map(NameId)
    }

    /// The usual spelling of a name; empty for a name of another table.
    pub fn spelling(&self, name: NameId) -> &str {
        let private = || {
            let index = name.index().checked_sub(NAMES)?;
            Some(self.private_names.get(index)?.spelling.as_str())
        };
        generated::NAMES
            .get(name.index())
            .copied()
            .or_else(private)
            .unwrap_or_default()
    }

    /// What every module that declares the name says of it.
    pub fn definitions(&self, name: NameId) -> impl Iterator<Item = &Directive> + Clone {
        let private = self
            .private_directives
            .iter()
            .filter(move |it| it.name == name);
        builtin_definitions(name).iter().chain(private)
    }

    /// What one module says of a name.
    pub fn definition(&self, name: NameId, module: ModuleId) -> Option<&Directive> {
        self.definitions(name).find(|it| it.module == module)
    }

    /// Every directive of every module, by name.
    pub fn directives(&self) -> impl Iterator<Item = &Directive> {
        generated::DIRECTIVES.iter().chain(&self.private_directives)
    }

    /// The module of an id.
    ///
    /// # Panics
    ///
    /// Never for an id of this table.
    pub fn module(&self, module: ModuleId) -> &Module {
        match generated::MODULES.get(module.index()) {
            Some(builtin) => builtin,
            None => &self.private_modules[module.index() - MODULES],
        }
    }

    /// All modules.
    pub fn modules(&self) -> impl Iterator<Item = (ModuleId, &Module)> {
        let all = generated::MODULES.iter().chain(&self.private_modules);
        (0..).map(ModuleId).zip(all)
    }

    /// The module whose C structure has this name: `rewrite_module`.
    pub fn module_by_identifier(&self, identifier: &str) -> Option<ModuleId> {
        let of = |it: &u16| &*generated::MODULES[usize::from(*it)].identifier;
        let found = generated::IDENTIFIERS.binary_search_by_key(&identifier, |it| of(it));
        let builtin = found.ok().map(|it| ModuleId(generated::IDENTIFIERS[it]));
        builtin.or_else(|| self.private_module(|it| it.identifier == identifier))
    }

    /// The module with this source file: `mod_rewrite.c`.
    pub fn module_by_source(&self, source: &str) -> Option<ModuleId> {
        let found = generated::MODULES.binary_search_by_key(&source, |it| &it.source);
        let builtin = found.ok().and_then(|it| u16::try_from(it).ok());
        let builtin = builtin.map(ModuleId);
        builtin.or_else(|| self.private_module(|it| it.source == source))
    }

    /// The module with this identifier or source file.
    pub fn module_named(&self, name: &str) -> Option<ModuleId> {
        let by_identifier = self.module_by_identifier(name);
        by_identifier.or_else(|| self.module_by_source(name))
    }

    /// The module whose shared object usually has this name: `mod_rewrite.so`.
    pub fn module_by_object(&self, object: &str) -> Option<ModuleId> {
        let mut modules = self.modules();
        let found = modules.find(|(_, it)| it.object == object && !object.is_empty());
        found.map(|(id, _)| id)
    }

    fn private_module(&self, is_meant: impl Fn(&Module) -> bool) -> Option<ModuleId> {
        let index = self.private_modules.iter().position(is_meant)?;
        u16::try_from(MODULES + index).ok().map(ModuleId)
    }

    /// All names.
    pub fn names(&self) -> impl Iterator<Item = NameId> + use<> {
        let count = NAMES + self.private_names.len();
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

impl NameId {
    /// The section that most questions about servers begin with.
    pub const VIRTUAL_HOST: NameId = NameId::of("<VirtualHost");

    /// The name that the program's own table spells so: `NameId::of("LoadModule")`.
    ///
    /// For constants, which do not compile where the table has no such name. Words of a
    /// configuration are looked up with [`Table::name`].
    ///
    /// # Panics
    ///
    /// The table has no such name.
    pub const fn of(spelling: &str) -> NameId {
        let mut index = 0;
        while index < NAMES {
            if is_same(generated::NAMES[index], spelling) {
                return NameId(index as u16);
            }
            index += 1;
        }
        panic!("no directive of the table is spelled so");
    }
}

impl ModuleId {
    /// The module of the program's own table with this source file:
    /// `ModuleId::of("mod_rewrite.c")`.
    ///
    /// For constants, which do not compile where the table has no such module.
    ///
    /// # Panics
    ///
    /// The table has no such module.
    pub const fn of(source: &str) -> ModuleId {
        let mut index = 0;
        while index < MODULES {
            match &generated::MODULES[index].source {
                Cow::Borrowed(it) if is_same(it, source) => return ModuleId(index as u16),
                _ => index += 1,
            }
        }
        panic!("no module of the table has this source file");
    }
}

// `==` on texts cannot be used in constants yet.
const fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut index = 0;
    while index < one.len() && index < other.len() && one[index] == other[index] {
        index += 1;
    }
    index == one.len() && index == other.len()
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::directive::{Arity, Checks, Place};
    use super::super::version::Version;
    use super::*;

    #[test]
    fn every_name_is_found_in_every_case() {
        let table = Table::builtin();
        for name in table.names() {
            let spelling = table.spelling(name);
            assert_eq!(table.name(spelling), Some(name), "{spelling}");
            assert_eq!(table.name(&spelling.to_ascii_uppercase()), Some(name));
            assert_eq!(table.name(&spelling.to_ascii_lowercase()), Some(name));
        }
    }

    #[test]
    fn a_constant_is_the_name_or_module_that_a_look_up_finds() {
        const ALIAS: NameId = NameId::of("Alias");
        const REWRITE: ModuleId = ModuleId::of("mod_rewrite.c");
        let table = Table::builtin();
        assert_eq!(table.name("alias"), Some(ALIAS));
        assert_eq!(table.module_by_source("mod_rewrite.c"), Some(REWRITE));
    }

    #[test]
    fn what_a_directive_does_is_said_in_short_sentences_of_its_own() {
        let table = Table::builtin();
        let said = table
            .directives()
            .filter_map(|it| Some((it.name, it.summary.as_deref()?)));
        let mut names: BTreeMap<&str, NameId> = BTreeMap::new();
        for (name, summary) in said {
            let spelling = table.spelling(name);
            assert!(summary.len() <= 200, "{spelling}: {summary}");
            assert!(
                summary.starts_with(char::is_uppercase),
                "{spelling}: {summary}"
            );
            assert!(
                summary.ends_with('.') && !summary.contains("  "),
                "{spelling}: {summary}"
            );
            let other = *names.entry(summary).or_insert(name);
            assert_eq!(other, name, "{summary}");
        }
        let mut all: Vec<NameId> = names.into_values().collect();
        all.sort_unstable();
        all.dedup();
        assert!(all.len() >= 300, "{}", all.len());
    }

    #[test]
    fn a_word_that_is_no_name_is_not_found() {
        let table = Table::builtin();
        for word in [
            "",
            "Alia",
            "Aliass",
            "VirtualHost",
            "<Alias",
            "@LIAS",
            "Alia\u{17f}",
        ] {
            assert_eq!(table.name(word), None, "{word}");
        }
    }

    #[test]
    fn the_definitions_of_a_name_are_those_of_its_modules() {
        let table = Table::builtin();
        let listen = table.name("Listen").unwrap();
        let modules = table.definitions(listen).map(|it| table.module(it.module));
        assert!(modules.clone().all(|it| it.mpm));
        assert!(modules.count() >= 3);
        for name in table.names() {
            assert!(table.definitions(name).all(|it| it.name == name));
            assert!(table.definitions(name).count() > 0);
        }
    }

    #[test]
    fn a_section_begins_with_an_angle_bracket() {
        let table = Table::builtin();
        let name = table.name("<virtualhost").unwrap();
        let host = table.definitions(name).next().unwrap();
        assert!(host.section);
        assert_eq!(host.spelling, "<VirtualHost");
        assert_eq!(host.arity, Arity::RawArgs);
        assert_eq!(host.checks, Checks::GLOBAL_ONLY);
    }

    #[test]
    fn a_refusal_that_masks_do_not_explain_is_data() {
        let table = Table::builtin();
        let alias = table.name("ServerAlias").unwrap();
        let refusal = &table.definitions(alias).next().unwrap().refused_in[0];
        assert_eq!(refusal.place, Place::Server);
        assert_eq!(refusal.message, "ServerAlias only used in <VirtualHost>");
    }

    #[test]
    fn a_module_is_found_by_each_of_its_names() {
        let table = Table::builtin();
        let rewrite = table.module_by_source("mod_rewrite.c");
        assert!(rewrite.is_some());
        assert_eq!(table.module_by_identifier("rewrite_module"), rewrite);
        assert_eq!(table.module_by_object("mod_rewrite.so"), rewrite);
        assert_eq!(table.module_by_object(""), None);
        assert_eq!(table.module_by_source("MOD_REWRITE.C"), None);
    }

    #[test]
    fn mod_wsgi_counts_its_own_versions() {
        let table = Table::builtin();
        let wsgi = table.module_by_identifier("wsgi_module").unwrap();
        assert!(table.module(wsgi).own_versions);
        let lazy = table.name("WSGILazyInitialization").unwrap();
        let lazy = table.definition(lazy, wsgi).unwrap();
        assert_eq!(lazy.removed, Some(Version::new(6, 0, 0)));
    }

    #[test]
    fn old_names_lead_to_what_does_their_work_now() {
        let table = Table::builtin();
        let lock = table.removed("sslmutex").unwrap();
        assert_eq!(lock.replacement, Some("Mutex MECHANISM ssl-cache"));
        for name in ["mod_disk_cache.c", "mod_disk_cache.so", "disk_cache_module"] {
            let module = table.removed(name).unwrap();
            assert_eq!(module.replacement, Some("mod_cache_disk.c"));
        }
        assert_eq!(table.removed("Alias"), None);
        assert_eq!(table.removed("mod_alias.c"), None);
    }

    #[test]
    fn no_removed_name_is_in_the_table() {
        let table = Table::builtin();
        for removed in &generated::REMOVED {
            assert_eq!(table.name(removed.name), None, "{}", removed.name);
            assert_eq!(table.module_by_source(removed.name), None);
        }
    }

    #[test]
    fn a_slip_of_the_finger_has_a_likely_meaning() {
        let table = Table::builtin();
        let any = |_| true;
        assert_eq!(table.similar("DocumentRot", any), Some("DocumentRoot"));
        assert_eq!(table.similar("<VirtualHots", any), Some("<VirtualHost"));
        assert_eq!(table.similar("Shoes", any), None);
        let wsgi = |it| table.spelling(it).starts_with("WSGI");
        assert_eq!(table.similar("DocumentRot", wsgi), None);
    }
}
