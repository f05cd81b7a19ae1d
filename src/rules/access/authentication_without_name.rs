use crate::diagnostic::Level;
use crate::model::authentication::Authentication;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// `AuthType` is there, and no `AuthName`.
    ///
    /// ## What httpd does
    ///
    /// `Basic` and `Digest` tell the browser a name for what is protected. Without one httpd logs `need AuthName`
    /// (AH01615, AH01780).
    ///
    /// ## Why it matters
    ///
    /// Every request is answered with 500.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule authz_user_module modules/mod_authz_user.so
    /// LoadModule authn_core_module modules/mod_authn_core.so
    /// LoadModule auth_basic_module modules/mod_auth_basic.so
    /// LoadModule authn_file_module modules/mod_authn_file.so
    /// <Location /admin>
    ///     AuthType Basic
    ///     AuthUserFile /srv/shop/passwords
    ///     Require valid-user
    /// </Location>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule authz_user_module modules/mod_authz_user.so
    /// LoadModule authn_core_module modules/mod_authn_core.so
    /// LoadModule auth_basic_module modules/mod_auth_basic.so
    /// LoadModule authn_file_module modules/mod_authn_file.so
    /// <Location /admin>
    ///     AuthType Basic
    ///     AuthName shop
    ///     AuthUserFile /srv/shop/passwords
    ///     Require valid-user
    /// </Location>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, where the rest of the server is known: a user is required beside the `AuthType`, no `AuthName` may
    /// count for the same request, and no `.htaccess` file may have one.
    pub static RULE = {
        id: "authentication-without-name",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["AuthType"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    if !context.is_whole() {
        return;
    }
    let names = survey.reaches(&["AuthName"]);
    for authentication in Authentication::all(survey) {
        let line = authentication.line;
        if names.may_meet(survey, &line) {
            continue;
        }
        let finding = report.at(line.site(), "no `AuthName` says what the password is for");
        finding.label("every request is answered with 500");
        finding.secondary(
            authentication.requirement.line().span(),
            "a user is required",
        );
        finding.help("add `AuthName`");
    }
}
