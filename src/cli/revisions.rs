//! Two states of a repository, as they are named on the command line.

use std::path::Path;
use std::sync::Arc;

use super::setup::Setup;
use super::{Failure, ServerArguments};
use crate::shell::{Commit, Differences, Repository};

/// What was, and what is.
pub(super) struct Revisions {
    /// The name of the commit that was, and that of the one that is.
    names: (String, Option<String>),
    before: Arc<Commit>,
    /// `None` for what is checked out.
    after: Option<Arc<Commit>>,
    differences: Differences,
}

impl Revisions {
    /// Reads `BASE`, `BASE..HEAD` or `BASE...HEAD`, of the repository that a path lies in. As in
    /// git, two dots mean BASE itself and three the last history that both have in common; so does
    /// BASE alone, and then what is checked out is compared with it.
    pub(super) fn of(main: &Path, text: &str) -> Result<Self, Failure> {
        let repository = Arc::new(Repository::around(main).map_err(Failure)?);
        let (base, head, is_common) = match text.split_once("..") {
            None => (text, None, true),
            Some((base, head)) => match head.strip_prefix('.') {
                Some(head) => (base, Some(head), true),
                None => (base, Some(head), false),
            },
        };
        let named = |it: &'_ str| match it {
            "" => "HEAD".to_owned(),
            name => name.to_owned(),
        };
        let head = match head {
            Some(head) => Some(named(head)),
            None if repository.is_bare() => Some(named("")),
            None => None,
        };
        let mut base = named(base);
        if is_common {
            let head = head.clone().unwrap_or_else(|| named(""));
            base = repository.common(&base, &head).map_err(Failure)?;
        }
        let commit = |name: &str| Commit::of(&repository, name).map_err(Failure);
        let mut before = commit(&base)?;
        let mut after = head.as_deref().map(commit).transpose()?;
        let named = repository.commit(&base);
        let differences = named.and_then(|it| repository.differences(&it, head.as_deref()));
        let differences = differences.map_err(Failure)?;
        for commit in [Some(&mut before), after.as_mut()].into_iter().flatten() {
            commit.compare(&differences.paths);
        }
        Ok(Self {
            before: Arc::new(before),
            after: after.map(Arc::new),
            names: (base, head),
            differences,
        })
    }

    /// The files that differ.
    pub(super) fn differences(&self) -> &Differences {
        &self.differences
    }

    /// The server as it was.
    pub(super) fn before(&self, server: &ServerArguments) -> Result<Setup, Failure> {
        at(server, &self.before, &self.names.0)
    }

    /// The server as it is.
    pub(super) fn after(&self, server: &ServerArguments) -> Result<Setup, Failure> {
        match (&self.after, &self.names.1) {
            (Some(commit), Some(name)) => at(server, commit, name),
            _ => Ok(Setup::new(server)?.compared()),
        }
    }
}

fn at(server: &ServerArguments, commit: &Arc<Commit>, name: &str) -> Result<Setup, Failure> {
    let setup = Setup::at(server, commit);
    setup.map_err(|why| Failure(format!("{} (at `{name}`)", why.0)))
}
