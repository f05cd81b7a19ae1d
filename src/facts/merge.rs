//! Facts of several texts as one.

use super::{Defines, Fact, Facts, Libraries, Problem};

impl Facts {
    /// Takes over what `later` knows, and says where the two contradict each other.
    pub(super) fn take(&mut self, later: Facts) -> Vec<Problem> {
        let mut problems = Problems(Vec::new());
        problems.take("`Server version:`", &mut self.version, later.version);
        problems.take("`Server built:`", &mut self.built, later.built);
        problems.take(
            "`Server's Module Magic Number:`",
            &mut self.module_magic,
            later.module_magic,
        );
        problems.take_libraries("`Server loaded:`", &mut self.loaded, later.loaded);
        problems.take_libraries("`Compiled using:`", &mut self.compiled, later.compiled);
        problems.take(
            "`Architecture:`",
            &mut self.architecture,
            later.architecture,
        );
        problems.take("`Server MPM:`", &mut self.mpm, later.mpm);
        problems.take_defines(&mut self.defines, later.defines);
        problems.take(
            "the list of `-l`",
            &mut self.static_modules,
            later.static_modules,
        );
        problems.take(
            "the list of `-M`",
            &mut self.loaded_modules,
            later.loaded_modules,
        );
        problems.take(
            "the list of `Mutex` mechanisms",
            &mut self.mutex_mechanisms,
            later.mutex_mechanisms,
        );
        problems.take(
            "the list of `WSGIAcceptMutex` mechanisms",
            &mut self.accept_mutex_mechanisms,
            later.accept_mutex_mechanisms,
        );
        problems.take(
            "the version of mod_wsgi",
            &mut self.mod_wsgi_version,
            later.mod_wsgi_version,
        );
        problems.take(
            "the version of Python",
            &mut self.python_version,
            later.python_version,
        );
        problems.take("the environment", &mut self.environment, later.environment);
        problems.0
    }
}

struct Problems(Vec<Problem>);

impl Problems {
    // Whoever names two texts names the fresher or more special one last.
    fn take<T: PartialEq>(
        &mut self,
        what: &str,
        slot: &mut Option<Fact<T>>,
        later: Option<Fact<T>>,
    ) {
        let Some(later) = later else { return };
        if let Some(earlier) = slot.as_ref().filter(|it| it.value != later.value) {
            self.0.push(later.origin.problem(format!(
                "{what} contradicts {}; the later one counts",
                earlier.origin
            )));
        }
        *slot = Some(later);
    }

    fn take_libraries(&mut self, what: &str, slot: &mut Libraries, later: Libraries) {
        self.take(what, &mut slot.apr, later.apr);
        self.take(what, &mut slot.apr_util, later.apr_util);
        self.take(what, &mut slot.pcre, later.pcre);
    }

    // A complete block replaces another, so that the `APR_USE_…` of two builds never mix; a few
    // lines without the rest are added to what is there.
    fn take_defines(&mut self, slot: &mut Option<Defines>, later: Option<Defines>) {
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
