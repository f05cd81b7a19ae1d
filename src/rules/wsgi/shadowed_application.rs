use crate::diagnostic::Level;
use crate::model::wsgi::Applications;
use crate::rule::{Check, Context, Report};

// Directives that take a path with all that is below it.
const TAKING: [&str; 7] = [
    "Alias",
    "ScriptAlias",
    "Redirect",
    "RedirectPermanent",
    "RedirectTemp",
    "ProxyPass",
    "WSGIScriptAlias",
];

crate::rule! {
    /// Another directive takes all requests for a mounted application.
    ///
    /// ## What httpd does
    ///
    /// mod_proxy looks at a URL first, then mod_alias, then mod_wsgi, whatever the order of the lines:
    /// `ProxyPass`, `Redirect` and `Alias` always come before `WSGIScriptAlias`. Among mounts the
    /// first one that fits counts, those of the virtual host before those of the main server.
    ///
    /// ## Why it matters
    ///
    /// The application is never asked. Its URL leads to a file, to another server, or to another
    /// application.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIProcessGroup shop
    /// WSGIScriptAlias / /srv/shop/wsgi.py
    /// WSGIScriptAlias /admin /srv/shop/admin.py
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIProcessGroup shop
    /// WSGIScriptAlias /admin /srv/shop/admin.py
    /// WSGIScriptAlias / /srv/shop/wsgi.py
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain: only directives that take a path with all that is below it are looked at, so neither
    /// patterns nor rewrite rules. An `Alias` for a part of an application's paths, as for `/static`,
    /// is as it should be.
    pub static RULE = {
        id: "shadowed-application",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Applications(check),
    }
}

fn check(_: &Context<'_>, applications: &Applications<'_>, report: &mut Report) {
    for application in &applications.mounted {
        let Some(taking) = application.taken_by else {
            continue;
        };
        let line = taking.line();
        let name = line.name();
        let Some(name) = TAKING.iter().find(|it| it.eq_ignore_ascii_case(&name)) else {
            continue;
        };
        let message = format!(
            "no request gets to the application at `{}`",
            application.location()
        );
        let finding = report.at(application.line.site(), message);
        finding.secondary(line.span(), format!("this `{name}` takes them"));
        finding.help(match *name {
            "WSGIScriptAlias" => "put the longer path first, or remove one of the two",
            "ProxyPass" => "leave the path out, with `!` instead of a URL, or remove the mount",
            _ => "remove one of the two",
        });
    }
}
