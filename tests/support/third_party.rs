//! The packages of modules that do not come with httpd, and that of its manual. `tests/setup` unpacks
//! them into a folder of the project, so that nothing of the system changes.
#![allow(dead_code, reason = "each test uses its part")]

use std::path::{Path, PathBuf};

/// The folder that stands for the root of the system.
pub(crate) const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target/third-party");

/// The folder of their modules.
pub(crate) const MODULES: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/target/third-party/usr/lib/apache2/modules"
);

/// The folders of their libraries, for the linker.
pub(crate) const LIBRARIES: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/target/third-party/usr/lib:",
    env!("CARGO_MANIFEST_DIR"),
    "/target/third-party/usr/lib/x86_64-linux-gnu:",
    env!("CARGO_MANIFEST_DIR"),
    "/target/third-party/lib/x86_64-linux-gnu"
);

/// The file of a module, where it is unpacked.
pub(crate) fn object(module: &str) -> Option<PathBuf> {
    let object = Path::new(MODULES).join(format!("mod_{module}.so"));
    object.exists().then_some(object)
}
