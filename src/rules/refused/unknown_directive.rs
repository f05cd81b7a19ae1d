use crate::diagnostic::{Level, Promise};
use crate::rule::Check;

crate::rule! {
    /// No module has a directive or section of this name.
    ///
    /// ## What httpd does
    ///
    /// It refuses to start: `Invalid command 'X', perhaps misspelled or defined by a module not
    /// included in the server configuration`.
    ///
    /// ## Why it matters
    ///
    /// A slip of the finger is the usual reason, and a close name is offered. Some names were in
    /// older versions of httpd; then the page of the finding says what replaces them.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// ServerAdmn ops@shop.example
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// ServerAdmin ops@shop.example
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain as long as all modules are known. Where a module is loaded that httpd-lint does not
    /// know, nothing is said, because the module may bring the name; describe it with `--modules`.
    pub static RULE = {
        id: "unknown-directive",
        level: Level::Error,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::Refused,
    }
}
