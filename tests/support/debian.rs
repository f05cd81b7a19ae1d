//! What a Debian tree needs before httpd has ever run on the machine.

use std::fs;
use std::path::Path;

/// Lets the `envvars` of a copied tree name a runtime folder that exists: the usual one is made
/// when the server first starts. Returns what the file then gives the server; the linter reads it
/// for itself.
pub(crate) fn settle(root: &Path) -> Vec<(String, String)> {
    let run = root.join("run");
    fs::create_dir(&run).expect("the folder is writable");
    let run = run.to_str().expect("a temporary folder has a plain name");

    let envvars = root.join("envvars");
    let text = fs::read_to_string(&envvars).expect("a Debian tree has envvars");
    fs::write(&envvars, text.replace("/var/run/apache2$SUFFIX", run))
        .expect("the folder is writable");
    [
        ("APACHE_RUN_USER", "www-data"),
        ("APACHE_RUN_GROUP", "www-data"),
        ("APACHE_PID_FILE", &format!("{run}/apache2.pid")),
        ("APACHE_RUN_DIR", run),
        ("APACHE_LOCK_DIR", "/var/lock/apache2"),
        ("APACHE_LOG_DIR", "/var/log/apache2"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}
