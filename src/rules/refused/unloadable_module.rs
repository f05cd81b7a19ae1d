use crate::diagnostic::Level;
use crate::rule::Check;

crate::rule! {
    /// The file of a `LoadModule` cannot be loaded as that module.
    ///
    /// ## What httpd does
    ///
    /// It refuses to start: `Cannot load X into server`, with the words of the system behind it; or
    /// `Can't locate API module structure` where the file is another module's.
    ///
    /// ## Why it matters
    ///
    /// The package of the module is not installed, the path is that of another system, or a module
    /// that this one needs is loaded below it.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule nosuch_module modules/mod_nosuch.so
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule rewrite_module modules/mod_rewrite.so
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain where the disk is visible. A file under the usual name of a known module is taken
    /// for that module.
    pub static RULE = {
        id: "unloadable-module",
        level: Level::Error,
        since: "0.1.0",
        needs: &[],
        check: Check::Refused,
    }
}
