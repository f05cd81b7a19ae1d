//! What a capture says of the machine around httpd.

use super::{Fact, Version};

/// The system: `uname`, and the file `os-release` of Linux.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct System {
    /// `uname -s`: `Linux`, `Darwin`.
    pub kernel: Option<Fact<String>>,
    /// `uname -n`: the name of the host.
    pub host: Option<Fact<String>>,
    /// `uname -r`: the version of the kernel.
    pub release: Option<Fact<String>>,
    /// `uname -m`: `x86_64`, `aarch64`.
    pub machine: Option<Fact<String>>,
    /// `ID` of os-release: `debian`, `rhel`.
    pub distribution: Option<Fact<String>>,
    /// `VERSION_ID` of os-release: `12`, `9.4`.
    pub distribution_version: Option<Fact<String>>,
}

/// A directory of modules that belongs to this httpd.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ModuleDirectory {
    /// Its path.
    pub path: String,
    /// The files in it, in the order listed.
    pub files: Vec<ModuleFile>,
}

/// A file in a directory of modules.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ModuleFile {
    /// `mod_wsgi.so`
    pub name: String,
    /// Where a link leads: `mod_wsgi.so-3.11`.
    pub target: Option<String>,
}

/// The file of mod_wsgi that was found in a directory of modules.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct WsgiModule {
    /// Its path.
    pub file: Option<Fact<String>>,
    /// The libraries that it is linked with (`NEEDED` of its dynamic section), in their order.
    pub libraries: Option<Fact<Vec<String>>>,
    /// The file that the loader takes for libpython.
    pub libpython: Option<Fact<String>>,
}

impl WsgiModule {
    /// Major and minor version of the libpython that it is linked with, from a name such as
    /// `libpython3.11.so.1.0`. `None` also for a module with Python linked in.
    pub fn python(&self) -> Option<Fact<Version>> {
        let libraries = self.libraries.as_ref()?;
        let version = libraries
            .value
            .iter()
            .find_map(|it| python_of_library(it))?;
        Some(libraries.map(|_| version))
    }
}

// `libpython3.11.so.1.0`, with letters of the build behind the number: `libpython3.13t.so.1.0`.
fn python_of_library(name: &str) -> Option<Version> {
    let numbers = name.strip_prefix("libpython")?;
    let end = numbers
        .find(|it: char| it != '.' && !it.is_ascii_digit())
        .unwrap_or(numbers.len());
    let mut numbers = numbers[..end].split('.');
    let major = numbers.next()?.parse().ok()?;
    let minor = numbers.next()?.parse().ok()?;
    Some(Version::new(major, minor, 0))
}

/// The Python that a mod_wsgi without `WSGIPythonHome` finds: the one of its version on a plain
/// `PATH`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Python {
    /// The program.
    pub executable: Option<Fact<String>>,
    /// `sys.version` without its build: `3.11.2`.
    pub version: Option<Fact<String>>,
    /// `sys.prefix`.
    pub prefix: Option<Fact<String>>,
}
