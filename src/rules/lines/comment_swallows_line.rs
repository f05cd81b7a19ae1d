use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::OccurrenceId;
use crate::httpd::Table;
use crate::rule::{Check, Context, Report};
use crate::source::{Site, Span};
use crate::syntax::{LineKind, words};

crate::rule! {
    /// A comment ends with a backslash, so the directive below it is part of the comment.
    ///
    /// ## What httpd does
    ///
    /// It joins a line that ends with a backslash to the next one before it looks for `#`. Both
    /// together are one comment, and it ignores them.
    ///
    /// ## Why it matters
    ///
    /// The directive looks alive in every editor, and does nothing. A path of Windows at the end
    /// of a comment is enough.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// # The covers come from \\archive\covers\
    /// ServerAdmin ops@shop.example
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// # The covers come from \\archive\covers
    /// ServerAdmin ops@shop.example
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain that the line is not read. Nothing is said where the line below is a comment too,
    /// where it begins with no directive's name, or where it is the indented rest of a directive
    /// that was commented out. To remove the backslash brings a line to life that nobody has ever
    /// run, so the fix is not applied unseen.
    pub static RULE = {
        id: "comment-swallows-line",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::File(check),
    }
}

fn check(context: &Context<'_>, id: OccurrenceId, report: &mut Report) {
    let occurrence = context.config.occurrence(id);
    let (document, text) = (&occurrence.unit.document, occurrence.unit.source.text());
    let joined = document
        .lines
        .iter()
        .filter(|it| it.kind == LineKind::Comment && !it.is_plain());
    for line in joined {
        let comment = &text[line.start as usize..line.end as usize];
        let Some(swallowed) = swallowed(context.inputs.table, text, line.start as usize, comment)
        else {
            continue;
        };
        let place = |range| Span::new(document.file, range);
        let backslash = place(swallowed.backslash..swallowed.backslash + 1);
        let site = Site {
            span: place(swallowed.start..swallowed.end),
            frame: occurrence.frame,
        };
        let finding = report.at(site, "this line is part of the comment above");
        finding.label("httpd does not read it");
        finding.secondary(backslash, "this backslash joins the lines");
        let edit = Edit {
            span: backslash,
            text: String::new(),
        };
        finding.fix(Promise::Unsafe, "remove the backslash", vec![edit]);
    }
}

struct Swallowed {
    backslash: usize,
    start: usize,
    end: usize,
}

// The first physical line of a comment, behind its first, that reads like a directive; `start` is
// the comment's place in the text.
fn swallowed(table: &Table, text: &str, start: usize, comment: &str) -> Option<Swallowed> {
    let column = start - text[..start].rfind('\n').map_or(0, |it| it + 1);
    let was_directive = is_known(table, comment.trim_start_matches(['#', ' ', '\t']));
    let mut at = 0;
    for (above, below) in comment.split('\n').zip(comment.split('\n').skip(1)) {
        let above_end = at + above.strip_suffix('\r').unwrap_or(above).len();
        at += above.len() + 1;
        let directive = below.trim_matches(words::is_blank);
        let indent = below.len() - below.trim_start_matches(words::is_blank).len();
        if directive.starts_with('#')
            || !is_known(table, directive)
            || (was_directive && indent > column)
        {
            continue;
        }
        let directive = directive.trim_end_matches(['\\', ' ']);
        return Some(Swallowed {
            backslash: start + above_end - 1,
            start: start + at + indent,
            end: start + at + indent + directive.len(),
        });
    }
    None
}

// Whether a line begins with the name of a directive or a section, or closes one.
fn is_known(table: &Table, line: &str) -> bool {
    let word = line.split(words::is_blank).next().unwrap_or_default();
    let word = word.strip_suffix('>').unwrap_or(word);
    match word.strip_prefix("</") {
        Some(closed) => table.name(&format!("<{closed}")).is_some(),
        None => table.name(word).is_some(),
    }
}
