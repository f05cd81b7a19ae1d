//! The paths of requests that `Alias` maps.

use crate::evaluate::Placed;
use crate::httpd::NameId;
use crate::source::Span;

/// An `Alias` or `ScriptAlias` with a path of its own: not a pattern, and not in a section whose
/// path it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UrlAlias {
    /// The path, its repeated slashes joined.
    pub path: String,
    /// Where it stands.
    pub span: Span,
}

impl UrlAlias {
    /// Reads a directive.
    pub fn of(placed: &Placed<'_>) -> Option<Self> {
        let line = placed.line();
        let words = line.words();
        let [path, _] = words.as_slice() else {
            return None;
        };
        let mut joined = String::with_capacity(path.text.len());
        for character in path.text.chars() {
            if character != '/' || !joined.ends_with('/') {
                joined.push(character);
            }
        }
        Some(Self {
            path: joined,
            span: line.word_span(path),
        })
    }

    /// Its server and the first part of its path: who has none of both in common with it cannot
    /// get in its way, except for `/`.
    pub(super) fn key(&self, placed: &Placed<'_>) -> String {
        let first = self.path.strip_prefix('/').unwrap_or(&self.path);
        let first = first.split('/').next().unwrap_or_default();
        let mut at = placed.parent();
        while let Some(section) = at {
            if section.node.name == Some(NameId::VIRTUAL_HOST) {
                let id = section.id;
                return format!("{}:{}/{first}", id.occurrence.0, id.node.index());
            }
            at = section.parent();
        }
        format!("/{first}")
    }

    /// Whether every request for the other's path is one for this path, too.
    pub fn covers(&self, other: &UrlAlias) -> bool {
        covers(&self.path, &other.path)
    }
}

// mod_alias's `alias_matches`.
fn covers(path: &str, other: &str) -> bool {
    other
        .strip_prefix(path)
        .is_some_and(|it| it.is_empty() || path.ends_with('/') || it.starts_with('/'))
}

/// The paths whose requests are also those for a path, the shortest first: `/`, `/a`, `/a/`, `/a/b`.
pub fn paths_over(path: &str) -> impl Iterator<Item = &str> {
    let slashes = path.match_indices('/').map(|it| it.0);
    let above = slashes.flat_map(|at| [&path[..at], &path[..=at]]);
    let own = (!path.ends_with('/')).then_some(path);
    above.chain(own).filter(|it| !it.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{covers, paths_over};

    #[test]
    fn a_path_lies_below_those_that_end_at_its_slashes() {
        let paths: Vec<&str> = paths_over("/a/b").collect();
        assert_eq!(paths, ["/", "/a", "/a/", "/a/b"]);
        assert!(paths.iter().all(|it| covers(it, "/a/b")));
        assert_eq!(paths_over("/a/").collect::<Vec<_>>(), ["/", "/a", "/a/"]);
    }

    #[test]
    fn a_path_covers_those_below_it() {
        assert!(covers("/a", "/a"));
        assert!(covers("/a", "/a/b"));
        assert!(covers("/a/", "/a/b"));
        assert!(covers("/", "/a"));
        assert!(!covers("/a/", "/a"));
        assert!(!covers("/a", "/ab"));
    }
}
