use crate::diagnostic::Level;
use crate::rule::Check;

crate::rule! {
    /// A file includes itself, directly or through others.
    ///
    /// ## What httpd does
    ///
    /// It reads the file again and again, and refuses to start at the 128th level: `Exceeded
    /// maximum include depth of 128, There appears to be a recursion.`
    ///
    /// ## Why it matters
    ///
    /// A wildcard is the usual reason: `Include conf.d/*` in a file of `conf.d` finds that file
    /// too.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// Include httpd.conf
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
    /// Certain. The recursion is followed once, and the rest of the files is read as if it were not
    /// there.
    pub static RULE = {
        id: "include-recursion",
        level: Level::Error,
        since: "0.1.0",
        needs: &[],
        check: Check::Refused,
    }
}
