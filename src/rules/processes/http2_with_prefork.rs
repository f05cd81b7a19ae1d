use crate::diagnostic::Level;
use crate::model::survey::Survey;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// HTTP/2 is offered, and the prefork MPM cannot speak it.
    ///
    /// ## What httpd does
    ///
    /// mod_http2 does not work with the prefork MPM: it says so in the log, and HTTP/1.1 is spoken.
    ///
    /// ## Why it matters
    ///
    /// The pages are as slow as before.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule mpm_prefork_module modules/mod_mpm_prefork.so
    /// LoadModule http2_module modules/mod_http2.so
    /// Protocols h2 http/1.1
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule mpm_event_module modules/mod_mpm_event.so
    /// LoadModule http2_module modules/mod_http2.so
    /// Protocols h2 http/1.1
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, where both modules are known to be loaded.
    pub static RULE = {
        id: "http2-with-prefork",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Performance,
        check: Check::Survey(Which::Named(&["Protocols"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    let has = |it: &str| survey.httpd.has(it) == Ok(true);
    if !has("mpm_prefork_module") || !has("http2_module") {
        return;
    }
    for line in survey.lines("Protocols") {
        let text = line.line();
        let words = text.words();
        let is_second = |it: &str| {
            ["h2", "h2c"]
                .iter()
                .any(|name| it.eq_ignore_ascii_case(name))
        };
        if let Some(word) = words.iter().find(|it| is_second(&it.text)) {
            let finding = report.at(
                line.at(text.word_span(word)),
                "the prefork MPM cannot speak HTTP/2",
            );
            finding.help("load the event MPM");
        }
    }
}
