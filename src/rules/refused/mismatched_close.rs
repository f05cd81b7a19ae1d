use crate::diagnostic::Level;
use crate::rule::Check;

crate::rule! {
    /// A closing line closes another section than the innermost one.
    ///
    /// ## What httpd does
    ///
    /// It refuses to start: `Expected </X> but saw </Y>`.
    ///
    /// ## Why it matters
    ///
    /// A section must end in the section in which it began. Most often the inner one was never
    /// closed.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <Directory /srv/www>
    ///     <Files secret.txt>
    ///         Require all denied
    /// </Directory>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <Directory /srv/www>
    ///     <Files secret.txt>
    ///         Require all denied
    ///     </Files>
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. After it, the section that was most likely meant is taken to be closed, so that one
    /// slip is one finding.
    pub static RULE = {
        id: "mismatched-close",
        level: Level::Error,
        since: "0.1.0",
        needs: &[],
        check: Check::Refused,
    }
}
