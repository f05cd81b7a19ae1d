//! Which files an `Include` names, in which order (`ap_process_fnmatch_configs`).

use std::borrow::Cow;

use super::fnmatch;
use super::paths;
use crate::source::Encoding;
use crate::world::{Entry, Kind, ReadError, World};

/// The largest number of directories in directories that one `Include` reads.
const DIRECTORY_DEPTH: usize = 128;

/// One thing that an `Include` does; it stops at the first refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Reads this file.
    File(String),
    /// httpd refuses, with this message.
    Refused(String),
    /// What happens at this path cannot be seen from here.
    Unknown(String),
}

/// The steps of `Include` (or `IncludeOptional`) for an absolute path, which comes from a text of
/// this encoding.
pub(super) fn expand(
    world: &dyn World,
    path: &str,
    encoding: Encoding,
    optional: bool,
) -> Vec<Step> {
    let mut expansion = Expansion {
        world,
        encoding,
        optional,
        steps: Vec::new(),
        refused: false,
    };
    if fnmatch::is_pattern(path) {
        expansion.wildcard("/", path.trim_start_matches('/'));
    } else {
        expansion.plain(path, 0);
    }
    expansion.steps
}

struct Expansion<'a> {
    world: &'a dyn World,
    encoding: Encoding,
    optional: bool,
    steps: Vec<Step>,
    refused: bool,
}

impl Expansion<'_> {
    fn refuse(&mut self, message: String) {
        self.steps.push(Step::Refused(message));
        self.refused = true;
    }

    fn plain(&mut self, path: &str, depth: usize) {
        if depth > DIRECTORY_DEPTH {
            return self.refuse(format!(
                "Directory {path} exceeds the maximum include directory nesting level of \
                 {DIRECTORY_DEPTH}. You have probably a recursion somewhere."
            ));
        }
        match self.world.kind(path) {
            Kind::Directory => self.directory(path, depth),
            Kind::Unknown => self.steps.push(Step::Unknown(path.to_owned())),
            // IncludeOptional forgives everything that stat() does not find, at the top only.
            Kind::Missing | Kind::NotADirectory | Kind::Denied if self.optional && depth == 0 => {}
            _ => self.steps.push(Step::File(path.to_owned())),
        }
    }

    // Everything in it, hidden files and backups too, in the order of the bytes of the full path.
    fn directory(&mut self, path: &str, depth: usize) {
        let mut names = match self.world.list(path) {
            Ok(entries) => entries,
            Err(ReadError::Unknown) => return self.steps.push(Step::Unknown(path.to_owned())),
            Err(error) => {
                let text = error.text();
                return self.refuse(format!("Could not open config directory {path}: {text}"));
            }
        };
        names.sort_unstable_by(|one, two| one.name.cmp(&two.name));
        for entry in names {
            if self.refused {
                return;
            }
            self.found(&paths::join(path, &entry.name), &entry, depth + 1);
        }
    }

    // What a listing shows to be a file needs no second look.
    fn found(&mut self, path: &str, entry: &Entry, depth: usize) {
        if entry.is_file {
            self.steps.push(Step::File(path.to_owned()));
        } else {
            self.plain(path, depth);
        }
    }

    fn wildcard(&mut self, directory: &str, pattern: &str) {
        let (component, rest) = match pattern.split_once('/') {
            Some((component, rest)) => (component, Some(rest)),
            None => (pattern, None),
        };
        if !fnmatch::is_pattern(component) {
            let path = paths::join(directory, component);
            return match rest {
                Some(rest) => self.wildcard(&path, rest),
                None => self.plain(&path, 0),
            };
        }
        let entries = match self.world.list(directory) {
            Ok(entries) => entries,
            Err(ReadError::Missing) if self.optional => return,
            Err(ReadError::Unknown) => return self.steps.push(Step::Unknown(directory.to_owned())),
            Err(error) => {
                let text = error.text();
                return self.refuse(format!(
                    "Include/IncludeOptional: Could not open directory {directory}: {text}"
                ));
            }
        };
        let asked = self.encoding.bytes(component);
        let mut names: Vec<Entry> = entries
            .into_iter()
            .filter(|it| fnmatch::matches_name(&asked, &bytes_of(it)))
            // Inside a path only real directories count; a link to one is passed over.
            .filter(|it| rest.is_none() || it.is_directory)
            .collect();
        if names.is_empty() && !self.optional {
            return self.refuse(format!(
                "Include/IncludeOptional: No matches for the wildcard '{component}' in \
                 '{directory}', failing"
            ));
        }
        names.sort_unstable();
        for entry in names {
            if self.refused {
                return;
            }
            let path = paths::join(directory, &entry.name);
            match rest {
                Some(rest) => self.wildcard(&path, rest),
                None => self.found(&path, &entry, 0),
            }
        }
    }
}

// A name as it stands in the directory.
fn bytes_of(entry: &Entry) -> Cow<'_, [u8]> {
    if entry.is_utf8 {
        return Cow::Borrowed(entry.name.as_bytes());
    }
    Cow::Owned(Encoding::Latin1.bytes(&entry.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::MemoryWorld;

    fn world() -> MemoryWorld {
        MemoryWorld::new()
            .with("/r/d/b.conf", "")
            .with("/r/d/a.conf", "")
            .with("/r/d/a.conf~", "")
            .with("/r/d/.hidden.conf", "")
            .with("/r/d/sub/z.conf", "")
            .with("/r/e/sub/y.conf", "")
    }

    fn files(path: &str, optional: bool) -> Vec<String> {
        expand(&world(), path, Encoding::Utf8, optional)
            .into_iter()
            .map(|it| match it {
                Step::File(path) => path,
                Step::Refused(message) => format!("! {message}"),
                Step::Unknown(path) => format!("? {path}"),
            })
            .collect()
    }

    #[test]
    fn a_directory_is_read_with_all_that_is_in_it() {
        assert_eq!(
            files("/r/d", false),
            [
                "/r/d/.hidden.conf",
                "/r/d/a.conf",
                "/r/d/a.conf~",
                "/r/d/b.conf",
                "/r/d/sub/z.conf"
            ]
        );
    }

    #[test]
    fn a_wildcard_takes_what_matches_in_byte_order() {
        assert_eq!(files("/r/d/*.conf", false), ["/r/d/a.conf", "/r/d/b.conf"]);
        assert_eq!(
            files("/r/*/sub/*.conf", false),
            ["/r/d/sub/z.conf", "/r/e/sub/y.conf"]
        );
    }

    #[test]
    fn nothing_found_is_an_error_unless_optional() {
        assert_eq!(
            files("/r/d/*.x", false),
            ["! Include/IncludeOptional: No matches for the wildcard '*.x' in '/r/d', failing"]
        );
        assert_eq!(files("/r/d/*.x", true), Vec::<String>::new());
        assert_eq!(files("/r/no/*.x", true), Vec::<String>::new());
        assert_eq!(
            files("/r/no/*.x", false),
            [
                "! Include/IncludeOptional: Could not open directory /r/no: No such file or directory"
            ]
        );
        assert_eq!(
            files("/r/d/a.conf/*.x", true),
            ["! Include/IncludeOptional: Could not open directory /r/d/a.conf: Not a directory"]
        );
        assert_eq!(files("/r/no.conf", true), Vec::<String>::new());
        assert_eq!(files("/r/no.conf", false), ["/r/no.conf"]);
    }
}
