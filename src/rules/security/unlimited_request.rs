use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::first_word;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// Requests may be of any size.
    ///
    /// ## What httpd does
    ///
    /// `0` lifts the limit: of the bytes of a body (`LimitRequestBody`), or of the number of headers (`LimitRequestFields`).
    ///
    /// ## Why it matters
    ///
    /// One client can fill the memory or the disk.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LimitRequestFields 0
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LimitRequestFields 100
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. A folder for large files may need it. CIS 10.2 and 10.4.
    pub static RULE = {
        id: "unlimited-request",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Security,
        check: Check::Directive(Which::Named(&["LimitRequestBody", "LimitRequestFields"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let is_lifted = first_word(placed).is_some_and(|it| it == "0");
    if is_lifted {
        let what = match placed
            .line()
            .name()
            .eq_ignore_ascii_case("LimitRequestBody")
        {
            true => "the body of a request may be of any size",
            false => "a request may have any number of headers",
        };
        let finding = report.at(placed.site(), what);
        finding.note("CIS Apache HTTP Server 2.4 Benchmark 10.2 and 10.4");
    }
}
