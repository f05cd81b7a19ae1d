use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::words_of;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// A program looks up what a rewrite rule asks, one request after the other.
    ///
    /// ## What httpd does
    ///
    /// It starts the program of `RewriteMap … prg:` once, and gives it one question at a time under a lock.
    ///
    /// ## Why it matters
    ///
    /// While the program thinks about one request, all others that ask it wait; where it hangs, they hang.
    ///
    /// ## Wrong
    ///
    /// ```file /bin/cat
    /// a program
    /// ```
    ///
    /// ```conf
    /// LoadModule rewrite_module modules/mod_rewrite.so
    /// RewriteEngine On
    /// RewriteMap shops prg:/bin/cat
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule rewrite_module modules/mod_rewrite.so
    /// RewriteEngine On
    /// RewriteMap lower int:tolower
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. A fast program is no trouble.
    pub static RULE = {
        id: "one-program-for-all",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Performance,
        check: Check::Directive(Which::Named(&["RewriteMap"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let words = words_of(placed);
    let is_program = words.get(1).is_some_and(|it| it.starts_with("prg:"));
    if is_program {
        let finding = report.at(
            placed.site(),
            "requests wait for each other at this program",
        );
        finding.help("a table (`txt:`, `dbm:`) answers all at once");
    }
}
