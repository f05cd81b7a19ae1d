use crate::diagnostic::Level;
use crate::rule::Check;

crate::rule! {
    /// A directive belongs to a module that is not loaded.
    ///
    /// ## What httpd does
    ///
    /// It refuses to start: `Invalid command 'X', perhaps misspelled or defined by a module not
    /// included in the server configuration`. It does not say which module that is.
    ///
    /// ## Why it matters
    ///
    /// Either a `LoadModule` is missing, or the directive is a remnant of an older server whose
    /// module is gone: `Order` and `Allow` of httpd 2.2 are the usual ones.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// RewriteEngine On
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule rewrite_module modules/mod_rewrite.so
    /// RewriteEngine On
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain in a whole configuration as long as the modules that are compiled in are known, from
    /// `httpd -l`. A part of a configuration may rely on modules that another part loads.
    pub static RULE = {
        id: "directive-of-missing-module",
        level: Level::Error,
        since: "0.1.0",
        needs: &[],
        check: Check::Refused,
    }
}
