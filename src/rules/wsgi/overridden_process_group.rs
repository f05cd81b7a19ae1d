use crate::diagnostic::Level;
use crate::model::layers::{Layers, first_word};
use crate::model::servers::ServerId;
use crate::model::wsgi::Applications;
use crate::rule::{Check, Context, Report};

crate::rule! {
    /// A section of the main server decides about an application, against what its virtual host says.
    ///
    /// ## What httpd does
    ///
    /// What a section says counts more than what a server says outside of sections, and the sections
    /// of the main server hold for all virtual hosts. So `WSGIProcessGroup` in a `<Location>` of the
    /// main server beats the one that stands directly in a `<VirtualHost>`.
    ///
    /// ## Why it matters
    ///
    /// The application runs in the processes of another group, as its user and with its Python.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess common
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias /app /srv/common/wsgi.py
    /// <Location /app>
    ///     WSGIProcessGroup common
    /// </Location>
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     WSGIProcessGroup shop
    ///     WSGIScriptAlias /app /srv/shop/wsgi.py
    /// </VirtualHost>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess common
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias /app /srv/common/wsgi.py process-group=common
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     WSGIProcessGroup shop
    ///     WSGIScriptAlias /app /srv/shop/wsgi.py
    /// </VirtualHost>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain.
    pub static RULE = {
        id: "overridden-process-group",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Applications(check),
    }
}

fn check(_: &Context<'_>, applications: &Applications<'_>, report: &mut Report) {
    let httpd = applications.httpd;
    for application in &applications.mounted {
        let values = application.values.as_ref();
        let Some(deciding) = values.and_then(|it| it.process_group_line) else {
            continue;
        };
        let is_of_main = httpd.servers.of_directive(&deciding) == ServerId::MAIN;
        if !application.server.is_virtual_host() || !is_of_main || deciding.parent().is_none() {
            continue;
        }
        let mut own = Layers::new(httpd.config, httpd.table());
        own.push(application.server.body(), None);
        let Ok(Some(own)) = own.last("WSGIProcessGroup") else {
            continue;
        };
        if first_word(&own) == first_word(&deciding) {
            continue;
        }
        let group = first_word(&deciding).unwrap_or_default();
        let message = format!("an application of this virtual host runs in the group `{group}`");
        let finding = report.at(own.site(), message);
        finding.label("a section counts more");
        finding.secondary(
            deciding.line().span(),
            "this section of the main server decides",
        );
        finding.secondary(application.line.line().span(), "about this application");
        finding.help("set the group in a section of the virtual host, or on the mount");
    }
}
