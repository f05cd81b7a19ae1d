use crate::diagnostic::Level;
use crate::model::layers::first_word;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// A file with passwords can be downloaded.
    ///
    /// ## What httpd does
    ///
    /// It reads the file to check passwords, and sends it like any other document, because it lies below a
    /// `DocumentRoot`.
    ///
    /// ## Why it matters
    ///
    /// Whoever guesses the name gets all names and hashes of passwords, and tries them at home.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule authn_file_module modules/mod_authn_file.so
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     DocumentRoot /srv/shop/htdocs
    ///     <Location /admin>
    ///         AuthUserFile /srv/shop/htdocs/passwords
    ///     </Location>
    /// </VirtualHost>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule authn_file_module modules/mod_authn_file.so
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     DocumentRoot /srv/shop/htdocs
    ///     <Location /admin>
    ///         AuthUserFile /srv/shop/passwords
    ///     </Location>
    /// </VirtualHost>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, unless something else forbids it: said only where no section for files, folders or paths that
    /// denies access may be about it. Names that begin with `.ht` are mostly forbidden, and not looked at.
    pub static RULE = {
        id: "exposed-password-file",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["AuthUserFile", "AuthGroupFile"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    for line in survey.lines_of(&["AuthUserFile", "AuthGroupFile"]) {
        let Some(path) = first_word(&line) else {
            continue;
        };
        let path = survey.httpd.resolve(&path);
        if let Some(root) = survey.document_root_exposing(&path) {
            let finding = report.at(line.site(), "this file can be downloaded");
            finding.secondary(root.line().span(), "it lies below this folder");
            finding.help("put it outside of `DocumentRoot`");
        }
    }
}
