use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// A directive of httpd 2.2 does nothing any more.
    ///
    /// ## What httpd does
    ///
    /// It ignores the line, and warns: `AH00117: Ignoring deprecated use of DefaultType`, and
    /// `AH00548: NameVirtualHost has no effect and will be removed in the next release`.
    ///
    /// ## Why it matters
    ///
    /// A file whose type nobody knows is sent without one, whatever `DefaultType` says.
    /// `NameVirtualHost` does no harm until a later version refuses it.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// DefaultType text/plain
    /// NameVirtualHost *:80
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// DefaultType none
    /// <FilesMatch "^[^.]+$">
    ///     ForceType text/plain
    /// </FilesMatch>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain for httpd 2.4.
    pub static RULE = {
        id: "obsolete-directive",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Safe,
        check: Check::Directive(Which::Named(&["DefaultType", "NameVirtualHost"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let Some(definition) = context.definition(placed) else {
        return;
    };
    let words = line.words();
    let is_none = words
        .first()
        .is_some_and(|it| it.text.eq_ignore_ascii_case("none"));
    let is_obeyed = definition.spelling == "DefaultType" && is_none;
    if is_obeyed || context.refused.touches(line.span()) {
        return;
    }
    let message = format!("`{}` does nothing in httpd 2.4", definition.spelling);
    let finding = report.at(placed.at(line.span()), message);
    if let Some(reason) = &definition.deprecated {
        finding.note(reason.clone());
    }
    if placed.is_verbatim() {
        let edit = Edit {
            span: placed.physical_line(),
            text: String::new(),
        };
        finding.fix(Promise::Safe, "remove the line", vec![edit]);
    }
}
