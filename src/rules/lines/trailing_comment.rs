use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::{NodeKind, OccurrenceId, Placed};
use crate::httpd::Directive;
use crate::rule::{Check, Context, Report};
use crate::source::Span;
use crate::syntax::words::{Quote, Word};

// These take words that may begin with `#`: patterns of files, and numbers of users.
const TAKES_HASHES: &[&str] = &["IndexIgnore", "HeaderName", "ReadmeName", "User", "Group"];

crate::rule! {
    /// A comment behind a directive is no comment: its words are arguments.
    ///
    /// ## What httpd does
    ///
    /// It knows comments only on lines of their own. Behind a directive `#` is an argument like
    /// any other, and so is each word behind it. A directive that takes a list takes them all.
    ///
    /// ## Why it matters
    ///
    /// `ServerAlias b.example # old name` gives the site three more names, and a request for the
    /// host `old` gets its pages.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     ServerAlias www.shop.example # the old name
    /// </VirtualHost>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     # the old name
    ///     ServerAlias www.shop.example
    /// </VirtualHost>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain that the words are arguments. Where httpd refuses them, that is told instead.
    /// Nothing is said of directives that take `On` or `Off` and ignore the rest of their line, of
    /// directives that cut their text in a way of their own, and of words that may well begin with
    /// `#`: quoted ones, patterns of files, and numbers of users.
    pub static RULE = {
        id: "trailing-comment",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::File(check),
    }
}

fn check(context: &Context<'_>, id: OccurrenceId, report: &mut Report) {
    for placed in context.config.nodes(id) {
        if placed.node.kind == NodeKind::Directive
            && placed.occurrence.unit.marks(placed.node).has_hash()
        {
            check_directive(context, &placed, report);
        }
    }
}

fn check_directive(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let words = line.words();
    let definition = context
        .definition(placed)
        .filter(|it| !TAKES_HASHES.contains(&&*it.spelling));
    let first = definition.and_then(|it| first_of_comment(&words, it));
    let Some(first) = first else { return };
    if context.refused.touches(line.span()) {
        return;
    }
    let name = line.name();
    let start = words[first].range.start;
    let whole = line.arguments().len();
    let span = line.argument_span(start..whole);
    let message = match words.len() - first {
        1 => format!("no comment begins here: this word is an argument of `{name}`"),
        count => format!("no comment begins here: these {count} words are arguments of `{name}`"),
    };
    let finding = report.at(placed.at(span), message);
    finding.note("httpd knows comments only on lines of their own");
    let title = "move the comment to a line of its own";
    if !placed.is_verbatim() {
        finding.help(title);
        return;
    }
    let (physical, begin) = (placed.physical_line().start, line.span().start);
    let text = placed.occurrence.unit.source.text();
    let indent = &text[physical as usize..begin as usize];
    let comment = &line.arguments()[start..];
    let edits = vec![
        Edit {
            span: Span {
                start: begin,
                end: begin,
                ..span
            },
            text: format!("{comment}\n{indent}"),
        },
        Edit {
            span: line.argument_span(words[first - 1].range.end..whole),
            text: String::new(),
        },
    ];
    finding.fix(Promise::Unsafe, title, edits);
}

// `# words` behind an argument; in a list also `#word`.
fn first_of_comment(words: &[Word<'_>], definition: &Directive) -> Option<usize> {
    if !definition.takes_words() && definition.spelling != "Require" {
        return None;
    }
    let begins_comment = |(index, word): (usize, &Word<'_>)| {
        let rest = word.text.trim_start_matches('#');
        let is_hash = word.quote == Quote::None && rest.len() < word.text.len();
        let is_marker = rest.is_empty() && index + 1 < words.len();
        let is_glued = definition.takes_list() && rest.starts_with(char::is_alphabetic);
        index > 0 && is_hash && (is_marker || is_glued)
    };
    words.iter().enumerate().position(begins_comment)
}
