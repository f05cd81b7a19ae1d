use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};

// What becomes of a directive behind which nothing stands.
const DIRECTIVES: &[(&str, &str)] = &[
    ("AccessFileName", "no file of a directory is read"),
    ("AllowOverrideList", "the list is empty"),
    ("DirectoryIndex", "no file is the index of a directory"),
    ("FileETag", NOTHING),
    ("RegexDefaultOptions", NOTHING),
    ("RequestReadTimeout", NOTHING),
    ("ServerAlias", NOTHING),
];
const NOTHING: &str = "does nothing";

crate::rule! {
    /// Nothing stands behind a directive that needs words.
    ///
    /// ## What httpd does
    ///
    /// A few of its directives do not count their words. Without any, some do nothing, and others
    /// set an empty list: `DirectoryIndex` takes the index files away, and `AccessFileName` the
    /// `.htaccess` files.
    ///
    /// ## Why it matters
    ///
    /// A variable or a template left the words out, and the line does not do what it was written
    /// for. Without an index file, `/` is answered with 404 or with a list of the files.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// DirectoryIndex
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// DirectoryIndex index.html
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. Whoever means it says so: `DirectoryIndex disabled`, `AllowOverrideList None`.
    pub static RULE = {
        id: "missing-words",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Arguments(Which::Described(|it| effect(&it.spelling).is_some()), check),
    }
}

fn effect(directive: &str) -> Option<&'static str> {
    let found = DIRECTIVES.iter().find(|it| it.0 == directive);
    found.map(|it| it.1)
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    if line.words().iter().any(|it| !it.text.is_empty()) {
        return;
    }
    let definition = context.definition(placed);
    let Some(effect) = definition.and_then(|it| effect(&it.spelling)) else {
        return;
    };
    if !context.refused.touches(line.span()) {
        let message = format!("nothing stands behind `{}`", line.name());
        report.at(placed.at(line.span()), message).label(effect);
    }
}
