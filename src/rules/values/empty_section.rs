use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// Nothing stands in a section.
    ///
    /// ## What httpd does
    ///
    /// A section without a line says nothing of what it is about.
    ///
    /// ## Why it matters
    ///
    /// Somebody may believe that the path or the folder is protected.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <Location /admin>
    ///     # Require ip 10.0.0.0/8
    /// </Location>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule authz_host_module modules/mod_authz_host.so
    /// <Location /admin>
    ///     Require ip 10.0.0.0/8
    /// </Location>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain: no directive stands in it, not even in a condition that does not hold here.
    pub static RULE = {
        id: "empty-section",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Clarity,
        check: Check::Directive(Which::Named(&["<Directory", "<DirectoryMatch", "<Files", "<FilesMatch", "<Location", "<LocationMatch", "<If"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let is_empty = placed.node.end as usize == placed.id.node.index() + 1;
    if is_empty {
        report.at(placed.site(), "nothing is said here");
    }
}
