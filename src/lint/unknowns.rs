//! What could not be decided, said once.

use rustc_hash::FxHashMap;

use super::outcome::Unknown;
use crate::evaluate::{Config, OccurrenceId, Unknown as Thing};
use crate::source::Site;

/// The unknowns of a configuration, in reading order.
pub(super) fn of(config: &Config, living: &[OccurrenceId]) -> Vec<Unknown> {
    let mut unknowns: Vec<Unknown> = Vec::new();
    let mut index: FxHashMap<String, usize> = FxHashMap::default();
    for id in living {
        let occurrence = config.occurrence(*id);
        for fact in &occurrence.unit.unknowns {
            let (what, decided_by) = said(&fact.what);
            let site = Site {
                span: fact.span,
                frame: occurrence.frame,
            };
            match index.get(&what) {
                Some(&at) => unknowns[at].places += 1,
                None => {
                    index.insert(what.clone(), unknowns.len());
                    unknowns.push(Unknown {
                        what,
                        decided_by,
                        site: Some(site),
                        places: 1,
                    });
                }
            }
        }
    }
    unknowns
}

// What is not known, and what would tell.
fn said(thing: &Thing) -> (String, String) {
    let (what, decided_by) = match thing {
        Thing::Module(name) => (
            format!("whether `{name}` is compiled into httpd"),
            "`httpd -l`",
        ),
        Thing::Variable(name) => (
            format!("the value of `${{{name}}}`"),
            "the environment of httpd (`--envvars`)",
        ),
        Thing::Path(path) => (format!("what is at `{path}`"), "the server's disk"),
        Thing::Version => ("the version of httpd".to_owned(), "`httpd -V`"),
    };
    (what, decided_by.to_owned())
}
