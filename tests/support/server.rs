//! The real httpd, where it is installed.
#![allow(dead_code, reason = "each test uses its part")]

#[path = "third_party.rs"]
pub(crate) mod third_party;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where Debian's packages put the modules.
pub(crate) const MODULES: &str = "/usr/lib/apache2/modules";

/// The program of Debian's package.
pub(crate) const HTTPD: &str = "/usr/sbin/apache2";

/// Whether a server that is started here may change to another user.
pub(crate) fn may_start_as_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|it| it.stdout.starts_with(b"0\n"))
}

/// The real server.
pub(crate) struct Server {
    binary: PathBuf,
}

impl Server {
    /// The server of Debian's package; a message on stderr and nothing where it is not installed.
    pub(crate) fn find() -> Option<Self> {
        let binary = PathBuf::from(HTTPD);
        if binary.exists() && Path::new(MODULES).exists() {
            return Some(Self { binary });
        }
        eprintln!("skipped: the real server is not installed; `tests/setup` does it");
        None
    }

    /// Whether mod_wsgi, a package of its own, is installed too.
    pub(crate) fn has_wsgi(&self) -> bool {
        Path::new(MODULES).join("mod_wsgi.so").exists()
    }

    /// Runs `-t`: whether the configuration is accepted, and what is printed on stderr.
    pub(crate) fn check(
        &self,
        main: &Path,
        root: &Path,
        arguments: &[String],
        environment: &[(String, String)],
    ) -> (bool, String) {
        let output = Command::new(&self.binary)
            .arg("-t")
            .arg("-d")
            .arg(root)
            .arg("-f")
            .arg(main)
            .args(arguments)
            .env_clear()
            .envs(bare_environment())
            .env("LD_LIBRARY_PATH", third_party::LIBRARIES)
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .output()
            .expect("the server starts");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.success(), stderr)
    }
}

impl Server {
    /// Runs it with a question (`-t -D DUMP_VHOSTS`), and returns what it prints on stdout; an error
    /// with what it prints on stderr where it refuses.
    pub(crate) fn report(
        &self,
        main: &Path,
        root: &Path,
        question: &[&str],
        environment: &[(String, String)],
    ) -> Result<String, String> {
        let output = Command::new(&self.binary)
            .args(question)
            .arg("-d")
            .arg(root)
            .arg("-f")
            .arg(main)
            .env_clear()
            .envs(bare_environment())
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .output()
            .expect("the server starts");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if output.status.success() {
            Ok(text(&output.stdout))
        } else {
            Err(text(&output.stderr))
        }
    }
}

/// What server and linter find in their environment: enough to start, and no more.
pub(crate) fn bare_environment() -> [(&'static str, String); 2] {
    let path = std::env::var("PATH").unwrap_or_else(|_| "/usr/sbin:/usr/bin:/sbin:/bin".to_owned());
    [("PATH", path), ("LANG", "C".to_owned())]
}
