//! PHP inside of httpd, which must be built for threads where the MPM has any.

use super::machine::Machine;
use super::server::turn_of;
use super::{Checker, Found};
use crate::argument::Surroundings;
use crate::diagnostic::{Diagnostic, HttpdMessage, Level, Step};
use crate::evaluate::{Placed, PlacedId};
use crate::world::Kind;

/// The MPMs that `AP_MPMQ_IS_THREADED` is about.
const THREADED: &[&str] = &["event.c", "worker.c"];

/// The modules of PHP, whatever its version.
const PHP: &[&str] = &["php_module", "php7_module", "php5_module"];

/// What the Zend engine writes into a file that it is built into, behind the number of its API
/// (`ZEND_MODULE_BUILD_ID`): a build without threads.
const WITHOUT_THREADS: &[u8] = b",NTS";

/// Where the packages of Debian put PHP, which they build without threads.
const DEBIAN: &str = "/usr/lib/apache2/modules/libphp";

/// Finds a PHP that cannot run in threads. It looks at the MPM when everything is read
/// (`php_pre_config` in sapi_apache2.c).
pub(super) fn check(checker: &Checker<'_>, loads: &[PlacedId]) -> Option<Found> {
    let table = checker.inputs.table;
    let is_there = |it: &&&str| {
        let id = table.module_by_source(it);
        id.is_some_and(|id| checker.modules.has(id).is_true())
    };
    let mpm = THREADED.iter().find(is_there)?.trim_end_matches(".c");
    if checker.config.fragment {
        return None;
    }
    let placed = |it: &PlacedId| checker.config.placed(*it);
    let mut loads = loads.iter().map(placed).filter(|it| !it.node.uncertain);
    let load = loads.find(|it| name_of(it).is_some_and(|name| PHP.contains(&&*name)))?;
    let line = load.line();
    let words = line.words();
    let file = words.get(1)?;
    let proof = proof(checker, &load, &file.text)?;
    let mut finding = Diagnostic::new(
        "php-without-threads",
        Level::Error,
        line.word_span(file),
        format!("this PHP is built without threads, and the MPM {mpm} has them"),
    );
    finding.frame = Some(load.site().frame);
    finding.note(proof);
    finding.help("load `mpm_prefork_module`, or ask PHP-FPM through `mod_proxy_fcgi`");
    finding.httpd = Some(HttpdMessage {
        step: Step::Begin,
        message: "Apache is running a threaded MPM, but your PHP Module is not compiled to be \
                  threadsafe.  You need to recompile PHP."
            .to_owned(),
        file: None,
        line: None,
    });
    Some((turn_of(load.id), finding))
}

fn name_of(load: &Placed<'_>) -> Option<String> {
    let line = load.line();
    let name = line.words().first()?.text.to_string();
    Some(name)
}

// What tells that a PHP is built without threads, if anything does.
fn proof(checker: &Checker<'_>, load: &Placed<'_>, file: &str) -> Option<String> {
    let world = checker.inputs.world;
    let path = Machine::new(checker, load).resolve(file)?;
    if let Ok(bytes) = world.read(&path) {
        return is_without_threads(&bytes).then(|| format!("`{path}` says so itself"));
    }
    let version = checker.inputs.facts.version.as_ref()?;
    let is_debian = version.value.platform.as_deref() == Some("Debian");
    let is_packaged = is_debian && path.starts_with(DEBIAN) && world.kind(&path) == Kind::Unknown;
    is_packaged.then(|| format!("Debian's packages build it so; {}", version.origin))
}

// `API20220829,NTS`, a text of its own.
fn is_without_threads(bytes: &[u8]) -> bool {
    memchr::memmem::find_iter(bytes, WITHOUT_THREADS).any(|at| {
        let before = bytes[..at].iter().rev();
        let digits = before.take_while(|it| it.is_ascii_digit()).count();
        let after = bytes.get(at + WITHOUT_THREADS.len());
        digits > 0
            && bytes[..at - digits].ends_with(b"\0API")
            && matches!(after, Some(b'\0' | b','))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_how_it_is_built() {
        assert!(is_without_threads(b"x\0API20220829,NTS\0y"));
        assert!(is_without_threads(b"x\0API20220829,NTS,debug\0y"));
        assert!(!is_without_threads(b"x\0API20220829,TS\0y"));
        assert!(!is_without_threads(b"x\0API,NTS\0y"));
        assert!(!is_without_threads(b",NTS"));
        assert!(!is_without_threads(b""));
    }
}
