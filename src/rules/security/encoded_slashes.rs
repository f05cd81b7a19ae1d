use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::is_on;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// `AllowEncodedSlashes On` decodes slashes in paths.
    ///
    /// ## What httpd does
    ///
    /// It takes `%2F` in a path for a slash, after everything in front of it has seen none.
    ///
    /// ## Why it matters
    ///
    /// A proxy or firewall that compares paths sees another path than httpd, and lets through what it should
    /// stop.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// AllowEncodedSlashes On
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// AllowEncodedSlashes NoDecode
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. `NoDecode` lets such paths through as they are.
    pub static RULE = {
        id: "encoded-slashes",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Security,
        check: Check::Directive(Which::Named(&["AllowEncodedSlashes"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    if is_on(placed) {
        report.at(placed.site(), "encoded slashes become slashes");
    }
}
