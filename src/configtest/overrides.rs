//! What `AllowOverride` and `AllowOverrideList` permit in the `.htaccess` file of a directory.

use crate::argument::allow_override::{AllowOverride, Override};
use crate::argument::section::Section;
use crate::argument::words;
use crate::evaluate::{Config, Inputs, Overrides, Placed, Step, fnmatch};
use crate::httpd::Allow;

use super::context::section_name;

/// What is permitted in the `.htaccess` file of a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Permission {
    /// httpd does not read the file.
    Unread,
    /// httpd reads it and permits this.
    Read(Overrides),
    /// It depends on a pattern or a condition that is not decided.
    Unknown,
}

/// What is permitted in the `.htaccess` file of a directory, a path without a slash at its end.
/// Sections of virtual hosts count as those of the server, after them.
pub fn overrides(config: &Config, inputs: &Inputs<'_>, directory: &str) -> Permission {
    let table = inputs.table;
    let names = ["AllowOverride", "AllowOverrideList"].map(|it| table.name(it));
    let mut settings: Vec<Setting<'_>> = Vec::new();
    let mut unknown = false;
    config.walk(&mut |step| {
        let Step::Enter(placed) = step else { return };
        let Some(position) = names.iter().position(|it| *it == placed.node.name) else {
            return;
        };
        if placed.node.name.is_none() {
            return;
        }
        match covered(&placed, inputs, directory) {
            _ if placed.node.uncertain => unknown = true,
            Some(Coverage::Plain(depth)) => {
                settings.push(Setting {
                    depth,
                    placed,
                    is_list: position == 1,
                });
            }
            Some(Coverage::Pattern) => unknown = true,
            None => {}
        }
    });
    if unknown {
        return Permission::Unknown;
    }
    // Shorter paths first, then the order of the configuration; the last one counts.
    settings.sort_by_key(|it| it.depth);
    let mut overrides = Overrides {
        allow: Allow::from_bits(0),
        ..Overrides::all()
    };
    for setting in settings {
        let line = setting.placed.line();
        if setting.is_list {
            let names = words::argv(line.arguments()).into_iter().map(|it| it.value);
            overrides.names = names
                .filter(|it| !it.eq_ignore_ascii_case("none"))
                .collect();
        } else {
            overrides = Overrides {
                names: overrides.names,
                ..read(line.arguments())
            };
        }
    }
    if overrides.allow.bits() == 0 && overrides.names.is_empty() {
        Permission::Unread
    } else {
        Permission::Read(overrides)
    }
}

struct Setting<'a> {
    depth: usize,
    placed: Placed<'a>,
    is_list: bool,
}

fn read(arguments: &str) -> Overrides {
    let mut overrides = Overrides {
        allow: Allow::from_bits(0),
        ..Overrides::all()
    };
    for (word, _) in AllowOverride::parse(arguments).words {
        let add = match word {
            Override::All => Allow::OR_ALL,
            Override::None => {
                overrides.allow = Allow::from_bits(0);
                continue;
            }
            Override::AuthConfig => Allow::OR_AUTHCFG,
            Override::FileInfo => Allow::OR_FILEINFO,
            Override::Indexes => Allow::OR_INDEXES,
            Override::Limit => Allow::OR_LIMIT,
            Override::Options(_) => Allow::OR_OPTIONS,
            Override::Nonfatal(what) => {
                let is = |it: &str| {
                    what.as_deref()
                        .is_some_and(|what| what.eq_ignore_ascii_case(it))
                };
                overrides.forgives_override |= is("Override") || is("All");
                overrides.forgives_unknown |= is("Unknown") || is("All");
                continue;
            }
            Override::Unknown => continue,
        };
        overrides.allow = overrides.allow | add;
    }
    overrides
}

enum Coverage {
    // A section on a path of so many components.
    Plain(usize),
    // A section on a regular expression.
    Pattern,
}

// Whether the section around a directive is about a directory or one above it.
fn covered(placed: &Placed<'_>, inputs: &Inputs<'_>, directory: &str) -> Option<Coverage> {
    let section = placed.parent()?;
    let name = section_name(&section, inputs.table);
    let line = section.line();
    let argument = Section::parse(line.arguments());
    match &*name {
        "<DirectoryMatch" => return Some(Coverage::Pattern),
        "<Directory" => {}
        // AllowOverride in any other section has no effect.
        _ => return None,
    }
    let words = argument.words();
    let path = words.first()?;
    if path.value == "~" {
        return Some(Coverage::Pattern);
    }
    let parts = |path: &str| -> Vec<String> {
        path.split('/')
            .filter(|it| !it.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let (section, directory) = (parts(&path.value), parts(directory));
    let covers = section.len() <= directory.len()
        && section.iter().zip(&directory).all(|(one, two)| {
            if fnmatch::is_pattern(one) {
                fnmatch::matches_name(one, two)
            } else {
                one == two
            }
        });
    covers.then_some(Coverage::Plain(section.len()))
}
