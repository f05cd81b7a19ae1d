use crate::diagnostic::Level;
use crate::evaluate::{NodeKind, Placed, Truth};
use crate::model::ModuleTest;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// An `<IfModule>` stands before the `LoadModule` that would make it true.
    ///
    /// ## What httpd does
    ///
    /// It decides the condition when it reads the line. The module is not there yet, so
    /// everything inside is passed over; that it is loaded further down changes nothing.
    ///
    /// ## Why it matters
    ///
    /// The configuration looks complete, `httpd -M` lists the module, and still none of it has
    /// any effect. That is how headers, redirects and access rules get lost when files are moved
    /// or renamed.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <IfModule headers_module>
    ///     Header always set X-Frame-Options DENY
    /// </IfModule>
    /// LoadModule headers_module modules/mod_headers.so
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule headers_module modules/mod_headers.so
    /// <IfModule headers_module>
    ///     Header always set X-Frame-Options DENY
    /// </IfModule>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain: the condition is false at its place, and the module is loaded later in the same
    /// configuration. `<IfModule !X>`, which often guards the `LoadModule` itself, is not looked
    /// at.
    pub static RULE = {
        id: "condition-before-load",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Directive(Which::Named(&["<IfModule"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let Some(test) = ModuleTest::of(&placed.line()).filter(|it| !it.negated) else {
        return;
    };
    if placed.node.kind != NodeKind::Conditional(Truth::False) {
        return;
    }
    let identifier = test.identifier(context.inputs.table);
    let Some(load) = context.model.loaded_by(context.config, identifier) else {
        return;
    };
    // A file may stand before it once and behind it another time.
    if !context.config.reads_before(placed.id, load.place) {
        return;
    }
    let message = format!("`{}` is not loaded yet where this is decided", test.name);
    let finding = report.at(placed.at(test.span), message);
    finding.label("so the section is passed over");
    let load = context.config.placed(load.place).line();
    finding.secondary(load.span(), "loaded only here");
    finding.help("move the `LoadModule` above the section");
}
