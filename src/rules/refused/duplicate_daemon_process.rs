use crate::diagnostic::Level;
use crate::rule::Check;

crate::rule! {
    /// Two `WSGIDaemonProcess` declare a group of the same name.
    ///
    /// ## What httpd does
    ///
    /// It refuses to start: `Name duplicates previous WSGI daemon definition.`
    ///
    /// ## Why it matters
    ///
    /// The groups of all virtual hosts share one set of names. A site that is copied, for TLS or
    /// for a second customer, brings the name along.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIDaemonProcess shop threads=5
    /// WSGIProcessGroup shop
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIDaemonProcess office threads=5
    /// WSGIProcessGroup shop
    /// <Location /office>
    ///     WSGIProcessGroup office
    /// </Location>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. Names that differ in case only are different names, and are not reported.
    pub static RULE = {
        id: "duplicate-daemon-process",
        level: Level::Error,
        since: "0.1.0",
        needs: &[],
        check: Check::Refused,
    }
}
