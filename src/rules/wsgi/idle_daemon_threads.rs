use crate::argument::wsgi::daemon_process::DaemonOptionName;
use crate::diagnostic::Level;
use crate::model::wsgi::Applications;
use crate::rule::{Check, Context, Report};

crate::rule! {
    /// A daemon process group has more threads than httpd ever sends it requests at a time.
    ///
    /// ## What httpd does
    ///
    /// A thread of httpd hands a request to the group and waits for the answer. So no more requests run in
    /// all groups together than httpd has threads: `MaxRequestWorkers`, or what `ServerLimit` and
    /// `ThreadsPerChild` leave of it.
    ///
    /// ## Why it matters
    ///
    /// The threads beyond are started, take memory, and never get anything to do. Under load the requests
    /// wait in front of httpd, where no setting of the group helps.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// <IfModule mpm_event_module>
    ///     ThreadsPerChild 25
    ///     MaxRequestWorkers 25
    /// </IfModule>
    /// WSGIDaemonProcess shop processes=4 threads=15
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// <IfModule mpm_event_module>
    ///     ThreadsPerChild 25
    ///     MaxRequestWorkers 100
    /// </IfModule>
    /// WSGIDaemonProcess shop processes=4 threads=15
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain where the MPM is known, and all of its numbers.
    pub static RULE = {
        id: "idle-daemon-threads",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        check: Check::Applications(check),
    }
}

fn check(context: &Context<'_>, applications: &Applications<'_>, report: &mut Report) {
    if applications.groups.is_empty() || !context.is_whole() {
        return;
    }
    let Ok(limits) = applications.limits() else {
        return;
    };
    let most = i64::from(limits.processes) * i64::from(limits.threads);
    for group in &applications.groups {
        let effective = group.directive.effective();
        let own = i64::from(effective.processes) * i64::from(effective.threads);
        if own <= most {
            continue;
        }
        let message = format!("httpd never sends this group more than {most} requests at a time");
        let options = [DaemonOptionName::Threads, DaemonOptionName::Processes];
        let mut written = options.iter().filter_map(|it| group.directive.value(*it));
        let site = written
            .next()
            .map_or(group.line.site(), |it| group.place(it));
        let finding = report.at(site, message);
        finding.label(format!("{own} threads wait for them"));
        for name in ["MaxRequestWorkers", "MaxClients", "ServerLimit"] {
            if let Some(line) = applications.lines(name).last() {
                finding.secondary(line.line().span(), "because of this");
            }
        }
    }
}
