//! Which modules are there, and whether one can be loaded.

use super::truth::Truth;
use crate::evaluate::Inputs;
use crate::facts::Linkage;
use crate::world::Kind;

// Every build has these, and none can do without.
const ALWAYS: [&str; 3] = ["core.c", "http_core.c", "mod_so.c"];

// What one or the other of the common packages compiles in. Everything else is a shared module in
// all of them.
const SOMETIMES: [&str; 10] = [
    "mod_log_config.c",
    "mod_logio.c",
    "mod_unixd.c",
    "mod_version.c",
    "mod_watchdog.c",
    "mod_systemd.c",
    "event.c",
    "prefork.c",
    "worker.c",
    "mpm_winnt.c",
];

// The dynamic linker reads this much before it looks at anything.
const ELF_HEADER: usize = 64;

/// The source file name that goes with a module name of either form: `mod_so.c` for `so_module`.
pub(super) fn source_of(inputs: &Inputs<'_>, name: &str) -> String {
    if name.ends_with(".c") {
        return name.to_owned();
    }
    match inputs.table.module_by_identifier(name) {
        Some(id) => inputs.table.module(id).source.to_string(),
        None => format!("mod_{}.c", name.strip_suffix("_module").unwrap_or(name)),
    }
}

/// Whether a module is compiled into this httpd, by source file name or identifier.
pub(super) fn is_static(inputs: &Inputs<'_>, fragment: bool, name: &str) -> Truth {
    // httpd compares exactly: no short names, no file names of shared objects.
    if !name.ends_with(".c") && !name.ends_with("_module") {
        return Truth::False;
    }
    let source = source_of(inputs, name);
    let compiled_in = inputs.facts.static_modules.as_ref();
    let compiled_in = compiled_in.map(|it| it.value.contains(&source));
    if compiled_in == Some(true) || (compiled_in == Some(false) && !fragment) {
        return Truth::from(compiled_in == Some(true));
    }
    // A part of a configuration is read by a server that loads modules elsewhere.
    if let Some(list) = &inputs.facts.loaded_modules {
        let mut all = list.value.iter();
        let found = all.any(|it| {
            (fragment || it.linkage == Linkage::Static)
                && source_of(inputs, &it.identifier) == source
        });
        return Truth::from(found);
    }
    if ALWAYS.contains(&source.as_str()) {
        Truth::True
    } else if fragment || SOMETIMES.contains(&source.as_str()) {
        Truth::Unknown
    } else {
        Truth::False
    }
}

/// Whether `LoadModule` refuses an identifier because the module is compiled in.
pub(super) fn is_built_in(inputs: &Inputs<'_>, identifier: &str) -> bool {
    // mod_so knows a static module only by the file name `mod_X.c` behind the name `X_module`.
    let Some(stem) = identifier.strip_suffix("_module") else {
        return false;
    };
    let source = format!("mod_{stem}.c");
    match &inputs.facts.static_modules {
        Some(list) => list.value.contains(&source),
        None => source == "mod_so.c",
    }
}

/// Why the object of a `LoadModule` cannot be loaded: httpd's message.
pub(super) fn load_error(
    inputs: &Inputs<'_>,
    name: &str,
    file: &str,
    path: &str,
) -> Option<String> {
    match inputs.world.resource(path) {
        Kind::Missing | Kind::NotADirectory => {
            let text = match inputs.world.kind(path) {
                Kind::NotADirectory => "Not a directory",
                _ => "No such file or directory",
            };
            // A bare name gets a second chance on the search path of dlopen.
            let tried = if file.contains('/') { path } else { file };
            Some(format!(
                "Cannot load {file} into server: {tried}: cannot open shared object file: {text}"
            ))
        }
        Kind::Directory => Some(format!(
            "Cannot load {file} into server: {path}: cannot read file data: Is a directory"
        )),
        Kind::File => content_error(inputs, name, file, path),
        _ => None,
    }
}

// A library under the name of a known module is taken for that module; another is looked into.
fn content_error(inputs: &Inputs<'_>, name: &str, file: &str, path: &str) -> Option<String> {
    let object = super::paths::file_name(path);
    let no_symbol = || {
        Some(format!(
            "Can't locate API module structure `{name}' in file {path}: {path}: undefined symbol: \
             {name}"
        ))
    };
    let head = inputs.world.head(path, ELF_HEADER).ok()?;
    if !head.starts_with(b"\x7fELF") {
        let text = if head.len() < ELF_HEADER {
            "file too short"
        } else {
            "invalid ELF header"
        };
        return Some(format!("Cannot load {file} into server: {path}: {text}"));
    }
    if let Some(id) = inputs.table.module_by_object(object) {
        let module = inputs.table.module(id);
        return if module.identifier == name {
            None
        } else {
            no_symbol()
        };
    }
    let bytes = inputs.world.read(path).ok()?;
    let symbol = format!("\0{name}\0");
    if memchr::memmem::find(&bytes, symbol.as_bytes()).is_none() {
        no_symbol()
    } else {
        None
    }
}
