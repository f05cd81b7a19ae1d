use crate::argument::log_level::parse;
use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// The log is as loud as for looking for mistakes.
    ///
    /// ## What httpd does
    ///
    /// With `debug` and `trace1` to `trace8` it writes several lines for each request; from `trace7` on also what
    /// is sent and received.
    ///
    /// ## Why it matters
    ///
    /// The log fills the disk, and secrets come to stand in it.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LogLevel debug
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LogLevel warn
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. While somebody looks for a mistake it is right.
    pub static RULE = {
        id: "loud-log",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Performance,
        check: Check::Directive(Which::Named(&["LogLevel"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let is_loud =
        |it: &str| it.eq_ignore_ascii_case("debug") || it.to_ascii_lowercase().starts_with("trace");
    let levels = parse(line.arguments());
    let loud = levels.iter().find(|it| is_loud(&it.level.value));
    if let Some(loud) = loud {
        let span = line.argument_span(loud.word.range.clone());
        let message = format!(
            "`{}` writes several lines for each request",
            loud.level.value
        );
        report.at(placed.at(span), message);
    }
}
