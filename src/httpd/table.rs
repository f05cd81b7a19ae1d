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
    pub fn definitions(&self, name: NameId) -> impl Iterator<Item = &Directive> + Clone {
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

#[cfg(test)]
mod tests {
    use super::super::directive::{Arity, Checks, Place};
    use super::super::version::Version;
    use super::*;

    const PRIVATE: &str = r#"
        source = "mod_shop.c"
        identifier = "shop_module"
        object = "mod_shop.so"
        needs = ["proxy_module"]
        mutexes = ["shop-basket"]

        [[directive]]
        name = "ShopCurrency"
        arity = "TAKE1"
        allow = ["OR_FILEINFO"]

        [[directive]]
        name = "ProxyPass"
        arity = "TAKE2"
        allow = ["RSRC_CONF"]
        checks = ["GLOBAL_ONLY"]
    "#;

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
    fn a_private_module_adds_to_the_table_and_changes_no_id() {
        let table = Table::default().with_module(PRIVATE).unwrap();
        let shop = table.module_by_identifier("shop_module").unwrap();
        let proxy = table.module_by_identifier("proxy_module").unwrap();
        assert_eq!(*table.module(shop).needs, [proxy]);
        assert!(!table.module(shop).standard);

        let currency = table.name("SHOPCURRENCY").unwrap();
        assert_eq!(table.spelling(currency), "ShopCurrency");
        assert_eq!(Table::builtin().name("ShopCurrency"), None);

        let pass = table.name("ProxyPass").unwrap();
        assert_eq!(Table::builtin().name("ProxyPass"), Some(pass));
        let modules: Vec<_> = table.definitions(pass).map(|it| it.module).collect();
        assert_eq!(modules, [proxy, shop]);
        assert_eq!(table.names().count(), Table::builtin().names().count() + 1);
        assert_eq!(table.names().last(), Some(currency));
    }

    #[test]
    fn what_is_wrong_with_a_description_is_one_line() {
        let wrong = |text: &str| Table::default().with_module(text).unwrap_err().to_string();
        let arity = PRIVATE.replace("TAKE1\"", "TAKE9\"");
        assert_eq!(wrong(&arity), "line 10: no arity is called `TAKE9`");
        let needs = PRIVATE.replace("proxy_module", "till_module");
        assert_eq!(
            wrong(&needs),
            "it needs `till_module`, which is not a known module"
        );
        let taken = PRIVATE.replace("shop_module", "alias_module");
        assert_eq!(wrong(&taken), "there is a module `alias_module` already");
        assert!(!wrong("source = 1").contains('\n'));
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
