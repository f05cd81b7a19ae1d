use rustc_hash::{FxHashMap, FxHashSet};

use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::is_on;
use crate::model::servers::ServerId;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

const OTHERS: &[&str] = &[
    "MDomain",
    "<MDomainSet",
    "MDCertificateFile",
    "SSLPKCS7CertificateFile",
    "SSLOpenSSLConfCmd",
    "Use",
];

crate::rule! {
    /// TLS is switched on, and there is no certificate.
    ///
    /// ## What httpd does
    ///
    /// `httpd -t` is content. The start ends with `Failed to configure at least one certificate and key` (AH02572).
    ///
    /// ## Why it matters
    ///
    /// The server does not start, after a test that said that it would.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule ssl_module modules/mod_ssl.so
    /// <VirtualHost *:443>
    ///     ServerName shop.example
    ///     SSLEngine on
    /// </VirtualHost>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule ssl_module modules/mod_ssl.so
    /// <VirtualHost *:443>
    ///     ServerName shop.example
    ///     SSLEngine off
    /// </VirtualHost>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, where the rest of the server is known: neither the server nor the main server has a
    /// `SSLCertificateFile`, and no module fetches one (`MDomain`).
    pub static RULE = {
        id: "missing-certificate",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["SSLEngine"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    if !context.is_whole() || OTHERS.iter().any(|it| survey.may_have(it)) {
        return;
    }
    let certificates = survey.possible(&["SSLCertificateFile"]);
    let having: FxHashSet<ServerId> = certificates.iter().map(|it| survey.server_of(it)).collect();
    if having.contains(&ServerId::MAIN) {
        return;
    }
    let engines = survey.possible(&["SSLEngine"]);
    if engines.iter().any(|it| it.node.uncertain) {
        return;
    }
    let last: FxHashMap<ServerId, Placed<'_>> = engines
        .iter()
        .map(|it| (survey.server_of(it), *it))
        .collect();
    for line in survey.lines("SSLEngine") {
        let server = survey.server_of(&line);
        let is_last = last.get(&server).is_some_and(|it| it.id == line.id);
        if is_last && is_on(&line) && server != ServerId::MAIN && !having.contains(&server) {
            let finding = report.at(line.site(), "there is no certificate for this virtual host");
            finding.label("`httpd -t` is content, and httpd does not start");
            finding.help("write `SSLCertificateFile`");
        }
    }
}
