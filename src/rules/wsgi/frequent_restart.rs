use crate::argument::wsgi::daemon_process::DaemonOptionName;
use crate::diagnostic::Level;
use crate::model::wsgi::DaemonGroup;
use crate::rule::{Check, Report};

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
        check: Check::DaemonGroup(check),
    }
}

fn check(group: &DaemonGroup<'_>, report: &mut Report) {
    let option = DaemonOptionName::MaximumRequests;
    let number = group.directive.number(option);
    let Some(number) = number.filter(|it| FEW.contains(it)) else {
        return;
    };
    let Some(value) = group.directive.value(option) else {
        return;
    };
    let message = match number {
        1 => "a process ends after every request".to_owned(),
        _ => format!("a process ends after {number} requests"),
    };
    let finding = report.at(group.place(value), message);
    finding.label("until the next one has started, requests wait");
}
