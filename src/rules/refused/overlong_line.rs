use crate::diagnostic::Level;
use crate::rule::Check;

crate::rule! {
    /// A line is longer than 16 MiB, or one of a `.htaccess` file longer than 8 KiB.
    ///
    /// ## What httpd does
    ///
    /// It refuses to start: `Error reading X at line N: Line too long`. With a `.htaccess` file it
    /// starts, and answers every request below its directory with 500.
    ///
    /// ## Why it matters
    ///
    /// Lines that a backslash joins count as one, and comments count, too. Hardly any directive needs
    /// so much: a program that writes the file has probably lost its newlines.
    ///
    /// ## Wrong
    ///
    /// ```conf long
    /// Define SITE shop
    /// ServerAdmin a
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// Define SITE shop
    /// ServerAdmin a
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. What stands behind the line in its file is not read.
    pub static RULE = {
        id: "overlong-line",
        level: Level::Error,
        since: "0.1.0",
        needs: &[],
        check: Check::Refused,
    }
}
