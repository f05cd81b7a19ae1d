//! Paths as httpd makes them (`apr_filepath_merge`, `ap_server_root_relative`).

/// A path made absolute by a base, with `.`, `..` and repeated slashes resolved. A slash at the
/// end stays.
pub fn resolve(base: &str, path: &str) -> String {
    let joined = if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("{base}/{path}")
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in joined.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let ends_in_slash = joined.ends_with('/') && !parts.is_empty();
    format!(
        "/{}{}",
        parts.join("/"),
        if ends_in_slash { "/" } else { "" }
    )
}

/// A directory and a name in it (`ap_make_full_path`).
pub fn join(directory: &str, name: &str) -> String {
    if directory.ends_with('/') {
        format!("{directory}{name}")
    } else {
        format!("{directory}/{name}")
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
    }
}
