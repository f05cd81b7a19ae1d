//! Which texts of facts are about which server.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::super::Failure;
use super::read::Text;
use crate::facts::Facts;

/// The servers that texts of facts are about.
pub(in super::super) struct Servers {
    /// The names of the hosts, sorted; none where the facts are about one server.
    pub(in super::super) hosts: Vec<String>,
    /// Servers that are alike, each with the positions of its hosts, ascending. Servers with the
    /// same modules stand side by side: a session that moves from one to the next looks again at
    /// what asked for a module that the other has not.
    pub(in super::super) groups: Vec<(Facts, Vec<usize>)>,
}

impl Servers {
    /// One server.
    pub(super) fn one(facts: Facts) -> Self {
        Self {
            hosts: Vec::new(),
            groups: vec![(facts, Vec::new())],
        }
    }

    /// The servers of texts. A text with a version of httpd is about a server of its own; another
    /// one belongs to the only such text of its folder. Where there is but one server, all texts
    /// are about it, and what a later one says counts. A common build holds for all.
    pub(super) fn of(texts: Vec<Text>, gaps: &mut Vec<String>) -> Result<Self, Failure> {
        let is_server = |it: &Text| it.file.is_some() && it.facts.version.is_some();
        let servers: Vec<PathBuf> = texts
            .iter()
            .filter(|it| is_server(it))
            .filter_map(|it| it.file.clone())
            .collect();
        if servers.len() < 2 {
            let mut facts = Facts::default();
            for text in texts {
                merge(&mut facts, text.facts, gaps);
            }
            return Ok(Self::one(facts));
        }
        let mut base = Facts::default();
        let mut of_server: Vec<Facts> = vec![Facts::default(); servers.len()];
        for text in texts {
            let Some(file) = &text.file else {
                merge(&mut base, text.facts, gaps);
                continue;
            };
            let server = match servers.iter().position(|it| it == file) {
                Some(server) => server,
                None => only_server_beside(&servers, file)?,
            };
            merge(&mut of_server[server], text.facts, gaps);
        }
        let hosts = host_names(&servers);
        let mut order: Vec<usize> = (0..servers.len()).collect();
        order.sort_by(|one, two| hosts[*one].cmp(&hosts[*two]));
        let sorted = order.iter().map(|it| hosts[*it].clone()).collect();
        Ok(Self {
            hosts: sorted,
            groups: alike(&base, &order, &mut of_server, gaps),
        })
    }
}

// Servers by which everything is judged alike; those with the same modules side by side, and
// otherwise in the order of their first hosts.
fn alike(
    base: &Facts,
    order: &[usize],
    of_server: &mut [Facts],
    gaps: &mut Vec<String>,
) -> Vec<(Facts, Vec<usize>)> {
    let mut groups: Vec<(Facts, Vec<usize>)> = Vec::new();
    let mut known: HashMap<Facts, usize> = HashMap::new();
    for (position, server) in order.iter().enumerate() {
        let mut facts = base.clone();
        merge(&mut facts, std::mem::take(&mut of_server[*server]), gaps);
        let group = *known.entry(facts.judged_by()).or_insert(groups.len());
        match groups.get_mut(group) {
            Some((_, hosts)) => hosts.push(position),
            None => groups.push((facts, vec![position])),
        }
    }
    groups.sort_by_cached_key(|(facts, _)| modules(facts));
    groups
}

// The names of the modules that are compiled in and of those that were loaded, sorted.
fn modules(facts: &Facts) -> [Vec<String>; 2] {
    let mut compiled_in = facts
        .static_modules
        .as_ref()
        .map(|it| it.value.clone())
        .unwrap_or_default();
    let loaded = facts.loaded_modules.iter().flat_map(|it| &it.value);
    let mut loaded: Vec<String> = loaded.map(|it| it.identifier.clone()).collect();
    compiled_in.sort_unstable();
    loaded.sort_unstable();
    [compiled_in, loaded]
}

fn only_server_beside(servers: &[PathBuf], file: &Path) -> Result<usize, Failure> {
    let mut beside = servers
        .iter()
        .enumerate()
        .filter(|(_, it)| it.parent() == file.parent());
    match (beside.next(), beside.next()) {
        (Some((server, _)), None) => Ok(server),
        _ => Err(Failure(format!(
            "{}: does not say which of the servers it is about: it has no output of `httpd -V`",
            file.display()
        ))),
    }
}

// The names of the files, or more of their paths where those are not enough.
fn host_names(files: &[PathBuf]) -> Vec<String> {
    let stem = |it: &PathBuf| {
        let stem = it.file_stem().unwrap_or(it.as_os_str());
        stem.to_string_lossy().into_owned()
    };
    let stems: Vec<String> = files.iter().map(stem).collect();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for stem in &stems {
        *counts.entry(stem).or_default() += 1;
    }
    let names = stems.iter().zip(files);
    names
        .map(|(stem, file)| match counts.get(stem.as_str()) {
            Some(1) => stem.clone(),
            _ => file.with_extension("").display().to_string(),
        })
        .collect()
}

/// Adds the facts of another text; where the two contradict each other, the later ones count, and a
/// note says so.
pub(super) fn merge(facts: &mut Facts, other: Facts, gaps: &mut Vec<String>) {
    if *facts == Facts::default() {
        *facts = other;
        return;
    }
    let (merged, problems) = std::mem::take(facts).merge(other);
    *facts = merged;
    gaps.extend(problems.iter().map(ToString::to_string));
}
