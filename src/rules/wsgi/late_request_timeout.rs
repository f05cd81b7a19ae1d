use crate::argument::number::atoi;
use crate::argument::wsgi::daemon_process::DaemonOptionName;
use crate::diagnostic::Level;
use crate::model::layers::{Layers, first_word};
use crate::model::wsgi::Applications;
use crate::rule::{Check, Context, Report};

/// What httpd takes where there is no `Timeout`.
const DEFAULT_TIMEOUT: i32 = 60;

crate::rule! {
    /// A daemon process group lets a request run longer than httpd waits for it.
    ///
    /// ## What httpd does
    ///
    /// httpd waits for the first byte of an answer as long as `socket-timeout` says, or else as
    /// `Timeout` does, which is 60 seconds by default. Then it answers with 504. The daemon process
    /// does not hear of that, and goes on until `request-timeout`.
    ///
    /// ## Why it matters
    ///
    /// Requests between the two limits hold their thread for nothing: the client has its 504 already,
    /// and often asks again.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// Timeout 60
    /// WSGIDaemonProcess shop request-timeout=300
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// Timeout 60
    /// WSGIDaemonProcess shop request-timeout=300 socket-timeout=310
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain in a whole configuration. An application that begins its answer early and takes long
    /// to end it does not meet the limit.
    pub static RULE = {
        id: "late-request-timeout",
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
    let httpd = applications.httpd;
    for group in &applications.groups {
        let number = |it| group.directive.number(it).filter(|it| *it > 0);
        let Some(limit) = number(DaemonOptionName::RequestTimeout) else {
            continue;
        };
        let mut layers = Layers::new(httpd.config, httpd.table());
        layers.push(httpd.main().body(), None);
        let Ok(timeout) = layers.last("Timeout") else {
            continue;
        };
        let own = number(DaemonOptionName::SocketTimeout);
        let server = timeout.and_then(|it| first_word(&it)).map(|it| atoi(&it));
        let waits = own.or(server).unwrap_or(DEFAULT_TIMEOUT);
        // A virtual host may wait longer.
        let is_elsewhere = own.is_none() && applications.lines("Timeout").len() > 1;
        if limit <= waits || is_elsewhere {
            continue;
        }
        let Some(value) = group.directive.value(DaemonOptionName::RequestTimeout) else {
            continue;
        };
        let message = format!("httpd does not wait longer than {waits} seconds for an answer");
        let finding = report.at(group.place(value), message);
        finding.label("so no client sees what takes longer");
        if let Some(timeout) = timeout.filter(|_| own.is_none()) {
            finding.secondary(timeout.line().span(), "httpd waits as long as this");
        }
        finding.help("set `socket-timeout` to more than `request-timeout`");
    }
}
