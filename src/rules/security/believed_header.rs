use rustc_hash::FxHashMap;

use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::words_of;
use crate::model::reach::Reaches;
use crate::model::survey::Survey;
use crate::rule::{Check, Concern, Context, Report, Which};

const HEADERS: &[&str] = &[
    "x-forwarded-for",
    "x-real-ip",
    "client-ip",
    "x-client-ip",
    "forwarded",
];

crate::rule! {
    /// A header that whoever sends the request writes decides who is let in.
    ///
    /// ## What httpd does
    ///
    /// `SetEnvIf` looks into the header as it comes. `X-Forwarded-For` is what a proxy in front says of the client, and what
    /// the client says itself if no proxy takes it out.
    ///
    /// ## Why it matters
    ///
    /// Whoever writes the header himself is let in.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule setenvif_module modules/mod_setenvif.so
    /// SetEnvIf X-Forwarded-For ^10\. internal
    /// <Location /admin>
    ///     Require env internal
    /// </Location>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule authz_host_module modules/mod_authz_host.so
    /// <Location /admin>
    ///     Require ip 10.0.0.0/8
    /// </Location>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, unless a proxy in front replaces the header. mod_remoteip believes it only from proxies that it is told of.
    pub static RULE = {
        id: "believed-header",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Security,
        check: Check::Survey(Which::Named(&["SetEnvIf", "SetEnvIfNoCase"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    let mut believing: FxHashMap<String, Reaches<'_>> = FxHashMap::default();
    for line in survey.lines_of(&["Require", "Allow"]) {
        for name in variables(&line) {
            let of_name = believing.entry(name.to_ascii_lowercase()).or_default();
            of_name.add(survey, line);
        }
    }
    for setter in survey.lines_of(&["SetEnvIf", "SetEnvIfNoCase"]) {
        let words = words_of(&setter);
        let header = words.first().map(|it| it.to_ascii_lowercase());
        if !header.is_some_and(|it| HEADERS.contains(&&*it)) {
            continue;
        }
        let names = words.iter().skip(2).filter_map(|it| it.split('=').next());
        let mut lines = names
            .filter_map(|it| believing.get(&it.to_ascii_lowercase()))
            .flat_map(|it| it.meeting(survey, &setter));
        if let Some(line) = lines.next() {
            let finding = report.at(line.site(), "whoever sends the request decides this");
            finding.secondary(setter.line().span(), "the header is taken as it comes");
        }
    }
}

// The variables that a line asks for: `Require env NAME`, `Allow from env=NAME`.
fn variables(line: &Placed<'_>) -> Vec<String> {
    let words = words_of(line);
    match words.split_first() {
        Some((first, names)) if first.eq_ignore_ascii_case("env") => names.to_vec(),
        _ => {
            let names = words.iter().filter_map(|it| it.strip_prefix("env="));
            names.map(str::to_owned).collect()
        }
    }
}
