use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::Placed;
use crate::model::Thing;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// A module is loaded a second time.
    ///
    /// ## What httpd does
    ///
    /// It passes over the line and warns: `AH01574: module X is already loaded, skipping`. The
    /// file is not even looked at.
    ///
    /// ## Why it matters
    ///
    /// Where the two lines name different files, the first one counts. Two packages of mod_wsgi
    /// with two versions of Python are the usual case: which Python runs is then decided by the
    /// order of file names.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule headers_module modules/mod_headers.so
    /// LoadModule headers_module modules/mod_headers.so
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule headers_module modules/mod_headers.so
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. A file that is read twice, and so repeats its own lines, is not reported.
    pub static RULE = {
        id: "duplicate-load-module",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Safe,
        check: Check::Directive(Which::Named(&["LoadModule"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    for module in context.model.said_by(placed.id, Thing::LoadedModule) {
        let Some(first) = context.model.loaded_by(context.config, &module.name) else {
            continue;
        };
        if first.span == module.span || !context.config.reads_before(first.place, placed.id) {
            continue;
        }
        let message = format!(
            "`{}` is already loaded, so this line is skipped",
            module.name
        );
        let finding = report.at(placed.at(module.span), message);
        let earlier = context.config.placed(first.place);
        finding.secondary(earlier.line().span(), "this one counts");
        let file = |line: &crate::evaluate::Line<'_>| {
            let words = line.words();
            words.get(1).map(|it| it.text.clone().into_owned())
        };
        if file(&placed.line()) == file(&earlier.line()) && placed.is_verbatim() {
            let edit = Edit {
                span: placed.physical_line(),
                text: String::new(),
            };
            finding.fix(Promise::Safe, "remove the line", vec![edit]);
        }
    }
}
