use crate::argument::listen::Listen;
use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::first_word;
use crate::model::survey::Survey;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// `Require local` stands in a server to which only this machine connects.
    ///
    /// ## What httpd does
    ///
    /// It lets in whoever connects from this machine. Where httpd listens on loopback addresses alone, everybody does: also a
    /// proxy that passes on requests of others.
    ///
    /// ## Why it matters
    ///
    /// Behind a proxy the line lets everybody in.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule authz_host_module modules/mod_authz_host.so
    /// Listen 127.0.0.1:8080
    /// <Location /admin>
    ///     Require local
    /// </Location>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule authz_host_module modules/mod_authz_host.so
    /// LoadModule remoteip_module modules/mod_remoteip.so
    /// Listen 127.0.0.1:8080
    /// RemoteIPHeader X-Forwarded-For
    /// RemoteIPInternalProxy 127.0.0.1
    /// <Location /admin>
    ///     Require local
    /// </Location>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain that every client is local, where the rest of the server is known: each `Listen` has a loopback address, and no
    /// module replaces the address of the client.
    pub static RULE = {
        id: "local-for-everybody",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Security,
        check: Check::Survey(Which::Named(&["Require"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    let listens = survey.possible(&["Listen"]);
    let is_loopback = |it: &Placed<'_>| {
        let text = first_word(it).unwrap_or_default();
        let host = text.rsplit_once(':').map_or("", |it| it.0);
        Listen::parse(it.line().arguments()).is_ok()
            && (host.starts_with("127.") || host == "[::1]")
    };
    let has_other = ["RemoteIPHeader", "RemoteIPProxyProtocol", "RPAFenable"];
    let is_known =
        context.is_whole() && !listens.is_empty() && context.modules.foreign().is_empty();
    if !is_known
        || !listens.iter().all(is_loopback)
        || has_other.iter().any(|it| survey.may_have(it))
    {
        return;
    }
    for line in survey.lines("Require") {
        if first_word(&line).is_some_and(|it| it.eq_ignore_ascii_case("local")) {
            let finding = report.at(line.site(), "every client is local here");
            finding.secondary(listens[0].line().span(), "only this machine can connect");
            finding.help("say with `RemoteIPHeader` who the client is");
        }
    }
}
