use crate::argument::expires::{Unread, mistake, unread};
use crate::argument::words::split;
use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// `ExpiresDefault` or `ExpiresByType` says a time that httpd does not read.
    ///
    /// ## What httpd does
    ///
    /// It has two languages. `A3600` and `M3600`, with a capital letter, are so many seconds behind
    /// the access or the modification; of what begins so httpd reads the number behind the letter
    /// and no more, and without a number it takes 0. `access plus 1 hour` is the other one, and
    /// begins with a small letter. Behind `plus` it needs a number and a unit, but accepts nothing.
    ///
    /// ## Why it matters
    ///
    /// `Access plus 1 month` is sent as `Cache-Control: max-age=0`: no browser keeps the file, and
    /// every page asks for it again.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule expires_module modules/mod_expires.so
    /// ExpiresActive On
    /// ExpiresDefault "Access plus 1 month"
    /// ExpiresByType text/css "access plus"
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule expires_module modules/mod_expires.so
    /// ExpiresActive On
    /// ExpiresDefault "access plus 1 month"
    /// ExpiresByType text/css A86400
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. `access` alone and `A0`, which say that nothing is kept, are not reported.
    pub static RULE = {
        id: "unread-expiry",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::Arguments(Which::Named(&["ExpiresByType", "ExpiresDefault"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let text = line.arguments();
    let is_default = line.name().eq_ignore_ascii_case("ExpiresDefault");
    let words = split(text);
    let Some(code) = words.get(usize::from(!is_default)) else {
        return;
    };
    // What is left of an undefined `${NAME}` is told elsewhere.
    let Some(unread) = unread(&code.value).filter(|_| !code.value.contains("${")) else {
        return;
    };
    let message = match unread {
        Unread::Seconds(seconds) => format!("httpd reads `{}` as {seconds} seconds", code.value),
        Unread::Nothing => format!("no time follows `{}`", code.value),
    };
    let finding = report.at(placed.at(line.argument_span(code.range.clone())), message);
    if unread == Unread::Nothing {
        finding.label("httpd adds nothing");
        return;
    }
    finding.label("behind a capital letter counts only a number of seconds");
    let small = code.value[..1].to_ascii_lowercase();
    let meant = format!("{small}{}", &code.value[1..]);
    let start = code.range.start + usize::from(text[code.range.clone()].starts_with(['"', '\'']));
    let is_there = text.get(start..start + 1) == code.value.get(..1);
    let is_word = code.value[1..].starts_with(|it: char| it.is_ascii_lowercase());
    if is_there && is_word && mistake(&meant).is_none() && placed.is_verbatim() {
        let edit = Edit {
            span: line.argument_span(start..start + 1),
            text: small,
        };
        finding.fix(Promise::Unsafe, format!("write `{meant}`"), vec![edit]);
    }
}
