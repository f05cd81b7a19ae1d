use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::scope::About;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// A `<Files>` stands in an `<If>`, and counts for no request.
    ///
    /// ## What httpd does
    ///
    /// It looks for sections of files before it asks the conditions, and not again in those that hold. The
    /// configuration test accepts it.
    ///
    /// ## Why it matters
    ///
    /// What the section protects is open.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <If "%{REMOTE_ADDR} != '192.0.2.1'">
    ///     <Files report.txt>
    ///         Require all denied
    ///     </Files>
    /// </If>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <Files report.txt>
    ///     <If "%{REMOTE_ADDR} != '192.0.2.1'">
    ///         Require all denied
    ///     </If>
    /// </Files>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain.
    pub static RULE = {
        id: "files-in-if",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Directive(Which::Named(&["<Files", "<FilesMatch"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let Some(around) = placed.parent() else {
        return;
    };
    let about = About::of(&around, context.inputs.table);
    if !matches!(about, About::If(_) | About::ElseIf(_) | About::Else) {
        return;
    }
    let finding = report.at(placed.site(), "this section counts for no request");
    finding.secondary(around.line().span(), "it stands in this condition");
    finding.help("put the condition into the section");
}
