use crate::diagnostic::Level;
use crate::evaluate::{Macro, Placed};
use crate::model::Thing;
use crate::rule::{Check, Context, Report, Which};
use crate::syntax::words;

crate::rule! {
    /// The body of a macro opens more sections than it closes, or closes more than it opens.
    ///
    /// ## What httpd does
    ///
    /// It warns where the macro is defined: `AH02795: bad cumulated nesting (+1) in macro 'm'`.
    ///
    /// ## Why it matters
    ///
    /// A section cannot begin in a macro and end outside of it: the first `Use` is refused.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule macro_module modules/mod_macro.so
    /// <Macro Site $name>
    ///     <VirtualHost *:80>
    ///         ServerName $name
    /// </Macro>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule macro_module modules/mod_macro.so
    /// <Macro Site $name>
    ///     <VirtualHost *:80>
    ///         ServerName $name
    ///     </VirtualHost>
    /// </Macro>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain that httpd warns. With `MacroIgnoreBadNesting` it does not, and then nothing is said
    /// here.
    pub static RULE = {
        id: "unbalanced-macro",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Directive(Which::Named(&["<Macro"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    if context.model.has(Thing::NestingLicence, "") {
        return;
    }
    // A name that begins with a slash is a flag, which may allow it.
    let defined = placed
        .defined_macro()
        .filter(|it| !it.name.starts_with('/'));
    let Some(defined) = defined else { return };
    let message = match surplus(defined) {
        0 => return,
        more if more > 0 => format!(
            "the macro `{}` does not close all its sections",
            defined.name
        ),
        _ => format!(
            "the macro `{}` closes more sections than it opens",
            defined.name
        ),
    };
    report.at(placed.at(defined.span), message);
}

// How many more sections are opened than closed, as httpd counts.
fn surplus(defined: &Macro) -> i64 {
    let step = |text: &str| {
        let (word, _) = words::first(text);
        match word.text.strip_prefix('<') {
            Some(name) if name.starts_with('/') => -1,
            Some(_) => 1,
            None => 0,
        }
    };
    defined.lines.iter().map(|it| step(&it.text)).sum()
}
