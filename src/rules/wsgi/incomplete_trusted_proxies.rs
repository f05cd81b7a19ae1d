use crate::diagnostic::Level;
use crate::model::wsgi::Applications;
use crate::rule::{Check, Context, Report};

crate::rule! {
    /// Of `WSGITrustedProxies` and `WSGITrustedProxyHeaders` only one is there.
    ///
    /// ## What httpd does
    ///
    /// `WSGITrustedProxyHeaders` names the headers that tell of the client behind a proxy, and
    /// `WSGITrustedProxies` the proxies that are believed. Without the list of proxies everybody is
    /// believed; without the list of headers nothing is looked at.
    ///
    /// ## Why it matters
    ///
    /// With headers alone, every client may claim another address, another host or `https`, by sending
    /// the header itself. With proxies alone the line does nothing.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// WSGITrustedProxyHeaders X-Forwarded-For
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// WSGITrustedProxies 10.0.0.1
    /// WSGITrustedProxyHeaders X-Forwarded-For
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain in a whole configuration in which the other directive stands nowhere, for as long as no
    /// `.htaccess` file adds it.
    pub static RULE = {
        id: "incomplete-trusted-proxies",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Applications(check),
    }
}

fn check(context: &Context<'_>, applications: &Applications<'_>, report: &mut Report) {
    if !context.is_whole() {
        return;
    }
    let proxies = applications.lines("WSGITrustedProxies");
    let headers = applications.lines("WSGITrustedProxyHeaders");
    match (proxies.first(), headers.first()) {
        (None, Some(line)) => {
            let finding = report.at(line.site(), "these headers are believed from everybody");
            finding.help("list the proxies: `WSGITrustedProxies`");
        }
        (Some(line), None) => {
            let finding = report.at(line.site(), "no header of these proxies is looked at");
            finding.help("name the headers: `WSGITrustedProxyHeaders`");
        }
        _ => {}
    }
}
