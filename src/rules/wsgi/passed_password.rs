use crate::argument::wsgi::script::ScriptOption;
use crate::diagnostic::Level;
use crate::model::request::Pass;
use crate::model::wsgi::{Application, Applications};
use crate::rule::{Check, Context, Report};

crate::rule! {
    /// An application is handed the passwords that httpd has checked.
    ///
    /// ## What httpd does
    ///
    /// With `AuthType Basic` httpd asks for a password, and hands the name of the user on as
    /// `REMOTE_USER`. `WSGIPassAuthorization On` hands on the header `Authorization` as well, and
    /// with it the password.
    ///
    /// ## Why it matters
    ///
    /// The application does not need it, and may write it into its logs and error reports. Whoever
    /// may change the application reads the passwords of all its users.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule authz_user_module modules/mod_authz_user.so
    /// LoadModule authn_core_module modules/mod_authn_core.so
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// <Directory /srv/shop>
    ///     AuthType Basic
    ///     AuthName Shop
    ///     Require valid-user
    ///     WSGIPassAuthorization On
    /// </Directory>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule authz_user_module modules/mod_authz_user.so
    /// LoadModule authn_core_module modules/mod_authn_core.so
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// <Directory /srv/shop>
    ///     AuthType Basic
    ///     AuthName Shop
    ///     Require valid-user
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain that the application gets them. It may have a reason to want them, so it is a note.
    pub static RULE = {
        id: "passed-password",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        check: Check::Applications(check),
    }
}

fn check(_: &Context<'_>, applications: &Applications<'_>, report: &mut Report) {
    for (application, pass) in applications.reached() {
        let kind = pass.layers.word("AuthType").ok().flatten();
        let is_basic = kind.is_some_and(|it| it.eq_ignore_ascii_case("basic"));
        let line = pass.layers.last("AuthType").ok().flatten();
        let Some(line) = line.filter(|_| is_basic && passes(application, pass)) else {
            continue;
        };
        let finding = report.at(application.line.site(), "this application gets passwords");
        finding.secondary(line.line().span(), "httpd has checked them already");
        finding.help("remove `WSGIPassAuthorization On`; `REMOTE_USER` is the name of the user");
    }
}

fn passes(application: &Application<'_>, pass: &Pass<'_>) -> bool {
    let own = application.directive.value(ScriptOption::PassAuthorization);
    match own {
        Some(own) => own.value.eq_ignore_ascii_case("on"),
        None => pass.layers.is_on("WSGIPassAuthorization") == Ok(true),
    }
}
