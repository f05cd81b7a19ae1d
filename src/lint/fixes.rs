//! Fixes, applied until there is nothing more that can be mended.
//!
//! Nobody is trusted: after each round everything is linted again, and what mended nothing, or
//! brought an error, is taken back.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Fleet, Outcome, Session};
use crate::diagnostic::{Diagnostic, Edit, Fix, Level, Promise};
use crate::evaluate::{NodeIndex, NodeKind, PlacedId, Truth};
use crate::source::{Cause, FileId, Source, Span};
use crate::world::{Overlay, World};

/// Fixes may bring findings that have fixes; this many rounds are more than they ever need.
const MOST_ROUNDS: usize = 256;

/// Which fixes are applied, and how is seen what they do.
pub struct Mending<'a, E> {
    /// The files as they are.
    pub world: &'a dyn World,
    /// Whether guesses count, too.
    pub promise: Promise,
    /// The names of the hosts, sorted; none where there is one server.
    pub hosts: &'a [String],
    /// Where a file of the server is written to; `None` where it must stay as it is.
    pub target: &'a dyn Fn(&str) -> Option<PathBuf>,
    /// Lints other files, and shows the session as it is for each server.
    pub lint: &'a Lint<'a, E>,
    /// What of an outcome counts.
    pub shape: &'a dyn Fn(Outcome) -> Outcome,
}

/// Lints the files of a world, and shows what comes of it: on each server, with the positions of its
/// hosts in their list.
pub type Lint<'a, E> = dyn Fn(&dyn World, &mut Show<'_>) -> Result<(), E> + 'a;

/// Takes in a session as it is for the hosts of some positions.
pub type Show<'a> = dyn FnMut(&Session<'_>, &[usize]) + 'a;

/// What was mended.
pub struct Mended {
    /// What was found before.
    pub before: Outcome,
    /// What is found now.
    pub outcome: Outcome,
    /// The files that are others now, by their names on the server.
    pub files: Vec<MendedFile>,
    /// How many fixes were applied.
    pub fixes: usize,
}

/// A file with another text.
pub struct MendedFile {
    /// As it was.
    pub before: Arc<Source>,
    /// Its new bytes, in the encoding of the old ones.
    pub bytes: Vec<u8>,
}

impl<E> Mending<'_, E> {
    /// Applies fixes that do not overlap, again and again, each all or not at all.
    ///
    /// # Errors
    /// The configuration cannot be linted.
    pub fn run(&self) -> Result<Mended, E> {
        let mut texts = Edited::new();
        let first = self.look(&texts)?;
        let before = first.outcome.clone();
        let (mut now, mut fixes, mut limit) = (first, 0, usize::MAX);
        let mut rejected = FxHashSet::default();
        for _ in 0..MOST_ROUNDS {
            let chosen = now.choose(&rejected, limit);
            if chosen.is_empty() {
                break;
            }
            let mended = now.apply(&chosen, &texts);
            let next = match &mended {
                Some(texts) => Some(self.look(texts)?),
                None => None,
            };
            match next.filter(|it| it.is_better_than(&now, &chosen)) {
                Some(next) => {
                    fixes += chosen.len();
                    limit = usize::MAX;
                    texts = mended.unwrap_or_default();
                    now = next;
                }
                None if chosen.len() == 1 => {
                    rejected.extend(chosen.iter().map(|it| now.identity(it)));
                    limit = usize::MAX;
                }
                None => limit = chosen.len() / 2,
            }
        }
        let sources = &before.sources;
        let files = texts.into_iter().filter_map(|(name, bytes)| {
            let before = sources.shared(sources.find(&name)?);
            (before.encoding().bytes(before.text()) != bytes)
                .then_some(MendedFile { before, bytes })
        });
        Ok(Mended {
            files: files.collect(),
            before,
            outcome: now.outcome,
            fixes,
        })
    }

    fn look(&self, texts: &Edited) -> Result<Look, E> {
        let world = Overlay {
            below: self.world,
            texts,
        };
        let mut servers = Vec::new();
        let mut fleet = Fleet::new(self.hosts.to_vec());
        (self.lint)(&world, &mut |session, hosts| {
            let outcome = session.outcome();
            if !self.hosts.is_empty() {
                fleet.add(outcome.clone(), hosts);
            }
            servers.push(self.look_at(session, outcome));
        })?;
        let outcome = match self.hosts.is_empty() {
            true => servers.first().map(|it| it.outcome.clone()),
            false => Some((self.shape)(fleet.outcome())),
        };
        Ok(Look {
            outcome: outcome.unwrap_or_default(),
            fixes: right_for_all(&servers),
            servers,
        })
    }

    fn look_at(&self, session: &Session<'_>, outcome: Outcome) -> OnServer {
        let outcome = (self.shape)(outcome);
        let writable = self.writable(&outcome);
        let all = outcome.diagnostics.iter().enumerate();
        let fixes = all.filter_map(|(at, finding)| {
            let is_wanted = |it: &&Fix| {
                let promised = it.promise == Promise::Safe || self.promise == Promise::Unsafe;
                promised && !it.edits.is_empty()
            };
            let mut wanted = finding.fixes.iter().filter(is_wanted);
            let safe = wanted.clone().find(|it| it.promise == Promise::Safe);
            let fix = safe.or(wanted.next())?;
            let is_file_ours = |it: &Edit| writable.contains(&it.span.file.index());
            let is_right =
                fix.edits.iter().all(is_file_ours) && session.is_right_everywhere(finding, fix);
            is_right.then(|| (at, fix.edits.clone()))
        });
        OnServer {
            fixes: fixes.collect(),
            branches: match self.hosts.is_empty() {
                true => Branches::default(),
                false => session.branches(),
            },
            outcome,
        }
    }

    // A file with two names would be mended twice.
    fn writable(&self, outcome: &Outcome) -> FxHashSet<usize> {
        let mut by_target: FxHashMap<PathBuf, Vec<usize>> = FxHashMap::default();
        for file in outcome.sources.ids() {
            if let Some(target) = (self.target)(outcome.sources.get(file).name()) {
                by_target.entry(target).or_default().push(file.index());
            }
        }
        let alone = by_target.into_values().filter(|it| it.len() == 1);
        alone.flatten().collect()
    }
}

/// The new bytes of files, by their names.
type Edited = BTreeMap<String, Vec<u8>>;

/// The edits of a fix, and the finding that it mends, by its position, on each server that has it.
#[derive(Clone)]
struct Chosen {
    edits: Vec<Edit>,
    mends: Vec<Option<usize>>,
}

/// What is found in some texts.
struct Look {
    outcome: Outcome,
    servers: Vec<OnServer>,
    // Which of it can be mended.
    fixes: Vec<Chosen>,
}

/// What is found on a server, and the fixes that are right there.
struct OnServer {
    outcome: Outcome,
    fixes: Vec<(usize, Vec<Edit>)>,
    // Where there are other servers.
    branches: Branches,
}

/// What a server reads.
#[derive(Default)]
struct Branches {
    files: FxHashSet<FileId>,
    // The conditionals whose bodies it reads, each with what it is around.
    read: Vec<(Span, Span)>,
    // Those that it passes over, wherever it comes across them.
    passed_over: FxHashSet<Span>,
}

impl Branches {
    // Whether the places of edits that are right on another server are not read at all.
    fn leave_out(&self, edits: &[Edit], other: &Branches) -> bool {
        let is_around = |outer: &Span, inner: Span| {
            outer.file == inner.file && outer.start <= inner.start && inner.end <= outer.end
        };
        edits.iter().all(|edit| {
            let mut around = other.read.iter().filter(|it| is_around(&it.1, edit.span));
            !self.files.contains(&edit.span.file)
                || around.any(|it| self.passed_over.contains(&it.0))
        })
    }
}

/// What tells a finding from others, wherever its line is now.
type Identity = (&'static str, String, String, String);

/// What findings of the same kind have in common: rule, file, message.
type Same<'a> = (&'a str, &'a str, &'a str);

fn count<'a>(counts: &FxHashMap<Same<'a>, usize>, same: &Same<'a>) -> usize {
    counts.get(same).copied().unwrap_or(0)
}

// The fixes that are right on every server: it finds the same and mends it so, or does not read what
// is changed.
fn right_for_all(servers: &[OnServer]) -> Vec<Chosen> {
    let mut by_edits: Vec<FxHashMap<&[Edit], usize>> = Vec::new();
    for server in servers {
        let fixes = server.fixes.iter().rev();
        by_edits.push(fixes.map(|it| (it.1.as_slice(), it.0)).collect());
    }
    let (mut seen, mut chosen) = (FxHashSet::default(), Vec::new());
    for (here, server) in servers.iter().enumerate() {
        for (at, edits) in &server.fixes {
            if servers.len() > 1 && !seen.insert(edits) {
                continue;
            }
            let mends = servers.iter().zip(&by_edits).enumerate();
            let mends = mends.map(|(there, (other, known))| {
                let same = match there == here {
                    true => Some(*at),
                    false => known.get(edits.as_slice()).copied(),
                };
                let may_miss = || other.branches.leave_out(edits, &server.branches);
                (same.is_some() || may_miss()).then_some(same)
            });
            let mends: Option<Vec<_>> = mends.collect();
            let edits = edits.clone();
            chosen.extend(mends.map(|mends| Chosen { edits, mends }));
        }
    }
    chosen
}

impl Look {
    // The first fixes that do not meet, and are not known to be of no use.
    fn choose(&self, rejected: &FxHashSet<Identity>, limit: usize) -> Vec<Chosen> {
        let mut taken: FxHashMap<usize, BTreeMap<u32, u32>> = FxHashMap::default();
        let mut chosen = Vec::new();
        let fixes = self.fixes.iter();
        for fix in fixes.filter(|it| !rejected.contains(&self.identity(it))) {
            let spans = || fix.edits.iter().map(|it| it.span);
            let is_free = |span: Span| {
                let before = taken.get(&span.file.index());
                let before = before.and_then(|it| it.range(..=span.end).next_back());
                before.is_none_or(|(_, end)| *end < span.start)
            };
            if chosen.len() < limit && spans().all(is_free) {
                for span in spans() {
                    let of_file = taken.entry(span.file.index()).or_default();
                    of_file.insert(span.start, span.end);
                }
                chosen.push(fix.clone());
            }
        }
        chosen
    }

    // `None` where a text cannot be written in the encoding of its file.
    fn apply(&self, chosen: &[Chosen], texts: &Edited) -> Option<Edited> {
        let mut edits: Vec<&Edit> = chosen.iter().flat_map(|it| &it.edits).collect();
        edits.sort_by_key(|it| std::cmp::Reverse(it.span));
        let mut changed: BTreeMap<usize, (Arc<Source>, String)> = BTreeMap::new();
        for edit in edits {
            let source = self.outcome.sources.shared(edit.span.file);
            let text = source.text().to_owned();
            let (_, text) = changed
                .entry(edit.span.file.index())
                .or_insert((source, text));
            text.get(edit.span.range())?;
            text.replace_range(edit.span.range(), &edit.text);
        }
        let mut texts = texts.clone();
        for (source, text) in changed.into_values() {
            let bytes = source.encoding().bytes(&text);
            let again = Source::new(source.name(), bytes.clone());
            if again.text() != text || again.encoding() != source.encoding() {
                return None;
            }
            texts.insert(source.name().to_owned(), bytes);
        }
        Some(texts)
    }

    // Whether on every server all that was mended is gone, and no error is new.
    fn is_better_than(&self, before: &Look, chosen: &[Chosen]) -> bool {
        let mut servers = self.servers.iter().zip(&before.servers).enumerate();
        servers.all(|(server, (now, before))| {
            let mended = chosen.iter().filter_map(|it| *it.mends.get(server)?);
            now.is_better_than(before, mended)
        })
    }

    fn identity(&self, fix: &Chosen) -> Identity {
        let mut mends = self.servers.iter().zip(&fix.mends);
        let identity = mends.find_map(|(server, at)| Some(server.identity((*at)?)));
        identity.unwrap_or_default()
    }
}

impl OnServer {
    fn is_better_than(&self, before: &OnServer, chosen: impl Iterator<Item = usize>) -> bool {
        let (old, new) = (before.counts(), self.counts());
        let mut mended: FxHashMap<Same<'_>, usize> = FxHashMap::default();
        for at in chosen {
            *mended.entry(before.same(at)).or_default() += 1;
        }
        let is_gone =
            |(same, times): (&Same<'_>, &usize)| count(&new, same) + times <= count(&old, same);
        let errors = self.outcome.diagnostics.iter().enumerate();
        let mut errors = errors.filter(|it| it.1.level == Level::Error);
        mended.iter().all(is_gone)
            && errors.all(|(at, _)| {
                let same = self.same(at);
                count(&new, &same) <= count(&old, &same)
            })
    }

    fn counts(&self) -> FxHashMap<Same<'_>, usize> {
        let mut counts = FxHashMap::default();
        for at in 0..self.outcome.diagnostics.len() {
            *counts.entry(self.same(at)).or_default() += 1;
        }
        counts
    }

    fn same(&self, at: usize) -> Same<'_> {
        let finding = &self.outcome.diagnostics[at];
        let name = self.outcome.sources.get(finding.primary.span.file).name();
        (finding.rule, name, &finding.message)
    }

    fn identity(&self, at: usize) -> Identity {
        let finding = &self.outcome.diagnostics[at];
        let source = self.outcome.sources.get(finding.primary.span.file);
        let text = source.text();
        let start = finding.primary.span.start as usize;
        let line = text[..start].rfind('\n').map_or(0, |it| it + 1);
        let line = text[line..].split('\n').next().unwrap_or_default();
        (
            finding.rule,
            source.name().to_owned(),
            finding.message.clone(),
            line.to_owned(),
        )
    }
}

impl Session<'_> {
    fn branches(&self) -> Branches {
        let config = self.config();
        let mut branches = Branches::default();
        for id in config.living() {
            let unit = &config.occurrence(id).unit;
            branches.files.insert(unit.document.file);
            let span = |it: usize| {
                let node = NodeIndex::new(it);
                let place = PlacedId {
                    occurrence: id,
                    node,
                };
                config.placed(place).site().span
            };
            for (index, node) in unit.nodes.iter().enumerate() {
                match node.kind {
                    NodeKind::Conditional(Truth::False) => {
                        branches.passed_over.insert(span(index));
                    }
                    NodeKind::Conditional(_) => {
                        let (begin, end) = (span(index), span(node.end as usize - 1).end);
                        branches.read.push((begin, Span { end, ..begin }));
                    }
                    _ => {}
                }
            }
        }
        for (conditional, _) in &branches.read {
            branches.passed_over.remove(conditional);
        }
        branches
    }

    // Whether a fix is right at every place that reads the texts that it changes: the same is found
    // at each of them, with the same fix. What a macro makes of its text is never changed.
    fn is_right_everywhere(&self, finding: &Diagnostic, fix: &Fix) -> bool {
        let config = self.config();
        let frame = finding
            .frame
            .and_then(|it| config.frames.get(it.0 as usize));
        if frame.is_some_and(|it| matches!(it.cause, Cause::Use(_))) {
            return false;
        }
        let file = finding.primary.span.file;
        let living = config.living();
        let places = |file| {
            let is_read = |it: &&_| config.occurrence(**it).unit.document.file == file;
            living.iter().filter(is_read).collect::<Vec<_>>()
        };
        let own = places(file);
        let is_same = |it: &Diagnostic| {
            it.rule == finding.rule
                && it.primary.span == finding.primary.span
                && it.fixes.contains(fix)
        };
        let stands_at = |id| self.found_in(id).any(is_same);
        let others = fix.edits.iter().map(|it| it.span.file);
        let mut others = others.filter(|it| *it != file);
        (own.len() == 1 || own.into_iter().all(|it| stands_at(*it)))
            && others.all(|it| places(it).len() == 1)
    }
}
