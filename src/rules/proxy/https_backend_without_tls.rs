use rustc_hash::FxHashSet;

use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::servers::ServerId;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// A backend is asked with `https:`, and `SSLProxyEngine` is not switched on.
    ///
    /// ## What httpd does
    ///
    /// It cannot speak TLS to backends then, and logs `failed to enable ssl support`.
    ///
    /// ## Why it matters
    ///
    /// Every request is answered with 500.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule proxy_module modules/mod_proxy.so
    /// LoadModule proxy_http_module modules/mod_proxy_http.so
    /// LoadModule ssl_module modules/mod_ssl.so
    /// ProxyPass /shop https://backend.example/shop
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule proxy_module modules/mod_proxy.so
    /// LoadModule proxy_http_module modules/mod_proxy_http.so
    /// LoadModule ssl_module modules/mod_ssl.so
    /// SSLProxyEngine on
    /// ProxyPass /shop https://backend.example/shop
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, where the rest of the server is known: nothing switches it on in the server, the main server, or
    /// any section.
    pub static RULE = {
        id: "https-backend-without-tls",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["ProxyPass", "ProxyPassMatch", "BalancerMember"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    if !context.is_whole() {
        return;
    }
    let engines = survey.possible(&["SSLProxyEngine", "TLSProxyEngine", "NSSProxyEngine"]);
    let is_in_section = |it: &Placed<'_>| survey.section_around(it).is_some();
    if engines.iter().any(is_in_section) {
        return;
    }
    let engines: FxHashSet<ServerId> = engines.iter().map(|it| survey.server_of(it)).collect();
    if engines.contains(&ServerId::MAIN) {
        return;
    }
    for line in survey.lines_of(&["ProxyPass", "ProxyPassMatch", "BalancerMember"]) {
        let text = line.line();
        let words = text.words();
        let is_https = |it: &str| {
            ["https://", "wss://", "h2://"]
                .iter()
                .any(|scheme| it.to_ascii_lowercase().starts_with(scheme))
        };
        let Some(url) = words.iter().take(3).find(|it| is_https(&it.text)) else {
            continue;
        };
        let server = survey.server_of(&line);
        // A member in the main server serves virtual hosts, too.
        let is_other = server == ServerId::MAIN && !engines.is_empty();
        if !engines.contains(&server) && !is_other {
            let finding = report.at(
                line.at(text.word_span(url)),
                "httpd speaks no TLS to backends here",
            );
            finding.label("every request is answered with 500");
            finding.help("write `SSLProxyEngine on`");
        }
    }
}
