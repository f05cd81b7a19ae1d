//! Facts of several texts, or of several outputs in one text, as one.

use super::{Defines, Fact, Facts, Libraries, Origin, Problem, Python, System, WsgiModule};

/// Two places that say different things of one httpd.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Contradiction {
    /// What they disagree about, as it stands in the text: `` `Server version:` ``.
    pub subject: String,
    /// The place that does not count.
    pub earlier: Origin,
    /// The place that counts.
    pub later: Origin,
}

impl Contradiction {
    fn problem(&self) -> Problem {
        self.later.problem(format!(
            "{} contradicts {}; the later one counts",
            self.subject, self.earlier
        ))
    }
}

impl Facts {
    /// Takes over what `later` knows, and says where the two contradict each other.
    pub(super) fn take(&mut self, later: Facts) -> Vec<Problem> {
        let mut found = Contradictions::default();
        self.contradictions.extend(later.contradictions);
        found.take("`Server version:`", &mut self.version, later.version);
        found.take("`Server built:`", &mut self.built, later.built);
        found.take(
            "`Server's Module Magic Number:`",
            &mut self.module_magic,
            later.module_magic,
        );
        found.take_libraries("`Server loaded:`", &mut self.loaded, later.loaded);
        found.take_libraries("`Compiled using:`", &mut self.compiled, later.compiled);
        found.take(
            "`Architecture:`",
            &mut self.architecture,
            later.architecture,
        );
        found.take("`Server MPM:`", &mut self.mpm, later.mpm);
        found.take_defines(&mut self.defines, later.defines);
        found.take(STATIC_LIST, &mut self.static_modules, later.static_modules);
        found.take(LOADED_LIST, &mut self.loaded_modules, later.loaded_modules);
        found.take(
            MUTEX_LIST,
            &mut self.mutex_mechanisms,
            later.mutex_mechanisms,
        );
        found.take(
            ACCEPT_LIST,
            &mut self.accept_mutex_mechanisms,
            later.accept_mutex_mechanisms,
        );
        found.take(
            "the version of mod_wsgi",
            &mut self.mod_wsgi_version,
            later.mod_wsgi_version,
        );
        found.take(
            "the version of Python",
            &mut self.python_version,
            later.python_version,
        );
        found.take("the environment", &mut self.environment, later.environment);
        found.take("the program", &mut self.program, later.program);
        found.take("`config.nice`", &mut self.configure, later.configure);
        found.take_system(&mut self.system, later.system);
        found.take_wsgi_module(&mut self.wsgi_module, later.wsgi_module);
        found.take_python(&mut self.python, later.python);
        self.run = later.run.or(self.run.take());
        // Facts are as old as the oldest of them.
        self.captured = match (self.captured.take(), later.captured) {
            (Some(one), Some(other)) if one.value <= other.value => Some(one),
            (one, other) => other.or(one),
        };
        for (name, fact) in later.apxs {
            let at = self.apxs.iter().position(|it| it.0 == name);
            let mut slot = at.map(|it| self.apxs.remove(it).1);
            found.take(&format!("`{name}` of apxs"), &mut slot, Some(fact));
            self.apxs.extend(slot.map(|it| (name, it)));
        }
        for directory in later.module_directories {
            self.module_directories
                .retain(|it| it.value.path != directory.value.path);
            self.module_directories.push(directory);
        }
        self.gaps.extend(later.gaps);
        self.asides.extend(later.asides);
        self.note(found)
    }

    /// Keeps contradictions, and gives the problems that they are.
    pub(super) fn note(&mut self, found: Contradictions) -> Vec<Problem> {
        let problems = found.0.iter().map(Contradiction::problem).collect();
        self.contradictions.extend(found.0);
        problems
    }
}

pub(super) const STATIC_LIST: &str = "the list of `-l`";
pub(super) const LOADED_LIST: &str = "the list of `-M`";
pub(super) const MUTEX_LIST: &str = "the list of `Mutex` mechanisms";
pub(super) const ACCEPT_LIST: &str = "the list of `WSGIAcceptMutex` mechanisms";

/// What was found to contradict something.
#[derive(Default)]
pub(super) struct Contradictions(Vec<Contradiction>);

impl Contradictions {
    /// Puts a later fact in the place of an earlier one: whoever names two texts names the fresher
    /// or more special one last.
    pub(super) fn take<T: PartialEq>(
        &mut self,
        subject: &str,
        slot: &mut Option<Fact<T>>,
        later: Option<Fact<T>>,
    ) {
        let Some(later) = later else { return };
        if let Some(earlier) = slot.as_ref().filter(|it| it.value != later.value) {
            self.0.push(Contradiction {
                subject: subject.to_owned(),
                earlier: earlier.origin.clone(),
                later: later.origin.clone(),
            });
        }
        *slot = Some(later);
    }

    pub(super) fn take_libraries(&mut self, what: &str, slot: &mut Libraries, later: Libraries) {
        self.take(what, &mut slot.apr, later.apr);
        self.take(what, &mut slot.apr_util, later.apr_util);
        self.take(what, &mut slot.pcre, later.pcre);
    }

    fn take_system(&mut self, slot: &mut System, later: System) {
        self.take("the system", &mut slot.kernel, later.kernel);
        self.take("the name of the host", &mut slot.host, later.host);
        self.take(
            "the version of the kernel",
            &mut slot.release,
            later.release,
        );
        self.take("the kind of the machine", &mut slot.machine, later.machine);
        self.take(
            "the distribution",
            &mut slot.distribution,
            later.distribution,
        );
        self.take(
            "the version of the distribution",
            &mut slot.distribution_version,
            later.distribution_version,
        );
    }

    fn take_wsgi_module(&mut self, slot: &mut WsgiModule, later: WsgiModule) {
        self.take("the file of mod_wsgi", &mut slot.file, later.file);
        self.take(
            "the libraries of mod_wsgi",
            &mut slot.libraries,
            later.libraries,
        );
        self.take(
            "the libpython of mod_wsgi",
            &mut slot.libpython,
            later.libpython,
        );
    }

    fn take_python(&mut self, slot: &mut Python, later: Python) {
        self.take(
            "the program of Python",
            &mut slot.executable,
            later.executable,
        );
        self.take(
            "the version of the installed Python",
            &mut slot.version,
            later.version,
        );
        self.take("the prefix of Python", &mut slot.prefix, later.prefix);
    }

    // A complete block replaces another, so that the `APR_USE_…` of two builds never mix; a few
    // lines without the rest are added to what is there.
    pub(super) fn take_defines(&mut self, slot: &mut Option<Defines>, later: Option<Defines>) {
        let Some(later) = later else { return };
        let Some(earlier) = slot else {
            *slot = Some(later);
            return;
        };
        for (name, fact) in &later.entries {
            let mut old = earlier.get(name).cloned();
            self.take(&format!("`-D {name}`"), &mut old, Some(fact.clone()));
        }
        if later.complete {
            *earlier = later;
            return;
        }
        for (name, fact) in later.entries {
            match earlier.entries.iter_mut().find(|it| it.0 == name) {
                Some(entry) => entry.1 = fact,
                None => earlier.entries.push((name, fact)),
            }
        }
    }
}
