use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// A macro has no lines.
    ///
    /// ## What httpd does
    ///
    /// It warns where the macro is defined, `AH02799: macro 'm' …: empty contents!`, and puts
    /// nothing in the place of its uses. Comments are no lines.
    ///
    /// ## Why it matters
    ///
    /// Whatever `Use` was to configure is not configured.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule macro_module modules/mod_macro.so
    /// <Macro Admin>
    ///     # ServerAdmin ops@shop.example
    /// </Macro>
    /// Use Admin
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule macro_module modules/mod_macro.so
    /// <Macro Admin>
    ///     ServerAdmin ops@shop.example
    /// </Macro>
    /// Use Admin
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain.
    pub static RULE = {
        id: "empty-macro",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Directive(Which::Named(&["<Macro"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let empty = placed.defined_macro().filter(|it| it.lines.is_empty());
    if let Some(defined) = empty {
        let message = format!("the macro `{}` has no lines", defined.name);
        report.at(placed.at(defined.span), message);
    }
}
