use rustc_hash::FxHashMap;

use crate::argument::header::{Action, Header};
use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::reach::Reaches;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

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
    let unsets = survey.lines("Header").filter(|it| {
        let is_meant = |it: Header| it.action == Some(Action::Unset) && it.condition().is_none();
        survey.section_around(it).is_some() && header(it).is_some_and(is_meant)
    });
    let unsets: Vec<_> = unsets.collect();
    if unsets.is_empty() {
        return;
    }
    let mut by_name: FxHashMap<String, Reaches<'_>> = FxHashMap::default();
    for line in survey.possible(&["Header"]) {
        let header = header(&line);
        if let Some(header) = header.filter(|it| it.action == Some(Action::Give)) {
            by_name.entry(name(&header)).or_default().add(survey, line);
        }
    }
    for line in unsets {
        let Some(unset) = header(&line) else { continue };
        let Some(setters) = by_name.get(&name(&unset)) else {
            continue;
        };
        let own = line.parent().map(|it| it.id);
        let is_vain = |it: &Placed<'_>| {
            let is_always = header(it).is_some_and(|it| it.is_always);
            is_always != unset.is_always && it.parent().map(|it| it.id) != own
        };
        let mut lines = setters.meeting(survey, &line).peekable();
        let Some(first) = lines.peek().copied() else {
            continue;
        };
        if !lines.all(|it| is_vain(&it)) {
            continue;
        }
        let (list, help) = match unset.is_always {
            true => ("pages alone", "write `Header unset`"),
            false => ("all answers", "write `Header always unset`"),
        };
        let message = format!("`{}` is sent all the same", unset.name.value);
        let finding = report.at(line.site(), message);
        finding.secondary(first.line().span(), format!("set in the list for {list}"));
        finding.help(help);
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
