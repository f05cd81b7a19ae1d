use rustc_hash::FxHashMap;

use crate::diagnostic::Level;
use crate::evaluate::{Placed, fnmatch};
use crate::model::reach::grants_everybody;
use crate::model::scope::About;
use crate::model::servers::ServerId;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// A later `<Location>` opens what an earlier one protects.
    ///
    /// ## What httpd does
    ///
    /// It merges the sections whose path fits in the order in which they are read, whatever their length. What the
    /// last one says of access replaces what the others say.
    ///
    /// ## Why it matters
    ///
    /// `Require all granted` for everything, behind `Require` for a part, opens the part.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule authz_host_module modules/mod_authz_host.so
    /// <Location /admin>
    ///     Require ip 10.0.0.0/8
    /// </Location>
    /// <Location />
    ///     Require all granted
    /// </Location>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule authz_host_module modules/mod_authz_host.so
    /// <Location />
    ///     Require all granted
    /// </Location>
    /// <Location /admin>
    ///     Require ip 10.0.0.0/8
    /// </Location>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain: both stand in one server, the later one lets everybody in, and nothing merges the two
    /// (`AuthMerging`).
    pub static RULE = {
        id: "reopened-location",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["<Location"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    if !survey.may_have("Require") || survey.may_have("AuthMerging") {
        return;
    }
    let mut limited: FxHashMap<(ServerId, String), Placed<'_>> = FxHashMap::default();
    let mut by_server: FxHashMap<ServerId, Vec<String>> = FxHashMap::default();
    for section in survey.possible(&["<Location"]) {
        let About::Location(path) = survey.about(&section) else {
            continue;
        };
        let is_nested = survey.section_around(&section).is_some();
        if is_nested || section.node.uncertain || fnmatch::is_pattern(&path) {
            continue;
        }
        let server = survey.server_of(&section);
        let lines = survey.everything_in(&section);
        let requires = survey.only(&lines, "Require");
        if requires.is_empty() || lines.iter().any(|it| it.node.uncertain) {
            continue;
        }
        if !requires.iter().all(grants_everybody) {
            by_server.entry(server).or_default().push(path.clone());
            limited.insert((server, path), section);
            continue;
        }
        // What limits again behind this one is asked last.
        let paths = by_server.get(&server).into_iter().flatten();
        let opened: Vec<_> = paths.filter(|it| is_below(it, &path)).collect();
        let Some(first) = opened
            .first()
            .and_then(|it| limited.get(&(server, it.to_string())))
        else {
            continue;
        };
        let message = format!("everybody is let in to `{}` again", opened[0]);
        let finding = report.at(requires[0].site(), message);
        finding.secondary(first.line().span(), "protected here");
        finding.help("put the longer path behind the shorter one");
    }
}

fn is_below(path: &str, above: &str) -> bool {
    let rest = path.strip_prefix(above);
    rest.is_some_and(|it| it.is_empty() || above.ends_with('/') || it.starts_with('/'))
}
