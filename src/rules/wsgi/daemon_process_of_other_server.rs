use rustc_hash::FxHashSet;

use crate::diagnostic::Level;
use crate::model::Thing;
use crate::model::servers::ServerId;
use crate::model::wsgi::{Applications, DaemonGroup};
use crate::rule::{Check, Context, Report};

crate::rule! {
    /// An application is sent to a daemon process group that belongs to another virtual host.
    ///
    /// ## What httpd does
    ///
    /// A group that is declared in a `<VirtualHost>` serves this one, and those that have exactly the
    /// same `ServerName`, in the same letter case; `ServerAlias` does not count. `httpd -t` says
    /// `Syntax OK`, because mod_wsgi compares the names when a request comes.
    ///
    /// ## Why it matters
    ///
    /// Every request to the application is answered with 500, and the error log says `Daemon process
    /// called 'X' cannot be accessed by this WSGI application`.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     WSGIDaemonProcess shop
    ///     WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// </VirtualHost>
    /// <VirtualHost *:80>
    ///     ServerName api.shop.example
    ///     WSGIScriptAlias / /srv/shop/api.py process-group=shop
    /// </VirtualHost>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// </VirtualHost>
    /// <VirtualHost *:80>
    ///     ServerName api.shop.example
    ///     WSGIScriptAlias / /srv/shop/api.py process-group=shop
    /// </VirtualHost>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain where both names are known. Without a `ServerName` the name may come from a name
    /// server; then nothing is said. Nor is it of a group that is chosen at request time.
    pub static RULE = {
        id: "daemon-process-of-other-server",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Applications(check),
    }
}

fn check(context: &Context<'_>, applications: &Applications<'_>, report: &mut Report) {
    let httpd = applications.httpd;
    let mut told = FxHashSet::default();
    for (application, values) in applications.answering() {
        let (Ok(name), Some(line)) = (&values.process_group, values.process_group_line) else {
            continue;
        };
        let Some(group) = applications.group(name) else {
            continue;
        };
        let server = application.server.server;
        if group.is_open_to(httpd, server) != Ok(false) || !told.insert(line.id) {
            continue;
        }
        let uses = &mut context.model.said_by(line.id, Thing::DaemonGroupUse);
        let span = uses.next().map_or(line.line().span(), |it| it.span);
        let owner = called(applications, group.server(applications.httpd));
        let message = format!("the daemon process group `{name}` belongs to {owner}");
        let finding = report.at(line.at(span), message);
        finding.label("every request is answered with 500");
        finding.secondary(group.line.line().span(), "it is declared here");
        let own = called(applications, server);
        match owner.eq_ignore_ascii_case(&own) {
            true => finding.note(format!("letter case counts: here it is {own}")),
            false => finding.help(help(group)),
        };
    }
}

fn called(applications: &Applications<'_>, server: ServerId) -> String {
    match applications.httpd.hostname(server) {
        Ok(name) => format!("`{name}`"),
        Err(_) => "another server".to_owned(),
    }
}

fn help(group: &DaemonGroup<'_>) -> String {
    format!(
        "declare `{}` outside of all virtual hosts, so that it serves all of them",
        group.name()
    )
}
