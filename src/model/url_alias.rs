//! The paths of requests that `Alias` maps.

use crate::evaluate::Placed;
use crate::httpd::NameId;
use crate::source::Span;

const VIRTUAL_HOST: NameId = NameId::of("<VirtualHost");

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
            if section.node.name == Some(VIRTUAL_HOST) {
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

#[cfg(test)]
mod tests {
    use super::covers;

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
