use crate::diagnostic::Level;
use crate::model::layers::{Layers, first_word};
use crate::model::request::{End, Journey, Mapped};
use crate::model::wsgi::{Application, Applications};
use crate::rule::{Check, Context, Report};

crate::rule! {
    /// The text of an application's script can be downloaded.
    ///
    /// ## What httpd does
    ///
    /// A mount gives a script one more URL, and takes none away. A script that lies below
    /// `DocumentRoot` is also a document, and its text is sent like that of any other file.
    ///
    /// ## Why it matters
    ///
    /// Whoever guesses the name reads the program, and with it paths, settings and often passwords.
    ///
    /// ## Wrong
    ///
    /// ```file /var/www/shop/wsgi.py
    /// def application(environ, start_response):
    ///     pass
    /// ```
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// DocumentRoot /var/www
    /// <Directory /var/www>
    ///     AllowOverride None
    ///     Require all granted
    /// </Directory>
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias /app /var/www/shop/wsgi.py process-group=shop
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
    /// DocumentRoot /var/www
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias /app /var/lib/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, where the disk of the server is visible: what a request for the file would get is
    /// followed to its end, with access control and handlers.
    pub static RULE = {
        id: "exposed-script",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Applications(check),
    }
}

fn check(_: &Context<'_>, applications: &Applications<'_>, report: &mut Report) {
    let httpd = applications.httpd;
    for application in &applications.mounted {
        for scope in &httpd.scopes.all {
            // Beside virtual hosts, the main server may never be asked.
            if !scope.is_virtual_host() && httpd.scopes.all.len() > 1 {
                continue;
            }
            let mut layers = Layers::new(httpd.table());
            layers.push(&httpd.main().body, None);
            layers.push(&scope.body, None);
            let Ok(Some(root)) = layers.last("DocumentRoot") else {
                continue;
            };
            let path = httpd.resolve(&first_word(&root).unwrap_or_default());
            let script = &application.directive.file.value;
            let below = script.strip_prefix(path.trim_end_matches('/'));
            let Some(url) = below.filter(|it| it.starts_with('/')) else {
                continue;
            };
            if !is_sent(applications, application, scope, url) {
                continue;
            }
            let message = format!("the text of this script can be downloaded as `{url}`");
            let file = &application.directive.file.range;
            let line = application.line.line();
            let site = application.line.at(line.argument_span(file.clone()));
            let finding = report.at(site, message);
            finding.secondary(root.line().span(), "it lies below this folder");
            finding.help("put the script outside of `DocumentRoot`");
            break;
        }
    }
}

// Whether a plain request for the file gets its text.
fn is_sent<'a>(
    applications: &Applications<'a>,
    application: &Application<'a>,
    scope: &'a crate::model::scope::Scope<'a>,
    url: &str,
) -> bool {
    let httpd = applications.httpd;
    let request = crate::model::wsgi::request(httpd, scope, url.to_owned());
    let journey = Journey::of(httpd, &request, scope);
    let Some(pass) = journey.last() else {
        return false;
    };
    let is_document = matches!(pass.mapped, Mapped::DocumentRoot | Mapped::Alias);
    let is_it = pass.filename == application.directive.file.value;
    let is_answered = matches!(&journey.end, Ok(End::Answered { status: 200, .. }));
    is_document && is_it && is_answered
}
