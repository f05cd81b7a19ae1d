use crate::argument::options::{DirectoryOption, OptionSet, Options, Sign};
use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::first_word;
use crate::model::reach::Reaches;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// Files are to be run as programs, and nothing permits it.
    ///
    /// ## What httpd does
    ///
    /// The handler `cgi-script` runs a file only where `Options` has `ExecCGI`. Otherwise it logs `Options ExecCGI is off in
    /// this directory` (AH01262).
    ///
    /// ## Why it matters
    ///
    /// Every request for such a file is answered with 403.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule mime_module modules/mod_mime.so
    /// LoadModule cgid_module modules/mod_cgid.so
    /// <Directory /srv/shop/programs>
    ///     AddHandler cgi-script .cgi
    /// </Directory>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule mime_module modules/mod_mime.so
    /// LoadModule cgid_module modules/mod_cgid.so
    /// <Directory /srv/shop/programs>
    ///     Options +ExecCGI
    ///     AddHandler cgi-script .cgi
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, where the rest of the server is known: no `Options` with `ExecCGI` may count for the same request, no
    /// `ScriptAlias` is there, and no `.htaccess` file may permit it.
    pub static RULE = {
        id: "program-without-exec-cgi",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["AddHandler", "SetHandler"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    let has_alias = ["ScriptAlias", "ScriptAliasMatch"]
        .iter()
        .any(|it| survey.may_have(it));
    if !context.is_whole() || has_alias || survey.may_be_overridden() {
        return;
    }
    let permitting = survey.possible(&["Options"]).into_iter().filter(permits);
    let permitting = Reaches::of(survey, permitting);
    for line in survey.lines_of(&["AddHandler", "SetHandler"]) {
        let is_meant = first_word(&line).is_some_and(|it| it.eq_ignore_ascii_case("cgi-script"));
        let is_local = line.parent().is_some();
        if !is_meant || !is_local || permitting.may_meet(survey, &line) {
            continue;
        }
        let finding = report.at(line.site(), "no program may be run here");
        finding.label("every request for one is answered with 403");
        finding.help("add `Options +ExecCGI`");
    }
}

fn permits(options: &Placed<'_>) -> bool {
    let options = Options::parse(options.line().arguments());
    options.words.iter().any(|word| {
        let covers = |it| OptionSet::of(it).has(DirectoryOption::ExecCgi);
        word.sign != Some(Sign::Remove) && word.option.is_none_or(covers)
    })
}
