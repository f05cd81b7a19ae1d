use crate::diagnostic::Level;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// Times of expiry are set where nothing switches them on.
    ///
    /// ## What httpd does
    ///
    /// Without `ExpiresActive On` it sends neither `Expires` nor `Cache-Control`.
    ///
    /// ## Why it matters
    ///
    /// Browsers ask again for files that they could keep.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule expires_module modules/mod_expires.so
    /// ExpiresDefault "access plus 1 month"
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule expires_module modules/mod_expires.so
    /// ExpiresActive On
    /// ExpiresDefault "access plus 1 month"
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, where the rest of the server is known: nothing switches it on anywhere.
    pub static RULE = {
        id: "inactive-expiry",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["ExpiresByType", "ExpiresDefault"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    if !context.is_whole() || survey.may_have("ExpiresActive") {
        return;
    }
    let mut lines = survey.lines_of(&["ExpiresByType", "ExpiresDefault"]);
    if let Some(first) = lines.next() {
        let finding = report.at(first.site(), "nothing switches times of expiry on");
        for other in lines {
            finding.secondary(other.line().span(), "nor does this do anything");
        }
        finding.help("write `ExpiresActive On`");
    }
}
