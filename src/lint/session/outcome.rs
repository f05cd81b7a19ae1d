//! Everything that was found, in its order.

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::allow::Allowances;
use super::super::collect::Collected;
use super::super::linter::Findings;
use super::super::outcome::{Fragment, Outcome, Summary};
use super::super::unknowns;
use super::Session;
use crate::configtest::Turn;
use crate::diagnostic::Diagnostic;
use crate::evaluate::{NodeIndex, OccurrenceId, Unknown, paths};
use crate::source::{FrameId, Site};

impl Session<'_> {
    /// Everything found, in the order of files and places.
    pub fn outcome(&self) -> Outcome {
        let config = self.evaluation.config();
        let living = config.living();
        let allowances = Allowances::of(config, &living, &self.options);
        let mut collected = Collected::new(allowances);
        for (_, diagnostic) in self
            .refused_whole
            .refused
            .iter()
            .filter(|it| it.0.is_none())
        {
            collected.push(diagnostic.clone());
        }
        let whole = self.whole_by_file();
        self.collect(OccurrenceId::MAIN, &whole, &mut collected);
        self.say_who_is_refused(OccurrenceId::MAIN, &mut collected);
        for (id, _) in &config.htaccess {
            collected.begin_reading();
            self.collect(*id, &whole, &mut collected);
            self.say_who_is_refused(*id, &mut collected);
        }
        let unused = collected.allowances.unused(&self.certainty());
        unused.into_iter().for_each(|it| collected.add(it));
        let file = |it: &OccurrenceId| config.occurrence(*it).unit.document.file;
        collected.sort(living.iter().map(file));
        let first = collected.first();
        let diagnostics = collected.diagnostics;
        let files: FxHashSet<_> = living.iter().map(file).collect();
        let fragment = match config.standings.as_slice() {
            _ if !config.fragment => None,
            [standing] => Some(Fragment::At(*standing)),
            _ => Some(Fragment::Anywhere),
        };
        let summary = Summary {
            fragment,
            files: files.len(),
            directives: living
                .iter()
                .map(|it| config.occurrence(*it).unit.nodes.len())
                .sum(),
            ..Summary::default().with_counts(&diagnostics)
        };
        let mut unknowns = unknowns::of(config, &living, &self.unknown_overrides, &diagnostics);
        unknowns.extend(unknowns::of_server(self.missed(&living)));
        Outcome {
            sources: config.sources.clone(),
            frames: config.frames.clone(),
            diagnostics,
            first,
            unknowns,
            summary,
            left_out: 0,
            hosts: None,
        }
    }

    // What nobody told us of the server's disk and accounts: of what handlers look at in the order of
    // files, then of what is looked at when all is read.
    fn missed(&self, living: &[OccurrenceId]) -> impl Iterator<Item = (Site, &Unknown)> {
        let config = self.evaluation.config();
        let of_files = living.iter().flat_map(|id| {
            let frame = config.occurrence(*id).frame;
            let missed = self.findings.get(id).into_iter();
            missed.flat_map(move |it| {
                let facts = it.unknowns.iter();
                facts.map(move |it| {
                    (
                        Site {
                            span: it.span,
                            frame,
                        },
                        &it.what,
                    )
                })
            })
        });
        let of_server = self.refused_whole.unknowns.iter();
        of_files.chain(of_server.map(|it| (it.0, &it.1)))
    }

    // httpd starts with a `.htaccess` file that it refuses. It comes across it with a request.
    fn say_who_is_refused(&self, id: OccurrenceId, collected: &mut Collected<'_>) {
        let config = self.evaluation.config();
        if !config.is_htaccess(id) {
            return;
        }
        let directory = paths::directory(config.occurrence(id).unit.source.name());
        if let Some(finding) = collected.last_stop() {
            finding.note(format!(
                "httpd logs this for every request below `{directory}`, and answers it with 500"
            ));
        }
    }

    // What was found of the server as a whole and has a place, by the file that it stands in.
    fn whole_by_file(&self) -> FxHashMap<OccurrenceId, Vec<(Turn, &Diagnostic)>> {
        let mut by_file: FxHashMap<_, Vec<_>> = FxHashMap::default();
        let whole = self
            .refused_whole
            .refused
            .iter()
            .chain(self.ruled_whole.all(self.linter()));
        for (turn, diagnostic) in whole {
            if let Some((id, turn)) = turn {
                by_file.entry(*id).or_default().push((*turn, diagnostic));
            }
        }
        by_file
    }

    // In the order in which httpd comes across them: a file's findings with those of the files
    // that it includes in between.
    fn collect(
        &self,
        id: OccurrenceId,
        whole: &FxHashMap<OccurrenceId, Vec<(Turn, &Diagnostic)>>,
        collected: &mut Collected<'_>,
    ) {
        let occurrence = self.evaluation.config().occurrence(id);
        let of_node = |it: NodeIndex| u32::try_from(it.index()).unwrap_or(u32::MAX);
        let own = self.own(id, whole.get(&id).map(Vec::as_slice).unwrap_or_default());
        let mut own = own.into_iter().peekable();
        for (node, child) in &occurrence.children {
            while let Some((_, finding)) = own.next_if(|it| it.0.is_reached_at(of_node(*node))) {
                collected.push(finding);
            }
            self.collect(*child, whole, collected);
        }
        own.for_each(|(_, finding)| collected.push(finding));
    }

    // What was found in one evaluation of a file, with what of the server as a whole stands there.
    pub(super) fn own(
        &self,
        id: OccurrenceId,
        whole: &[(Turn, &Diagnostic)],
    ) -> Vec<(Turn, Diagnostic)> {
        let occurrence = self.evaluation.config().occurrence(id);
        let empty = Findings::default();
        let findings = self.findings.get(&id).unwrap_or(&empty);
        let whole_here = whole.iter().map(|(turn, it)| (*turn, (*it).clone()));
        let ruled = findings.ruled.iter();
        let ruled = ruled.map(|(turn, it)| (Turn::at(*turn), it.clone()));
        let refused = findings.refused.iter();
        let refused = refused.map(|it| (it.turn, it.diagnostic.clone()));
        let read = occurrence.unit.findings.iter();
        let mut own: Vec<(Turn, Diagnostic)> = read
            .map(|(turn, it)| (Turn::at(*turn), placed(it, occurrence.frame)))
            .chain(refused)
            .chain(ruled)
            .chain(whole_here)
            .collect();
        own.sort_by_key(|it| it.0);
        own
    }
}

// A unit's findings know only its own frames.
fn placed(finding: &Diagnostic, frame: FrameId) -> Diagnostic {
    let mut finding = finding.clone();
    finding.frame = finding.frame.map(|it| FrameId(frame.0 + it.0));
    finding
}
