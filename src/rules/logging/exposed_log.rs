use crate::diagnostic::Level;
use crate::model::layers::first_word;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// A log can be downloaded.
    ///
    /// ## What httpd does
    ///
    /// It writes the log, and sends it like any other document, because it lies below a `DocumentRoot`.
    ///
    /// ## Why it matters
    ///
    /// Logs tell who asked for what: addresses, names, tokens in URLs.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     DocumentRoot conf.d
    ///     CustomLog conf.d/access.log "%h %t %r"
    /// </VirtualHost>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     DocumentRoot conf.d
    ///     CustomLog logs/access.log "%h %t %r"
    /// </VirtualHost>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, unless something else forbids it: said only where no section for files, folders or paths that
    /// denies access may be about it.
    pub static RULE = {
        id: "exposed-log",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["ErrorLog", "CustomLog", "TransferLog"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    for line in survey.lines_of(&["ErrorLog", "CustomLog", "TransferLog"]) {
        let is_path = |it: &String| !it.starts_with('|') && !it.contains(':') && it != "syslog";
        let Some(path) = first_word(&line).filter(is_path) else {
            continue;
        };
        let path = survey.httpd.resolve(&path);
        if let Some(root) = survey.document_root_exposing(&path) {
            let finding = report.at(line.site(), "this log can be downloaded");
            finding.secondary(root.line().span(), "it lies below this folder");
            finding.help("put it outside of `DocumentRoot`");
        }
    }
}
