use rustc_hash::FxHashSet;

use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::is_on;
use crate::model::servers::ServerId;
use crate::model::survey::Survey;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// A site with TLS does not tell browsers to come back over TLS alone.
    ///
    /// ## What httpd does
    ///
    /// It sends `Strict-Transport-Security` where `Header` says so, and otherwise not.
    ///
    /// ## Why it matters
    ///
    /// Each visit that begins without `https:` begins readable for everybody on the way, who may answer in the place of the
    /// server.
    ///
    /// ## Wrong
    ///
    /// ```facts
    /// Server version: Apache/2.4.62 (Unix)
    /// ```
    ///
    /// ```file /etc/httpd/conf.d/shop.pem
    /// a certificate
    /// ```
    ///
    /// ```conf
    /// LoadModule ssl_module modules/mod_ssl.so
    /// <VirtualHost *:443>
    ///     ServerName shop.example
    ///     SSLEngine on
    ///     SSLCertificateFile conf.d/shop.pem
    /// </VirtualHost>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule headers_module modules/mod_headers.so
    /// <VirtualHost *:443>
    ///     ServerName shop.example
    ///     Header always set Strict-Transport-Security "max-age=63072000"
    /// </VirtualHost>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, where the rest of the server is known, that httpd does not add the header; a backend may. CIS 7.11.
    pub static RULE = {
        id: "missing-transport-security",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Security,
        check: Check::Survey(Which::Named(&["SSLEngine"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    if !context.is_whole() {
        return;
    }
    let says = |it: &Placed<'_>| {
        it.line()
            .arguments()
            .to_ascii_lowercase()
            .contains("strict-transport")
    };
    let telling = survey.possible(&["Header"]).into_iter().filter(says);
    let telling: FxHashSet<ServerId> = telling.map(|it| survey.server_of(&it)).collect();
    for line in survey.lines("SSLEngine").filter(is_on) {
        let server = survey.server_of(&line);
        if !telling.contains(&server) && !telling.contains(&ServerId::MAIN) {
            let finding = report.at(
                line.site(),
                "browsers are not told to come back over TLS alone",
            );
            finding.help("add `Header always set Strict-Transport-Security \"max-age=63072000\"`");
            finding.note("CIS Apache HTTP Server 2.4 Benchmark 7.11");
        }
    }
}
