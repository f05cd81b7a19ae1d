use crate::diagnostic::Level;
use crate::rule::Check;

crate::rule! {
    /// `LoadModule` asks for a module that is compiled into httpd.
    ///
    /// ## What httpd does
    ///
    /// It refuses to start: `module X is built-in and can't be loaded`.
    ///
    /// ## Why it matters
    ///
    /// Which modules are compiled in differs from package to package: a line that is right on one
    /// machine keeps httpd from starting on another.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule so_module modules/mod_so.so
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <IfModule !so_module>
    ///     LoadModule so_module modules/mod_so.so
    /// </IfModule>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain with the output of `httpd -l`. Without it, only mod_so is known to be compiled in
    /// everywhere.
    pub static RULE = {
        id: "built-in-module",
        level: Level::Error,
        since: "0.1.0",
        needs: &[],
        check: Check::Refused,
    }
}
