use crate::diagnostic::Level;
use crate::facts::Pool;
use crate::model::Thing;
use crate::rule::{Check, Context, Need, Report};

crate::rule! {
    /// An application runs in the processes of httpd itself, and the MPM decides how.
    ///
    /// ## What httpd does
    ///
    /// Without a daemon process group mod_wsgi runs an application in embedded mode: in each of
    /// httpd's own processes. How many there are, and whether each has several threads, says the
    /// MPM: `threaded` and `forked` of `httpd -V`.
    ///
    /// ## Why it matters
    ///
    /// With threads the application and all that it uses must be safe to be called by several of
    /// them at once, and what it holds in memory is there once for each process. Without threads it
    /// is there once for each request that is served at a time. Either way it starts again when
    /// httpd decides to begin or end a process, and it is only reloaded with httpd.
    ///
    /// ## Wrong
    ///
    /// ```facts
    /// Server MPM:     event
    ///   threaded:     yes (fixed thread count)
    ///     forked:     yes (variable process count)
    /// ```
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIScriptAlias / /srv/shop/shop.wsgi
    /// ```
    ///
    /// ## Right
    ///
    /// ```facts
    /// Server MPM:     event
    ///   threaded:     yes (fixed thread count)
    ///     forked:     yes (variable process count)
    /// ```
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop processes=2 threads=15
    /// WSGIScriptAlias / /srv/shop/shop.wsgi process-group=shop
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain: no line of the whole configuration declares a daemon process group. Nothing is said
    /// where it is not known whether the MPM has threads.
    pub static RULE = {
        id: "embedded-application",
        level: Level::Note,
        since: "0.1.0",
        needs: &[Need::Mpm],
        check: Check::Server(check),
    }
}

fn check(context: &Context<'_>, report: &mut Report) {
    let (model, config) = (context.model, context.config);
    let Some(mpm) = &context.inputs.facts.but_version().mpm else {
        return;
    };
    let (Some(threaded), Some(forked)) = (mpm.value.threaded, mpm.value.forked) else {
        return;
    };
    let has_groups = model.names(Thing::DaemonGroup).next().is_some();
    if has_groups || !context.is_whole() || loads_other_mpm(context, &mpm.value.name) {
        return;
    }
    let mounts = model.mentions(Thing::WsgiMount, "").iter();
    let mounts = mounts.filter(|it| it.certain);
    let Some(first) = mounts.min_by_key(|it| config.reading_order(it.place)) else {
        return;
    };
    let how = match (forked, threaded) {
        (Pool::None, _) => "in httpd's process, in several threads",
        (_, Pool::None) => "in each of httpd's processes, in one thread",
        _ => "in each of httpd's processes, in several threads",
    };
    let placed = config.placed(first.place);
    let finding = report.at(
        placed.at(first.span),
        format!("this application runs {how}"),
    );
    finding.label("no daemon process group is declared");
    let name = &mpm.value.name;
    finding.note(format!("the MPM is `{name}`: {}", mpm.origin));
}

// Then it is not known how the server will run.
fn loads_other_mpm(context: &Context<'_>, name: &str) -> bool {
    let table = context.inputs.table;
    let mut mpms = context.model.names(Thing::LoadedModule).filter(|it| {
        let module = table.module_by_identifier(it);
        module.is_some_and(|it| table.module(it).mpm)
    });
    let own = format!("mpm_{}_module", name.to_ascii_lowercase());
    mpms.any(|it| it != own)
}
