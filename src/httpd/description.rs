//! The description of a module: what a person writes who knows httpd and not Rust.
//!
//! The build script compiles those in `modules/`; [`super::Table::with_module`] reads private ones.
//! Both accept the same text.

use std::str::FromStr;

use serde::{Deserialize, Deserializer, de};

use super::directive::{Allow, Arity, Checks, Merge, Place};
use super::version::Version;
use crate::form::{Form, Forms};

/// A module with its directives.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ModuleDescription {
    /// The name of the source file: `mod_alias.c`.
    pub(super) source: String,
    /// The name of the C structure: `alias_module`.
    pub(super) identifier: String,
    /// The name of the shared object; left out where the module is always part of the program.
    #[serde(default)]
    pub(super) object: String,
    /// What kind of module it is.
    #[serde(default)]
    pub(super) status: Status,
    /// Whose releases `since` and `removed` of its directives count.
    #[serde(default)]
    pub(super) versions: Versions,
    /// The identifiers of the modules that must be loaded before it.
    #[serde(default)]
    pub(super) needs: Vec<String>,
    /// The symbol that the dynamic linker misses first without them.
    #[serde(default)]
    pub(super) missing_symbol: String,
    /// The types that it registers for `Mutex`.
    #[serde(default)]
    pub(super) mutexes: Vec<MutexDescription>,
    /// The version of httpd that brought it.
    #[serde(default, deserialize_with = "version")]
    pub(super) since: Option<Version>,
    /// The first version of httpd without it.
    #[serde(default, deserialize_with = "version")]
    pub(super) removed: Option<Version>,
    /// Whether it has settings of its own for directories (`create_dir_config`).
    #[serde(default = "yes")]
    pub(super) per_directory: bool,
    /// Whether it looks at who is let in through a hook of httpd 2.2 (`ap_hook_access_checker` and its
    /// like), so that httpd does not take an earlier answer for granted in an internal redirect.
    #[serde(default)]
    pub(super) asks_again: bool,
    /// Its command table.
    #[serde(default, rename = "directive")]
    pub(super) directives: Vec<DirectiveDescription>,
}

fn yes() -> bool {
    true
}

/// A type that a module registers for `Mutex`.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum MutexDescription {
    /// Every version registers it: `"ssl-cache"`.
    Name(String),
    /// There is more to say of it.
    Described(MutexTypeDescription),
}

/// More than the name of a type: `{ name = "rewrite-map", made_with = [["RewriteMap * prg:"]] }`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MutexTypeDescription {
    /// The name.
    pub(super) name: String,
    /// The first version of httpd without it.
    #[serde(default, deserialize_with = "version")]
    pub(super) removed: Option<Version>,
    /// What must stand in the configuration before the module makes the mutex: one of these lists
    /// as a whole, each item by a directive of its own. An item is the name of a directive and the
    /// beginnings of its words, `*` for any word. Left out, the module always makes it.
    #[serde(default)]
    pub(super) made_with: Vec<Vec<String>>,
    /// Whether other modules may ask for it, too.
    #[serde(default)]
    pub(super) made_for_others: bool,
    /// The `-D` line of `httpd -V` without which the module always makes it, whatever `made_with`
    /// says.
    #[serde(default)]
    pub(super) spared_by: Option<String>,
}

impl MutexDescription {
    /// All that is said of it.
    pub(super) fn described(&self) -> MutexTypeDescription {
        match self {
            MutexDescription::Name(name) => MutexTypeDescription {
                name: name.clone(),
                ..MutexTypeDescription::default()
            },
            MutexDescription::Described(description) => description.clone(),
        }
    }
}

/// The status that httpd's manual gives a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Status {
    /// Always there.
    Core,
    /// Built by default.
    Base,
    /// Comes with httpd.
    Extension,
    /// Comes with httpd, without promises.
    Experimental,
    /// Comes with httpd, for the time being.
    Deprecated,
    /// A multi-processing module.
    Mpm,
    /// Comes from somebody else.
    #[default]
    ThirdParty,
}

/// Whose releases count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Versions {
    /// httpd's.
    #[default]
    Httpd,
    /// The module's own.
    Module,
}

/// A line of a command table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DirectiveDescription {
    /// The name as the command table spells it; a section's begins with `<` and has no `>`.
    #[serde(deserialize_with = "spelling")]
    pub(super) name: String,
    /// How its arguments are cut: `TAKE12`.
    #[serde(deserialize_with = "arity")]
    pub(super) arity: Arity,
    /// Where it may stand: `["OR_FILEINFO"]`.
    #[serde(deserialize_with = "allow")]
    pub(super) allow: Allow,
    /// Where its handler refuses it: `["GLOBAL_ONLY"]`.
    #[serde(default, deserialize_with = "checks")]
    pub(super) checks: Checks,
    /// What takes the place of `checks` where a second argument is given.
    #[serde(default, deserialize_with = "some_checks")]
    pub(super) checks_of_two: Option<Checks>,
    /// Where its handler refuses it with a message of its own.
    #[serde(default)]
    pub(super) refused_in: Vec<RefusalDescription>,
    /// The literal sentence of the command table.
    #[serde(default)]
    pub(super) help: Option<String>,
    /// The version that brought it.
    #[serde(default, deserialize_with = "version")]
    pub(super) since: Option<Version>,
    /// The first version without it.
    #[serde(default, deserialize_with = "version")]
    pub(super) removed: Option<Version>,
    /// What to use instead, in a sentence.
    #[serde(default)]
    pub(super) deprecated: Option<String>,
    /// The C macro without which the server is compiled without it: `WIN32`.
    #[serde(default)]
    pub(super) compiled_if: Option<String>,
    /// How it is merged with what other sections say: `append`.
    #[serde(default, deserialize_with = "merge")]
    pub(super) merge: Merge,
    /// How to write it.
    #[serde(default)]
    pub(super) syntax: String,
    /// The line that says what holds where there is none.
    #[serde(default)]
    pub(super) default: Option<String>,
    /// What it does, and what surprises, in a sentence or two.
    #[serde(default)]
    pub(super) summary: Option<String>,
    /// What its handler asks of its words: `[{ kind = "digits", message = "…" }]`. Where the
    /// handler takes any number of words, the last form is that of the others, too.
    #[serde(default)]
    pub(super) arguments: Vec<Form>,
}

impl DirectiveDescription {
    /// The forms of its words.
    pub(super) fn forms(&self) -> Forms {
        Forms {
            words: self.arguments.clone().into(),
            repeats: matches!(
                self.arity,
                Arity::Iterate | Arity::Iterate2 | Arity::TakeArgv | Arity::RawArgs
            ),
        }
    }
}

/// A place that a handler refuses.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RefusalDescription {
    /// `server`, `virtual host`, `directory` or `.htaccess`.
    #[serde(deserialize_with = "place")]
    pub(super) place: Place,
    /// The sections inside which the handler accepts the place after all: `<MDomainSet`.
    #[serde(default)]
    pub(super) unless_inside: Vec<String>,
    /// Whether the handler looks at its arguments first.
    #[serde(default)]
    pub(super) behind_arguments: bool,
    /// What httpd prints.
    pub(super) message: String,
}

fn spelling<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let name = String::deserialize(deserializer)?;
    let odd = |it: char| it == '>' || it.is_whitespace();
    if name.is_empty() || name.contains(odd) {
        return Err(de::Error::custom(format!(
            "`{name}` is no name; a section's begins with `<` and has no `>`"
        )));
    }
    Ok(name)
}

fn version<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Version>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let version = Version::from_str(&text).map_err(de::Error::custom)?;
    Ok(Some(version))
}

fn arity<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arity, D::Error> {
    let name = String::deserialize(deserializer)?;
    Arity::parse(&name).ok_or_else(|| de::Error::custom(format!("no arity is called `{name}`")))
}

fn allow<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Allow, D::Error> {
    let mut all = Allow::default();
    for name in Vec::<String>::deserialize(deserializer)? {
        let one = Allow::parse(&name);
        all = all
            | one.ok_or_else(|| de::Error::custom(format!("no permission is called `{name}`")))?;
    }
    Ok(all)
}

fn checks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Checks, D::Error> {
    let mut all = Checks::default();
    for name in Vec::<String>::deserialize(deserializer)? {
        let one = Checks::parse(&name);
        all = all | one.ok_or_else(|| de::Error::custom(format!("no check is called `{name}`")))?;
    }
    Ok(all)
}

fn some_checks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Checks>, D::Error> {
    checks(deserializer).map(Some)
}

fn merge<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Merge, D::Error> {
    let name = String::deserialize(deserializer)?;
    Merge::parse(&name).ok_or_else(|| de::Error::custom(format!("nothing is merged by `{name}`")))
}

fn place<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Place, D::Error> {
    let name = String::deserialize(deserializer)?;
    Place::parse(&name).ok_or_else(|| de::Error::custom(format!("no place is called `{name}`")))
}
