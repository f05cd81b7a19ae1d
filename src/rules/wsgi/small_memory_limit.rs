use crate::argument::wsgi::daemon_process::DaemonOptionName;
use crate::diagnostic::Level;
use crate::model::wsgi::DaemonGroup;
use crate::rule::{Check, Report};

const LIMITS: [DaemonOptionName; 2] = [
    DaemonOptionName::MemoryLimit,
    DaemonOptionName::VirtualMemoryLimit,
];

/// Less memory than this, in bytes, no Python has ever started with.
const LEAST: i64 = 8 << 20;

crate::rule! {
    /// A daemon process group may use less memory than Python needs to start.
    ///
    /// ## What httpd does
    ///
    /// `memory-limit` and `virtual-memory-limit` count bytes, and know no units. The processes start,
    /// and none of them gets as far as to load the application.
    ///
    /// ## Why it matters
    ///
    /// Every request is answered with 504 after the socket timeout, and no line of the error log
    /// names the reason.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop memory-limit=512
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop memory-limit=536870912
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain below 8 MiB, with which no Python starts; 0 is no limit. A number with a unit,
    /// `512M`, is told by `partial-number`.
    pub static RULE = {
        id: "small-memory-limit",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::DaemonGroup(check),
    }
}

fn check(group: &DaemonGroup<'_>, report: &mut Report) {
    let values = LIMITS.iter().filter_map(|it| group.directive.value(*it));
    for value in values {
        let bytes = value.value.parse::<i64>();
        let Some(bytes) = bytes.ok().filter(|it| (1..LEAST).contains(it)) else {
            continue;
        };
        let message = format!("Python does not start with {bytes} bytes of memory");
        let finding = report.at(group.place(value), message);
        finding.label("the unit is a byte");
    }
}
