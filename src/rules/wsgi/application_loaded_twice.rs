use rustc_hash::FxHashMap;

use crate::diagnostic::Level;
use crate::model::wsgi::{Application, Applications};
use crate::rule::{Check, Context, Report};

crate::rule! {
    /// Two mounts of the same script load it twice into the same processes.
    ///
    /// ## What httpd does
    ///
    /// Where nothing names an application group, mod_wsgi makes the name of the server, its port and the
    /// mount. Each name is an interpreter of its own in each process of the group, which loads the script and
    /// all that it imports once more.
    ///
    /// ## Why it matters
    ///
    /// The application takes twice the memory, and has its caches, pools of connections and background
    /// threads twice, which know nothing of each other.
    ///
    /// ## Wrong
    ///
    /// ```file /srv/shop/wsgi.py
    /// def application(environ, start_response):
    ///     pass
    /// ```
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIProcessGroup shop
    /// <VirtualHost *:80>
    ///     ServerName shop.example.com
    ///     WSGIScriptAlias / /srv/shop/wsgi.py
    /// </VirtualHost>
    /// <VirtualHost *:80>
    ///     ServerName shop.example.org
    ///     WSGIScriptAlias / /srv/shop/wsgi.py
    /// </VirtualHost>
    /// ```
    ///
    /// ## Right
    ///
    /// ```file /srv/shop/wsgi.py
    /// def application(environ, start_response):
    ///     pass
    /// ```
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIProcessGroup shop
    /// WSGIApplicationGroup %{GLOBAL}
    /// <VirtualHost *:80>
    ///     ServerName shop.example.com
    ///     WSGIScriptAlias / /srv/shop/wsgi.py
    /// </VirtualHost>
    /// <VirtualHost *:80>
    ///     ServerName shop.example.org
    ///     WSGIScriptAlias / /srv/shop/wsgi.py
    /// </VirtualHost>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain where both names are known and no line chose them. An application that is to keep its sites
    /// apart may want it so, so it is a note.
    pub static RULE = {
        id: "application-loaded-twice",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        check: Check::Applications(check),
    }
}

fn check(_: &Context<'_>, applications: &Applications<'_>, report: &mut Report) {
    let mut first: FxHashMap<(&str, &str), (&str, &Application<'_>)> = FxHashMap::default();
    for application in &applications.mounted {
        let Some((place, interpreter)) = by_default(application) else {
            continue;
        };
        // A group that a server may not use loads nothing for it.
        let group = applications.group(place.0);
        let server = application.server.server;
        if group.is_some_and(|it| it.is_open_to(applications.httpd, server) != Ok(true)) {
            continue;
        }
        let (known, other) = *first.entry(place).or_insert((interpreter, application));
        if known == interpreter {
            continue;
        }
        let message = format!("`{}` is loaded once more for this mount", place.1);
        let finding = report.at(application.line.site(), message);
        finding.label(format!("into the interpreter `{interpreter}`"));
        let label = format!("this one loads it into `{known}`");
        finding.secondary(other.line.line().span(), label);
        finding.help("give both the same `WSGIApplicationGroup`");
    }
}

// The process group and the script of an application, and the interpreter that nobody chose.
fn by_default<'x>(application: &'x Application<'_>) -> Option<((&'x str, &'x str), &'x str)> {
    let values = application.values.as_ref()?;
    let process_group = values.process_group.as_ref().ok()?;
    let interpreter = values.application_group.as_ref().ok()?;
    let is_chosen = values.application_group_line.is_some();
    (!is_chosen).then_some(((process_group, &values.script), interpreter))
}
