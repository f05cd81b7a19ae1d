//! What follows from how httpd was built is what the real one does.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test starts programs, and fails by panicking"
)]

mod support {
    pub(crate) mod folder;
    pub(crate) mod linter;
    pub(crate) mod refusal;
    pub(crate) mod server;
}

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use support::refusal::{Refusal, first_refusal};
use support::server::{HTTPD, MODULES, Server, bare_environment};
use support::{folder, linter};

/// The `DYNAMIC_MODULE_LIMIT` of Debian's build.
const ROOM: usize = 256;

fn server(root: &Path) -> String {
    let root = root.display();
    format!(
        "ServerName localhost\nErrorLog {root}/error.log\nListen 127.0.0.1:1\n\
         LoadModule mpm_event_module {MODULES}/mod_mpm_event.so\n"
    )
}

/// A shared object with many modules that do nothing; `None` where nothing can be compiled.
fn many_modules(folder: &Path) -> Option<PathBuf> {
    let module = |it: usize| {
        format!(
            "#line 1 \"mod_m{it}.c\"\nmodule AP_MODULE_DECLARE_DATA m{it}_module = \
             {{ STANDARD20_MODULE_STUFF, 0, 0, 0, 0, 0, 0 }};\n"
        )
    };
    let modules: String = (0..=ROOM).map(module).collect();
    let code = format!("#include \"httpd.h\"\n#include \"http_config.h\"\n{modules}");
    fs::write(folder.join("mod_many.c"), code).unwrap();
    let built = Command::new("apxs")
        .args(["-c", "mod_many.c"])
        .current_dir(folder)
        .output();
    let is_built = built.is_ok_and(|it| it.status.success());
    if !is_built {
        eprintln!("skipped: this machine has no httpd with apxs");
    }
    is_built.then(|| folder.join(".libs/mod_many.so"))
}

#[test]
fn one_module_too_many_is_refused() {
    let Some(httpd) = Server::find() else { return };
    let (_guard, root) = folder::temporary();
    let Some(object) = many_modules(&root) else {
        return;
    };
    let main = root.join("httpd.conf");
    // The MPM is one of them.
    for (others, is_refused) in [(ROOM - 1, false), (ROOM, true)] {
        let load = |it: usize| format!("LoadModule m{it}_module {}\n", object.display());
        let text = server(&root) + &(0..others).map(load).collect::<String>();
        fs::write(&main, text).unwrap();
        let (accepted, stderr) = httpd.check(&main, &root, &[], &[]);
        assert_eq!(accepted, !is_refused, "{stderr}");
        let theirs = Refusal::parse(&first_refusal(accepted, &stderr));
        let ours = linter::check(&main, &root, &[]);
        assert_eq!(linter::disagreement(theirs.as_ref(), &ours), None);
    }
}

#[test]
fn without_a_directory_for_its_number_httpd_does_not_start() {
    let Some(httpd) = Server::find() else { return };
    let (_guard, root) = folder::temporary();
    let main = root.join("httpd.conf");
    fs::write(&main, server(&root) + "PidFile missing/httpd.pid\n").unwrap();
    let (accepted, stderr) = httpd.check(&main, &root, &[], &[]);
    assert!(accepted, "{stderr}");
    let said = linter::check(&main, &root, &[]).expect("it is linted");
    let is_ours = |it: &String| it.contains("missing-pid-directory");
    assert!(said.findings.iter().any(is_ours), "{:?}", said.findings);
    let ended = Command::new(HTTPD)
        .args(["-D", "FOREGROUND", "-d"])
        .arg(&root)
        .arg("-f")
        .arg(&main)
        .env_clear()
        .envs(bare_environment())
        // It sends signals to its process group.
        .process_group(0)
        .stdin(Stdio::null())
        .output()
        .expect("the server starts");
    assert!(!ended.status.success());
    let log = fs::read_to_string(root.join("error.log")).unwrap();
    assert!(log.contains("AH00100"), "{log}");
}
