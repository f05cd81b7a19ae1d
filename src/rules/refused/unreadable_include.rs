use crate::diagnostic::Level;
use crate::rule::Check;

crate::rule! {
    /// An `Include` names a file that is not there or cannot be read.
    ///
    /// ## What httpd does
    ///
    /// It refuses to start: `Could not open configuration file X: No such file or directory`. A
    /// wildcard that finds nothing is refused too.
    ///
    /// ## Why it matters
    ///
    /// A path is relative to `ServerRoot`, not to the file that holds the line. `IncludeOptional`
    /// accepts that there is nothing.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// Include conf.d/*.conf
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// IncludeOptional conf.d/*.conf
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain where the folder is visible. A path outside of what is linted is unknown, and the
    /// last lines of the output say so.
    pub static RULE = {
        id: "unreadable-include",
        level: Level::Error,
        since: "0.1.0",
        needs: &[],
        check: Check::Refused,
    }
}
