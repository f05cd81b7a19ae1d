use crate::argument::header::Action;
use crate::argument::header::Header;
use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::survey::Survey;
use crate::rule::Check;
use crate::rule::Context;
use crate::rule::Report;
use crate::rule::Which;
use rustc_hash::FxHashMap;

// Who may send headers of his own.
const ELSEWHERE: &[&str] = &[
    "ProxyPass",
    "ProxyPassMatch",
    "SetHandler",
    "AddHandler",
    "ScriptAlias",
    "WSGIScriptAlias",
    "WSGIScriptAliasMatch",
    "JkMount",
    "Action",
    "PassengerEnabled",
];

crate::rule! {
    /// `Header unset` takes nothing away from what `Header` sets elsewhere.
    ///
    /// ## What httpd does
    ///
    /// It keeps two lists of headers: one for all answers, which `Header always` changes, and one for pages, which `Header` alone
    /// changes. `unset` looks into its own list.
    ///
    /// ## Why it matters
    ///
    /// The header is sent all the same.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule headers_module modules/mod_headers.so
    /// Header always set Cache-Control no-store
    /// <Location /static>
    ///     Header unset Cache-Control
    /// </Location>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule headers_module modules/mod_headers.so
    /// Header always set Cache-Control no-store
    /// <Location /static>
    ///     Header always unset Cache-Control
    /// </Location>
    /// ```
    ///
    /// ## How sure
    ///
    /// Concluded: it stands in a section, and outside of it the header is set, always in the other list. Where a backend or a
    /// program answers, that may have sent the header, and nothing is said.
    pub static RULE = {
        id: "vain-header-unset",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["Header"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    let is_answered_elsewhere = ELSEWHERE.iter().any(|it| survey.may_have(it));
    if is_answered_elsewhere || !context.is_whole() || !context.modules.foreign().is_empty() {
        return;
    }
    let lines = survey.possible(&["Header"]);
    let setting: Vec<_> = lines
        .iter()
        .filter_map(|it| Some((it, header(it)?)))
        .collect();
    let mut by_name: FxHashMap<String, Vec<(&Placed<'_>, &Header)>> = FxHashMap::default();
    for (line, header) in &setting {
        by_name
            .entry(name(header))
            .or_default()
            .push((*line, header));
    }
    for (line, unset) in &setting {
        let is_unset = unset.action == Some(Action::Unset) && unset.condition().is_none();
        if !is_unset || line.node.uncertain || survey.section_around(line).is_none() {
            continue;
        }
        let others = by_name.get(&name(unset)).into_iter().flatten();
        let setters: Vec<_> = others
            .filter(|(it, header)| {
                header.action != Some(Action::Unset) && survey.may_meet(it, line)
            })
            .collect();
        let own = line.parent().map(|it| it.id);
        let is_other = |it: &&&(&Placed<'_>, &Header)| {
            it.1.is_always != unset.is_always && it.0.parent().map(|it| it.id) != own
        };
        let Some(first) = setters
            .first()
            .filter(|_| setters.iter().filter(is_other).count() == setters.len())
        else {
            continue;
        };
        let (is_in, word) = match unset.is_always {
            true => ("pages alone", "write `Header unset`"),
            false => ("all answers", "write `Header always unset`"),
        };
        let finding = report.at(
            line.site(),
            format!("`{}` is sent all the same", unset.name.value),
        );
        finding.secondary(
            first.0.line().span(),
            format!("set in the list for {is_in}"),
        );
        finding.help(word);
    }
}

fn header(line: &Placed<'_>) -> Option<Header> {
    let header = Header::parse("Header", line.line().arguments());
    let is_meant = matches!(header.action, Some(Action::Unset | Action::Give));
    is_meant.then_some(header)
}

fn name(header: &Header) -> String {
    header.name.value.trim_end_matches(':').to_ascii_lowercase()
}
