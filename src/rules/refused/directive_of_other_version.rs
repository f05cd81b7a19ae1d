use crate::diagnostic::Level;
use crate::rule::Check;

crate::rule! {
    /// A directive is not in this version of httpd, or of its module.
    ///
    /// ## What httpd does
    ///
    /// It refuses to start: `Invalid command 'X', perhaps misspelled or defined by a module not included in
    /// the server configuration`.
    ///
    /// ## Why it matters
    ///
    /// A configuration moves between servers more easily than their versions do.
    ///
    /// ## Wrong
    ///
    /// ```facts
    /// Server version: Apache/2.4.50 (Unix)
    /// ```
    ///
    /// ```conf
    /// ListenTCPDeferAccept 5
    /// ```
    ///
    /// ## Right
    ///
    /// ```facts
    /// Server version: Apache/2.4.71 (Unix)
    /// ```
    ///
    /// ```conf
    /// ListenTCPDeferAccept 5
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain where the facts say the version. Of distributions that carry newer changes back into an old
    /// version (Red Hat and its kin, SUSE, Amazon) nothing is said.
    pub static RULE = {
        id: "directive-of-other-version",
        level: Level::Error,
        since: "0.1.0",
        needs: &[],
        check: Check::Refused,
    }
}
