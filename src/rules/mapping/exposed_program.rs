use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::{first_word, words_of};
use crate::model::servers::ServerId;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// The text of programs can be downloaded under another path.
    ///
    /// ## What httpd does
    ///
    /// `ScriptAlias` runs the files of the folder for requests to its path. Because the folder lies below `DocumentRoot`,
    /// they have another path as well, and there they are sent as text.
    ///
    /// ## Why it matters
    ///
    /// Everybody can read the programs, with the passwords and mistakes that are in them.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     DocumentRoot /srv/shop
    ///     ScriptAlias /cgi/ /srv/shop/programs/
    /// </VirtualHost>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     DocumentRoot /srv/shop/htdocs
    ///     ScriptAlias /cgi/ /srv/shop/programs/
    /// </VirtualHost>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, unless something else forbids it or runs them: said only where no section that denies access or sets a
    /// handler may be about the folder.
    pub static RULE = {
        id: "exposed-program",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["ScriptAlias"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    let is_in_location = |it: &Placed<'_>| {
        it.sections()
            .any(|it| survey.name(&it).starts_with("<Location"))
    };
    let handlers = survey.possible(&["AddHandler", "SetHandler"]);
    if !handlers.iter().all(is_in_location) {
        return;
    }
    for line in survey.lines("ScriptAlias") {
        let words = words_of(&line);
        let [url, folder] = words.as_slice() else {
            continue;
        };
        let folder = survey.httpd.resolve(folder.trim_end_matches('/'));
        let Some(root) = survey.document_root_exposing(&folder) else {
            continue;
        };
        let top = first_word(&root)
            .map(|it| survey.httpd.resolve(&it))
            .unwrap_or_default();
        let path = folder
            .strip_prefix(top.trim_end_matches('/'))
            .unwrap_or_default();
        let is_same = url.trim_end_matches('/') == path;
        let servers = [survey.server_of(&root), survey.server_of(&line)];
        let is_one = servers[0] == servers[1] || servers.contains(&ServerId::MAIN);
        let is_of_server = survey.section_around(&line).is_none() && is_one;
        if path.is_empty() || is_same || !is_of_server {
            continue;
        }
        let message = format!("these programs can be downloaded below `{path}/`");
        let finding = report.at(line.site(), message);
        finding.secondary(root.line().span(), "they lie below this folder");
        finding.help("put them outside of `DocumentRoot`");
    }
}
