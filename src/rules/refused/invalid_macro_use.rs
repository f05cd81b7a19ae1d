use crate::diagnostic::Level;
use crate::rule::Check;

crate::rule! {
    /// A `Use` or `UndefMacro` does not fit any macro.
    ///
    /// ## What httpd does
    ///
    /// It refuses to start: the macro is not defined above, gets too few or too many arguments, or
    /// uses itself.
    ///
    /// ## Why it matters
    ///
    /// Macros are defined while httpd reads. A definition in a file that is read later comes too
    /// late.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule macro_module modules/mod_macro.so
    /// <Macro Admin $mail>
    ///     ServerAdmin $mail
    /// </Macro>
    /// Use Admin ops shop.example
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule macro_module modules/mod_macro.so
    /// <Macro Admin $mail>
    ///     ServerAdmin $mail
    /// </Macro>
    /// Use Admin ops@shop.example
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, unless the definition stands in a conditional section that nobody can decide: then
    /// nothing is said.
    pub static RULE = {
        id: "invalid-macro-use",
        level: Level::Error,
        since: "0.1.0",
        needs: &[],
        check: Check::Refused,
    }
}
