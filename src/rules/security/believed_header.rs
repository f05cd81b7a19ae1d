use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::words_of;
use crate::model::survey::Survey;
use crate::rule::Check;
use crate::rule::Concern;
use crate::rule::Context;
use crate::rule::Report;
use crate::rule::Which;

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
    for setter in survey.lines_of(&["SetEnvIf", "SetEnvIfNoCase"]) {
        let words = words_of(&setter);
        let is_meant = words
            .first()
            .is_some_and(|it| HEADERS.contains(&&*it.to_ascii_lowercase()));
        let names = words
            .iter()
            .skip(2)
            .map(|it| it.split('=').next().unwrap_or_default());
        let names: Vec<&str> = names.filter(|it| is_meant && !it.is_empty()).collect();
        let believes = |it: &Placed<'_>| {
            let asked = words_of(it);
            let kind = asked
                .first()
                .is_some_and(|it| it.eq_ignore_ascii_case("env"));
            let is_asked = |name: &&str| match survey.name(it) {
                "Require" => kind && asked[1..].iter().any(|it| it.eq_ignore_ascii_case(name)),
                _ => asked
                    .iter()
                    .any(|it| it.eq_ignore_ascii_case(&format!("env={name}"))),
            };
            names.iter().any(is_asked) && survey.may_meet(it, &setter)
        };
        let mut lines = survey.lines_of(&["Require", "Allow"]);
        if let Some(line) = lines.find(believes) {
            let finding = report.at(line.site(), "whoever sends the request decides this");
            finding.secondary(setter.line().span(), "the header is taken as it comes");
        }
    }
}
