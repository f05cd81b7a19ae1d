use crate::diagnostic::Level;
use crate::rule::Check;

crate::rule! {
    /// An `<Else>` or `<ElseIf>` does not follow an `<If>`.
    ///
    /// ## What httpd does
    ///
    /// It refuses to start: `<Else> or <ElseIf> section without previous <If> or <ElseIf> section
    /// in same scope`.
    ///
    /// ## Why it matters
    ///
    /// What belongs together must stand in the same section: an `<Else>` in a `<Directory>` does
    /// not see the `<If>` above the `<Directory>`.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <Else>
    ///     ServerSignature Off
    /// </Else>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <If "%{HTTPS} == 'on'">
    ///     ServerSignature On
    /// </If>
    /// <Else>
    ///     ServerSignature Off
    /// </Else>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, unless the `<If>` stands in a conditional section that nobody can decide: then
    /// nothing is said.
    pub static RULE = {
        id: "else-without-if",
        level: Level::Error,
        since: "0.1.0",
        needs: &[],
        check: Check::Refused,
    }
}
