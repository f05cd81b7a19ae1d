use crate::diagnostic::Level;
use crate::model::layers::words_of;
use crate::model::scope::About;
use crate::model::survey::Survey;
use crate::rule::Check;
use crate::rule::Context;
use crate::rule::Report;
use crate::rule::Which;
use rustc_hash::FxHashMap;

crate::rule! {
    /// A `<Directory>` has the path of a URL that `Alias` maps to another folder.
    ///
    /// ## What httpd does
    ///
    /// It compares `<Directory>` with the folder of the file, never with the path of the request.
    ///
    /// ## Why it matters
    ///
    /// What the section says counts for no file: what it protects is open.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// Alias /static /srv/shop/static
    /// <Directory /static>
    ///     Require all denied
    /// </Directory>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// Alias /static /srv/shop/static
    /// <Directory /srv/shop/static>
    ///     Require all denied
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain that no `Alias` and no `DocumentRoot` of the configuration leads to that folder; a rewrite rule or a link of
    /// the file system might.
    pub static RULE = {
        id: "url-as-directory",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["<Directory"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    let aliases = survey.possible(&["Alias", "ScriptAlias", "WSGIScriptAlias"]);
    if aliases.is_empty() || !context.is_whole() {
        return;
    }
    let mut by_url = FxHashMap::default();
    let mut folders: Vec<String> = Vec::new();
    for line in &aliases {
        let words = words_of(line);
        if let [url, folder, ..] = words.as_slice() {
            by_url
                .entry(url.trim_end_matches('/').to_owned())
                .or_insert(line);
            folders.push(survey.httpd.resolve(folder));
        }
    }
    let targets = survey.possible(&[
        "DocumentRoot",
        "AliasMatch",
        "ScriptAliasMatch",
        "RewriteRule",
    ]);
    let targets = targets.iter().flat_map(words_of);
    folders.extend(targets.filter(|it| it.starts_with('/')));
    for section in survey.lines("<Directory") {
        let About::Directory(path) = survey.about(&section) else {
            continue;
        };
        let path = path.trim_end_matches('/');
        let leads =
            |it: &String| it.starts_with(path) || path.starts_with(it.trim_end_matches('/'));
        let Some(alias) = by_url
            .get(path)
            .filter(|_| !path.is_empty() && !folders.iter().any(leads))
        else {
            continue;
        };
        let finding = report.at(section.site(), "this is the path of a URL, and no folder");
        finding.label("what it says counts for no file");
        finding.secondary(alias.line().span(), "the files lie in another folder");
        finding.help("write the path of the folder, or `<Location>`");
    }
}
