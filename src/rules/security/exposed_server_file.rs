use crate::diagnostic::Level;
use crate::model::layers::first_word;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

const FILES: &[&str] = &[
    "SSLCertificateKeyFile",
    "PidFile",
    "ScoreBoardFile",
    "CoreDumpDirectory",
    "DavLockDB",
    "CacheRoot",
];

crate::rule! {
    /// A file that httpd keeps for itself can be downloaded.
    ///
    /// ## What httpd does
    ///
    /// It writes the file, or reads a key from it, and sends it like any other document, because it lies below a `DocumentRoot`.
    ///
    /// ## Why it matters
    ///
    /// A private key lets everybody read and forge what is said to the server; the other files tell what it is doing, or parts of
    /// its memory.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// ScoreBoardFile /srv/shop/htdocs/scoreboard
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     DocumentRoot /srv/shop/htdocs
    /// </VirtualHost>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// ScoreBoardFile logs/scoreboard
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     DocumentRoot /srv/shop/htdocs
    /// </VirtualHost>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, unless something else forbids it: said only where no section for files, folders or paths that denies access may be
    /// about it.
    pub static RULE = {
        id: "exposed-server-file",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(FILES), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    for line in survey.lines_of(FILES) {
        let Some(path) = first_word(&line) else {
            continue;
        };
        let path = survey.httpd.resolve(&path);
        if let Some(root) = survey.document_root_exposing(&path) {
            let finding = report.at(line.site(), "this can be downloaded");
            finding.secondary(root.line().span(), "it lies below this folder");
            finding.help("put it outside of `DocumentRoot`");
        }
    }
}
