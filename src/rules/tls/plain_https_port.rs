use rustc_hash::FxHashSet;

use crate::argument::listen::Listen;
use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::words_of;
use crate::model::servers::{Port, ServerId};
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

const SWITCHES: &[&str] = &["GnuTLSEnable", "NSSEngine", "TLSEngine"];

crate::rule! {
    /// A virtual host has the port of `https:`, and nothing switches TLS on.
    ///
    /// ## What httpd does
    ///
    /// It speaks plain HTTP on port 443, as on any other, unless `SSLEngine` or another module is told to speak
    /// TLS.
    ///
    /// ## Why it matters
    ///
    /// Browsers say that the site cannot be reached.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule ssl_module modules/mod_ssl.so
    /// Listen 443
    /// <VirtualHost *:443>
    ///     ServerName shop.example
    /// </VirtualHost>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule ssl_module modules/mod_ssl.so
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    /// </VirtualHost>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, where the rest of the server is known, mod_ssl is loaded, and no virtual host of the address
    /// switches TLS on, unless a proxy in front speaks it.
    pub static RULE = {
        id: "plain-https-port",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["<VirtualHost"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    let has_ssl = survey.httpd.has("ssl_module") == Ok(true);
    if !context.is_whole() || !has_ssl || SWITCHES.iter().any(|it| survey.may_have(it)) {
        return;
    }
    let engines = survey.possible(&["SSLEngine"]);
    let engines: FxHashSet<ServerId> = engines.iter().map(|it| survey.server_of(it)).collect();
    let listens = survey.possible(&["Listen"]);
    let speaks = |it: &Placed<'_>| words_of(it).get(1).is_some();
    let hears =
        |it: &Placed<'_>| Listen::parse(it.line().arguments()).is_ok_and(|it| it.port == 443);
    let is_heard = listens.iter().any(|it| hears(it) && !it.node.uncertain);
    if engines.contains(&ServerId::MAIN) || listens.iter().any(speaks) || !is_heard {
        return;
    }
    for set in survey.httpd.servers.address_sets() {
        let is_switched = set.members.iter().any(|it| engines.contains(it));
        let first = set.members.first().map(|it| survey.httpd.servers.get(*it));
        let first = first.filter(|it| it.certain && set.port == Port::Number(443) && !is_switched);
        if let Some(section) = first.and_then(|it| it.section) {
            let section = context.config.placed(section);
            let finding = report.at(
                section.site(),
                "plain HTTP is spoken on the port of `https:`",
            );
            finding.help("write `SSLEngine on` with a certificate, or take another port");
        }
    }
}
