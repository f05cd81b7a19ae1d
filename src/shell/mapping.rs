//! Paths of the server, and where they lie on this machine.

use std::path::{Path, PathBuf};

/// A folder of the server, and where it lies on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Mapping {
    /// The server's path: absolute and with `/`. One at the end does not matter.
    pub from: String,
    /// The local folder, absolute.
    pub to: PathBuf,
}

impl Mapping {
    /// Reads the option `FROM=TO`. A relative `TO` is below the working directory.
    ///
    /// # Errors
    /// One line that says what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (from, to) = text
            .split_once('=')
            .ok_or_else(|| format!("`{text}` is not `FROM=TO`"))?;
        if !from.starts_with('/') {
            return Err(format!("`{from}` is not an absolute path of the server"));
        }
        let to = std::path::absolute(to)
            .map_err(|error| format!("`{to}`: {}", super::system_text(&error)))?;
        Ok(Self {
            from: from.trim_end_matches('/').to_owned(),
            to,
        })
    }

    /// A folder that has the same path on the server and here. `path` must be absolute.
    pub fn identity(path: &Path) -> Self {
        Self {
            from: path.to_string_lossy().trim_end_matches('/').to_owned(),
            to: path.to_owned(),
        }
    }
}

/// How much of the server this machine shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Visible {
    /// Everything: this machine is the server (`--host`).
    Everything,
    /// Only what lies below a mapping; all else is unknown.
    Mapped,
}

/// What follows `directory` in a path that is below it or is it.
pub(super) fn below<'a>(directory: &str, path: &'a str) -> Option<&'a str> {
    let rest = path.strip_prefix(directory)?;
    (rest.is_empty() || rest.starts_with('/')).then(|| rest.trim_start_matches('/'))
}

/// Where a path of the server lies here; the first mapping that covers it decides.
pub(super) fn local(mappings: &[Mapping], path: &str) -> Option<PathBuf> {
    mappings
        .iter()
        .find_map(|it| match below(it.from.trim_end_matches('/'), path)? {
            "" => Some(it.to.clone()),
            rest => Some(it.to.join(rest)),
        })
}

/// The server's path of a local path; the mapping with the longest folder decides.
pub(super) fn server(mappings: &[Mapping], local: &Path) -> Option<String> {
    let covers = |it: &&Mapping| local.starts_with(&it.to);
    let mapping = mappings
        .iter()
        .filter(covers)
        .max_by_key(|it| it.to.components().count())?;
    let mut path = mapping.from.trim_end_matches('/').to_owned();
    for component in local.strip_prefix(&mapping.to).ok()?.components() {
        path.push('/');
        path.push_str(&component.as_os_str().to_string_lossy());
    }
    Some(if path.is_empty() {
        "/".to_owned()
    } else {
        path
    })
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn mapping(from: &str, to: &str) -> Mapping {
        Mapping {
            from: from.to_owned(),
            to: PathBuf::from(to),
        }
    }

    #[test]
    fn a_folder_ends_at_a_slash() {
        let all = [mapping("/etc/apache2", "/repo/a")];
        assert_eq!(local(&all, "/etc/apache2"), Some("/repo/a".into()));
        assert_eq!(local(&all, "/etc/apache2/x/y"), Some("/repo/a/x/y".into()));
        assert_eq!(local(&all, "/etc/apache2-shop/x"), None);
        assert_eq!(
            server(&all, Path::new("/repo/a/x")),
            Some("/etc/apache2/x".into())
        );
        assert_eq!(server(&all, Path::new("/repo/ab")), None);
    }

    #[test]
    fn the_root_can_be_mapped() {
        let all = [mapping("/", "/repo/root")];
        assert_eq!(local(&all, "/etc/x"), Some("/repo/root/etc/x".into()));
        assert_eq!(server(&all, Path::new("/repo/root")), Some("/".into()));
        assert_eq!(Mapping::identity(Path::new("/")).from, "");
    }

    #[test]
    fn an_option_names_both_sides() {
        assert_eq!(
            Mapping::parse("/etc/apache2/=/repo"),
            Ok(mapping("/etc/apache2", "/repo"))
        );
        assert_eq!(
            Mapping::parse("/x"),
            Err("`/x` is not `FROM=TO`".to_owned())
        );
        assert_eq!(
            Mapping::parse("x=y"),
            Err("`x` is not an absolute path of the server".to_owned())
        );
        assert!(Mapping::parse("/x=").is_err());
    }
}
