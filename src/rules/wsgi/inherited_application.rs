use crate::diagnostic::Level;
use crate::httpd::NameId;
use crate::model::request::{Journey, Mapped};
use crate::model::scope::Scope;
use crate::model::wsgi::{Application, Applications, request};
use crate::rule::{Check, Context, Report};

const ROOT: NameId = NameId::of("DocumentRoot");

crate::rule! {
    /// An application of the main server takes all requests for a virtual host with files of its own.
    ///
    /// ## What httpd does
    ///
    /// A virtual host has the mounts of the main server as well, behind its own ones. A mount of `/` outside
    /// of all virtual hosts so takes every request for each of them, unless something of the virtual host is
    /// asked first.
    ///
    /// ## Why it matters
    ///
    /// The files below the `DocumentRoot` of the virtual host are never sent. On a server with several sites
    /// an application that was installed for all appears on each of them.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIScriptAlias / /srv/shop/wsgi.py
    /// <VirtualHost *:80>
    ///     ServerName blog.example.com
    ///     DocumentRoot /srv/blog
    /// </VirtualHost>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// <VirtualHost *:80>
    ///     ServerName shop.example.com
    ///     WSGIScriptAlias / /srv/shop/wsgi.py
    /// </VirtualHost>
    /// <VirtualHost *:80>
    ///     ServerName blog.example.com
    ///     DocumentRoot /srv/blog
    /// </VirtualHost>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain that the application answers. A virtual host whose `DocumentRoot` is only there out of habit
    /// may be meant so, so it is a note.
    pub static RULE = {
        id: "inherited-application",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        check: Check::Applications(check),
    }
}

fn check(_: &Context<'_>, applications: &Applications<'_>, report: &mut Report) {
    let mut mounted = applications.mounted.iter();
    let of_all = mounted.find(|it| !it.server.is_virtual_host() && it.location() == "/");
    let Some(application) = of_all else { return };
    let config = applications.httpd.config;
    let hosts = applications.httpd.scopes.all.iter();
    for host in hosts.filter(|it| it.is_virtual_host()) {
        let root = host.body().named(config, ROOT).last();
        let Some(root) = root.filter(|_| is_taken(applications, application, host)) else {
            continue;
        };
        let message = "this application answers for every virtual host";
        let finding = report.at(application.line.site(), message);
        finding.secondary(root.line().span(), "nothing from here is ever sent");
        finding.help("mount it in the virtual host that it is meant for");
        return;
    }
}

fn is_taken(
    applications: &Applications<'_>,
    application: &Application<'_>,
    host: &Scope<'_>,
) -> bool {
    let request = request(applications.httpd, host, "/".to_owned());
    let journey = Journey::of(applications.httpd, &request, host);
    let first = journey.passes.first();
    first.is_some_and(
        |it| matches!(&it.mapped, Mapped::Mount(mount) if mount.line.id == application.line.id),
    )
}
