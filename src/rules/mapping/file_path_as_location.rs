use crate::diagnostic::Level;
use crate::model::layers::first_word;
use crate::model::scope::About;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// The path of a `<Location>` is that of a folder on the disk.
    ///
    /// ## What httpd does
    ///
    /// It compares the path with that of the URL, in which the folder of documents does not occur.
    ///
    /// ## Why it matters
    ///
    /// The section applies to no request: what it protects is open.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <Location /srv/shop/htdocs/admin>
    ///     Require all denied
    /// </Location>
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     DocumentRoot /srv/shop/htdocs
    /// </VirtualHost>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <Directory /srv/shop/htdocs/admin>
    ///     Require all denied
    /// </Directory>
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     DocumentRoot /srv/shop/htdocs
    /// </VirtualHost>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain that no document has such a URL: the path begins with that of a `DocumentRoot`, and no alias has it.
    pub static RULE = {
        id: "file-path-as-location",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["<Location"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    for section in survey.lines("<Location") {
        let About::Location(path) = survey.about(&section) else {
            continue;
        };
        let Some(root) = survey.document_root_over(&path) else {
            continue;
        };
        let is_deep = first_word(&root).is_some_and(|it| it.matches('/').count() > 1);
        let mut aliases =
            survey.lines_of(&["Alias", "ScriptAlias", "ProxyPass", "WSGIScriptAlias"]);
        let top = path.split('/').nth(1).unwrap_or_default();
        let is_url =
            aliases.any(|it| first_word(&it).is_some_and(|it| it.split('/').nth(1) == Some(top)));
        if is_deep && !is_url {
            let message = format!("no request has the path `{path}`");
            let finding = report.at(section.site(), message);
            finding.label("paths of URLs are compared here");
            finding.secondary(root.line().span(), "it lies in this folder");
            finding.help("write `<Directory>`");
        }
    }
}
