use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::Placed;
use crate::httpd::Directive;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// A directive does nothing any more.
    ///
    /// ## What httpd does
    ///
    /// It ignores the line. Of those of httpd 2.2 it warns: `AH00117: Ignoring deprecated use of
    /// DefaultType`, and `AH00548: NameVirtualHost has no effect and will be removed in the next
    /// release`. mod_http2 keeps `H2SerializeHeaders` and `H2SessionExtraFiles` for old files.
    ///
    /// ## Why it matters
    ///
    /// A file whose type nobody knows is sent without one, whatever `DefaultType` says.
    /// The others do no harm until a later version refuses them.
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
    /// Certain for httpd 2.4, and for the modules of others whose manual says so.
    pub static RULE = {
        id: "obsolete-directive",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Safe,
        check: Check::Directive(Which::Described(is_obsolete), check),
    }
}

const OF_HTTPD_2_2: &[&str] = &["DefaultType", "NameVirtualHost"];

fn is_obsolete(directive: &Directive) -> bool {
    let reason = directive.deprecated.as_deref();
    OF_HTTPD_2_2.contains(&&*directive.spelling) || reason == Some("it has no effect")
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
    if is_obeyed {
        return;
    }
    let name = &definition.spelling;
    let is_old = OF_HTTPD_2_2.contains(&&**name);
    let message = match is_old {
        true => format!("`{name}` does nothing in httpd 2.4"),
        false => format!("`{name}` does nothing"),
    };
    let finding = report.at(placed.at(line.span()), message);
    if let Some(reason) = definition.deprecated.as_ref().filter(|_| is_old) {
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
