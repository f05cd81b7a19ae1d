use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::{Layers, first_word};
use crate::model::request::{End, Journey, Mapped};
use crate::model::scope::Scope;
use crate::model::servers::ServerId;
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
    let roots = document_roots(applications);
    let mut by_path: FxHashMap<&str, Vec<&DocumentRoot<'_>>> = FxHashMap::default();
    for root in &roots {
        by_path.entry(&root.path).or_default().push(root);
    }
    for application in &applications.mounted {
        let script = &application.directive.file;
        let folders = script.value.match_indices('/').rev();
        let around = folders.flat_map(|(at, _)| {
            let (path, url) = script.value.split_at(at);
            let roots = by_path.get(path).into_iter().flatten();
            roots.map(move |root| (*root, url))
        });
        let mut exposing =
            around.filter(|(root, url)| is_sent(applications, application, root.scope, url));
        let Some((root, url)) = exposing.next() else {
            continue;
        };
        let message = format!("the text of this script can be downloaded as `{url}`");
        let span = application.line.line().argument_span(script.range.clone());
        let finding = report.at(application.line.at(span), message);
        finding.secondary(root.line.line().span(), "it lies below this folder");
        finding.help("put the script outside of `DocumentRoot`");
    }
}

/// The folder of documents of a server.
struct DocumentRoot<'a> {
    scope: &'a Scope<'a>,
    line: Placed<'a>,
    path: String,
}

// Those that scripts lie below.
fn document_roots<'a>(applications: &Applications<'a>) -> Vec<DocumentRoot<'a>> {
    let httpd = applications.httpd;
    let scripts = applications.mounted.iter();
    let scripts = scripts.map(|it| it.directive.file.value.as_str());
    let around = scripts.flat_map(|it| it.match_indices('/').map(|(at, _)| &it[..at]));
    let around: FxHashSet<&str> = around.collect();
    let mut asked: BTreeSet<ServerId> = BTreeSet::new();
    for line in applications.lines("DocumentRoot") {
        let path = first_word(&line).map(|it| httpd.resolve(&it));
        if !path.is_some_and(|it| around.contains(it.trim_end_matches('/'))) {
            continue;
        }
        match httpd.servers.of_directive(&line) {
            // That of the main server is everybody's who has none. Beside virtual hosts, the main
            // server itself may never be asked.
            ServerId::MAIN => {
                let is_alone = httpd.scopes.all.len() == 1;
                let scopes = httpd.scopes.all.iter();
                let hosts = scopes.filter(|it| is_alone || it.is_virtual_host());
                asked.extend(hosts.map(|it| it.server));
            }
            server => {
                asked.insert(server);
            }
        }
    }
    let roots = asked.into_iter().filter_map(|server| {
        let scope = httpd.scopes.get(server);
        let mut layers = Layers::new(httpd.config, httpd.table());
        layers.push(httpd.main().body(), None);
        layers.push(scope.body(), None);
        let line = layers.last("DocumentRoot").ok()??;
        let path = httpd.resolve(&first_word(&line)?);
        let path = path.trim_end_matches('/').to_owned();
        Some(DocumentRoot { scope, line, path })
    });
    roots.collect()
}

// Whether a plain request for the file gets its text.
fn is_sent<'a>(
    applications: &Applications<'a>,
    application: &Application<'a>,
    scope: &'a Scope<'a>,
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
