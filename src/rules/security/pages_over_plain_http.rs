use rustc_hash::{FxHashMap, FxHashSet};

use crate::diagnostic::Level;
use crate::model::layers::is_on;
use crate::model::servers::{Port, ServerId};
use crate::model::survey::Survey;
use crate::rule::{Check, Concern, Context, Report, Which};

// What may lead a browser elsewhere, or ask somebody who does.
const LEADING: &[&str] = &[
    "Redirect",
    "RedirectMatch",
    "RedirectPermanent",
    "RedirectTemp",
    "RewriteRule",
    "ProxyPass",
    "ProxyPassMatch",
    "WSGIScriptAlias",
    "MDRequireHttps",
    "ErrorDocument",
    "JkMount",
];

crate::rule! {
    /// A site that speaks TLS sends its pages over plain HTTP as well.
    ///
    /// ## What httpd does
    ///
    /// The virtual host on port 80 has the name of one with `SSLEngine on`, and leads nobody there.
    ///
    /// ## Why it matters
    ///
    /// Whoever types the name without `https:` talks readable for everybody on the way, and never learns that there is another way.
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
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    /// </VirtualHost>
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
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     Redirect permanent / https://shop.example/
    /// </VirtualHost>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain that it has no redirect and no rule of its own, and that it does not inherit any.
    pub static RULE = {
        id: "pages-over-plain-http",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Security,
        check: Check::Survey(Which::Named(&["SSLEngine"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    let servers = survey.httpd.servers;
    let leading = survey.possible(LEADING);
    let leading: FxHashSet<ServerId> = leading.iter().map(|it| survey.server_of(it)).collect();
    if leading.contains(&ServerId::MAIN) || !context.is_whole() {
        return;
    }
    let secured = survey
        .lines("SSLEngine")
        .filter(is_on)
        .map(|it| survey.server_of(&it));
    let mut by_name: FxHashMap<&str, ServerId> = FxHashMap::default();
    for id in secured.filter(|it| *it != ServerId::MAIN) {
        if let Some(name) = &servers.get(id).name {
            by_name.entry(name).or_insert(id);
        }
    }
    for (id, host) in servers.virtual_hosts() {
        let is_plain = host.addresses.iter().all(|it| it.port == Port::Number(80));
        let name = host
            .name
            .as_deref()
            .filter(|_| host.certain && host.is_named());
        let twin = name.and_then(|it| by_name.get(it));
        let (Some(twin), Some(section)) = (twin, host.section) else {
            continue;
        };
        if !is_plain || host.addresses.is_empty() || leading.contains(&id) {
            continue;
        }
        let section = context.config.placed(section);
        let finding = report.at(
            section.site(),
            "these pages are sent over plain HTTP as well",
        );
        if let Some(other) = servers.get(*twin).section {
            finding.secondary(
                context.config.placed(other).line().span(),
                "the same name, with TLS",
            );
        }
        finding.help("lead everybody there: `Redirect permanent / https://…/`");
    }
}
