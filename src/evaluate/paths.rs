//! Paths as httpd makes them (`apr_filepath_merge`, `ap_server_root_relative`).

/// A path made absolute by a base, with `.`, `..` and repeated slashes resolved. A slash at the
/// end stays, and what `.` or `..` leave behind ends with one.
pub fn resolve(base: &str, path: &str) -> String {
    let mut resolved = String::with_capacity(base.len() + path.len() + 2);
    if !path.starts_with('/') {
        append(&mut resolved, base);
    }
    append(&mut resolved, path);
    let last = path.rsplit('/').next().unwrap_or_default();
    if matches!(last, "" | "." | "..") || resolved.is_empty() {
        resolved.push('/');
    }
    resolved
}

// Adds the parts of a path to one that has no slash at its end.
fn append(resolved: &mut String, path: &str) {
    let mut rest = path;
    while !rest.is_empty() {
        let end = memchr::memchr(b'/', rest.as_bytes()).unwrap_or(rest.len());
        match &rest[..end] {
            "" | "." => {}
            ".." => resolved.truncate(resolved.rfind('/').unwrap_or(0)),
            part => {
                resolved.push('/');
                resolved.push_str(part);
            }
        }
        rest = rest.get(end + 1..).unwrap_or_default();
    }
}

/// A directory and a name in it (`ap_make_full_path`).
pub fn join(directory: &str, name: &str) -> String {
    if directory.ends_with('/') {
        format!("{directory}{name}")
    } else {
        format!("{directory}/{name}")
    }
}

/// The directory that an absolute path is in; empty for a name without one.
pub fn directory(path: &str) -> &str {
    match path.rsplit_once('/') {
        Some(("", _)) => "/",
        Some((directory, _)) => directory,
        None => "",
    }
}

/// The last component of a path.
pub fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_merged_and_normalised() {
        assert_eq!(
            resolve("/etc/apache2", "sites/*.conf"),
            "/etc/apache2/sites/*.conf"
        );
        assert_eq!(resolve("/etc/apache2", "../x//y/./z"), "/etc/x/y/z");
        assert_eq!(resolve("/etc/apache2", "/a/../b/"), "/b/");
        assert_eq!(resolve("/etc/apache2", "file:///x"), "/etc/apache2/file:/x");
        assert_eq!(resolve("/etc", "/"), "/");
        assert_eq!(resolve("/etc/", ""), "/etc/");
        assert_eq!(resolve("/etc", "../../.."), "/");
        assert_eq!(resolve("/etc", "../../a/."), "/a/");
        assert_eq!(resolve("/etc", "/a/b/.."), "/a/");
    }
}
