use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::authentication::asks_for_user;
use crate::model::layers::{first_word, words_of};
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// `Satisfy Any` makes a password unnecessary for everybody.
    ///
    /// ## What httpd does
    ///
    /// With `Satisfy Any` it lets in whoever comes from an address that is let in, or has the password. Where
    /// no `Deny` stands beside it, every address is let in.
    ///
    /// ## Why it matters
    ///
    /// Nobody is asked for the password.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule access_compat_module modules/mod_access_compat.so
    /// LoadModule authn_core_module modules/mod_authn_core.so
    /// LoadModule authz_user_module modules/mod_authz_user.so
    /// <Directory /srv/shop/admin>
    ///     AuthType Basic
    ///     AuthName shop
    ///     Satisfy Any
    ///     Require valid-user
    /// </Directory>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule access_compat_module modules/mod_access_compat.so
    /// LoadModule authn_core_module modules/mod_authn_core.so
    /// LoadModule authz_user_module modules/mod_authz_user.so
    /// <Directory /srv/shop/admin>
    ///     AuthType Basic
    ///     AuthName shop
    ///     Order deny,allow
    ///     Deny from all
    ///     Satisfy Any
    ///     Require valid-user
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain: a section with any of these directives does not inherit the others from the one around it.
    pub static RULE = {
        id: "unasked-password",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["Satisfy"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    for satisfy in survey.lines("Satisfy") {
        let is_any = first_word(&satisfy).is_some_and(|it| it.eq_ignore_ascii_case("any"));
        let Some(section) = satisfy.parent().filter(|_| is_any) else {
            continue;
        };
        let lines = survey.everything_in(&section);
        let only = |name: &str| survey.only(&lines, name);
        let order = only("Order")
            .last()
            .and_then(first_word)
            .unwrap_or_default();
        let by_default = order.is_empty() || order.eq_ignore_ascii_case("deny,allow");
        let is_all = |it: &Placed<'_>| words_of(it).iter().any(|it| it.eq_ignore_ascii_case("all"));
        let lets_all_in = by_default || only("Allow").iter().any(is_all);
        let requires = only("Require").into_iter().find(asks_for_user);
        if let (Some(require), true, true) = (requires, lets_all_in, only("Deny").is_empty()) {
            let finding = report.at(satisfy.site(), "nobody is asked for the password");
            finding.label("every address is let in");
            finding.secondary(require.line().span(), "this decides nothing");
        }
    }
}
