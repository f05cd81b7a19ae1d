use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::first_word;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// Errors are written to `/dev/null`.
    ///
    /// ## What httpd does
    ///
    /// It opens the file like any other, and what is written there is gone.
    ///
    /// ## Why it matters
    ///
    /// Nobody learns what went wrong. To log less, there is `LogLevel`.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     ErrorLog /dev/null
    /// </VirtualHost>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     LogLevel error
    /// </VirtualHost>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. CIS 6.1.
    pub static RULE = {
        id: "discarded-errors",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Directive(Which::Named(&["ErrorLog"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let is_nowhere = first_word(placed).is_some_and(|it| it == "/dev/null");
    if is_nowhere {
        report.at(placed.site(), "errors are written nowhere");
    }
}
