//! Objects that `LoadModule` names: the real httpd loads them, the linter only reads them, and both
//! say the same.
//!
//! Where there is no httpd or no C compiler, the test says so and passes.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a test compiles objects and starts programs"
)]

mod support {
    pub(crate) mod folder;
    pub(crate) mod linter;
    pub(crate) mod refusal;
    pub(crate) mod server;
}

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use support::refusal::{Refusal, first_refusal};
use support::server::Server;
use support::{folder, linter};

/// What is compiled, and the words that httpd has for it; none where it is loaded.
const OBJECTS: [(&str, &str, &str); 5] = [
    ("a module of this httpd", "MODULE(20120211, 0x41503234)", ""),
    (
        "a module of httpd 2.2",
        "MODULE(20051115, 0x41503232)",
        "is garbled - expected signature 41503234 but saw 41503232",
    ),
    (
        "a module of a development version",
        "MODULE(20111130, 0x41503234)",
        "Module \"mod_own.c\" is not compatible with this version of Apache (found 20111130, need",
    ),
    (
        "a library with a structure of another kind",
        "char own_module[256] = {1};",
        "is garbled - expected signature 41503234 but saw 00000000",
    ),
    (
        "a library without the structure",
        "static char own_module[256] = {1}; char *own(void) { return own_module; }",
        "undefined symbol: own_module",
    ),
];

// The structure `module` of `http_config.h`, filled as `STANDARD20_MODULE_STUFF` does.
const STRUCTURE: &str = "
struct module { int version, minor, index; const char *name; void *handle, *next; \
    unsigned long magic; void *functions[8]; };
#define MODULE(version, magic) \
    struct module own_module = {version, 0, -1, \"mod_own.c\", 0, 0, magic, {0}};
";

#[test]
fn what_an_object_is_built_for_is_read_as_httpd_reads_it() {
    let Some(server) = Server::find() else { return };
    let (_folder, root) = folder::temporary();
    for directory in ["conf", "logs"] {
        fs::create_dir(root.join(directory)).expect("the folder is new");
    }
    let main = root.join("httpd.conf");
    let modules = support::server::MODULES;
    // A name that the table of modules has, and one that it has not.
    for object in ["mod_own.so", "mod_auth_cas.so"] {
        for (what, code, words) in OBJECTS {
            if !compile(code, &root.join(object)) {
                return eprintln!("skipped: there is no C compiler");
            }
            let text = format!(
                "LoadModule mpm_event_module {modules}/mod_mpm_event.so\n\
                 Listen 127.0.0.1:8080\nServerName localhost\nErrorLog logs/error_log\n\
                 LoadModule own_module {object}\n"
            );
            fs::write(&main, text).expect("the folder is writable");
            let (accepted, stderr) = server.check(&main, &root, &[], &[]);
            let theirs = Refusal::parse(&first_refusal(accepted, &stderr));
            assert_eq!(accepted, words.is_empty(), "{what}: {stderr}");
            assert!(stderr.contains(words), "{what}: {stderr}");
            let ours = linter::check(&main, &root, &[]);
            if let Some(disagreement) = linter::disagreement(theirs.as_ref(), &ours) {
                panic!("{what} as {object}:\n{disagreement}");
            }
        }
    }
}

fn compile(code: &str, object: &Path) -> bool {
    let source = object.with_extension("c");
    fs::write(&source, format!("{STRUCTURE}{code}\n")).expect("the folder is writable");
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-o"])
        .args([object, &source])
        .stdin(Stdio::null())
        .status();
    built.is_ok_and(|it| it.success())
}
