use rustc_hash::FxHashMap;

use crate::diagnostic::Level;
use crate::model::layers::{first_word, words_of};
use crate::model::scope::About;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};
use crate::world::Kind;

const ALIASES: &[&str] = &["Alias", "ScriptAlias", "WSGIScriptAlias"];

// What else leads to folders.
const OTHERS: &[&str] = &[
    "DocumentRoot",
    "AliasMatch",
    "ScriptAliasMatch",
    "RewriteRule",
];

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
    let aliases = survey.possible(ALIASES);
    if aliases.is_empty() || !context.is_whole() {
        return;
    }
    let mut by_url = FxHashMap::default();
    for line in &aliases {
        if let Some(url) = first_word(line) {
            by_url
                .entry(url.trim_end_matches('/').to_owned())
                .or_insert(line);
        }
    }
    let sections = survey.lines("<Directory").filter_map(|section| {
        let About::Directory(path) = survey.about(&section) else {
            return None;
        };
        let path = path.trim_end_matches('/').to_owned();
        let alias = by_url.get(&path).filter(|_| !path.is_empty())?;
        Some((section, path, *alias))
    });
    let sections: Vec<_> = sections.collect();
    if sections.is_empty() {
        return;
    }
    let folders = folders(survey);
    for (section, path, alias) in sections {
        let leads =
            |it: &String| it.starts_with(&path) || path.starts_with(it.trim_end_matches('/'));
        let is_folder = context.inputs.world.resource(&path) == Kind::Directory;
        if is_folder || folders.iter().any(leads) {
            continue;
        }
        let finding = report.at(section.site(), "this is the path of a URL, and no folder");
        finding.label("what it says counts for no file");
        finding.secondary(alias.line().span(), "the files lie in another folder");
        finding.help("write the path of the folder, or `<Location>`");
    }
}

// The folders that lines lead to.
fn folders(survey: &Survey<'_>) -> Vec<String> {
    let aliases = survey.possible(ALIASES);
    let of_aliases = aliases
        .iter()
        .filter_map(|it| words_of(it).into_iter().nth(1));
    let others = survey.possible(OTHERS);
    let of_others = others
        .iter()
        .flat_map(words_of)
        .filter(|it| it.starts_with('/'));
    let all = of_aliases.chain(of_others);
    all.map(|it| survey.httpd.resolve(&it)).collect()
}
