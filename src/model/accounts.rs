//! The users and groups of the server, as far as its files tell.

use rustc_hash::FxHashMap;

use crate::argument::Lookup;
use crate::world::World;

/// One register: users or groups, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Register {
    ids: FxHashMap<String, u32>,
    // Whether a name that is not in the file is nowhere else either.
    complete: bool,
}

impl Register {
    /// Reads `/etc/passwd` or `/etc/group`: in both, the id is the third field. `None` where the
    /// file is not visible.
    pub fn read(world: &dyn World, file: &str, service: &str) -> Option<Self> {
        let bytes = world.read(file).ok()?;
        let text = String::from_utf8_lossy(&bytes);
        let entries = text.lines().filter_map(|line| {
            let mut fields = line.split(':');
            let name = fields.next().filter(|it| !it.is_empty())?;
            Some((name.to_owned(), fields.nth(1)?.parse().ok()?))
        });
        Some(Self {
            ids: entries.collect(),
            complete: only_files(world, service),
        })
    }

    /// The id of a name.
    pub fn get(&self, name: &str) -> Lookup<u32> {
        match self.ids.get(name) {
            Some(id) => Lookup::Found(*id),
            None if self.complete => Lookup::Missing,
            None => Lookup::Unknown,
        }
    }

    /// Whether an id has a name; `None` where that is not known.
    pub fn has_id(&self, id: u32) -> Option<bool> {
        if self.ids.values().any(|it| *it == id) {
            return Some(true);
        }
        self.complete.then_some(false)
    }
}

// `nsswitch.conf` can name other sources: a directory service, for example.
fn only_files(world: &dyn World, service: &str) -> bool {
    let Ok(bytes) = world.read("/etc/nsswitch.conf") else {
        return true;
    };
    let text = String::from_utf8_lossy(&bytes);
    let line = text
        .lines()
        .find_map(|it| it.trim().strip_prefix(service)?.strip_prefix(':'));
    line.is_none_or(|sources| {
        sources
            .split_whitespace()
            .all(|it| matches!(it, "files" | "compat" | "systemd"))
    })
}
