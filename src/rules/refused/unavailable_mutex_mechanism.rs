use crate::diagnostic::Level;
use crate::rule::{Check, Need};

crate::rule! {
    /// A mutex mechanism is asked for that this httpd was not built with.
    ///
    /// ## What httpd does
    ///
    /// It refuses to start: `Invalid Mutex argument X`, or `Accept mutex lock mechanism 'X' is
    /// invalid` for `WSGIAcceptMutex`. Both messages list what there is.
    ///
    /// ## Why it matters
    ///
    /// The mechanisms depend on the system and on how httpd and APR were built: macOS has no
    /// `pthread`, for example. A line that is right on one machine is refused on the other.
    ///
    /// ## Wrong
    ///
    /// ```facts
    /// Invalid Mutex argument xxx (Mutex mechanisms are: 'none', 'default', 'flock:/path/to/file', 'fcntl:/path/to/file', 'file:/path/to/file', 'sysvsem')
    /// ```
    ///
    /// ```conf
    /// Mutex posixsem default
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// Mutex sysvsem default
    /// ```
    ///
    /// ## How sure
    ///
    /// As sure as the list of mechanisms, which the server prints when it is asked for one that
    /// nobody has. Without the list, only words that no httpd knows are reported, as
    /// `invalid-argument`.
    pub static RULE = {
        id: "unavailable-mutex-mechanism",
        level: Level::Error,
        since: "0.1.0",
        needs: &[Need::MutexMechanisms],
        check: Check::Refused,
    }
}
