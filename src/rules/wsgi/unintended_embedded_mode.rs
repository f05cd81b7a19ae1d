use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::Thing;
use crate::model::wsgi::Applications;
use crate::rule::{Check, Context, Report};

crate::rule! {
    /// An application runs embedded in httpd's processes, although there are daemon process groups.
    ///
    /// ## What httpd does
    ///
    /// A daemon process group is used where an application is sent to it, and nowhere else: by
    /// `process-group=` of its mount, or by a `WSGIProcessGroup` that covers it. Every other
    /// application runs in httpd's own processes.
    ///
    /// ## Why it matters
    ///
    /// The application has another user, another Python and other limits than its neighbours, every
    /// process of httpd loads it, and a change of its code needs a restart of httpd.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias /shop /srv/shop/wsgi.py process-group=shop
    /// WSGIScriptAlias /admin /srv/shop/admin.py
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias /shop /srv/shop/wsgi.py process-group=shop
    /// WSGIScriptAlias /admin /srv/shop/admin.py process-group=shop
    /// ```
    ///
    /// ## How sure
    ///
    /// That the application runs embedded is certain in a whole configuration. That nobody wanted it
    /// is concluded from the groups; `process-group=%{GLOBAL}` says that it is wanted. Where a group is
    /// not used at all, `unused-daemon-process` tells it.
    pub static RULE = {
        id: "unintended-embedded-mode",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        check: Check::Applications(check),
    }
}

fn check(context: &Context<'_>, applications: &Applications<'_>, report: &mut Report) {
    let model = context.model;
    let is_used = |name: &str| model.has(Thing::DaemonGroupUse, name);
    let mut groups = applications.groups.iter();
    let all_used = groups.all(|it| is_used(it.name()));
    let has_certain = !applications.groups.is_empty() && !model.has(Thing::DynamicGroupUse, "");
    if !context.is_whole() || !has_certain || !all_used || is_forbidden(applications) {
        return;
    }
    if has_idle_section(applications) {
        return;
    }
    for (application, values) in applications.answering() {
        let is_embedded = values.process_group.as_ref().is_ok_and(String::is_empty);
        if !is_embedded || values.process_group_line.is_some() {
            continue;
        }
        let message = "this application runs embedded in httpd's processes";
        let finding = report.at(application.line.site(), message);
        finding.label("no daemon process group is said for it");
        finding.help("add `process-group=…`, or `process-group=%{GLOBAL}` where it is wanted");
    }
}

// Then no request is answered, which is told elsewhere.
fn is_forbidden(applications: &Applications<'_>) -> bool {
    let last = applications.lines("WSGIRestrictEmbedded").pop();
    last.is_some_and(|it| it.line().arguments().eq_ignore_ascii_case("on"))
}

// A section that sends nothing to its group is the mistake to tell.
fn has_idle_section(applications: &Applications<'_>) -> bool {
    let is_used = |line: &Placed<'_>| {
        applications.mounted.iter().any(|it| {
            let values = it.values.as_ref();
            let used = values.and_then(|it| it.process_group_line);
            used.is_some_and(|it| it.id == line.id)
        })
    };
    let mut lines = applications.lines("WSGIProcessGroup").into_iter();
    lines.any(|it| it.parent().is_some() && !is_used(&it))
}
