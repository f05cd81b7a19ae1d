use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::authentication::Authentication;
use crate::model::layers::words_of;
use crate::model::reach::Reaches;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// Passwords are asked for, and nothing says where they are.
    ///
    /// ## What httpd does
    ///
    /// `AuthType Basic` looks names up in the file of `AuthUserFile`, unless `AuthBasicProvider` names something else.
    /// Without a file it logs `AuthUserFile not specified in the configuration` (AH01619).
    ///
    /// ## Why it matters
    ///
    /// Whoever gives a name and a password gets the answer 500.
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
    ///     AuthName shop
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
    /// Certain, where the rest of the server is known: a user is required beside the `AuthType`, no `AuthUserFile` and
    /// no other provider may count for the same request, and no `.htaccess` file may have one.
    pub static RULE = {
        id: "authentication-without-file",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["AuthType"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    if survey.httpd.has("authn_file_module") != Ok(true) {
        return;
    }
    if !context.is_whole() {
        return;
    }
    let others = survey.reaches(&["AuthUserFile", "AuthBasicFake", "WSGIAuthUserScript"]);
    let is_file = |it: &Placed<'_>| {
        words_of(it)
            .iter()
            .all(|it| it.eq_ignore_ascii_case("file"))
    };
    let providers = survey.possible(&["AuthBasicProvider"]);
    let providers = Reaches::of(survey, providers.into_iter().filter(|it| !is_file(it)));
    for authentication in Authentication::all(survey) {
        let line = authentication.line;
        let has_other = others.may_meet(survey, &line) || providers.may_meet(survey, &line);
        if !authentication.is_basic || has_other {
            continue;
        }
        let finding = report.at(
            line.site(),
            "no `AuthUserFile` says where the passwords are",
        );
        finding.label("whoever gives a password gets the answer 500");
        finding.secondary(
            authentication.requirement.line().span(),
            "a user is required",
        );
        finding.help("add `AuthUserFile`");
    }
}
