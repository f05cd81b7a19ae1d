use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// `HttpProtocolOptions Unsafe` lets malformed requests through.
    ///
    /// ## What httpd does
    ///
    /// It accepts requests that break the rules of HTTP: names of headers with characters that no name
    /// may have, lines that end with a line feed alone.
    ///
    /// ## Why it matters
    ///
    /// A proxy in front of httpd may see one request where httpd sees two: the second is smuggled past what the
    /// proxy checks.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// HttpProtocolOptions Unsafe
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// HttpProtocolOptions Strict
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. Where old clients need it, it can be limited to one virtual host.
    pub static RULE = {
        id: "malformed-requests",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Directive(Which::Named(&["HttpProtocolOptions"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let words = line.words();
    let word = words
        .iter()
        .find(|it| it.text.eq_ignore_ascii_case("unsafe"));
    if let Some(word) = word {
        report.at(
            placed.at(line.word_span(word)),
            "malformed requests are let through",
        );
    }
}
