use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::request::{End, Pass};
use crate::model::wsgi::Applications;
use crate::rule::{Check, Context, Report};

crate::rule! {
    /// Another handler takes the script of a mounted application.
    ///
    /// ## What httpd does
    ///
    /// A mount gives its script the handler `wsgi-script`, and only after that httpd looks at
    /// `SetHandler`, `ForceType` and at `AddHandler` for the end of the script's name. These replace
    /// it, unless they say `None`. A handler that no module knows is that of plain files, which have no path behind their name.
    ///
    /// ## Why it matters
    ///
    /// The application is never asked. Who opens its URL is sent the text of the script, with
    /// whatever stands in it.
    ///
    /// ## Wrong
    ///
    /// ```file /var/lib/shop/wsgi.py
    /// def application(environ, start_response):
    ///     pass
    /// ```
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// LoadModule mime_module modules/mod_mime.so
    /// TypesConfig /dev/null
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias /app /var/lib/shop/wsgi.py process-group=shop
    /// <Directory /var/lib/shop>
    ///     Options +ExecCGI
    ///     AddHandler cgi-script .py
    /// </Directory>
    /// ```
    ///
    /// ## Right
    ///
    /// ```file /var/lib/shop/wsgi.py
    /// def application(environ, start_response):
    ///     pass
    /// ```
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// LoadModule mime_module modules/mod_mime.so
    /// TypesConfig /dev/null
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias /app /var/lib/shop/wsgi.py process-group=shop
    /// <Directory /var/lib/shop/cgi-bin>
    ///     Options +ExecCGI
    ///     AddHandler cgi-script .py
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain: a plain request for the mount is followed to its end. Nothing is said where the disk
    /// of the server is not visible, nor of a handler whose program answers itself.
    pub static RULE = {
        id: "overridden-wsgi-handler",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Applications(check),
    }
}

fn check(_: &Context<'_>, applications: &Applications<'_>, report: &mut Report) {
    for (application, pass) in applications.reached() {
        // What follows the mount in the URL is nothing that a plain file has.
        let effect = match &application.end {
            Ok(End::Answered { status: 200, .. }) => "whoever asks is sent its text",
            Ok(End::Answered { status: 404, .. }) => "every request is answered with 404",
            _ => continue,
        };
        let Some(overriding) = overriding(pass) else {
            continue;
        };
        let message = format!(
            "the handler `{}` answers for this script",
            pass.answering_handler()
        );
        let finding = report.at(application.line.site(), message);
        finding.label(effect);
        finding.secondary(overriding.line().span(), "because of this");
        finding.help("leave the folder or the URL of the application out of it");
    }
}

// `SetHandler` counts before all others.
fn overriding<'a>(pass: &Pass<'a>) -> Option<Placed<'a>> {
    const NAMES: [&str; 4] = ["SetHandler", "ForceType", "AddHandler", "AddType"];
    let handler = pass.answering_handler();
    if handler == "wsgi-script" {
        return None;
    }
    let names = |it: &Placed<'_>| it.line().arguments().contains(handler);
    let mut lines = NAMES.iter().map(|it| possible(pass, it));
    lines.find_map(|it| it.into_iter().rfind(names))
}

fn possible<'a>(pass: &Pass<'a>, name: &str) -> Vec<Placed<'a>> {
    let name = pass.httpd.table().name(name);
    name.map_or_else(Vec::new, |it| pass.layers.possible(&[it]))
}
