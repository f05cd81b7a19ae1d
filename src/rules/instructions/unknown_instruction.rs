use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::OccurrenceId;
use crate::httpd::most_similar;
use crate::rule::{Check, Context, Report};
use crate::source::Site;
use crate::syntax::Instruction;

crate::rule! {
    /// A comment tells httpd-lint something that it does not understand.
    ///
    /// ## What httpd does
    ///
    /// Nothing: it is a comment.
    ///
    /// ## Why it matters
    ///
    /// What the comment should say is not heard. A comment that is never closed by its `)` says
    /// nothing, either, nor does one without the colon behind `httpd-lint`.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// # httpd-lint: alow(trailing-comment) -- the ticket is part of the list
    /// ServerAdmin ops@shop.example
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// # httpd-lint: context(server)
    /// ServerAdmin ops@shop.example
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. A comment without a word and a bracket behind `httpd-lint:` is meant for people.
    pub static RULE = {
        id: "unknown-instruction",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::File(check),
    }
}

const NAMES: [&str; 3] = Instruction::NAMES;

fn check(context: &Context<'_>, id: OccurrenceId, report: &mut Report) {
    let occurrence = context.config.occurrence(id);
    let (document, text) = (&occurrence.unit.document, occurrence.unit.source.text());
    let site = |span| Site {
        span,
        frame: occurrence.frame,
    };
    let without_colon = Instruction::all_without_colon(document, text);
    for told in without_colon.filter(|it| NAMES.contains(&&*it.name.text)) {
        let message = "without a colon behind it, `httpd-lint` is told nothing";
        let edit = Edit {
            span: told.address,
            text: "httpd-lint:".to_owned(),
        };
        let finding = report.at(site(told.address), message);
        finding.fix(Promise::Unsafe, "write `httpd-lint:`", vec![edit]);
    }
    for told in Instruction::all(document, text) {
        let (name, span) = (&*told.name.text, told.name.span);
        if NAMES.contains(&name) {
            if told.arguments.is_none() {
                report.at(site(told.span), format!("`{name}(` is never closed"));
            }
            continue;
        }
        let finding = report.at(site(span), format!("there is no instruction `{name}`"));
        finding.note(format!("there are {}", NAMES.join(", ")));
        if let Some(name) = most_similar(name, NAMES.into_iter()) {
            let edit = Edit {
                span,
                text: name.to_owned(),
            };
            finding.fix(Promise::Unsafe, format!("write `{name}`"), vec![edit]);
        }
    }
}
