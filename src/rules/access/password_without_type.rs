use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::authentication::asks_for_user;
use crate::model::reach::says;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

const OTHERS: &[&str] = &[
    "AuthType",
    "SSLOptions",
    "SSLUserName",
    "PerlAuthenHandler",
    "LuaHookCheckUserID",
    "CASAuthNHeader",
    "RewriteRule",
    "RequestHeader",
];

crate::rule! {
    /// A user is required, and nothing says how users are known.
    ///
    /// ## What httpd does
    ///
    /// `Require valid-user`, `user` and `group` need an `AuthType`. Without one it logs `No
    /// authentication done but request not allowed without authentication` (AH00027).
    ///
    /// ## Why it matters
    ///
    /// Every request is answered with 500.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule authz_user_module modules/mod_authz_user.so
    /// <Location /admin>
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
    /// Certain, where the rest of the server is known: there is no `AuthType` anywhere, nor may a `.htaccess`
    /// file have one.
    pub static RULE = {
        id: "password-without-type",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["Require"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    let is_known = context.is_whole() && context.modules.are_all_known();
    if !is_known || survey.may_be_overridden() || OTHERS.iter().any(|it| survey.may_have(it)) {
        return;
    }
    if !context.modules.foreign().is_empty() {
        return;
    }
    let asks = |it: &Placed<'_>| asks_for_user(it) && !says(it, "user");
    let mut requires = survey.lines("Require").filter(asks);
    if let Some(first) = requires.next() {
        let finding = report.at(first.site(), "no `AuthType` says how users are known");
        finding.label("every request is answered with 500");
        for other in requires {
            finding.secondary(other.line().span(), "and here");
        }
    }
}
