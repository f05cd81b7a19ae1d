//! The users and groups of the server, as far as its files tell.

use rustc_hash::FxHashMap;

use crate::argument::Lookup;
use crate::world::{Permissions, World};

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

    /// The name of an id.
    pub fn name(&self, id: u32) -> Option<&str> {
        let found = self.ids.iter().find(|it| *it.1 == id);
        found.map(|it| it.0.as_str())
    }

    /// Whether an id has a name; `None` where that is not known.
    pub fn has_id(&self, id: u32) -> Option<bool> {
        if self.ids.values().any(|it| *it == id) {
            return Some(true);
        }
        self.complete.then_some(false)
    }
}

/// Who a process runs as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The user's id.
    pub user: u32,
    /// The ids of the groups.
    pub groups: Vec<u32>,
    /// The user's directory.
    pub home: String,
}

impl Account {
    /// The account of a user whose first group is given, with the groups that list the user as a
    /// member (`initgroups`); `None` where the registers are not visible.
    pub fn of(world: &dyn World, user: &str, group: Option<&str>) -> Option<Self> {
        let passwd = world.read("/etc/passwd").ok()?;
        let passwd = String::from_utf8_lossy(&passwd);
        let id = user.strip_prefix('#').map(crate::argument::number::atoi);
        let id = id.map(|it| it.to_string());
        let fields = passwd.lines().map(|it| it.split(':').collect::<Vec<_>>());
        let mut found = fields.filter(|it| match &id {
            Some(id) => it.get(2) == Some(&id.as_str()),
            None => it.first() == Some(&user),
        });
        let found = found.next()?;
        let register = world.read("/etc/group").ok()?;
        let register = String::from_utf8_lossy(&register);
        let mut groups = Vec::new();
        match group {
            None => groups.push(found.get(3)?.parse().ok()?),
            Some(group) => groups.push(group_id(&register, group)?),
        }
        groups.extend(register.lines().filter_map(|line| {
            let fields: Vec<&str> = line.split(':').collect();
            let mut members = fields.get(3)?.split(',');
            members.any(|it| Some(&it) == found.first()).then_some(())?;
            fields.get(2)?.parse::<u32>().ok()
        }));
        Some(Self {
            user: found.get(2)?.parse().ok()?,
            groups,
            home: found.get(5).copied().unwrap_or_default().to_owned(),
        })
    }

    /// Whether it may read, write or execute (4, 2, 1) what has these permissions.
    pub fn may(&self, what: u32, permissions: &Permissions) -> bool {
        let shift = match () {
            () if self.user == 0 => return true,
            () if permissions.user == self.user => 6,
            () if self.groups.contains(&permissions.group) => 3,
            () => 0,
        };
        permissions.mode >> shift & what == what
    }
}

fn group_id(register: &str, group: &str) -> Option<u32> {
    if let Some(id) = crate::argument::account::number(group) {
        return Some(id);
    }
    let mut lines = register.lines();
    let line = lines.find(|it| it.split(':').next() == Some(group))?;
    line.split(':').nth(2)?.parse().ok()
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
