use rustc_hash::FxHashMap;

use crate::diagnostic::Level;
use crate::evaluate::{NodeKind, OccurrenceId, Placed, PlacedId};
use crate::model::layers::words_of;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

const SINGLE: &[&str] = &[
    "ServerName",
    "DocumentRoot",
    "ServerAdmin",
    "ErrorLog",
    "AuthName",
    "AuthType",
    "AuthUserFile",
    "RewriteBase",
    "ProxyPreserveHost",
    "SSLEngine",
];

crate::rule! {
    /// A value is set twice in the same place, and the first one does not count.
    ///
    /// ## What httpd does
    ///
    /// It takes the last value of such a directive in a server or section.
    ///
    /// ## Why it matters
    ///
    /// Whoever changes the first line changes nothing.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     ServerName www.shop.example
    /// </VirtualHost>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     ServerAlias www.shop.example
    /// </VirtualHost>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain: both lines stand in the same file and in the same virtual host or section, with different values.
    /// Lines outside of all sections are not looked at: a later file may well change them.
    pub static RULE = {
        id: "overridden-value",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["ServerName", "DocumentRoot", "ServerAdmin", "ErrorLog", "AuthName", "AuthType", "AuthUserFile", "RewriteBase", "ProxyPreserveHost", "SSLEngine"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    for name in SINGLE {
        let mut first: FxHashMap<(PlacedId, OccurrenceId), Placed<'_>> = FxHashMap::default();
        for line in survey.lines(name) {
            let Some(around) = line.container() else {
                continue;
            };
            if around.node.kind != NodeKind::Section {
                continue;
            }
            let key = (around.id, line.id.occurrence);
            let Some(other) = first.insert(key, line) else {
                continue;
            };
            if words_of(&other) != words_of(&line) {
                let message = format!("this `{name}` does not count");
                let finding = report.at(other.site(), message);
                finding.secondary(line.line().span(), "this one does");
            }
        }
    }
}
