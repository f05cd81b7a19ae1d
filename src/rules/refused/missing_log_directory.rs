use crate::diagnostic::Level;
use crate::rule::Check;

crate::rule! {
    /// The folder of a log file does not exist.
    ///
    /// ## What httpd does
    ///
    /// It reads everything, and refuses then: `Cannot access directory 'X/' for main error log`.
    ///
    /// ## Why it matters
    ///
    /// httpd makes log files, but no folders for them. A new site whose folder of logs is made by
    /// hand on one machine only does not start on the other. Without any `ErrorLog` httpd wants its
    /// default, `logs/error_log` below `ServerRoot`.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// ErrorLog /no/such/folder/error.log
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// ErrorLog logs/error.log
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain where the disk is visible, and in a whole configuration. Pipes and `syslog` are no
    /// files.
    pub static RULE = {
        id: "missing-log-directory",
        level: Level::Error,
        since: "0.1.0",
        needs: &[],
        check: Check::Refused,
    }
}
