use rustc_hash::FxHashSet;

use crate::diagnostic::Level;
use crate::model::layers::words_of;
use crate::model::servers::ServerId;
use crate::model::survey::Survey;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// Redirects of a backend reach the browser as they are.
    ///
    /// ## What httpd does
    ///
    /// Without `ProxyPassReverse` it passes on the `Location` that the backend sends, with the name and port by which httpd asks the
    /// backend.
    ///
    /// ## Why it matters
    ///
    /// The browser is led to an address that it cannot reach, and learns how the servers behind are called.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule proxy_module modules/mod_proxy.so
    /// LoadModule proxy_http_module modules/mod_proxy_http.so
    /// ProxyPass /shop http://backend.example:8080/shop
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule proxy_module modules/mod_proxy.so
    /// LoadModule proxy_http_module modules/mod_proxy_http.so
    /// ProxyPass /shop http://backend.example:8080/shop
    /// ProxyPassReverse /shop http://backend.example:8080/shop
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain that nothing replaces the address, where the backend makes redirects with it. With `ProxyPreserveHost` it knows the
    /// name that the browser uses, and nothing is said.
    pub static RULE = {
        id: "redirects-of-backend",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Security,
        check: Check::Survey(Which::Named(&["ProxyPass"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    if survey.may_have("ProxyPreserveHost") || !context.is_whole() {
        return;
    }
    let reversing = survey.possible(&["ProxyPassReverse"]);
    let reversing: FxHashSet<ServerId> = reversing.iter().map(|it| survey.server_of(it)).collect();
    for line in survey.lines("ProxyPass") {
        let server = survey.server_of(&line);
        let words = words_of(&line);
        let is_http = |it: &&String| it.starts_with("http://") || it.starts_with("https://");
        let target = words.iter().take(2).find(is_http);
        let is_reversed = reversing.contains(&server) || reversing.contains(&ServerId::MAIN);
        if target.is_some() && !is_reversed {
            let finding = report.at(
                line.site(),
                "redirects of this backend are passed on as they are",
            );
            finding.help("add a `ProxyPassReverse` with the same path and URL");
        }
    }
}
