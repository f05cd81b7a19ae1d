use crate::diagnostic::Level;
use crate::rule::Check;

crate::rule! {
    /// The name of a variable contains a colon.
    ///
    /// ## What httpd does
    ///
    /// It refuses to start: `Variable name must not contain ':'`.
    ///
    /// ## Why it matters
    ///
    /// `${map:key}` is how mod_rewrite looks a key up in a map, so a variable cannot have such a
    /// name.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// Define site:port 8080
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// Define site_port 8080
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain.
    pub static RULE = {
        id: "invalid-variable-name",
        level: Level::Error,
        since: "0.1.0",
        needs: &[],
        check: Check::Refused,
    }
}
