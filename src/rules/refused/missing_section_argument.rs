use crate::diagnostic::Level;
use crate::rule::Check;

crate::rule! {
    /// A conditional section asks for nothing.
    ///
    /// ## What httpd does
    ///
    /// It refuses to start: `<IfModule> directive requires additional arguments`.
    ///
    /// ## Why it matters
    ///
    /// The name was forgotten, or a variable that should hold it is empty.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <IfModule>
    ///     ServerTokens Prod
    /// </IfModule>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <IfModule core_module>
    ///     ServerTokens Prod
    /// </IfModule>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain.
    pub static RULE = {
        id: "missing-section-argument",
        level: Level::Error,
        since: "0.1.0",
        needs: &[],
        check: Check::Refused,
    }
}
