use crate::diagnostic::Level;
use crate::rule::Check;

crate::rule! {
    /// A directive has too few or too many arguments.
    ///
    /// ## What httpd does
    ///
    /// It refuses to start: `X takes one argument`, and a sentence about the directive.
    ///
    /// ## Why it matters
    ///
    /// A value with blanks needs quotes. And there are no comments at the end of a line: their
    /// words are arguments.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// ServerAdmin The Operators
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// ServerAdmin "The Operators"
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. Directives that count their arguments themselves are checked with their other
    /// rules.
    pub static RULE = {
        id: "wrong-arity",
        level: Level::Error,
        since: "0.1.0",
        needs: &[],
        check: Check::Refused,
    }
}
