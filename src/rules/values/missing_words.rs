use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::httpd::Directive;
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

// Directives whose first word needs others behind it, and what becomes of it without them.
const OPENINGS: &[(&str, &str, &str)] = &[
    ("Header", "echo", "sends every header of the request back"),
    ("Header", "unset", NOTHING),
    ("RequestHeader", "unset", NOTHING),
    ("UserDir", "enable", NOTHING),
    ("UserDir", "enabled", NOTHING),
];

crate::rule! {
    /// Nothing stands behind a directive that needs words.
    ///
    /// ## What httpd does
    ///
    /// A few of its directives do not count their words. Without any, some do nothing, and others
    /// set an empty list: `DirectoryIndex` takes the index files away, and `AccessFileName` the
    /// `.htaccess` files. `UserDir enabled` enables nobody without names, and `Header echo` without
    /// a name sends every header of the request back.
    ///
    /// ## Why it matters
    ///
    /// A variable or a template left the words out, and the line does not do what it was written
    /// for. Without an index file, `/` is answered with 404 or with a list of the files; of the
    /// headers of a request, some are secrets.
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
        check: Check::Arguments(Which::Described(counts_no_words), check),
    }
}

fn counts_no_words(directive: &Directive) -> bool {
    let name = &*directive.spelling;
    effect(name, None).is_some() || OPENINGS.iter().any(|it| it.0 == name)
}

// What becomes of a directive with nothing behind its name, or behind its first word.
fn effect(directive: &str, opening: Option<&str>) -> Option<&'static str> {
    let Some(opening) = opening else {
        let found = DIRECTIVES.iter().find(|it| it.0 == directive);
        return found.map(|it| it.1);
    };
    let is_meant = |it: &&(&str, &str, _)| it.0 == directive && it.1.eq_ignore_ascii_case(opening);
    OPENINGS.iter().find(is_meant).map(|it| it.2)
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let words = line.words();
    let mut words = words.iter().map(|it| &*it.text).filter(|it| !it.is_empty());
    let (opening, more) = (words.next(), words.next());
    let Some(definition) = context.definition(placed).filter(|_| more.is_none()) else {
        return;
    };
    let name = &definition.spelling;
    let Some(effect) = effect(name, opening) else {
        return;
    };
    let message = match opening {
        Some(opening) => format!("nothing stands behind `{name} {opening}`"),
        None => format!("nothing stands behind `{name}`"),
    };
    report.at(placed.at(line.span()), message).label(effect);
}
