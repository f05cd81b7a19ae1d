use std::collections::BTreeMap;

use crate::diagnostic::Level;
use crate::model::wsgi::{Application, Applications};
use crate::rule::{Check, Context, Report};
use crate::world::World;

crate::rule! {
    /// Two Django projects run in the same processes, and only one of them gets its settings.
    ///
    /// ## What httpd does
    ///
    /// The script that Django makes sets `DJANGO_SETTINGS_MODULE` unless it is set already. The
    /// environment belongs to the process, so the second project finds the name that the first one
    /// left there. That it runs in an interpreter of its own does not help: a new interpreter takes its
    /// environment from the process.
    ///
    /// ## Why it matters
    ///
    /// Which project comes first depends on the first request. The other one runs with foreign
    /// settings, and with a foreign database, or ends with `No module named …`.
    ///
    /// ## Wrong
    ///
    /// ```file /srv/shop/shop/wsgi.py
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// application = get_wsgi_application()
    /// ```
    ///
    /// ```file /srv/blog/blog/wsgi.py
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "blog.settings")
    /// application = get_wsgi_application()
    /// ```
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess django python-path=/srv/shop:/srv/blog
    /// WSGIProcessGroup django
    /// WSGIScriptAlias /shop /srv/shop/shop/wsgi.py
    /// WSGIScriptAlias /blog /srv/blog/blog/wsgi.py
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop python-path=/srv/shop
    /// WSGIDaemonProcess blog python-path=/srv/blog
    /// WSGIScriptAlias /shop /srv/shop/shop/wsgi.py process-group=shop
    /// WSGIScriptAlias /blog /srv/blog/blog/wsgi.py process-group=blog
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain where both scripts are visible and set different names with `setdefault`.
    pub static RULE = {
        id: "shared-django-settings",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Applications(check),
    }
}

fn check(context: &Context<'_>, applications: &Applications<'_>, report: &mut Report) {
    let world = context.inputs.world;
    for together in by_group(applications) {
        let settings = together.iter().filter_map(|it| {
            let settings = default_settings(world, &it.directive.file.value)?;
            Some((settings, *it))
        });
        let all: Vec<(String, &Application<'_>)> = settings.collect();
        // Who comes after two projects differs from one of them.
        let second = all.iter().position(|it| it.0 != all[0].0);
        let Some(second) = second else { continue };
        for (settings, application) in &all[second..] {
            let mut others = [&all[0], &all[second]].into_iter();
            let Some((before, other)) = others.find(|it| it.0 != *settings) else {
                continue;
            };
            let message = format!("`{settings}` shares its processes with `{before}`");
            let finding = report.at(application.line.site(), message);
            finding.label("whichever is asked first sets `DJANGO_SETTINGS_MODULE` for both");
            finding.secondary(other.line.line().span(), "the other project");
            finding.help("give each project a daemon process group of its own");
        }
    }
}

// The applications of each process group that has several, by the name of the group.
fn by_group<'x, 'a>(applications: &'x Applications<'a>) -> Vec<Vec<&'x Application<'a>>> {
    let mut groups: BTreeMap<&str, Vec<&Application<'_>>> = BTreeMap::new();
    for application in &applications.mounted {
        let values = application.values.as_ref();
        if let Some(Ok(group)) = values.map(|it| &it.process_group) {
            groups.entry(group).or_default().push(application);
        }
    }
    let mut groups: Vec<_> = groups.into_values().collect();
    groups.retain(|it| it.len() > 1);
    groups
}

// The module that a script sets unless one is set already.
fn default_settings(world: &dyn World, script: &str) -> Option<String> {
    let text = world.read(script).ok()?;
    let text = String::from_utf8_lossy(&text);
    let call = text
        .lines()
        .map(str::trim_start)
        .filter(|it| !it.starts_with('#'))
        .find_map(|it| it.split_once("environ.setdefault("))?;
    let mut parts = call.1.split(['"', '\'']);
    let (variable, settings) = (parts.nth(1)?, parts.nth(1)?);
    (variable == "DJANGO_SETTINGS_MODULE").then(|| settings.to_owned())
}
