use crate::diagnostic::Level;
use crate::model::wsgi::{Application, Applications};
use crate::rule::{Check, Context, Report};

crate::rule! {
    /// `WSGIPythonPath` is set, and all applications run in daemon processes.
    ///
    /// ## What httpd does
    ///
    /// `WSGIPythonPath` is for the Python in httpd's own processes. Daemon processes look at the option
    /// `python-path` of their group alone.
    ///
    /// ## Why it matters
    ///
    /// The application ends with `No module named …`, although the folder of its modules is in the
    /// configuration.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIPythonPath /srv/shop
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias / /srv/shop/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop python-path=/srv/shop
    /// WSGIScriptAlias / /srv/shop/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain in a whole configuration in which it is known of every mount that it runs in a daemon
    /// process, and nothing else asks httpd's own processes for Python.
    pub static RULE = {
        id: "python-path-without-effect",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Applications(check),
    }
}

fn check(context: &Context<'_>, applications: &Applications<'_>, report: &mut Report) {
    let mounted = &applications.mounted;
    let lines = applications.lines("WSGIPythonPath");
    let is_all = context.is_whole() && !mounted.is_empty() && !applications.has_other_scripts();
    if lines.is_empty() || !is_all {
        return;
    }
    let is_daemon = |it: &Application<'_>| {
        let values = it.values.as_ref();
        let group = values.and_then(|it| it.process_group.as_ref().ok());
        group.is_some_and(|it| !it.is_empty())
    };
    // What no request gets to does not matter.
    let mut reached = mounted.iter().filter(|it| it.taken_by.is_none());
    if !reached.all(is_daemon) {
        return;
    }
    for line in lines {
        let finding = report.at(line.site(), "no daemon process looks at `WSGIPythonPath`");
        finding.label("all applications run in daemon processes");
        if let Some(group) = applications.groups.first() {
            finding.secondary(group.line.line().span(), "`python-path` belongs here");
        }
        finding.help("move it to the option `python-path` of the group");
    }
}
