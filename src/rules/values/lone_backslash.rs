use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};
use crate::source::Span;

crate::rule! {
    /// A backslash stands alone in a list.
    ///
    /// ## What httpd does
    ///
    /// It joins a line with the next one only if the backslash is the last character of the line. Where a blank or a word
    /// follows, the backslash is one more word of the directive.
    ///
    /// ## Why it matters
    ///
    /// A virtual host has the other name `\`. Where a blank follows, the next line is a directive of its own, and not the rest
    /// of the list.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     ServerAlias store.example \ shop.local
    /// </VirtualHost>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     ServerAlias store.example \
    ///         shop.local
    /// </VirtualHost>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain that the backslash is a word, and that no directive of these takes it for anything.
    pub static RULE = {
        id: "lone-backslash",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::Arguments(Which::Named(&["ServerAlias", "DirectoryIndex", "AddType", "AddHandler", "AddOutputFilterByType", "IndexIgnore", "PassEnv", "UnsetEnv", "AddEncoding", "AddLanguage", "AddCharset"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    if !line.arguments().contains('\\') {
        return;
    }
    let words = line.words();
    for word in words.iter().filter(|it| it.text == "\\") {
        let span = line.word_span(word);
        let finding = report.at(placed.at(span), "this backslash is one more word");
        finding.label("only at the very end of a line it joins two");
        let text = placed.occurrence.unit.source.text();
        let behind = text.get(span.end as usize..).unwrap_or_default();
        let blanks = behind.len() - behind.trim_start_matches([' ', '\t']).len();
        let is_end = behind[blanks..].starts_with(['\n', '\r']);
        if placed.is_verbatim() && is_end {
            let span = Span::new(span.file, span.end as usize..span.end as usize + blanks);
            let edit = Edit {
                span,
                text: String::new(),
            };
            finding.fix(Promise::Unsafe, "remove the blank", vec![edit]);
        } else if placed.is_verbatim() {
            let edit = Edit {
                span,
                text: String::new(),
            };
            finding.fix(Promise::Unsafe, "remove the backslash", vec![edit]);
        }
    }
}
