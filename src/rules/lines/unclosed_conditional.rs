use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::{NodeKind, OccurrenceId, PlacedId, Truth};
use crate::rule::{Check, Context, Report};
use crate::source::Span;

crate::rule! {
    /// A conditional section is still open when its file ends, and httpd accepts it.
    ///
    /// ## What httpd does
    ///
    /// Where the condition is true, it reads on to the end of the file and says nothing. Where it
    /// is false, it refuses the file: `Expected </IfModule> before end of configuration`.
    ///
    /// ## Why it matters
    ///
    /// The server starts as long as the module is loaded or the name is defined. The day it is
    /// not, it does not start, and what stood in the section was more than anybody meant.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <IfModule core_module>
    ///     ServerTokens Prod
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <IfModule core_module>
    ///     ServerTokens Prod
    /// </IfModule>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain where the condition is known to be true. Where to close it is for a human to say:
    /// the end of the file is only where it ends now.
    pub static RULE = {
        id: "unclosed-conditional",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::File(check),
    }
}

fn check(context: &Context<'_>, id: OccurrenceId, report: &mut Report) {
    let unit = &context.config.occurrence(id).unit;
    let mut open = unit.left_open.iter().map(|it| {
        context.config.placed(PlacedId {
            occurrence: id,
            node: it.node,
        })
    });
    let Some(outermost) = open.next() else { return };
    let is_certain = outermost.node.kind == NodeKind::Conditional(Truth::True);
    if !is_certain || outermost.node.uncertain {
        return;
    }
    let spelling = |placed: &crate::evaluate::Placed<'_>| match placed.node.name {
        Some(name) => context.inputs.table.spelling(name).to_owned(),
        None => placed.line().name().into_owned(),
    };
    let name = spelling(&outermost);
    let message = format!("`{name}>` is never closed");
    let finding = report.at(outermost.site(), message);
    finding.label("goes on to the end of the file");
    let mut closing = format!("</{}>\n", &name[1..]);
    for inner in open {
        let name = spelling(&inner);
        finding.secondary(inner.line().span(), format!("nor is `{name}>`"));
        closing.insert_str(0, &format!("</{}>\n", &name[1..]));
    }
    let text = unit.source.text();
    if !text.ends_with('\n') {
        closing.insert(0, '\n');
    }
    let span = Span::new(unit.document.file, text.len()..text.len());
    let title = format!("close it with `</{}>` at the end of the file", &name[1..]);
    finding.fix(
        Promise::Unsafe,
        title,
        vec![Edit {
            span,
            text: closing,
        }],
    );
}
