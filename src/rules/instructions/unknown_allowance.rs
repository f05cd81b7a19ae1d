use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::OccurrenceId;
use crate::rule::{Allowance, Check, Context, Report};
use crate::rules;
use crate::source::Site;

crate::rule! {
    /// A comment allows something that no rule finds.
    ///
    /// ## What httpd does
    ///
    /// Nothing: it is a comment. Who reads it is httpd-lint.
    ///
    /// ## Why it matters
    ///
    /// What should be allowed is still reported.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// # httpd-lint: allow(trailing-coment) -- the ticket is part of the list
    /// ServerAdmin ops@shop.example
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
    /// Certain. `httpd-lint rules` lists the rules.
    pub static RULE = {
        id: "unknown-allowance",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::File(check),
    }
}

fn check(context: &Context<'_>, id: OccurrenceId, report: &mut Report) {
    let occurrence = context.config.occurrence(id);
    let unit = &occurrence.unit;
    for allowance in Allowance::all(&unit.document, unit.source.text()) {
        let site = |span| Site {
            span,
            frame: occurrence.frame,
        };
        if allowance.rules.is_empty() {
            report.at(site(allowance.span), "no rule is named here");
        }
        for named in &allowance.rules {
            if rules::find(&named.text).is_some() {
                continue;
            }
            let finding = report.at(
                site(named.span),
                format!("there is no rule `{}`", named.text),
            );
            if let Some(similar) = rules::similar(&named.text) {
                let edit = Edit {
                    span: named.span,
                    text: similar.to_owned(),
                };
                finding.fix(Promise::Unsafe, format!("write `{similar}`"), vec![edit]);
            }
        }
    }
}
