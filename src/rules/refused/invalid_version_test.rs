use crate::diagnostic::Level;
use crate::rule::Check;

crate::rule! {
    /// An `<IfVersion>` compares in a way that httpd does not know.
    ///
    /// ## What httpd does
    ///
    /// It refuses to start, with `unrecognized operator 'X'` or a message about the version number.
    ///
    /// ## Why it matters
    ///
    /// The operator and the number are two words: `>= 2.4`. Operators are `=`, `==`, `>`, `>=`,
    /// `<`, `<=` and `~`, each also with `!` before it.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <IfVersion >=2.4>
    ///     ServerTokens Prod
    /// </IfVersion>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <IfVersion >= 2.4>
    ///     ServerTokens Prod
    /// </IfVersion>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain.
    pub static RULE = {
        id: "invalid-version-test",
        level: Level::Error,
        since: "0.1.0",
        needs: &[],
        check: Check::Refused,
    }
}
