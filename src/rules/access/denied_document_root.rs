use rustc_hash::FxHashSet;

use crate::diagnostic::Level;
use crate::evaluate::fnmatch;
use crate::model::layers::first_word;
use crate::model::reach::denies_everybody;
use crate::model::scope::{About, matches_directory};
use crate::model::servers::ServerId;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

const ACCESS: &[&str] = &["Require", "Order", "Allow", "Deny", "Satisfy"];
// What leads requests elsewhere, or opens folders in its own way.
const ELSEWHERE: &[&str] = &[
    "RewriteRule",
    "ProxyPass",
    "ProxyPassMatch",
    "RedirectMatch",
    "Redirect",
    "RedirectPermanent",
    "RedirectTemp",
    "WSGIScriptAlias",
    "WSGIScriptAliasMatch",
    "AliasMatch",
    "SetHandler",
    "JkMount",
    "VirtualDocumentRoot",
    "UserDir",
    "Use",
];

crate::rule! {
    /// Nothing lets anybody in to the documents of a site.
    ///
    /// ## What httpd does
    ///
    /// `Require all denied` for `/` counts for every folder for which nothing else is said.
    ///
    /// ## Why it matters
    ///
    /// Every request is answered with 403.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <Directory />
    ///     AllowOverride None
    ///     Require all denied
    /// </Directory>
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     DocumentRoot /srv/shop
    /// </VirtualHost>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <Directory />
    ///     AllowOverride None
    ///     Require all denied
    /// </Directory>
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     DocumentRoot /srv/shop
    ///     <Directory /srv/shop>
    ///         Require all granted
    ///     </Directory>
    /// </VirtualHost>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, where the rest of the server is known, and the site serves files: no section that may be about
    /// them says anything of access, no `.htaccess` file may, and nothing leads requests elsewhere.
    pub static RULE = {
        id: "denied-document-root",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["DocumentRoot"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    if !context.is_whole() || ELSEWHERE.iter().any(|it| survey.may_have(it)) {
        return;
    }
    let mut denied = None;
    let mut opened: FxHashSet<String> = FxHashSet::default();
    for line in survey.possible(ACCESS) {
        let Some(section) = line.parent() else { return };
        let is_denial = denies_everybody(&line);
        match survey.about(&section) {
            About::Directory(path) if path == "/" && is_denial && !line.node.uncertain => {
                denied = Some(line)
            }
            About::Directory(path) if fnmatch::is_pattern(&path) => return,
            About::Directory(path) => drop(opened.insert(path)),
            About::Files(_) | About::FilesMatch(_) if is_denial => {}
            _ => return,
        }
    }
    let Some(denied) = denied.filter(|_| !opened.contains("/")) else {
        return;
    };
    if survey.may_be_overridden() || !survey.may_have("AllowOverride") {
        return;
    }
    for line in survey.lines("DocumentRoot") {
        let Some(path) = first_word(&line) else {
            continue;
        };
        let path = survey.httpd.resolve(&path);
        let is_opened = opened
            .iter()
            .any(|it| is_over(it, &path) || is_over(&path, it));
        let is_asked =
            survey.server_of(&line) != ServerId::MAIN || survey.httpd.servers.all.len() == 1;
        if !is_opened && is_asked {
            let finding = report.at(line.site(), "nobody is let in to these documents");
            finding.secondary(
                denied.line().span(),
                "this counts where nothing else is said",
            );
            finding.help("write `Require all granted` in a `<Directory>` for this folder");
        }
    }
}

fn is_over(section: &str, folder: &str) -> bool {
    let ends = folder
        .match_indices('/')
        .map(|it| it.0)
        .chain([folder.len()]);
    ends.filter(|it| *it > 0)
        .any(|end| matches_directory(section, &folder[..end]))
}
