use crate::diagnostic::Level;
use crate::evaluate::OccurrenceId;
use crate::rule::{Allowance, Check, Context, Report};
use crate::source::Site;

crate::rule! {
    /// A comment allows a finding and does not say why.
    ///
    /// ## What httpd does
    ///
    /// Nothing: it is a comment. Who reads it is httpd-lint.
    ///
    /// ## Why it matters
    ///
    /// Whoever comes next cannot tell whether the reason still holds, and so the comment stays for
    /// ever.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// # httpd-lint: allow(trailing-comment)
    /// DirectoryIndex index.html # 4711
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// # httpd-lint: allow(trailing-comment) -- the ticket is part of the list
    /// DirectoryIndex index.html # 4711
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. The reason stands behind `--`. A comment that ends with a backslash goes on in the
    /// next line, and takes the directive there along: then this directive is not read, and what is
    /// allowed is allowed for the one below it.
    pub static RULE = {
        id: "allowance-without-reason",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        check: Check::File(check),
    }
}

fn check(context: &Context<'_>, id: OccurrenceId, report: &mut Report) {
    let occurrence = context.config.occurrence(id);
    let unit = &occurrence.unit;
    let all = Allowance::all(&unit.document, unit.source.text());
    for allowance in all.filter(|it| !it.has_reason) {
        let site = Site {
            span: allowance.span,
            frame: occurrence.frame,
        };
        let finding = report.at(site, "nothing says why this is allowed");
        finding.help("write the reason behind `--`");
    }
}
