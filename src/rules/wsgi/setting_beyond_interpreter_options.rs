use crate::diagnostic::Level;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

const SECTION: &str = "<WSGIInterpreterOptions";

/// What mod_wsgi keeps for the interpreters that the section selects.
const OPTIONS: &[&str] = &[
    "WSGIPerInterpreterGIL",
    "WSGIFreeThreading",
    "WSGISwitchInterval",
    "WSGIPythonPath",
    "WSGIRestrictStdin",
    "WSGIRestrictStdout",
    "WSGIRestrictSignal",
];

crate::rule! {
    /// A directive in `<WSGIInterpreterOptions>` counts for all interpreters.
    ///
    /// ## What httpd does
    ///
    /// Of what stands in the section, mod_wsgi keeps only seven directives for the interpreters that it
    /// selects. All others count as if they stood outside of it, and no message says so.
    ///
    /// ## Why it matters
    ///
    /// What is meant for one application changes all of them.
    ///
    /// ## Wrong
    ///
    /// ```facts
    /// Apache/2.4.62 (Unix) mod_wsgi/6.1.1 Python/3.12
    /// ```
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// <WSGIInterpreterOptions application-group=shop>
    ///     WSGIPythonHome /srv/shop
    /// </WSGIInterpreterOptions>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIPythonHome /srv/shop
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain of the directives of mod_wsgi, which the rule is about, where its version is known to be 6 or above.
    pub static RULE = {
        id: "setting-beyond-interpreter-options",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&[SECTION]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    let version = &context.inputs.facts.of_applications().mod_wsgi_version;
    if version.as_ref().is_none_or(|it| it.value.number.major < 6) {
        return;
    }
    for section in survey.lines(SECTION) {
        for placed in survey.directives_in(&section) {
            let name = survey.name(&placed);
            if name.starts_with("WSGI") && !OPTIONS.contains(&name) && !placed.node.uncertain {
                let message = format!("`{name}` counts for all interpreters");
                let finding = report.at(placed.site(), message);
                finding.secondary(section.line().span(), "not only for these");
                finding.help("move it out of the section");
            }
        }
    }
}
