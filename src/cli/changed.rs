//! `httpd-lint check --changed`.

use std::ops::Range;
use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};

use super::Failure;
use super::say;
use super::setup::Setup;
use crate::lint::{Fingerprint, Outcome};
use crate::render::{changed_lines, counted};
use crate::shell::{Revision, RevisionWorld};
use crate::source::{FileId, Source, Span};
use crate::world::World;

/// What became of the findings.
pub(super) struct Kept {
    /// How many were there before.
    old: usize,
    /// Why it is not known what was there before.
    gap: Option<String>,
}

impl Kept {
    /// Says what is not shown.
    pub(super) fn remark(&self, base: &str, quiet: bool) -> Result<(), Failure> {
        if let Some(gap) = &self.gap {
            say(&format!("at {base}: {gap}; all findings are taken for new"))?;
        }
        match self.old > 0 && !quiet {
            true => say(&format!(
                "{} not shown, which the change since {base} did not bring",
                counted(self.old, "finding")
            )),
            false => Ok(()),
        }
    }
}

/// Keeps of an outcome what the change since a revision brought: what is on a line that it changed,
/// and what is not found in the revision, wherever it is.
pub(super) fn keep(
    base: &str,
    setup: &Setup,
    outcome: &mut Outcome,
    lint: &dyn Fn(&dyn World) -> Result<Outcome, Failure>,
) -> Result<Kept, Failure> {
    let (Some(disk), true) = (setup.disk(), setup.hosts.is_empty()) else {
        let message = "`--changed` needs a tree and the facts of one server";
        return Err(Failure(message.to_owned()));
    };
    let here = std::env::current_dir().unwrap_or_default();
    let tree = setup.tree.as_deref().unwrap_or(&here);
    // The repository may begin below the tree, which is as large as the `ServerRoot`.
    let main = setup.main_folder().filter(|it| it.starts_with(tree));
    let revision = Revision::common(main.as_deref().unwrap_or(tree), tree, base);
    let revision = revision.map_err(Failure)?;
    let world = RevisionWorld::new(&revision, disk);
    let (before, gap) = match lint(&world) {
        Ok(before) => (before, None),
        Err(Failure(gap)) => (Outcome::default(), Some(gap)),
    };
    let path = |server: &str| setup.target(server).or_else(|| setup.local(server));
    let name = |path: Option<PathBuf>, server: &str| match path {
        Some(path) => path.to_string_lossy().into_owned(),
        None => server.to_owned(),
    };
    let name_then = |server: &str| {
        let path = world.target(server);
        name(path.map(|it| revision.name_now(&it).to_owned()), server)
    };
    let before = Fingerprint::all(&before, &name_then);
    let before: FxHashSet<Fingerprint> = before.into_iter().collect();
    let found = Fingerprint::all(outcome, &|server| name(path(server), server));

    let mut lines: FxHashMap<FileId, Vec<Range<usize>>> = FxHashMap::default();
    for diagnostic in &outcome.diagnostics {
        let file = diagnostic.primary.span.file;
        let source = outcome.sources.get(file);
        let changed = || path(source.name()).map(|it| changed(&revision, &it, source));
        lines
            .entry(file)
            .or_insert_with(|| changed().unwrap_or_default());
    }
    let kept: Vec<bool> = outcome
        .diagnostics
        .iter()
        .zip(&found)
        .map(|(it, fingerprint)| {
            let span = it.primary.span;
            let source = outcome.sources.get(span.file);
            let touched = lines.get(&span.file).into_iter().flatten();
            !before.contains(fingerprint) || touched.into_iter().any(|it| covers(it, source, span))
        })
        .collect();
    let old = kept.iter().filter(|it| !**it).count();
    let mut kept = kept.into_iter();
    outcome.keep(|_| kept.next().unwrap_or(true));
    Ok(Kept { old, gap })
}

fn changed(revision: &Revision, path: &Path, source: &Source) -> Vec<Range<usize>> {
    let now = source.encoding().bytes(source.text());
    let before = revision.bytes(path);
    before.map_or_else(Vec::new, |it| changed_lines(it, &now))
}

fn covers(lines: &Range<usize>, source: &Source, span: Span) -> bool {
    let last = span.end.saturating_sub(1).max(span.start);
    let (first, last) = (source.lines().line(span.start), source.lines().line(last));
    lines.start <= last && first < lines.end
}
