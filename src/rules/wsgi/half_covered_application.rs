use rustc_hash::{FxHashMap, FxHashSet};

use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::scope::About;
use crate::model::wsgi::Applications;
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
    let httpd = applications.httpd;
    let sections = applications.lines("<Location");
    let sections = sections.into_iter().filter_map(|it| {
        let About::Location(path) = About::of(&it, httpd.table()) else {
            return None;
        };
        Some((it, path))
    });
    let sections: Vec<_> = sections.collect();
    let is_open = |path: &str| path.len() > 1 && path.ends_with('/');
    if !sections.iter().any(|it| is_open(&it.1)) {
        return;
    }
    let key = |it: &Placed<'_>, path: &str| (httpd.servers.of_directive(it), path.to_owned());
    let covered: FxHashSet<_> = sections.iter().map(|it| key(&it.0, &it.1)).collect();
    let asked = applications.mounted.iter().filter(|it| it.values.is_some());
    let mounted: FxHashMap<_, _> = asked.map(|it| (key(&it.line, it.location()), it)).collect();
    for (section, path) in sections.iter().filter(|it| is_open(&it.1)) {
        let bare = path.trim_end_matches('/');
        let itself = key(section, bare);
        let Some(application) = mounted.get(&itself).filter(|_| !covered.contains(&itself)) else {
            continue;
        };
        let message = format!("this is not about `{bare}` itself");
        let finding = report.at(section.site(), message);
        let mount = application.line.line().span();
        finding.secondary(mount, "the mount takes it as well");
        finding.help(format!("write `<Location {bare}>`"));
    }
}
