use crate::argument::section;
use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::{Line, NodeKind, OccurrenceId, Placed};
use crate::httpd::Directive;
use crate::rule::{Check, Context, Report};
use crate::source::Span;
use crate::syntax::words;

crate::rule! {
    /// A quote is opened and never closed.
    ///
    /// ## What httpd does
    ///
    /// It takes everything up to the end of the line, or up to the `>` of a section, as one word,
    /// and says nothing.
    ///
    /// ## Why it matters
    ///
    /// Several arguments become one: `ServerAlias "a.example b.example` is a single name that no
    /// request ever asks for. And other programs that read the file, such as certbot, Augeas and
    /// Puppet, refuse all of it.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <Directory "/srv/www>
    ///     AllowOverride None
    /// </Directory>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <Directory "/srv/www">
    ///     AllowOverride None
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain for directives whose words httpd splits itself, and for sections about paths,
    /// files and hosts. What other directives make of a quote is their own affair.
    pub static RULE = {
        id: "unterminated-quote",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Safe,
        check: Check::File(check),
    }
}

fn check(context: &Context<'_>, id: OccurrenceId, report: &mut Report) {
    for placed in context.config.nodes(id) {
        let unit = &placed.occurrence.unit;
        if matches!(placed.node.kind, NodeKind::Directive | NodeKind::Section)
            && unit.marks(placed.node).has_quote()
            && words::ends_open(&unit.text(placed.node))
            && context.definition(&placed).is_some_and(splits_words)
        {
            check_words(context, &placed, report);
        }
    }
}

fn check_words(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let text = argument_text(&line, placed);
    let words = words::split(text);
    let Some(word) = words.last().filter(|it| it.unterminated) else {
        return;
    };
    if context.refused.touches(line.span()) {
        return;
    }
    let span = line.argument_span(word.range.clone());
    let finding = report.at(placed.at(span), "this quote is never closed");
    finding.label(if word.text.contains(words::is_blank) {
        "one word to httpd"
    } else {
        "the word goes on to the end"
    });
    // Behind a backslash a quote would not close.
    if placed.is_verbatim() && !text.ends_with('\\') {
        let quote = word.quote.character().unwrap_or('"');
        let edit = Edit {
            span: Span {
                start: span.end,
                ..span
            },
            text: quote.to_string(),
        };
        finding.fix(Promise::Safe, "close the quote", vec![edit]);
    }
}

fn argument_text<'a>(line: &'a Line<'_>, placed: &Placed<'_>) -> &'a str {
    let text = line.arguments();
    match (placed.node.kind, text.rfind('>')) {
        (NodeKind::Section, Some(end)) => &text[..end],
        _ => text,
    }
}

// An expression has quotes of its own.
fn splits_words(definition: &Directive) -> bool {
    let name = &*definition.spelling;
    if definition.section {
        return section::is_core(name) && !matches!(name, "<If" | "<ElseIf" | "<Else");
    }
    definition.takes_words()
}
