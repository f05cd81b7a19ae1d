use crate::argument::wsgi::daemon_process::{DaemonOptionName, DaemonProcess};
use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};

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
        check: Check::Arguments(Which::Named(&["WSGIDaemonProcess"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    if context.refused.touches(line.span()) {
        return;
    }
    let daemon = DaemonProcess::kept(line.arguments());
    let mut options = daemon.options.iter();
    let is_it = |it: &&crate::argument::wsgi::daemon_process::DaemonOption| {
        it.key == Some(DaemonOptionName::Processes)
    };
    let Some(option) = options.rfind(is_it).filter(|it| it.text.value.value == "1") else {
        return;
    };
    let range = option.text.name.range.start..option.text.value.range.end;
    let message = "the application sees `wsgi.multiprocess` as true";
    let finding = report.at(placed.at(line.argument_span(range)), message);
    finding.label("one process is also what there is without it");
}
