use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::httpd::most_similar;
use crate::model::{Model, Thing};
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// Nothing is sent to a daemon process group that `WSGIDaemonProcess` declares.
    ///
    /// ## What httpd does
    ///
    /// It starts the group's processes, and they wait for ever. The application that they were
    /// meant for runs in embedded mode, inside httpd's own processes.
    ///
    /// ## Why it matters
    ///
    /// `python-home`, `user`, `threads` and every other option of the group have no effect on the
    /// application, and a reload of its code needs a restart of httpd.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop threads=5
    /// WSGIScriptAlias / /srv/shop/wsgi.py
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop threads=5
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain in a whole configuration, unless a group is chosen at request time (`%{…}`, a
    /// dispatch script) or lines cannot be seen from here: then nothing is said. Nor is it where an application asks for a group
    /// with a similar name that nobody declares: that is the mistake to tell. Of a part of a configuration only where it mounts
    /// an application itself.
    pub static RULE = {
        id: "unused-daemon-process",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Directive(Which::Named(&["WSGIDaemonProcess"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let model = context.model;
    let mounts = model.mentions(Thing::WsgiMount, "");
    let is_elsewhere = model.has(Thing::DynamicGroupUse, "") || model.has(Thing::Unread, "");
    if is_elsewhere || (context.config.fragment && mounts.is_empty()) {
        return;
    }
    for group in model.said_by(placed.id, Thing::DaemonGroup) {
        if model.has(Thing::DaemonGroupUse, &group.name) || is_misspelt(model, &group.name) {
            continue;
        }
        let message = format!(
            "nothing is sent to the daemon process group `{}`",
            group.name
        );
        let finding = report.at(placed.at(group.span), message);
        finding.label("declared here, never used");
        // Where no group is used at all, every application is embedded.
        let is_used = model.names(Thing::DaemonGroupUse).next().is_some();
        let mut own = mounts
            .iter()
            .filter(|it| it.place.occurrence == placed.id.occurrence);
        if let Some(mount) = own.next().filter(|_| !is_used) {
            finding.secondary(
                mount.span,
                "so this application runs embedded in httpd's processes",
            );
        }
        finding.help(format!(
            "add `process-group={}` to the application's mount",
            group.name
        ));
    }
}

// Whether an application asks for a group with a similar name that is not there.
fn is_misspelt(model: &Model, name: &str) -> bool {
    let mut used = model.names(Thing::DaemonGroupUse);
    used.any(|it| {
        most_similar(it, std::iter::once(name)).is_some() && !model.has(Thing::DaemonGroup, it)
    })
}
