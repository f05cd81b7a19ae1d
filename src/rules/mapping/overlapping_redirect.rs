use rustc_hash::FxHashMap;

use crate::argument::Located;
use crate::argument::redirect::Redirect;
use crate::argument::surroundings::NothingKnown;
use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::paths_over;
use crate::model::servers::ServerId;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

const REDIRECTS: &[&str] = &["Redirect", "RedirectPermanent", "RedirectTemp"];
const ALIASES: &[&str] = &["Alias", "ScriptAlias"];

crate::rule! {
    /// An earlier `Redirect` takes all requests for the path of this one.
    ///
    /// ## What httpd does
    ///
    /// It takes the first redirect that fits, in the order in which they are read, before it looks at any
    /// `Alias`.
    ///
    /// ## Why it matters
    ///
    /// The line does nothing: its requests are led somewhere else.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// Redirect /shop https://shop.example/
    /// Redirect /shop/cart https://cart.example/
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// Redirect /shop/cart https://cart.example/
    /// Redirect /shop https://shop.example/
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain for the lines of one server. Patterns, sections and variables are not looked at.
    pub static RULE = {
        id: "overlapping-redirect",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["Redirect", "RedirectPermanent", "RedirectTemp"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    let mut earlier: FxHashMap<(ServerId, String), Placed<'_>> = FxHashMap::default();
    let aliases = survey.possible(ALIASES);
    let lines = survey.possible(REDIRECTS).into_iter().chain(aliases);
    for line in lines.filter(|it| !it.node.uncertain && survey.section_around(it).is_none()) {
        let text = line.line();
        let name = survey.name(&line);
        let is_redirect = REDIRECTS.contains(&name);
        let path = match is_redirect {
            true => Redirect::parse(name, text.arguments(), &NothingKnown).path,
            false => crate::argument::words::split(text.arguments())
                .into_iter()
                .next(),
        };
        let is_path = |it: &Located<String>| it.value.starts_with('/') && !it.value.contains("${");
        let Some(path) = path.filter(is_path) else {
            continue;
        };
        if survey.is_in_directory(&line) {
            continue;
        }
        let server = survey.server_of(&line);
        let first = paths_over(&path.value).find_map(|it| earlier.get(&(server, it.to_owned())));
        if let Some(first) = first {
            let span = text.argument_span(path.range);
            let message = format!("no request gets to the path `{}` here", path.value);
            let finding = report.at(line.at(span), message);
            finding.secondary(first.line().span(), "this takes its requests");
        } else if is_redirect {
            earlier.entry((server, path.value)).or_insert(line);
        }
    }
}
