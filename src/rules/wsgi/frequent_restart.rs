use crate::argument::wsgi::daemon_process::{DaemonOptionName, DaemonProcess};
use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};

const FEW: std::ops::Range<i32> = 1..100;

crate::rule! {
    /// The processes of a group end after a few requests.
    ///
    /// ## What httpd does
    ///
    /// After `maximum-requests` requests a process ends, and httpd starts a new one, which loads Python
    /// and the application again. Both take their time, seconds even for a small application, and a
    /// group has one process unless `processes` says otherwise.
    ///
    /// ## Why it matters
    ///
    /// Meanwhile requests wait. With a small number the group is busy with starting, and requests are
    /// answered with 504. The option is meant for applications that lose memory, with a number of
    /// some thousands.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop maximum-requests=1
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop maximum-requests=10000
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain for numbers from 1 to 99; whether the application can bear it depends on how many
    /// requests it gets.
    pub static RULE = {
        id: "frequent-restart",
        level: Level::Warning,
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
    let daemon = DaemonProcess::parse(line.arguments());
    let number = daemon.number(DaemonOptionName::MaximumRequests);
    let Some(number) = number.filter(|it| FEW.contains(it)) else {
        return;
    };
    let value = daemon.value(DaemonOptionName::MaximumRequests);
    let span = value.map_or(line.span(), |it| line.argument_span(it.range.clone()));
    let message = match number {
        1 => "a process ends after every request".to_owned(),
        _ => format!("a process ends after {number} requests"),
    };
    let finding = report.at(placed.at(span), message);
    finding.label("until the next one has started, requests wait");
}
