use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::reach::denies_everybody;
use crate::model::scope::About;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

const ELSEWHERE: &[&str] = &[
    "ProxyPass",
    "ProxyPassMatch",
    "SetHandler",
    "WSGIScriptAlias",
    "WSGIScriptAliasMatch",
    "RewriteRule",
    "JkMount",
    "PassengerEnabled",
    "AuthMerging",
];

crate::rule! {
    /// `<Location />` lets everybody in to all files, also to those that are protected.
    ///
    /// ## What httpd does
    ///
    /// It merges `<Location>` behind `<Directory>`, `.htaccess` files and `<Files>`: `Require all granted` for `/`
    /// replaces what all of them say of access.
    ///
    /// ## Why it matters
    ///
    /// `.htpasswd` files, denied by `<FilesMatch "^\.ht">`, can be downloaded, and denied folders are open.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// DocumentRoot conf.d
    /// <FilesMatch "^\.ht">
    ///     Require all denied
    /// </FilesMatch>
    /// <Location />
    ///     Require all granted
    /// </Location>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// DocumentRoot conf.d
    /// <FilesMatch "^\.ht">
    ///     Require all denied
    /// </FilesMatch>
    /// <Directory />
    ///     Require all granted
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, where files are served and a section denies access to some. A `<Location>` that passes all
    /// requests on to a backend or a program is not looked at.
    pub static RULE = {
        id: "location-over-files",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["<Location"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    let has_documents = survey.lines("DocumentRoot").next().is_some();
    if !context.is_whole() || !has_documents || ELSEWHERE.iter().any(|it| survey.may_have(it)) {
        return;
    }
    let is_about_files = |it: &Placed<'_>| {
        let section = it.parent();
        section
            .is_some_and(|it| matches!(survey.about(&it), About::Files(_) | About::FilesMatch(_)))
    };
    let Some(denied) = survey
        .lines("Require")
        .find(|it| denies_everybody(it) && is_about_files(it))
    else {
        return;
    };
    for section in survey.lines("<Location") {
        let is_all = survey.about(&section) == About::Location("/".to_owned());
        if let Some(require) = survey.opening(&section).filter(|_| is_all) {
            let message = "everybody is let in to files that are protected";
            let finding = report.at(require.site(), message);
            finding.secondary(denied.line().span(), "this does not count any more");
            finding.help("write `<Directory>`");
        }
    }
}
