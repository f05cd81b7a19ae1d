use rustc_hash::FxHashMap;

use crate::diagnostic::Level;
use crate::model::scope::{About, Section};
use crate::model::servers::ServerId;
use crate::model::wsgi::{Application, Applications};
use crate::rule::{Check, Context, Report};

crate::rule! {
    /// A `<Location>` with a slash at its end leaves out the URL of the mount itself.
    ///
    /// ## What httpd does
    ///
    /// `<Location /app/>` is about what lies below `/app/`. The mount `/app` takes requests for
    /// `/app` as well, and for these the section does not count.
    ///
    /// ## Why it matters
    ///
    /// What the section demands can be gone around: `/app` is asked without a password, or runs in
    /// another process group than the rest of the application.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias /app /srv/shop/wsgi.py
    /// <Location /app/>
    ///     WSGIProcessGroup shop
    /// </Location>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias /app /srv/shop/wsgi.py
    /// <Location /app>
    ///     WSGIProcessGroup shop
    /// </Location>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain for a mount of the same server whose own URL gets to the application. Where another
    /// section is about that URL, nothing is said.
    pub static RULE = {
        id: "half-covered-application",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Applications(check),
    }
}

fn check(_: &Context<'_>, applications: &Applications<'_>, report: &mut Report) {
    let mut mounted: FxHashMap<(ServerId, &str), &Application<'_>> = FxHashMap::default();
    for application in applications.mounted.iter().filter(|it| it.values.is_some()) {
        let key = (application.server.server, application.location());
        mounted.entry(key).or_insert(application);
    }
    if mounted.is_empty() {
        return;
    }
    for scope in &applications.httpd.scopes.all {
        let locations: FxHashMap<&str, &Section<'_>> =
            scope.body.sections().filter_map(location).collect();
        for (path, section) in &locations {
            let bare = path.trim_end_matches('/');
            let application = mounted.get(&(scope.server, bare));
            let Some(application) = application.filter(|_| bare != *path) else {
                continue;
            };
            let says_nothing = section.body.entries.is_empty();
            if says_nothing || locations.contains_key(bare) || section.placed.node.uncertain {
                continue;
            }
            let message = format!("this is not about `{bare}` itself");
            let finding = report.at(section.placed.site(), message);
            let mount = application.line.line().span();
            finding.secondary(mount, "the mount takes it as well");
            finding.help(format!("write `<Location {bare}>`"));
        }
    }
}

fn location<'s, 'a>(section: &'s Section<'a>) -> Option<(&'s str, &'s Section<'a>)> {
    match &section.about {
        About::Location(path) => Some((path, section)),
        _ => None,
    }
}
