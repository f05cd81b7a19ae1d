//! `httpd-lint check --baseline`.

use std::path::{Path, PathBuf};

use super::say;
use super::setup::{Setup, absolute, read_text};
use super::{CheckArguments, Failure};
use crate::lint::{Baseline, Outcome};
use crate::render::counted;

/// The file of known findings.
pub(super) struct KnownFindings {
    file: PathBuf,
    // `None` where the file is yet to be written.
    known: Option<Baseline>,
    writes: bool,
    quiet: bool,
}

impl KnownFindings {
    pub(super) fn read(arguments: &CheckArguments) -> Result<Option<Self>, Failure> {
        let Some(file) = arguments.baseline.clone() else {
            let message = "`--write-baseline` needs `--baseline FILE`";
            return match arguments.write_baseline {
                true => Err(Failure(message.to_owned())),
                false => Ok(None),
            };
        };
        let known = match file.exists() || !arguments.write_baseline {
            true => {
                let known = Baseline::parse(&read_text(&file)?);
                Some(known.map_err(|it| Failure(format!("{}: {it}", file.display())))?)
            }
            false => None,
        };
        Ok(Some(Self {
            file,
            known,
            writes: arguments.write_baseline,
            quiet: arguments.quiet,
        }))
    }

    /// Takes out what is known, if it is not yet to be written; returns how much of it is gone.
    pub(super) fn take_out(&self, outcome: &mut Outcome, setup: &Setup) -> usize {
        let name = |server: &str| self.name(setup, server);
        let known = self.known.as_ref().filter(|_| !self.writes);
        known.map_or(0, |it| it.take_out(outcome, &name))
    }

    /// Says how much of what is known is gone.
    pub(super) fn remark(&self, gone: usize) -> Result<(), Failure> {
        if gone == 0 || self.quiet {
            return Ok(());
        }
        let (file, gone) = (self.file.display(), counted(gone, "finding"));
        say(&format!(
            "{file}: {gone} less than known (`--write-baseline` forgets them)"
        ))
    }

    /// Writes down what is found, if that is wanted, and takes it out.
    pub(super) fn write(&self, outcome: &mut Outcome, setup: &Setup) -> Result<(), Failure> {
        if !self.writes {
            return Ok(());
        }
        let name = |server: &str| self.name(setup, server);
        let found = Baseline::of(outcome, &name);
        let file = self.file.display();
        std::fs::write(&self.file, found.text()).map_err(|it| Failure(format!("{file}: {it}")))?;
        found.take_out(outcome, &name);
        if self.quiet {
            return Ok(());
        }
        let before = self.known.clone().unwrap_or_default();
        let (new, gone) = (found.beyond(&before), before.beyond(&found));
        let count = counted(found.len(), "finding");
        say(&format!(
            "{file}: {count} known, {new} of them new, {gone} forgotten"
        ))
    }

    // What a file is called in the baseline: its path from there, the same on every machine.
    fn name(&self, setup: &Setup, server: &str) -> String {
        let folder = absolute(&self.file).parent().map(Path::to_owned);
        let local = setup.local(server);
        let below = local.as_deref().zip(folder.as_deref());
        let below = below.and_then(|(local, folder)| local.strip_prefix(folder).ok());
        below.map_or(server.to_owned(), |it| it.to_string_lossy().into_owned())
    }
}
