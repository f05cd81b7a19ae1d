use crate::diagnostic::Level;
use crate::rule::Check;

crate::rule! {
    /// A path that must be a folder is none.
    ///
    /// ## What httpd does
    ///
    /// It refuses to start: `ServerRoot must be a valid directory`, and the like for
    /// `DefaultRuntimeDir`.
    ///
    /// ## Why it matters
    ///
    /// Relative paths in the whole configuration begin at `ServerRoot`, so httpd insists on it
    /// before it reads on.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// ServerRoot /no/such/folder
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// ServerRoot /etc
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain where the disk is visible: on the server itself (`--host`), or where a folder of the
    /// repository stands for it (`--map`).
    pub static RULE = {
        id: "missing-directory",
        level: Level::Error,
        since: "0.1.0",
        needs: &[],
        check: Check::Refused,
    }
}
