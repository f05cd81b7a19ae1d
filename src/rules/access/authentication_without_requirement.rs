use crate::diagnostic::Level;
use crate::model::layers::first_word;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

/// What says who may come in, or may be said elsewhere.
const OTHERS: &[&str] = &[
    "Require",
    "Order",
    "Allow",
    "Deny",
    "Satisfy",
    "AllowOverride",
    "AllowOverrideList",
];

crate::rule! {
    /// `AuthType` is there, and no `Require` anywhere.
    ///
    /// ## What httpd does
    ///
    /// It learns how users are known, and finds nothing that asks for one: it answers with an error of its
    /// own instead of asking for a password.
    ///
    /// ## Why it matters
    ///
    /// Every request that this is about is answered with 500.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule authn_core_module modules/mod_authn_core.so
    /// LoadModule auth_basic_module modules/mod_auth_basic.so
    /// LoadModule authn_file_module modules/mod_authn_file.so
    /// <Location /admin>
    ///     AuthType Basic
    ///     AuthName shop
    ///     AuthUserFile /srv/shop/passwords
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
    /// Certain where no line of the whole configuration says who may come in, and no `.htaccess` file can.
    pub static RULE = {
        id: "authentication-without-requirement",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["AuthType"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    let is_known = context.is_whole() && context.modules.foreign().is_empty();
    if !is_known || OTHERS.iter().any(|it| survey.may_have(it)) {
        return;
    }
    for line in survey.lines("AuthType") {
        let asks = first_word(&line).is_some_and(|it| !it.eq_ignore_ascii_case("none"));
        if asks {
            let finding = report.at(line.site(), "nothing says which users may come in");
            finding.label("every request is answered with 500");
            finding.help("add `Require valid-user`");
        }
    }
}
