use crate::argument::wsgi::daemon_process::{DaemonOption, DaemonOptionName};
use crate::diagnostic::Level;
use crate::model::wsgi::DaemonGroup;
use crate::rule::{Check, Report};

crate::rule! {
    /// `processes=1` tells an application that there are several processes.
    ///
    /// ## What httpd does
    ///
    /// Whoever writes `processes`, with whatever number, gets `wsgi.multiprocess` as `True`: mod_wsgi
    /// takes the group for one whose requests may be spread over several processes, of this server or
    /// of others. Only without the option it is `False`.
    ///
    /// ## Why it matters
    ///
    /// Debuggers in the browser and some caches want to be the only process, and refuse to work
    /// although they are. For everything else both are the same.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop processes=1 threads=15
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop threads=15
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. Where several servers share the requests, it may be meant so.
    pub static RULE = {
        id: "explicit-single-process",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        check: Check::DaemonGroup(check),
    }
}

fn check(group: &DaemonGroup<'_>, report: &mut Report) {
    let is_it = |it: &&DaemonOption| it.key == Some(DaemonOptionName::Processes);
    let option = group.directive.options.iter().rfind(is_it);
    let Some(option) = option.filter(|it| it.text.value.value == "1") else {
        return;
    };
    let message = "the application sees `wsgi.multiprocess` as true";
    let finding = report.at(group.place_of_option(option), message);
    finding.label("one process is also what there is without it");
}
