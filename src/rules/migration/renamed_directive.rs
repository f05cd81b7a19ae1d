use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::Placed;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// A directive has its name of httpd 2.2.
    ///
    /// ## What httpd does
    ///
    /// It takes the old name for the new one: `MaxClients` is `MaxRequestWorkers`, `MaxRequestsPerChild` is
    /// `MaxConnectionsPerChild`.
    ///
    /// ## Why it matters
    ///
    /// The old names say something else than what is counted, and manuals have the new ones.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// MaxClients 150
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// MaxRequestWorkers 150
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain: both names have the same handler.
    pub static RULE = {
        id: "renamed-directive",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Migration,
        fix: Promise::Safe,
        check: Check::Directive(Which::Named(&["MaxClients", "MaxRequestsPerChild"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let Some(name) = placed.node.name else { return };
    let line = placed.line();
    let old = context.inputs.table.spelling(name);
    let new = match old {
        "MaxClients" => "MaxRequestWorkers",
        _ => "MaxConnectionsPerChild",
    };
    let span = line.name_span();
    let finding = report.at(placed.at(span), format!("`{old}` is called `{new}` now"));
    if placed.is_verbatim() {
        let text = new.to_owned();
        finding.fix(
            Promise::Safe,
            format!("write `{new}`"),
            vec![Edit { span, text }],
        );
    }
}
