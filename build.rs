//! Compiles the knowledge of httpd's modules and directives into static tables.

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a build script reads the source tree and speaks to cargo"
)]

// The types of the tables and the format of their descriptions, as the library has them.
#[path = "src/httpd/description.rs"]
#[allow(dead_code, unreachable_pub, reason = "the library uses the rest")]
mod description;
#[path = "src/httpd/directive.rs"]
#[allow(dead_code, unreachable_pub, reason = "the library uses the rest")]
mod directive;
#[path = "src/httpd/folded_hash.rs"]
#[allow(unreachable_pub, reason = "it is public for the library")]
mod folded_hash;
#[path = "src/form.rs"]
#[allow(dead_code, unreachable_pub, reason = "the library uses the rest")]
mod form;
#[path = "build/forms.rs"]
mod forms;
#[path = "src/httpd/version.rs"]
#[allow(dead_code, unreachable_pub, reason = "the library uses the rest")]
mod version;

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use description::{DirectiveDescription, ModuleDescription, Status, Versions};
use directive::Allow;
use folded_hash::folded_hash;
use serde::Deserialize;
use version::Version;

const MODULES: &str = "src/httpd/modules";
const REMOVED: &str = "src/httpd/removed.toml";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=build");
    println!("cargo:rerun-if-changed=src/httpd");
    println!("cargo:rerun-if-changed=src/form.rs");

    link_to_a_place();
    let modules = read_modules()?;
    let removed: RemovedNames = read(Path::new(REMOVED))?;
    let code = [
        modules_code(&modules)?,
        directives_code(&modules)?,
        removed_code(&removed)?,
    ]
    .concat();
    let target = PathBuf::from(env::var("OUT_DIR")?).join("httpd_table.rs");
    fs::write(target, code)?;
    Ok(())
}

/// Links the program to a fixed address, in few segments. Its tables hold ten thousand pointers; a
/// program that may be loaded anywhere writes all of them at every start, which takes as long as
/// checking a site. Each segment of its own costs the system pages to map.
fn link_to_a_place() {
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|it| it == value);
    let is_gnu = is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu");
    let features = env::var("CARGO_CFG_TARGET_FEATURE").unwrap_or_default();
    if is_gnu && !features.split(',').any(|it| it == "crt-static") {
        println!("cargo:rustc-link-arg-bins=-no-pie");
        println!("cargo:rustc-link-arg-bins=-Wl,-z,noseparate-code");
    }
}

/// The file of names that are gone.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RemovedNames {
    directive: Vec<RemovedName>,
    module: Vec<RemovedName>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RemovedName {
    name: String,
    since: String,
    module: Option<String>,
    replacement: Option<String>,
    advice: String,
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, Box<dyn Error>> {
    let text = fs::read_to_string(path)?;
    toml::from_str(&text).map_err(|it| format!("{}: {it}", path.display()).into())
}

/// The descriptions, by the name of their source file.
fn read_modules() -> Result<Vec<ModuleDescription>, Box<dyn Error>> {
    let mut modules = Vec::new();
    for entry in fs::read_dir(MODULES)? {
        let path = entry?.path();
        let module: ModuleDescription = read(&path)?;
        let stem = path.file_stem().and_then(|it| it.to_str());
        if stem != module.source.rsplit_once('.').map(|(stem, _)| stem) {
            return Err(format!("{}: is about {}", path.display(), module.source).into());
        }
        check_order(&module)?;
        modules.push(module);
    }
    modules.sort_by(|left, right| left.source.cmp(&right.source));
    Ok(modules)
}

/// One order, so that everybody finds a directive and no change is only a move.
fn check_order(module: &ModuleDescription) -> Result<(), Box<dyn Error>> {
    let names = || {
        let all = module.directives.iter();
        all.map(|it| it.name.to_ascii_lowercase())
    };
    match names().zip(names().skip(1)).find(|(one, two)| one >= two) {
        Some((_, name)) => Err(format!("{}: `{name}` is not in order", module.source).into()),
        None => Ok(()),
    }
}

fn modules_code(modules: &[ModuleDescription]) -> Result<String, Box<dyn Error>> {
    let mut code = format!(
        "pub(super) static MODULES: [Module; {}] = [\n",
        modules.len()
    );
    for module in modules {
        let mutexes = module.mutexes.iter().map(|it| {
            let described = it.described();
            let made_with = described.made_with.iter().map(|together| {
                format!(
                    "Cow::Borrowed(&[{}])",
                    list(together.iter().map(|it| text(it)))
                )
            });
            format!(
                "MutexType {{ name: {}, removed: {}, made_with: Cow::Borrowed(&[{}]), \
                 made_for_others: {}, spared_by: {} }}",
                text(&described.name),
                version(described.removed),
                list(made_with),
                described.made_for_others,
                optional(described.spared_by.as_deref())
            )
        });
        let needs = module
            .needs
            .iter()
            .map(|needed| {
                let index = modules.iter().position(|it| it.identifier == *needed);
                index.ok_or(format!("{} needs the unknown {needed}", module.source))
            })
            .collect::<Result<Vec<_>, _>>()?;
        writeln!(
            code,
            "Module {{ source: {}, identifier: {}, object: {}, standard: {}, mpm: {}, \
             own_versions: {}, needs: Cow::Borrowed(&[{}]), missing_symbol: {}, since: {}, \
             removed: {}, per_directory: {}, asks_again: {}, mutexes: Cow::Borrowed(&[{}]) }},",
            text(&module.source),
            text(&module.identifier),
            text(&module.object),
            module.status != Status::ThirdParty,
            module.status == Status::Mpm,
            module.versions == Versions::Module,
            list(needs.iter().map(|it| format!("ModuleId({it})"))),
            text(&module.missing_symbol),
            version(module.since),
            version(module.removed),
            module.per_directory,
            module.asks_again,
            list(mutexes),
        )?;
    }
    code.push_str("];\n");
    let mut by_identifier: Vec<usize> = (0..modules.len()).collect();
    by_identifier.sort_by_key(|it| &modules[*it].identifier);
    writeln!(
        code,
        "/// The positions in MODULES, by identifier.\n\
         pub(super) static IDENTIFIERS: [u16; {}] = {by_identifier:?};",
        modules.len()
    )?;
    Ok(code)
}

fn directives_code(modules: &[ModuleDescription]) -> Result<String, Box<dyn Error>> {
    let mut by_name: BTreeMap<String, Vec<(usize, &DirectiveDescription)>> = BTreeMap::new();
    for (module, description) in modules.iter().enumerate() {
        for directive in &description.directives {
            let name = directive.name.to_ascii_lowercase();
            by_name.entry(name).or_default().push((module, directive));
        }
    }

    let mut directives = String::new();
    let mut starts = vec![0];
    let mut spellings = Vec::new();
    for (name, definitions) in by_name.values().enumerate() {
        for (module, directive) in definitions {
            writeln!(directives, "{},", directive_code(name, *module, directive))?;
        }
        starts.push(starts[name] + definitions.len());
        spellings.push(definitions[0].1.name.as_str());
    }
    let slots = slots(&spellings);

    let mut code = String::new();
    writeln!(
        code,
        "pub(super) static NAMES: [&str; {}] = {spellings:?};",
        spellings.len()
    )?;
    writeln!(
        code,
        "/// An open hash table of positions in NAMES.\n\
         pub(super) static SLOTS: [u16; {}] = {slots:?};",
        slots.len()
    )?;
    writeln!(
        code,
        "/// Where the directives of each name begin; one more for the end.\n\
         pub(super) static DEFINITIONS: [u16; {}] = {starts:?};",
        starts.len()
    )?;
    writeln!(
        code,
        "pub(super) static DIRECTIVES: [Directive; {}] = [\n{directives}];",
        starts[starts.len() - 1]
    )?;
    Ok(code)
}

/// An open hash table with linear probing, at most a quarter full so that a look-up mostly sees
/// one slot, both for names that are there and for names that are not.
fn slots(names: &[&str]) -> Vec<u16> {
    let size = (names.len() * 4).next_power_of_two();
    let mut slots = vec![u16::MAX; size];
    for (index, name) in (0..).zip(names) {
        let mut slot = folded_hash(name) as usize % size;
        while slots[slot] != u16::MAX {
            slot = (slot + 1) % size;
        }
        slots[slot] = index;
    }
    slots
}

fn directive_code(name: usize, module: usize, directive: &DirectiveDescription) -> String {
    let refusals = directive.refused_in.iter().map(|it| {
        format!(
            "Refusal {{ place: Place::{:?}, unless_inside: Cow::Borrowed(&[{}]), \
             behind_arguments: {}, message: {} }}",
            it.place,
            list(it.unless_inside.iter().map(|it| text(it))),
            it.behind_arguments,
            text(&it.message)
        )
    });
    format!(
        "Directive {{ name: NameId({name}), spelling: {}, module: ModuleId({module}), \
         arity: Arity::{:?}, allow: Allow({}), checks: Checks({}), \
         checks_of_two: {}, refused_in: Cow::Borrowed(&[{}]), forms: {}, exec_on_read: {}, section: {}, help: {}, since: {}, \
         removed: {}, deprecated: {}, compiled_if: {}, merge: Merge::{:?}, syntax: {}, default: {}, summary: {} }}",
        text(&directive.name),
        directive.arity,
        directive.allow.bits(),
        directive.checks.bits(),
        match directive.checks_of_two {
            Some(checks) => format!("Some(Checks({}))", checks.bits()),
            None => "None".to_owned(),
        },
        list(refusals),
        forms::code(&directive.forms()),
        directive.allow.contains(Allow::EXEC_ON_READ),
        directive.name.starts_with('<'),
        optional(directive.help.as_deref()),
        version(directive.since),
        version(directive.removed),
        optional(directive.deprecated.as_deref()),
        optional(directive.compiled_if.as_deref()),
        directive.merge,
        text(&directive.syntax),
        optional(directive.default.as_deref()),
        optional(directive.summary.as_deref()),
    )
}

fn removed_code(removed: &RemovedNames) -> Result<String, Box<dyn Error>> {
    let all = removed.directive.iter().chain(&removed.module);
    let mut seen = BTreeSet::new();
    let mut entries = String::new();
    for name in all {
        if !seen.insert(name.name.to_ascii_lowercase()) {
            return Err(format!("{REMOVED}: `{}` is there twice", name.name).into());
        }
        let since: Version = name.since.parse()?;
        writeln!(
            entries,
            "Removed {{ name: {:?}, since: Version::new({}, {}, {}), module: {:?}, \
             replacement: {:?}, advice: {:?} }},",
            name.name,
            since.major,
            since.minor,
            since.patch,
            name.module.as_ref().unwrap_or(&name.name),
            name.replacement,
            name.advice,
        )?;
    }
    let count = seen.len();
    Ok(format!(
        "pub(super) static REMOVED: [Removed; {count}] = [\n{entries}];\n"
    ))
}

fn text(text: &str) -> String {
    format!("Cow::Borrowed({text:?})")
}

fn optional(value: Option<&str>) -> String {
    value.map_or("None".to_owned(), |it| format!("Some({})", text(it)))
}

fn version(version: Option<Version>) -> String {
    version.map_or("None".to_owned(), |it| {
        format!(
            "Some(Version::new({}, {}, {}))",
            it.major, it.minor, it.patch
        )
    })
}

fn list(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(", ")
}
