use crate::diagnostic::Level;
use crate::model::wsgi::Applications;
use crate::rule::{Check, Context, Report};

crate::rule! {
    /// An application is sent to a daemon process group that has no threads for requests.
    ///
    /// ## What httpd does
    ///
    /// With `threads=0` the processes of a group only run what `WSGIImportScript` loads into them.
    /// Nobody takes requests.
    ///
    /// ## Why it matters
    ///
    /// Every request to the application is answered with 504, after the socket timeout.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess worker threads=0
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=worker
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess worker threads=0
    /// WSGIImportScript /srv/shop/worker.py process-group=worker application-group=%{GLOBAL}
    /// WSGIDaemonProcess shop threads=5
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, where it is known which group the application is sent to. A text that is no number is
    /// told by `partial-number`.
    pub static RULE = {
        id: "daemon-process-without-threads",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Applications(check),
    }
}

fn check(_: &Context<'_>, applications: &Applications<'_>, report: &mut Report) {
    for application in &applications.mounted {
        let values = application.values.as_ref();
        let name = values.and_then(|it| it.process_group.as_ref().ok());
        let Some(group) = name.and_then(|it| applications.group(it)) else {
            continue;
        };
        let written = group
            .directive
            .value(crate::argument::wsgi::daemon_process::DaemonOptionName::Threads);
        if written.is_none_or(|it| it.value.parse() != Ok(0)) {
            continue;
        }
        let message = format!("the group `{}` takes no requests", group.name());
        let finding = report.at(application.line.site(), message);
        finding.label("every request is answered with 504");
        finding.secondary(group.line.line().span(), "it has no threads for them");
    }
}
