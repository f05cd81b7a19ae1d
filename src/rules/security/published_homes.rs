use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::first_word;
use crate::model::survey::Survey;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// The home folders of all users are published.
    ///
    /// ## What httpd does
    ///
    /// `UserDir` with a folder sends the files in that folder of every account of the machine, below `/~name/`.
    ///
    /// ## Why it matters
    ///
    /// The answers tell which accounts there are: 404 for no account, 403 for one.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule userdir_module modules/mod_userdir.so
    /// UserDir public_html
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule userdir_module modules/mod_userdir.so
    /// UserDir disabled
    /// UserDir enabled alice
    /// UserDir public_html
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, unless a line disables it for all or for some. CIS 2.5.
    pub static RULE = {
        id: "published-homes",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Security,
        check: Check::Survey(Which::Named(&["UserDir"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    let says = |it: &Placed<'_>, what: &str| {
        first_word(it).is_some_and(|it| it.eq_ignore_ascii_case(what))
    };
    let lines = survey.possible(&["UserDir"]);
    if lines.iter().any(|it| says(it, "disabled")) {
        return;
    }
    for line in survey.lines("UserDir") {
        if !says(&line, "enabled") {
            let finding = report.at(line.site(), "a folder of every account is published");
            finding.help("name who may: `UserDir disabled`, and `UserDir enabled NAME`");
            finding.note("CIS Apache HTTP Server 2.4 Benchmark 2.5");
        }
    }
}
