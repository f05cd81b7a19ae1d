use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::Placed;
use crate::model::layers::pattern_of;
use crate::rule::{Check, Concern, Context, Report, Which};

const EXTENSIONS: &[&str] = &[
    "bak", "cgi", "css", "gif", "htm", "html", "inc", "ini", "jpg", "js", "jsp", "php", "pl",
    "png", "py", "sql", "txt", "xml",
];

crate::rule! {
    /// A dot before an extension stands for any character.
    ///
    /// ## What httpd does
    ///
    /// In a regular expression `.php$` is any character, and `php`: the pattern fits `a.php`, and `graphp` as well.
    ///
    /// ## Why it matters
    ///
    /// The section counts for more names than its words say.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <FilesMatch ".php$">
    ///     Require all denied
    /// </FilesMatch>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <FilesMatch "\.php$">
    ///     Require all denied
    /// </FilesMatch>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain for an extension of the web at the end of the pattern.
    pub static RULE = {
        id: "unescaped-dot",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Clarity,
        fix: Promise::Unsafe,
        check: Check::Directive(Which::Named(&["<LocationMatch", "<DirectoryMatch", "<FilesMatch"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let Some(pattern) = pattern_of(placed, context.inputs.table) else {
        return;
    };
    let line = placed.line();
    let text = &pattern.value;
    let Some((before, extension)) = text.strip_suffix('$').and_then(|it| it.rsplit_once('.'))
    else {
        return;
    };
    let is_escaped = before.ends_with(['\\', '[']);
    if is_escaped || !EXTENSIONS.contains(&extension) {
        return;
    }
    let finding = report.at(
        placed.at(line.argument_span(pattern.range.clone())),
        "the dot stands for any character",
    );
    let written = line.arguments().get(pattern.range.clone());
    let start = written.and_then(|it| it.find(text.as_str()));
    if let Some(start) = start.filter(|_| placed.is_verbatim()) {
        let at = pattern.range.start + start + before.len();
        let span = line.argument_span(at..at);
        let title = format!("write `\\.{extension}$`");
        finding.fix(
            Promise::Unsafe,
            title,
            vec![Edit {
                span,
                text: "\\".to_owned(),
            }],
        );
    }
}
