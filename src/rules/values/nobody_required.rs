use crate::argument::require::Require;
use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};

// Providers that look for the request's answer in a list, and what the list is of.
const LISTS: &[(&str, &str)] = &[
    ("env", "variable"),
    ("forward-dns", "host"),
    ("group", "group"),
    ("host", "host"),
    ("ldap-user", "user"),
    ("method", "method"),
    ("user", "user"),
];

crate::rule! {
    /// `Require user` or the like names nobody.
    ///
    /// ## What httpd does
    ///
    /// It looks for the user, the group, the host or the method in an empty list, and finds none.
    ///
    /// ## Why it matters
    ///
    /// The line lets nobody in. Whoever wrote it meant somebody, or `valid-user`; behind `not` it
    /// keeps nobody out.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule authz_user_module modules/mod_authz_user.so
    /// <Directory /srv/shop/admin>
    ///     Require user
    /// </Directory>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule authn_core_module modules/mod_authn_core.so
    /// LoadModule authz_user_module modules/mod_authz_user.so
    /// <Directory /srv/shop/admin>
    ///     AuthType Basic
    ///     AuthName shop
    ///     Require user alice bob
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. Providers of other modules, which may mean something by no name, are not looked at.
    pub static RULE = {
        id: "nobody-required",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Arguments(Which::Named(&["Require"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let text = line.arguments();
    let require = Require::parse(text);
    let provider = require.provider.value.as_str();
    let Some((_, what)) = LISTS.iter().find(|it| it.0 == provider) else {
        return;
    };
    if !text[require.rest].trim().is_empty() {
        return;
    }
    let message = format!("`Require {provider}` names no {what}");
    let span = line.argument_span(require.provider.range);
    let finding = report.at(placed.at(span), message);
    finding.label(match require.is_negative {
        true => "keeps nobody out",
        false => "lets nobody in",
    });
}
