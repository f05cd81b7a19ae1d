use crate::argument::log_level::parse;
use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// The log leaves out what goes wrong.
    ///
    /// ## What httpd does
    ///
    /// With `emerg`, `alert` or `crit` it writes neither errors nor warnings: no failed login, no program that
    /// ends with an error.
    ///
    /// ## Why it matters
    ///
    /// Attacks and mistakes are not seen.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LogLevel crit
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LogLevel warn
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain for the level of all modules. CIS 6.1.
    pub static RULE = {
        id: "quiet-log",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Security,
        check: Check::Directive(Which::Named(&["LogLevel"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let is_quiet = |it: &str| {
        ["emerg", "alert", "crit"]
            .iter()
            .any(|quiet| it.eq_ignore_ascii_case(quiet))
    };
    let levels = parse(line.arguments());
    let quiet = levels
        .iter()
        .find(|it| it.module.is_none() && is_quiet(&it.level.value));
    if let Some(quiet) = quiet {
        let span = line.argument_span(quiet.word.range.clone());
        let finding = report.at(placed.at(span), "errors are not written down");
        finding.note("CIS Apache HTTP Server 2.4 Benchmark 6.1");
    }
}
