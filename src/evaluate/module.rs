//! Which modules are there, and whether one can be loaded.

use super::truth::Truth;
use crate::evaluate::Inputs;
use crate::facts::Linkage;
use crate::object;
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

// Mach-O in both orders and both widths, several of them in one file, and PE: libraries of systems
// whose loaders have other words.
const OTHER_OBJECTS: [&[u8]; 6] = [
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"MZ",
];

// `MODULE_MAGIC_COOKIE` ("AP24") and `MODULE_MAGIC_NUMBER_MAJOR` of httpd 2.4 (`ap_mmn.h`).
const MAGIC_COOKIE: u64 = 0x4150_3234;
const MAGIC_NUMBER: u32 = 20_120_211;

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
    if let Some(is_mpm) = is_mpm_of_server(inputs, &source).filter(|_| fragment) {
        Truth::from(is_mpm)
    } else if ALWAYS.contains(&source.as_str()) {
        Truth::True
    } else if fragment || SOMETIMES.contains(&source.as_str()) {
        Truth::Unknown
    } else {
        Truth::False
    }
}

// Whether an MPM is the one that `-V` names, which it took from the server's configuration.
fn is_mpm_of_server(inputs: &Inputs<'_>, source: &str) -> Option<bool> {
    let mpm = inputs.facts.mpm.as_ref()?;
    let module = inputs.table.module_by_source(source)?;
    let name = source.trim_end_matches(".c").trim_start_matches("mpm_");
    let is_same = name.eq_ignore_ascii_case(&mpm.value.name);
    inputs.table.module(module).mpm.then_some(is_same)
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

// A library under the name of a module that comes with httpd is taken for that module: it came with
// this httpd. Another is looked into.
fn content_error(inputs: &Inputs<'_>, name: &str, file: &str, path: &str) -> Option<String> {
    let head = inputs.world.head(path, ELF_HEADER).ok()?;
    if !head.starts_with(b"\x7fELF") {
        if OTHER_OBJECTS.iter().any(|it| head.starts_with(it)) {
            return None;
        }
        let text = if head.len() < ELF_HEADER {
            "file too short"
        } else {
            "invalid ELF header"
        };
        return Some(format!("Cannot load {file} into server: {path}: {text}"));
    }
    let known = inputs.table.module_by_object(super::paths::file_name(path));
    let known = known.map(|it| inputs.table.module(it));
    let has_structure = match known.filter(|it| it.standard) {
        Some(module) if module.identifier == name => return None,
        Some(_) => false,
        None => {
            let bytes = inputs.world.read(path).ok()?;
            if let Some(error) = structure_error(inputs, name, path, &bytes) {
                return Some(error);
            }
            object::has_symbol(&bytes, name)?
        }
    };
    (!has_structure).then(|| {
        format!(
            "Can't locate API module structure `{name}' in file {path}: {path}: undefined symbol: \
             {name}"
        )
    })
}

// What `load_module` and `ap_add_module` say of a module that was built for another httpd.
fn structure_error(inputs: &Inputs<'_>, name: &str, path: &str, bytes: &[u8]) -> Option<String> {
    let version = inputs.facts.version.as_ref().map(|it| it.value.number);
    if version.is_some_and(|it| (it.major, it.minor) != (2, 4)) {
        return None;
    }
    let found = object::structure(bytes, name)?;
    if found.magic != MAGIC_COOKIE {
        return Some(format!(
            "API module structure '{name}' in file {path} is garbled - expected signature \
             {MAGIC_COOKIE:08x} but saw {:08x} - perhaps this is not an Apache module DSO, or was \
             compiled for a different Apache version?",
            found.magic
        ));
    }
    let own = inputs.facts.module_magic.as_ref();
    let own = own.map_or(MAGIC_NUMBER, |it| it.value.major);
    let source = found.name.filter(|_| found.version != own)?;
    Some(format!(
        "Module \"{source}\" is not compatible with this version of Apache (found {}, need {own}). \
         Please contact the vendor for the correct version.",
        found.version
    ))
}
