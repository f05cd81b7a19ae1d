use crate::argument::header::{Action, Header};
use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::Placed;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// `Strict-Transport-Security` is not sent with errors and redirects of httpd.
    ///
    /// ## What httpd does
    ///
    /// `Header set` without `always` counts for answers with a page alone. Redirects and errors that httpd makes itself get
    /// the headers of `Header always`.
    ///
    /// ## Why it matters
    ///
    /// The first answer is often a redirect: the browser does not learn there that it should come back over TLS alone.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule headers_module modules/mod_headers.so
    /// Header set Strict-Transport-Security "max-age=63072000"
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule headers_module modules/mod_headers.so
    /// Header always set Strict-Transport-Security "max-age=63072000"
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. Where a backend sends the header as well, `always` sends it twice; then the backend's has to be removed.
    pub static RULE = {
        id: "transport-security-for-some",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Security,
        fix: Promise::Unsafe,
        check: Check::Directive(Which::Named(&["Header"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    if !line
        .arguments()
        .to_ascii_lowercase()
        .contains("strict-transport")
    {
        return;
    }
    let header = Header::parse("Header", line.arguments());
    let name = header.name.value.trim_end_matches(':');
    let is_it = name.eq_ignore_ascii_case("Strict-Transport-Security");
    let is_given = header.action == Some(Action::Give) && !header.is_always;
    if !is_it || !is_given {
        return;
    }
    let finding = report.at(
        placed.site(),
        "redirects and errors do not have this header",
    );
    let at = header.word.range.start;
    let is_plain = header.word.value.eq_ignore_ascii_case("set");
    if placed.is_verbatim() && is_plain {
        let span = line.argument_span(at..at);
        let text = "always ".to_owned();
        finding.fix(
            Promise::Unsafe,
            "write `Header always`",
            vec![Edit { span, text }],
        );
    }
}
