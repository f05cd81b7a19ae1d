use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::reach::grants_everybody;
use crate::model::scope::About;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

const ACCESS: &[&str] = &["Require", "Deny"];

crate::rule! {
    /// Access control stands in a `<Limit>`, and counts for no other method.
    ///
    /// ## What httpd does
    ///
    /// It applies what `<Limit GET POST>` says to `GET`, `HEAD` and `POST`. A request with any other method, even
    /// one that nobody knows, passes by.
    ///
    /// ## Why it matters
    ///
    /// A program (PHP, WSGI, CGI, a backend) mostly does not look at the method: whoever asks with `PUT`, or
    /// with `FOO`, needs no password.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule authz_user_module modules/mod_authz_user.so
    /// LoadModule authn_core_module modules/mod_authn_core.so
    /// <Directory /srv/shop/admin>
    ///     AuthType Basic
    ///     AuthName shop
    ///     <Limit GET POST>
    ///         Require valid-user
    ///     </Limit>
    /// </Directory>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule authz_user_module modules/mod_authz_user.so
    /// LoadModule authn_core_module modules/mod_authn_core.so
    /// <Directory /srv/shop/admin>
    ///     AuthType Basic
    ///     AuthName shop
    ///     Require valid-user
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain: said only of sections that name `GET`, whose other methods nothing in the same section speaks of.
    /// A limit for methods that write is taken for meant.
    pub static RULE = {
        id: "limited-access-control",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["<Limit"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    for limit in survey.lines("<Limit") {
        let About::Limit { methods, .. } = survey.about(&limit) else {
            continue;
        };
        let inside = survey.directives_in(&limit);
        let restricts = |it: &&Placed<'_>| {
            ACCESS.contains(&survey.name(it)) && !grants_everybody(it) && !it.node.uncertain
        };
        let Some(line) = inside.iter().find(restricts) else {
            continue;
        };
        let around = limit.parent().map(|it| survey.everything_in(&it));
        let is_inside = |it: &Placed<'_>| it.parent().is_some_and(|it| it.id == limit.id);
        let is_other = |it: &Placed<'_>| {
            ["Require", "Deny", "Order", "<LimitExcept", "AllowMethods"].contains(&survey.name(it))
                && !is_inside(it)
        };
        let is_alone = around.is_some_and(|it| !it.iter().any(is_other));
        if methods.iter().any(|it| it == "GET") && is_alone {
            let message = format!("methods other than {} are not limited", methods.join(", "));
            let finding = report.at(limit.site(), message);
            finding.secondary(line.line().span(), "this counts for these methods only");
            finding.help("write it outside of `<Limit>`");
        }
    }
}
