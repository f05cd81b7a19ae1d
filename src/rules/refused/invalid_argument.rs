use crate::diagnostic::{Level, Promise};
use crate::rule::Check;

crate::rule! {
    /// A directive does not take this argument.
    ///
    /// ## What httpd does
    ///
    /// It refuses to start, with a message of the directive's own, which the finding shows.
    ///
    /// ## Why it matters
    ///
    /// Each directive has a language of its own, from On and Off to the options of
    /// `WSGIDaemonProcess`. What one of them accepts, the next refuses.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop proceses=4
    /// WSGIProcessGroup shop
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop processes=4
    /// WSGIProcessGroup shop
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. An argument that depends on the machine (a user, a folder, a group of mutexes) is
    /// reported only where the machine is known.
    pub static RULE = {
        id: "invalid-argument",
        level: Level::Error,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::Refused,
    }
}
