//! A server of Debian's whose files stand in memory.

use httpd_lint::evaluate::Inputs;
use httpd_lint::facts::{Facts, builtin};
use httpd_lint::httpd::Table;
use httpd_lint::world::World;

/// Where its files lie.
pub(crate) const ROOT: &str = "/etc/apache2";

/// Debian's build, started in an environment that nobody knows.
pub(crate) fn facts() -> Facts {
    let mut facts = builtin("debian-12").expect("a built-in build");
    facts.environment = None;
    facts
}

/// All that an evaluation of its main file depends on.
pub(crate) fn inputs<'a>(world: &'a dyn World, facts: &'a Facts) -> Inputs<'a> {
    Inputs {
        world,
        facts: facts.into(),
        table: Table::builtin(),
        main: "/etc/apache2/apache2.conf",
        server_root: ROOT,
        program: "apache2",
        defines: &[],
        fragment: Some(false),
        standing: None,
        usual_standing: None,
    }
}
