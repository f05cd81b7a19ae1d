use crate::diagnostic::{Edit, Level, Promise};
use crate::model::wsgi::Applications;
use crate::rule::{Check, Context, Report};

crate::rule! {
    /// `AcceptPathInfo Off` counts for a mounted application.
    ///
    /// ## What httpd does
    ///
    /// What follows the mount in a URL is path information for the script. mod_wsgi obeys
    /// `AcceptPathInfo Off` and refuses a request that has any with 404: `AcceptPathInfo off
    /// disallows user's path`.
    ///
    /// ## Why it matters
    ///
    /// An application has more URLs than one. Below its mount none of them works.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// <Directory /srv/shop>
    ///     AcceptPathInfo Off
    /// </Directory>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// <Directory /srv/shop>
    ///     AcceptPathInfo On
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. Where a condition or a `.htaccess` file may say something else, nothing is said.
    pub static RULE = {
        id: "refused-path-info",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::Applications(check),
    }
}

fn check(_: &Context<'_>, applications: &Applications<'_>, report: &mut Report) {
    for (application, pass) in applications.reached() {
        let refuses = pass.accepts_path_info() == Ok(Some(false));
        let line = pass.layers.last("AcceptPathInfo").ok().flatten();
        let Some(line) = line.filter(|_| refuses) else {
            continue;
        };
        let location = application.location();
        let message = format!("nothing below `{location}` gets to the application");
        let finding = report.at(application.line.site(), message);
        finding.label("every request for it is answered with 404");
        finding.secondary(line.line().span(), "because of this");
        if line.is_verbatim() {
            let edit = Edit {
                span: line.physical_line(),
                text: String::new(),
            };
            finding.fix(Promise::Unsafe, "remove `AcceptPathInfo Off`", vec![edit]);
        }
    }
}
