use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::Placed;
use crate::httpd::Directive;
use crate::rule::{Check, Context, Report, Which};
use crate::syntax::words::Word;

crate::rule! {
    /// A directive about file extensions has them first.
    ///
    /// ## What httpd does
    ///
    /// It takes the first word for the type, the handler or the language, and the others for
    /// extensions. `AddType .html text/html` gives files that end in `.text/html` the type `.html`.
    ///
    /// ## Why it matters
    ///
    /// No file ends so: the directive does nothing, files are sent without their type, and scripts
    /// as text for everybody to read.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule mime_module modules/mod_mime.so
    /// AddHandler .cgi cgi-script
    /// AddType .webmanifest application/manifest+json
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule mime_module modules/mod_mime.so
    /// AddHandler cgi-script .cgi
    /// AddType application/manifest+json .webmanifest
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain: no type, handler, language, charset, encoding or filter begins with a dot. Where
    /// all words do, nothing is said.
    pub static RULE = {
        id: "swapped-extension",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::Arguments(Which::Described(takes_extensions), check),
    }
}

// Something, and the extensions that it is for.
fn takes_extensions(directive: &Directive) -> bool {
    let mut words = directive.syntax.split_whitespace().skip(1);
    let first = words.next();
    first.is_some_and(|it| it != "extension") && words.next() == Some("extension")
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let Some(definition) = context.definition(placed) else {
        return;
    };
    let line = placed.line();
    let words = line.words();
    let Some((first, others)) = words.split_first() else {
        return;
    };
    let is_extension = |it: &Word<'_>| it.text.len() > 1 && it.text.starts_with('.');
    let second = others.iter().find(|it| !it.text.starts_with('.'));
    let Some(second) = second.filter(|it| is_extension(first) && !it.text.contains("${")) else {
        return;
    };
    let name = &definition.spelling;
    let message = format!("`{name}` takes `{}` for an extension", second.text);
    let finding = report.at(placed.at(line.word_span(second)), message);
    finding.secondary(line.word_span(first), "and this for what files with it are");
    if others.len() == 1 && placed.is_verbatim() {
        let whole = line.arguments();
        let edits = [(first, second), (second, first)].map(|(place, other)| Edit {
            span: line.word_span(place),
            text: whole[other.range.clone()].to_owned(),
        });
        finding.fix(Promise::Unsafe, "swap the two", edits.to_vec());
    } else {
        finding.help("write the extensions last");
    }
}
