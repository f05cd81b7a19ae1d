use crate::diagnostic::Level;
use crate::rule::Check;

crate::rule! {
    /// A `<Macro>` definition is malformed.
    ///
    /// ## What httpd does
    ///
    /// It refuses to start: a macro needs a name, and parameters that differ from each other.
    ///
    /// ## Why it matters
    ///
    /// Names of parameters are replaced as bare text, so two that are the same cannot both be
    /// meant.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule macro_module modules/mod_macro.so
    /// <Macro Site $name $name>
    ///     ServerAdmin $name
    /// </Macro>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule macro_module modules/mod_macro.so
    /// <Macro Site $name>
    ///     ServerAdmin $name
    /// </Macro>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain.
    pub static RULE = {
        id: "invalid-macro",
        level: Level::Error,
        since: "0.1.0",
        needs: &[],
        check: Check::Refused,
    }
}
