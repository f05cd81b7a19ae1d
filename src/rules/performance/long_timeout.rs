use crate::argument::number::atoi;
use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::first_word;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// `Timeout` waits for more than five minutes.
    ///
    /// ## What httpd does
    ///
    /// It keeps a process or a thread for a client that says nothing for so long.
    ///
    /// ## Why it matters
    ///
    /// A few slow or broken clients take all of them.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// Timeout 1200
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// Timeout 60
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. A single slow backend has its own `timeout=` in `ProxyPass`.
    pub static RULE = {
        id: "long-timeout",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Performance,
        check: Check::Directive(Which::Named(&["Timeout"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let seconds = first_word(placed).map_or(0, |it| atoi(&it));
    if seconds > 300 {
        report.at(
            placed.site(),
            format!("httpd waits {seconds} seconds for a silent client"),
        );
    }
}
