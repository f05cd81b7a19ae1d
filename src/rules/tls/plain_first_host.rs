use rustc_hash::FxHashMap;

use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::first_word;
use crate::model::servers::ServerId;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// The first virtual host of an address speaks no TLS, and a later one should.
    ///
    /// ## What httpd does
    ///
    /// When a connection begins, it does not know yet which name will be asked for: `SSLEngine` of the first
    /// virtual host of the address decides whether TLS is spoken.
    ///
    /// ## Why it matters
    ///
    /// Browsers that ask for the site with `https:` get no answer that they understand.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule ssl_module modules/mod_ssl.so
    /// <VirtualHost *:8443>
    ///     ServerName www.example
    /// </VirtualHost>
    /// <VirtualHost *:8443>
    ///     ServerName shop.example
    ///     SSLEngine on
    ///     <IfFile /srv/tls/shop.pem>
    ///         SSLCertificateFile /srv/tls/shop.pem
    ///     </IfFile>
    /// </VirtualHost>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule ssl_module modules/mod_ssl.so
    /// <VirtualHost *:8443>
    ///     ServerName www.example
    /// </VirtualHost>
    /// <VirtualHost *:8444>
    ///     ServerName shop.example
    ///     SSLEngine on
    ///     <IfFile /srv/tls/shop.pem>
    ///         SSLCertificateFile /srv/tls/shop.pem
    ///     </IfFile>
    /// </VirtualHost>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain.
    pub static RULE = {
        id: "plain-first-host",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["SSLEngine"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    let lines = survey.possible(&["SSLEngine"]);
    if !context.is_whole() || lines.iter().any(|it| it.node.uncertain) {
        return;
    }
    let by_server = lines.iter().map(|it| (survey.server_of(it), *it));
    let by_server: FxHashMap<ServerId, Placed<'_>> = by_server.collect();
    let is_off = |it: &Placed<'_>| first_word(it).is_some_and(|it| it.eq_ignore_ascii_case("off"));
    let speaks = |id: &ServerId| {
        let line = by_server.get(id).or(by_server.get(&ServerId::MAIN));
        line.is_some_and(|it| !is_off(it))
    };
    for set in survey.httpd.servers.address_sets() {
        let Some(first) = set.members.first().filter(|it| !speaks(it)) else {
            continue;
        };
        let Some(line) = set
            .members
            .iter()
            .filter(|it| speaks(it))
            .find_map(|it| by_server.get(it))
        else {
            continue;
        };
        let first = survey.httpd.servers.get(*first);
        let Some(section) = first.section.filter(|_| first.certain) else {
            continue;
        };
        let message = "no connection to this virtual host begins with TLS";
        let finding = report.at(line.site(), message);
        let section = context.config.placed(section);
        finding.secondary(
            section.line().span(),
            "the first with this address speaks none",
        );
    }
}
