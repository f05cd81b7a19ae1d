use crate::diagnostic::Level;
use crate::rule::Check;

crate::rule! {
    /// The file of a `LoadModule` cannot be loaded as that module.
    ///
    /// ## What httpd does
    ///
    /// It refuses to start: `Cannot load X into server`, with the words of the system behind it; or
    /// `Can't locate API module structure` where the file is another module's; or that the structure
    /// `is garbled`, or the module `not compatible with this version of Apache`, where it was built
    /// for another httpd.
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
    /// Certain where the disk is visible: of other modules than httpd's own, the file is read, not
    /// loaded. A file under the usual name of a module of httpd is taken for that module.
    pub static RULE = {
        id: "unloadable-module",
        level: Level::Error,
        since: "0.1.0",
        needs: &[],
        check: Check::Refused,
    }
}
