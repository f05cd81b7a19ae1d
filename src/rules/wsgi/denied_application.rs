use crate::diagnostic::Level;
use crate::evaluate::paths;
use crate::model::layers::words_of;
use crate::model::request::End;
use crate::model::wsgi::Applications;
use crate::rule::{Check, Context, Report};

crate::rule! {
    /// Nobody is let into the folder of an application's script.
    ///
    /// ## What httpd does
    ///
    /// A mount does not change who is let in: for the script the `<Directory>` sections around it
    /// count, as for any other file. Most main configurations deny the whole disk, and open only the
    /// folders of documents.
    ///
    /// ## Why it matters
    ///
    /// Every request to the application is answered with 403, and the error log says `client denied by
    /// server configuration`.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// <Directory />
    ///     AllowOverride None
    ///     Require all denied
    /// </Directory>
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// <Directory />
    ///     AllowOverride None
    ///     Require all denied
    /// </Directory>
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// <Directory /srv/shop>
    ///     <Files wsgi.py>
    ///         Require all granted
    ///     </Files>
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain in a whole configuration: everybody is refused (`Require all denied`), not only some
    /// addresses. Where a `.htaccess` file could let somebody in, nothing is said.
    pub static RULE = {
        id: "denied-application",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Applications(check),
    }
}

fn check(context: &Context<'_>, applications: &Applications<'_>, report: &mut Report) {
    if !context.is_whole() {
        return;
    }
    for (application, pass) in applications.reached() {
        let Ok(End::Answered { status: 403, .. }) = &application.end else {
            continue;
        };
        let Ok(Some(denying)) = pass.layers.last("Require") else {
            continue;
        };
        let words = words_of(&denying);
        let is_all = |it: &[String]| match it {
            [who, what] => who.eq_ignore_ascii_case("all") && what.eq_ignore_ascii_case("denied"),
            _ => false,
        };
        if !is_all(&words) {
            continue;
        }
        let script = &application.directive.file.value;
        let folder = paths::directory(script);
        let message = format!("nobody is let in to `{script}`");
        let finding = report.at(application.line.site(), message);
        finding.label("every request is answered with 403");
        finding.secondary(denying.line().span(), "because of this");
        finding.help(format!(
            "add `Require all granted` for `<Directory {folder}>`"
        ));
    }
}
