use std::collections::BTreeSet;

use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::first_word;
use crate::model::scope::About;
use crate::model::wsgi::Applications;
use crate::rule::{Check, Context, Report};

crate::rule! {
    /// A `<Directory>` sends applications to a group, and no application lies in it.
    ///
    /// ## What httpd does
    ///
    /// For a mounted application the sections of the folder count in which its script lies. What is
    /// said of `DocumentRoot`, or of the folder of the static files, is not for it.
    ///
    /// ## Why it matters
    ///
    /// The application does not run in the group: without another word it runs embedded in httpd's own
    /// processes, with another Python and another user.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias / /srv/shop/wsgi.py
    /// <Directory /srv/www>
    ///     WSGIProcessGroup shop
    /// </Directory>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias / /srv/shop/wsgi.py
    /// <Directory /srv/shop>
    ///     WSGIProcessGroup shop
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain in a whole configuration without handlers for scripts and without mounts by pattern:
    /// the scripts that are mounted are all there are. Folders with wildcards are not looked at.
    pub static RULE = {
        id: "process-group-of-other-directory",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Applications(check),
    }
}

fn check(context: &Context<'_>, applications: &Applications<'_>, report: &mut Report) {
    let mounted = &applications.mounted;
    let has_patterns = mounted.iter().any(|it| it.pass.is_none());
    let is_all = context.is_whole() && !has_patterns && !applications.has_other_scripts();
    if mounted.is_empty() || !is_all {
        return;
    }
    let scripts = mounted.iter().map(|it| it.directive.file.value.as_str());
    let scripts: BTreeSet<&str> = scripts.collect();
    for name in ["WSGIProcessGroup", "WSGIApplicationGroup"] {
        for line in applications.lines(name) {
            let Some((section, folder)) = folder(&line, applications) else {
                continue;
            };
            let folder = folder.trim_end_matches('/');
            if has_any_below(&scripts, folder) {
                continue;
            }
            let message = format!("no application lies in `{folder}`");
            let finding = report.at(section.site(), message);
            let group = first_word(&line).unwrap_or_default();
            let what = format!("so nothing runs in the group `{group}` because of this");
            finding.secondary(line.line().span(), what);
            if let [only] = mounted.as_slice() {
                let script = only.directive.file.range.clone();
                let script = only.line.line().argument_span(script);
                finding.secondary(script, "the script lies here");
            }
        }
    }
}

// Whether a path is that of the folder, or below it.
fn has_any_below(paths: &BTreeSet<&str>, folder: &str) -> bool {
    let below = format!("{folder}/");
    let next = paths.range(below.as_str()..).next();
    paths.contains(folder) || next.is_some_and(|it| it.starts_with(&below))
}

fn folder<'a>(line: &Placed<'a>, applications: &Applications<'a>) -> Option<(Placed<'a>, String)> {
    let section = line.parent()?;
    match About::of(&section, applications.httpd.table()) {
        About::Directory(path) if !path.contains(['*', '?', '[', '$']) => Some((section, path)),
        _ => None,
    }
}
