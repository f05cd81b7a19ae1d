use crate::argument::redirect::status;
use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};
use crate::syntax::words::Word;

// Directives whose words are a path and where it leads. A redirect may have a status before them.
const DIRECTIVES: &[&str] = &[
    "Alias",
    "ProxyPass",
    "Redirect",
    "RedirectPermanent",
    "RedirectTemp",
    "ScriptAlias",
    "WSGIScriptAlias",
];

crate::rule! {
    /// The path of an `Alias`, a `Redirect` or the like does not begin with a slash.
    ///
    /// ## What httpd does
    ///
    /// It compares the path with that of the request, which always begins with a slash, in
    /// `.htaccess` files, too. So the directive never applies, and httpd does not say so.
    ///
    /// ## Why it matters
    ///
    /// The redirect never happens, the folder or the application is not there: requests for it are
    /// answered with 404.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// Redirect 301 old.html https://shop.example/
    /// Alias pictures /srv/pictures
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// Redirect 301 /old.html https://shop.example/
    /// Alias /pictures /srv/pictures
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain for a path that begins with a letter or a digit. Patterns, whole URLs and paths
    /// with a variable in them are not looked at.
    pub static RULE = {
        id: "path-without-slash",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::Arguments(Which::Named(DIRECTIVES), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let words = line.words();
    let is_redirect = line.name().to_ascii_lowercase().starts_with("redirect");
    let Some(path) = path(&words, is_redirect) else {
        return;
    };
    let begins_plainly = path.text.starts_with(|it: char| it.is_ascii_alphanumeric());
    if !begins_plainly || path.text.contains([':', '$']) {
        return;
    }
    let message = format!("no request has the path `{}`", path.text);
    let finding = report.at(placed.at(line.word_span(path)), message);
    finding.label("paths of requests begin with `/`");
    if placed.is_verbatim() {
        // Before a quoted path, the slash belongs behind the quote.
        let start = path.value_range().start;
        let edit = Edit {
            span: line.argument_span(start..start),
            text: "/".to_owned(),
        };
        let title = format!("write `/{}`", path.text);
        finding.fix(Promise::Unsafe, title, vec![edit]);
    }
}

// With one word, or with a status and one word, the section around has the path.
fn path<'a, 'b>(words: &'a [Word<'b>], is_redirect: bool) -> Option<&'a Word<'b>> {
    match words {
        [_, path, _] if is_redirect => Some(path),
        [path, target] if is_redirect => {
            // `gone /path` has no target, `301 target` no path.
            let leads = target.text.starts_with('/') || target.text.contains("://");
            let is_status = status(&path.text).is_some();
            (leads && !is_status).then_some(path)
        }
        [path, _, ..] => Some(path),
        _ => None,
    }
}
