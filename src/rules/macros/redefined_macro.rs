use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::Thing;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// A macro is defined a second time.
    ///
    /// ## What httpd does
    ///
    /// From here on it uses the new definition, and warns: `AH02802: macro 'm' multiply defined`.
    /// The letter case of the name does not count.
    ///
    /// ## Why it matters
    ///
    /// What `Use` puts in its place depends on the order of the files, and so on their names.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule macro_module modules/mod_macro.so
    /// <Macro Admin>
    ///     ServerAdmin ops@shop.example
    /// </Macro>
    /// <Macro admin>
    ///     ServerAdmin root@shop.example
    /// </Macro>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule macro_module modules/mod_macro.so
    /// <Macro Admin>
    ///     ServerAdmin ops@shop.example
    /// </Macro>
    /// UndefMacro Admin
    /// <Macro Admin>
    ///     ServerAdmin root@shop.example
    /// </Macro>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, unless an `UndefMacro` removes a macro of the name anywhere: then nothing is said.
    /// A file that is read twice, and so repeats its own macros, is not reported.
    pub static RULE = {
        id: "redefined-macro",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Directive(Which::Named(&["<Macro"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let model = context.model;
    for defined in model.said_by(placed.id, Thing::Macro) {
        if model.has(Thing::MacroRemoval, &defined.name) {
            continue;
        }
        let others = model.mentions(Thing::Macro, &defined.name).iter();
        let earlier = others
            .filter(|it| it.certain && it.span != defined.span)
            .filter(|it| context.config.reads_before(it.place, placed.id));
        let last = earlier.reduce(|last, it| {
            let is_later = context.config.reads_before(last.place, it.place);
            if is_later { it } else { last }
        });
        if let Some(last) = last {
            let message = format!("the macro `{}` is defined already", defined.name);
            let finding = report.at(placed.at(defined.span), message);
            finding.label("this definition counts from here on");
            finding.secondary(last.span, "defined here before");
        }
    }
}
