//! What could not be decided, said once.

use rustc_hash::FxHashMap;

use super::outcome::Unknown;
use crate::evaluate::{Config, OccurrenceId, Unknown as Thing};
use crate::source::{Site, Span};

/// The unknowns of a configuration, in reading order. In the `.htaccess` files of `judged` it is not
/// known what is permitted.
pub(super) fn of(
    config: &Config,
    living: &[OccurrenceId],
    judged: &[OccurrenceId],
) -> Vec<Unknown> {
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
    unknowns.extend(permission(config, judged));
    unknowns
}

fn permission(config: &Config, judged: &[OccurrenceId]) -> Option<Unknown> {
    let occurrence = config.occurrence(*judged.first()?);
    Some(Unknown {
        what: "what `AllowOverride` permits; all is taken to be permitted".to_owned(),
        decided_by: "the whole configuration of the server".to_owned(),
        site: Some(Site {
            span: Span::new(occurrence.unit.document.file, 0..0),
            frame: occurrence.frame,
        }),
        places: judged.len(),
    })
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
