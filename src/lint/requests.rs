//! What a server would answer to requests.

use super::Session;
use crate::evaluate::{OccurrenceId, Overrides};
use crate::model::request::{AccessFile, AccessFiles, Httpd, Outline, Wanted, permitted};
use crate::model::scope::body_of;
use crate::model::trace::Tracer;
use crate::threads;
use crate::world::ReadError;

/// So many requests are followed by one thread before what it tells is handed over.
const PART: usize = 32;

/// What is told of so many requests is kept at once.
const KEPT: usize = 16 * PART;

impl Session<'_> {
    /// Asks a question about requests. The `.htaccess` files that these come across are read then,
    /// and the question is asked again, until no more are wanted.
    pub fn ask<T>(&mut self, mut question: impl FnMut(&Httpd<'_>) -> (T, Vec<Wanted>)) -> T {
        let mut read: Vec<(String, Option<OccurrenceId>)> = Vec::new();
        loop {
            let (answer, wanted) = self.ask_once(&read, &mut question);
            let mut is_new = false;
            for Wanted { path, permitted } in wanted {
                if read.iter().any(|it| it.0 == path) {
                    continue;
                }
                is_new = true;
                let id = self.read_access_file(&path, permitted);
                read.push((path, id.ok()));
            }
            if !is_new {
                return answer;
            }
        }
    }

    /// Follows requests, in several threads, and takes what is told of them, in parts and in their
    /// order. What is told is not kept: of parts that come across `.htaccess` files that were not
    /// read, and of all behind them, it is asked again.
    ///
    /// # Errors
    /// That of `take`; then nothing more is asked.
    pub fn follow<R: Sync, T: Send, E>(
        &mut self,
        requests: &[R],
        tell: impl Fn(&Tracer<'_>, &[R]) -> (T, Vec<Wanted>) + Sync,
        mut take: impl FnMut(T) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut taken = 0;
        self.ask(|httpd| {
            let tracer = Tracer::new(httpd, requests.len());
            let mut wanted = Vec::new();
            for some in requests[taken..].chunks(KEPT) {
                let told = threads::map_parts(
                    some,
                    PART,
                    || httpd.modules.noting(),
                    |modules, part| {
                        let httpd = Httpd { modules, ..*httpd };
                        (tell(&tracer.through(&httpd), part), part.len())
                    },
                );
                for ((told, more), length) in told {
                    wanted.extend(more);
                    if wanted.is_empty() {
                        taken += length;
                        if let Err(error) = take(told) {
                            return (Err(error), wanted);
                        }
                    }
                }
            }
            (Ok(()), wanted)
        })
    }

    fn ask_once<T>(
        &self,
        read: &[(String, Option<OccurrenceId>)],
        question: impl FnOnce(&Httpd<'_>) -> T,
    ) -> T {
        let (config, inputs) = (self.config(), self.inputs());
        let mut access_files = AccessFiles::default();
        for (path, id) in read {
            let file = match id.map(|it| (it, self.refusal_in(it))) {
                Some((id, None)) => {
                    let body = body_of(config, id, inputs.table);
                    AccessFile::Read(match config.overrides(id) {
                        Some(it) if it.is_lenient() => permitted(config, body, it, inputs.table),
                        _ => body,
                    })
                }
                Some((_, Some(message))) => AccessFile::Refused(message),
                None => AccessFile::Refused("it cannot be read".to_owned()),
            };
            access_files.add(path, file);
        }
        let outline = Outline::with(config, inputs.table, access_files);
        question(&outline.httpd(inputs, self.model(), self.modules()))
    }

    /// Reads and lints a `.htaccess` file in which this is permitted.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(super) fn read_access_file(
        &mut self,
        path: &str,
        permitted: Overrides,
    ) -> Result<OccurrenceId, ReadError> {
        let id = self.evaluation.read_htaccess(path, permitted)?;
        let read = self.config().below(id);
        let concerned = self.exchange(&[], &read);
        self.lint_files(&concerned);
        self.ruled_whole.forget();
        Ok(id)
    }

    // httpd's message for the first thing that it refuses in a file or one that this reads.
    fn refusal_in(&self, id: OccurrenceId) -> Option<String> {
        let config = self.config();
        config.below(id).into_iter().find_map(|id| {
            let read = config.occurrence(id).unit.findings.iter().map(|it| &it.1);
            let handled = self.findings.get(&id).into_iter();
            let handled = handled.flat_map(|it| it.refused.iter().map(|it| &it.diagnostic));
            let refused = read.chain(handled).find_map(|it| it.httpd.as_ref());
            refused.map(|it| it.message.clone())
        })
    }
}
