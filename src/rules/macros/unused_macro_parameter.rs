use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// No line of a macro names one of its parameters.
    ///
    /// ## What httpd does
    ///
    /// It warns where the macro is defined, `AH02800: macro 'm' …: argument '$port' (#2) never
    /// used`, and ignores what `Use` gives for it.
    ///
    /// ## Why it matters
    ///
    /// The letter case of a parameter counts: often it is used under a slightly different name,
    /// which then stands in the configuration as it is.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule macro_module modules/mod_macro.so
    /// <Macro Admin $mail>
    ///     ServerAdmin $Mail
    /// </Macro>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule macro_module modules/mod_macro.so
    /// <Macro Admin $mail>
    ///     ServerAdmin $mail
    /// </Macro>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. Of a macro without lines it is not told.
    pub static RULE = {
        id: "unused-macro-parameter",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Directive(Which::Named(&["<Macro"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let defined = placed.defined_macro().filter(|it| !it.lines.is_empty());
    let Some(defined) = defined else { return };
    let line = placed.line();
    let words = line.words();
    for parameter in defined.unused() {
        let name = &defined.parameters[parameter];
        let span = words.get(parameter + 1).map(|it| line.word_span(it));
        let message = format!("no line of the macro names `{name}`");
        let finding = report.at(placed.at(span.unwrap_or(defined.span)), message);
        let similar = defined.lines.iter().find(|it| {
            let text = it.text.to_ascii_lowercase();
            text.contains(&name.to_ascii_lowercase())
        });
        if let Some(similar) = similar {
            let span = similar.origin.span(0..similar.text.len());
            finding.secondary(span, "the letter case of a parameter counts");
        }
    }
}
