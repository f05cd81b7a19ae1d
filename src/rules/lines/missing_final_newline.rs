use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::OccurrenceId;
use crate::rule::{Check, Context, Report};
use crate::source::{Site, Span};

crate::rule! {
    /// The last line of a file has no newline, and just the length at which httpd loses it.
    ///
    /// ## What httpd does
    ///
    /// It reads lines into a buffer that grows. A last line without a newline that fills the
    /// buffer to its last byte (206, 414, 1246 bytes and some larger sizes) is taken for the end
    /// of the file, and never seen.
    ///
    /// ## Why it matters
    ///
    /// The directive does nothing, and no program says so. One letter more or less and it works,
    /// so the mistake comes and goes with an unrelated change.
    ///
    /// ## Wrong
    ///
    /// ```conf no-newline
    /// ServerTokens Prod
    /// ServerAdmin aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@shop.example
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// ServerTokens Prod
    /// ServerAdmin aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@shop.example
    /// ```
    ///
    /// ## How sure
    ///
    /// The sizes were found by trying with httpd 2.4 and APR 1.7. A missing newline that does no
    /// harm is not reported.
    pub static RULE = {
        id: "missing-final-newline",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Safe,
        check: Check::File(check),
    }
}

fn check(context: &Context<'_>, id: OccurrenceId, report: &mut Report) {
    let occurrence = context.config.occurrence(id);
    let Some(span) = occurrence.unit.lost else {
        return;
    };
    let site = Site {
        span,
        frame: occurrence.frame,
    };
    let finding = report.at(site, "httpd loses this last line, which has no newline");
    finding.label("fills a read buffer to its last byte");
    let end = occurrence.unit.source.text().len();
    let edit = Edit {
        span: Span::new(span.file, end..end),
        text: "\n".to_owned(),
    };
    finding.fix(Promise::Safe, "end the line", vec![edit]);
}
